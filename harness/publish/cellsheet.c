// SPDX-License-Identifier: MIT
/* The tables of cells: one row for each, files side by side. A column that would say the same in every row is left out.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../analyse/axes.h"
#include "../analyse/text.h"
#include "sections.h"

enum { KEYS_MOST = 8, WORDS = 1400, PARTS = 3, ALSO = sizeof sections->also / sizeof *sections->also / 2 };
enum { ONE_FILE = 5 }; /* columns that a cell has where it is alone: time, interval, least, switches, trials */

/* -- which rows and which columns */

/* One row: the cell of each file, NULL where it has none. */
struct line {
	const struct cell **cell;
	const struct cell *any;
	size_t impl; /* its place in the order of the contexts */
};

struct grid {
	const struct section *section;
	const struct sources *s;
	struct line *line;
	size_t lines;
	bool part[PARTS];        /* wait, policy, place */
	char key[KEYS_MOST][24]; /* of the bench's own points */
	size_t keys;
	bool also[ALSO];
	size_t also_shown;
	bool mixed; /* some have a 95 % interval, others too few trials for one */
};

static const char *part_of(const struct cell *c, size_t part)
{
	return part == 0 ? c->wait : part == 1 ? c->policy : c->place;
}

static size_t impl_order(const struct sources *s, const char *impl)
{
	for (size_t i = 0; i < s->files; i++) {
		const struct impl_row *row = cells_impl(s->cells[i], impl);

		if (row)
			return (size_t)(row - s->cells[i]->impl);
	}
	return 0;
}

static void add_line(struct grid *g, const struct cell *c)
{
	struct line *line;

	g->line = take(realloc(g->line, (g->lines + 1) * sizeof *g->line));
	line = &g->line[g->lines++];
	*line = (struct line){ take(calloc(g->s->files, sizeof *line->cell)), c, impl_order(g->s, c->impl) };
	for (size_t i = 0; i < g->s->files; i++)
		line->cell[i] = cells_find(g->s->cells[i], c->name);
}

static bool in_an_earlier(const struct sources *s, size_t file, const char *name)
{
	for (size_t i = 0; i < file; i++)
		if (cells_find(s->cells[i], name))
			return true;
	return false;
}

/* By context, wait, policy and place, then along the points, numbers as numbers. */
static int order_lines(const void *left, const void *right)
{
	const struct line *a = left, *b = right;
	const struct cell *x = a->any, *y = b->any;
	int order;

	if (a->impl != b->impl)
		return a->impl < b->impl ? -1 : 1;
	if ((order = strcmp(x->impl, y->impl)) || (order = cell_order_wait(x->wait, y->wait)) ||
		(order = cell_order_policy(x->policy, y->policy)) || (order = cell_order_place(x->place, y->place)) ||
		(order = strverscmp(x->points, y->points)))
		return order;
	return strcmp(x->name, y->name);
}

static void add_keys(struct grid *g, const struct cell *c)
{
	for (const char *at = c->points; *at;) {
		size_t length = strcspn(at, "/"), key = strcspn(at, "=/"), i = 0;

		while (i < g->keys && (strlen(g->key[i]) != key || strncmp(g->key[i], at, key)))
			i++;
		if (i == g->keys && g->keys < KEYS_MOST && key < sizeof g->key[0])
			snprintf(g->key[g->keys++], sizeof g->key[0], "%.*s", (int)key, at);
		at += length + (at[length] == '/');
	}
}

static void look_at(struct grid *g, const struct cell *c)
{
	for (size_t p = 0; p < PARTS; p++)
		g->part[p] |= strcmp(part_of(c, p), part_of(g->line->any, p)) != 0;
	add_keys(g, c);
	for (size_t u = 0; u < ALSO && g->section->also[2 * u]; u++)
		g->also[u] |= c->state == CELL_VALID && cell_series(c, g->section->also[2 * u]);
}

static void fill(struct grid *g, const char *bench)
{
	for (size_t i = 0; i < g->s->files; i++)
		for (size_t c = 0; c < g->s->cells[i]->cells; c++) {
			const struct cell *cell = &g->s->cells[i]->cell[c];

			if (!strcmp(cell->bench, bench) && !in_an_earlier(g->s, i, cell->name))
				add_line(g, cell);
		}
	if (g->lines)
		qsort(g->line, g->lines, sizeof *g->line, order_lines);
	for (size_t l = 0; l < g->lines; l++)
		for (size_t i = 0; i < g->s->files; i++)
			if (g->line[l].cell[i])
				look_at(g, g->line[l].cell[i]);
	for (size_t u = 0; u < ALSO; u++)
		g->also_shown += g->also[u];
}

/* -- the heads */
static const char *const part_head[PARTS] = { "wait", "policy", "place" };

/* "switch" of "ns/switch". NULL where the cells are not all per one thing. */
static const char *per_what(const struct grid *g)
{
	const char *unit = NULL;

	for (size_t l = 0; l < g->lines; l++)
		for (size_t i = 0; i < g->s->files; i++) {
			const struct cell *c = g->line[l].cell[i];

			if (!c || c->state != CELL_VALID)
				continue;
			if (unit && strcmp(unit, c->unit))
				return NULL;
			unit = c->unit;
		}
	return unit && !strncmp(unit, "ns/", 3) ? unit + 3 : NULL;
}

/* Too few trials for 95 %: their interval is from the least to the largest. */
static bool is_range(const struct cell *c)
{
	return c->interval.coverage < 0.95;
}

/* What the column of intervals holds: where cells differ in it, those of ranges say so themselves. */
static const char *interval_head(struct grid *g)
{
	size_t ranges = 0, intervals = 0;

	for (size_t l = 0; l < g->lines; l++)
		if (g->line[l].any->state == CELL_VALID && g->line[l].any->n > 1) {
			ranges += is_range(g->line[l].any);
			intervals += !is_range(g->line[l].any);
		}
	g->mixed = ranges && intervals;
	return ranges && !intervals ? "range of trials" : "95% interval";
}

static void put_time_heads(struct grid *g, struct sheet *t)
{
	for (size_t i = 0; i < g->s->files; i++) {
		sheet_column(t, g->s->files > 1 ? (char[]){ (char)('A' + i), '\0' } : "time", true);
		sheet_column(t, g->s->files > 1 ? "±" : interval_head(g), true);
	}
	if (g->s->files > 1)
		return;
	sheet_column(t, "least", true);
	sheet_column(t, "kernel switches", true);
	sheet_column(t, "trials", true);
}

static void put_also_heads(const struct grid *g, struct sheet *t)
{
	for (size_t u = 0; u < ALSO; u++)
		for (size_t i = 0; g->also[u] && i < g->s->files; i++) {
			char head[64];

			snprintf(head, sizeof head, "%s%s%c", g->section->also[2 * u + 1], g->s->files > 1 ? " " : "",
				g->s->files > 1 ? (char)('A' + i) : '\0');
			sheet_column(t, head, true);
		}
}

static void put_number_heads(struct grid *g, struct sheet *t, bool units)
{
	if (g->section->also_first)
		put_also_heads(g, t);
	if (units)
		sheet_column(t, "time per", false);
	put_time_heads(g, t);
	if (!g->section->also_first)
		put_also_heads(g, t);
}

static void put_heads(struct grid *g, struct sheet *t, bool units)
{
	sheet_column(t, "context", false);
	for (size_t p = 0; p < PARTS; p++)
		if (g->part[p])
			sheet_column(t, part_head[p], false);
	for (size_t k = 0; k < g->keys; k++)
		sheet_column(t, g->key[k], false);
	put_number_heads(g, t, units);
}

/* -- the rows */

static void put_point(struct sheet *t, const struct cell *c, const char *key)
{
	char value[64];

	sheet_text(t, record_part(c->name, key, value, sizeof value) ? value : "");
}

/* A number of any of the units that a cell tells beside its time. */
static const char *also_text(const struct cell *c, const char *unit, char *number)
{
	double x = cell_median(c, unit);
	size_t length = strlen(unit);

	if (isnan(x))
		return "";
	if (length > 3 && !strcmp(unit + length - 3, "-ns"))
		return text_time(number, x);
	if (strchr(unit, '%'))
		return strcat(text_fixed(number, x, 1), "%");
	if (strstr(unit, "-B"))
		return strcat(fabs(x) < 9995 ? text_fixed(number, x, 0) : text_ratio(number, x / 1024),
			fabs(x) < 9995 ? " B" : " KiB");
	return length > 3 && !strcmp(unit + length - 3, "/op") ? text_count(number, x / cell_per_op(c))
							       : text_ratio(number, x);
}

static void put_interval(struct sheet *t, const struct grid *g, const struct cell *c)
{
	char low[TEXT_NUMBER], high[TEXT_NUMBER], both[2 * TEXT_NUMBER + 16];

	if (c->n < 2) {
		sheet_text(t, "one trial");
		return;
	}
	snprintf(both, sizeof both, "%s%s to %s", g->mixed && is_range(c) ? "range " : "",
		c->interval.low > 1e-6 ? text_time(low, c->interval.low) : "0", text_time(high, c->interval.high));
	sheet_text(t, both);
}

/* A cell that has one number; else words over the columns of it. */
static bool put_words(struct sheet *t, const struct cell *c, size_t span)
{
	char words[WORDS], first[TEXT_NUMBER], second[TEXT_NUMBER];

	if (!c)
		snprintf(words, sizeof words, "not in this file");
	else if (c->state != CELL_VALID)
		cell_words(c, words, sizeof words);
	else if (c->second)
		snprintf(words, sizeof words, "two groups: %zu trials at %s, %zu at %s", c->second,
			text_time(first, stats_median(c->sorted, c->second)), c->n - c->second,
			text_time(second, stats_median(c->sorted + c->second, c->n - c->second)));
	else if (!cell_resolved(c))
		snprintf(words, sizeof words, "within noise");
	else
		return false;
	sheet_words(t, words, span);
	return true;
}

static void put_also(struct sheet *t, const struct grid *g, const struct line *line)
{
	char number[TEXT_NUMBER];

	for (size_t u = 0; u < ALSO; u++)
		for (size_t i = 0; g->also[u] && i < g->s->files; i++) {
			const struct cell *c = line->cell[i];

			sheet_text(t, c && c->state == CELL_VALID ? also_text(c, g->section->also[2 * u], number) : "");
		}
}

static void put_time(struct sheet *t, const struct grid *g, const struct cell *c)
{
	double switches = cell_median(c, "switches/op");
	char number[TEXT_NUMBER];

	if (put_words(t, c, ONE_FILE))
		return;
	sheet_text(t, text_time(number, c->median));
	put_interval(t, g, c);
	sheet_text(t, text_time(number, c->least));
	sheet_text(t, isnan(switches) ? "" : text_count(number, switches / cell_per_op(c)));
	sheet_text(t, text_fixed(number, (double)c->n, 0));
}

/* Side by side there is room for words, and none for reasons: those stand in the list of what is not valid. */
static void put_beside(struct sheet *t, const struct cell *c)
{
	char number[TEXT_NUMBER];

	if (!c || c->state != CELL_VALID) {
		sheet_words(t, !c ? "not in this file" : c->state == CELL_INVALID ? "invalid" : "not measured", 2);
		return;
	}
	if (put_words(t, c, 2))
		return;
	sheet_text(t, text_time(number, c->median));
	sheet_text(t, text_percent(number, c->spread));
}

static void put_numbers(struct sheet *t, const struct grid *g, const struct line *line, bool units)
{
	const struct cell *c = line->any;

	if (g->s->files == 1 && c->state != CELL_VALID) {
		put_words(t, c, units + ONE_FILE + g->also_shown);
		return;
	}
	if (g->section->also_first)
		put_also(t, g, line);
	if (units)
		sheet_text(t, c->unit && !strncmp(c->unit, "ns/", 3) ? c->unit + 3 : "");
	for (size_t i = 0; i < g->s->files; i++)
		if (g->s->files == 1)
			put_time(t, g, c);
		else
			put_beside(t, line->cell[i]);
	if (!g->section->also_first)
		put_also(t, g, line);
}

static void put_line(struct sheet *t, const struct grid *g, const struct line *line, bool units)
{
	const struct cell *c = line->any;

	sheet_row(t);
	sheet_text(t, c->impl);
	for (size_t p = 0; p < PARTS; p++)
		if (g->part[p])
			sheet_text(t, p == 2                          ? place_words(c->place)
				      : strcmp(part_of(c, p), "none") ? part_of(c, p)
								      : "");
	for (size_t k = 0; k < g->keys; k++)
		put_point(t, c, g->key[k]);
	put_numbers(t, g, line, units);
}

/* What is the same in every row stands over them: "switch, time per switch; one CPU, policy batch, waiting by futex".
 */
static void title_of(const struct grid *g, const char *bench, const char *per, char *title, size_t size)
{
	const struct cell *c = g->line->any;
	size_t used = (size_t)snprintf(title, size, "%s%s%s", bench, per ? ": time per " : "", per ? per : "");

	if (!g->part[2] && used < size)
		used += (size_t)snprintf(title + used, size - used, "; %s", place_words(c->place));
	if (!g->part[1] && used < size)
		used += (size_t)snprintf(title + used, size - used, ", policy %s", c->policy);
	if (!g->part[0] && strcmp(c->wait, "none") && used < size)
		snprintf(title + used, size - used, ", waiting by %s", c->wait);
}

void section_sheet(const struct section *section, const char *bench, const struct sources *s, struct sheet *sheet)
{
	struct grid g = { .section = section, .s = s };
	char title[300];
	const char *per;

	fill(&g, bench);
	per = per_what(&g);
	snprintf(title, sizeof title, "%s", bench);
	if (g.lines)
		title_of(&g, bench, per, title, sizeof title);
	sheet_begin(sheet, title);
	put_heads(&g, sheet, g.lines && !per);
	for (size_t l = 0; l < g.lines; l++) {
		put_line(sheet, &g, &g.line[l], !per);
		free(g.line[l].cell);
	}
	free(g.line);
}
