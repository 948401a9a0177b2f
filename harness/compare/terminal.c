// SPDX-License-Identifier: MIT
/* The table for a terminal: 80 columns. Two sides show all that is known of a cell; of more sides each shows its number
 * and its ratio to the base, three in a block. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../analyse/text.h"
#include "form.h"
#include "sameness.h"

enum {
	NAME = 16,
	WAIT = 11,
	TIME = 9,
	SPREAD = 5,
	RATIO = 6,
	P = 7, /* with --p; taken from the names */
	BLOCK = 3,
	GRID = 4,
	OTHER = 13,
	SIDE = TIME + SPREAD
};

struct page {
	const struct matrix *c;
	const struct compare_options *o;
	FILE *out;
	bool colour;
	int name, label; /* columns of the first word of a name, and of all of it */
};

/* -- colour: never the only sign. https://no-color.org */

static bool wants_colour(FILE *out)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return fileno(out) >= 0 && isatty(fileno(out)) && !(no && *no) && term && strcmp(term, "dumb");
}

static void paint(const struct page *p, const struct verdict *v)
{
	if (p->colour && v->outcome == OUTCOME_DIFFERS)
		fputs(v->ratio > 1 ? "\033[31m" : "\033[32m", p->out);
}

static void unpaint(const struct page *p, const struct verdict *v)
{
	if (p->colour && v->outcome == OUTCOME_DIFFERS)
		fputs("\033[0m", p->out);
}

/* -- cells */

static void put_name(const struct page *p, const struct row *r)
{
	char impl[ROW_WORDS], wait[ROW_WORDS], line[ROW_WORDS + 3];

	row_words(r, impl, wait);
	snprintf(line, sizeof line, "  %s", impl);
	if (!*wait) {
		text_cell(p->out, line, p->label);
		return;
	}
	text_cell(p->out, line, p->name);
	snprintf(line, sizeof line, " %s", wait);
	text_cell(p->out, line, p->label - p->name);
}

/* In a column words are short; a reason has room at the end of a line only. */
static const char *short_words(const struct side_cell *c)
{
	if (!c)
		return "absent";
	if (!side_counts(c))
		return c->cell->state == CELL_INVALID ? "invalid" : "not measured";
	for (size_t i = 0; i < c->files; i++)
		if (c->of[i]->second)
			return "two groups";
	return "within noise";
}

static void put_side(const struct page *p, const struct side_cell *c)
{
	char number[TEXT_NUMBER];

	if (!side_counts(c) || c->untold) {
		text_cell(p->out, short_words(c), -SIDE);
		return;
	}
	text_cell(p->out, side_number(p->c->sides, c->median, number), -TIME);
	text_cell(p->out, text_percent(number, c->spread), -SPREAD);
}

/* What ends a line, as far as the line goes. */
static void put_last(const struct page *p, const char *text, size_t printed)
{
	char clean[4 * TEXT_WIDTH + 8];

	fputs(text_clean(clean, sizeof clean, text, TEXT_WIDTH - printed), p->out);
}

/* "3 files of 5" where a side has it in some of its files only. */
static const char *left_out(const struct side_cell *c, char *buffer, size_t size)
{
	if (!side_counts(c) || !c->left_out)
		return "";
	snprintf(buffer, size, " (%zu of %zu files)", c->files, c->files + c->left_out);
	return buffer;
}

static void put_one_sided(const struct page *p, const struct side_cell *a, const struct side_cell *b)
{
	char words[1300], line[1400];

	put_side(p, a);
	if (side_counts(a)) {
		snprintf(line, sizeof line, "  %s", side_words(b, words, sizeof words));
		put_last(p, line, (size_t)p->label + SIDE);
		return;
	}
	put_side(p, b);
	snprintf(line, sizeof line, "  %s", a ? a->cell->reason : "");
	put_last(p, a ? line : "", (size_t)p->label + 2 * SIDE);
}

static void put_verdict(const struct page *p, const struct row *r, size_t b)
{
	const struct verdict *v = &r->verdict[b];
	char words[FORM_WORDS], line[FORM_WORDS + 80], some[2][60], ratio[TEXT_NUMBER];
	char *rest = form_verdict(p->c, r, b, false, words);
	bool told = v->outcome == OUTCOME_DIFFERS || v->outcome == OUTCOME_ALIKE;

	if (told) { /* the first word has a column of its own */
		snprintf(ratio, sizeof ratio, "%.*s", (int)strcspn(words, " "), words);
		rest += strcspn(words, " ");
		rest += strspn(rest, " ");
		paint(p, v);
		text_cell(p->out, ratio, -RATIO);
		unpaint(p, v);
		if (p->o->p)
			text_cell(p->out, form_p(v->p, ratio), -P);
	}
	snprintf(line, sizeof line, "  %s%s%s", rest, left_out(r->cell[p->c->sides->base], some[0], sizeof some[0]),
		left_out(r->cell[b], some[1], sizeof some[1]));
	put_last(p, line, (size_t)p->label + 2 * SIDE + (told ? RATIO + (p->o->p ? P : 0) : 0));
}

static void put_two(const struct page *p, const struct row *r, size_t a, size_t b)
{
	put_name(p, r);
	if (side_counts(r->cell[a]) && side_counts(r->cell[b])) {
		put_side(p, r->cell[a]);
		put_side(p, r->cell[b]);
		put_verdict(p, r, b);
	} else {
		put_one_sided(p, r->cell[a], r->cell[b]);
	}
	fputc('\n', p->out);
}

/* -- sections */

static bool shown(const struct matrix *c, const struct row *r)
{
	for (size_t i = 0; i < c->sides->sides; i++)
		if (side_counts(r->cell[i]))
			return true;
	return false;
}

/* The heading, where another section begins. `last` holds the one before. */
static void put_section(const struct page *p, const struct row *r, char *last, size_t size)
{
	char section[300];

	row_section(r, section, sizeof section);
	if (!strcmp(section, last))
		return;
	snprintf(last, size, "%s", section);
	text_wrap(p->out, 0, 2, section);
}

static void put_two_sides(const struct page *p)
{
	const struct sides *s = p->c->sides;
	size_t a = s->base, b = !s->base;
	char last[300] = "", ratio[8];

	snprintf(ratio, sizeof ratio, "%s/%s", s->side[b].letter, s->side[a].letter);
	text_cell(p->out, "", p->label);
	text_cell(p->out, s->side[a].letter, -TIME);
	text_cell(p->out, "±", -SPREAD);
	text_cell(p->out, s->side[b].letter, -TIME);
	text_cell(p->out, "±", -SPREAD);
	text_cell(p->out, ratio, -RATIO);
	if (p->o->p)
		text_cell(p->out, "p", -P);
	fprintf(p->out, "  95%% of %s\n", ratio);
	for (size_t k = 0; k < p->c->rows; k++) {
		const struct row *r = &p->c->row[k];

		if (!shown(p->c, r))
			continue;
		put_section(p, r, last, sizeof last);
		put_two(p, r, a, b);
	}
}

/* -- more than two sides */

/* The ratio with half its interval; a word where there is none. */
static void put_other(const struct page *p, const struct row *r, size_t i)
{
	const struct verdict *v = &r->verdict[i];
	char ratio[TEXT_NUMBER], half[TEXT_NUMBER], line[80];

	if (v->outcome == OUTCOME_DIFFERS) {
		paint(p, v);
		text_cell(p->out, text_ratio(ratio, v->ratio), -8);
		unpaint(p, v);
		text_cell(p->out, text_percent(half, (v->interval.high - v->interval.low) / 2 / v->ratio), -SPREAD);
		return;
	}
	if (v->outcome == OUTCOME_ALIKE) {
		text_cell(p->out, "~", -8);
		text_cell(p->out, isnan(v->least) ? "" : text_percent(half, v->least), -SPREAD);
		return;
	}
	if (v->outcome == OUTCOME_FOREIGN)
		snprintf(line, sizeof line, "other units");
	else if (side_counts(r->cell[i]) && !r->cell[i]->untold)
		side_number(p->c->sides, r->cell[i]->median, line);
	else
		snprintf(line, sizeof line, "%s", short_words(r->cell[i]));
	text_cell(p->out, line, -OTHER);
}

static void put_block(const struct page *p, const size_t *side, size_t n)
{
	const struct sides *s = p->c->sides;
	char last[300] = "", head[8];

	text_cell(p->out, "", p->label);
	text_cell(p->out, s->side[s->base].letter, -TIME);
	text_cell(p->out, "±", -SPREAD);
	for (size_t i = 0; i < n; i++) {
		snprintf(head, sizeof head, "%s/%s", s->side[side[i]].letter, s->side[s->base].letter);
		text_cell(p->out, head, -8);
		text_cell(p->out, "±", -SPREAD);
	}
	fputc('\n', p->out);
	for (size_t k = 0; k < p->c->rows; k++) {
		const struct row *r = &p->c->row[k];

		if (!shown(p->c, r))
			continue;
		put_section(p, r, last, sizeof last);
		put_name(p, r);
		put_side(p, r->cell[s->base]);
		for (size_t i = 0; i < n; i++)
			put_other(p, r, side[i]);
		fputc('\n', p->out);
	}
}

static void put_many_sides(const struct page *p)
{
	const struct sides *s = p->c->sides;
	size_t side[SIDES_MOST], n = 0;

	for (size_t i = 0; i < s->sides; i++)
		if (i != s->base)
			side[n++] = i;
	for (size_t from = 0; from < n; from += BLOCK) {
		if (from)
			fputc('\n', p->out);
		put_block(p, side + from, n - from < BLOCK ? n - from : BLOCK);
	}
}

/* -- head and end */

static void put_heads(const struct page *p)
{
	const struct sides *s = p->c->sides;
	char line[900];

	for (size_t i = 0; i < s->sides; i++) {
		text_cell(p->out, s->side[i].letter, 3);
		text_wrap(p->out, 3, 3, s->part ? s->side[i].label : form_head(p->c, i, line, sizeof line));
	}
	if (!s->part)
		sameness_print(s, p->out);
	for (size_t i = 0; i < s->sides && form_unit(p->c, i, line, sizeof line); i++) {
		text_cell(p->out, "unit", 8);
		text_wrap(p->out, 8, 8, line);
	}
}

static void put_note(const char *note, void *to)
{
	FILE *out = to;

	text_cell(out, "note", 8);
	text_wrap(out, 8, 8, note);
}

static void put_forced(const char *why, void *to)
{
	FILE *out = to;

	text_cell(out, "FORCED", 8);
	text_wrap(out, 8, 8, why);
}

static void put_end(const char *line, void *to)
{
	text_wrap(to, 0, 2, line);
}

/* -- values of a part as columns */

/* There is no column for the base's number, so a lone one of the other's would be taken for a ratio. */
static void put_entry(const struct page *p, const struct row *r, size_t side)
{
	char line[20];
	bool lone = r && r->verdict[side].outcome == OUTCOME_ONE_SIDED;

	if (!r || !lone) {
		r ? put_other(p, r, side) : text_cell(p->out, "-", -OTHER);
		return;
	}
	snprintf(line, sizeof line, "only %s",
		p->c->sides->side[side_counts(r->cell[side]) ? side : p->c->sides->base].letter);
	text_cell(p->out, line, -OTHER);
}

static void put_grid_block(const struct page *p, const struct grid *g, size_t side, size_t from, size_t to)
{
	char last[300] = "";

	text_cell(p->out, "", p->label);
	for (size_t v = from; v < to; v++)
		text_cell(p->out, g->value[v], -OTHER);
	fputc('\n', p->out);
	for (size_t k = 0; k < g->rows; k++) {
		put_section(p, &g->row[k].row, last, sizeof last);
		put_name(p, &g->row[k].row);
		for (size_t v = from; v < to; v++) {
			put_entry(p, g->row[k].at[v], side);
		}
		fputc('\n', p->out);
	}
}

static void put_grid(const struct page *p, const struct grid *g)
{
	const struct sides *s = p->c->sides;

	for (size_t i = 0; i < s->sides; i++) {
		if (i == s->base)
			continue;
		fprintf(p->out, "%s/%s\n", s->side[i].letter, s->side[s->base].letter);
		for (size_t from = 0; from < g->values; from += GRID)
			put_grid_block(p, g, i, from, from + GRID < g->values ? from + GRID : g->values);
		fputc('\n', p->out);
	}
	text_wrap(p->out, 0, 2, "-: no such cell.");
}

static void print(const struct page *given, const struct grid *g, FILE *out)
{
	char *text = NULL;
	size_t size = 0;
	struct page p = *given;

	p.out = take(open_memstream(&text, &size));
	put_heads(&p);
	sameness_notes(p.c->sides, put_note, p.out);
	if (p.o->force)
		sameness_refusals(p.c->sides, put_forced, p.out);
	fputc('\n', p.out);
	if (g)
		put_grid(&p, g);
	else if (p.c->sides->sides == 2)
		put_two_sides(&p);
	else
		put_many_sides(&p);
	if (g || p.c->sides->sides > 2)
		text_wrap(p.out, 0, 2,
			"Beside a ratio: half its 95% interval; beside ~: the difference that would have shown.");
	fputc('\n', p.out);
	form_ends(p.c, put_end, p.out);
	fclose(p.out);
	text_trimmed(out, text);
	free(text);
}

static struct page page_for(const struct matrix *c, const struct compare_options *o, FILE *out)
{
	int less = o->p && c->sides->sides == 2 ? P : 0;

	return (struct page){ c, o, NULL, wants_colour(out), NAME - less / 2, NAME + WAIT - less };
}

void terminal_print(const struct matrix *c, const struct compare_options *o, FILE *out)
{
	const struct page p = page_for(c, o, out);

	print(&p, NULL, out);
}

void terminal_grid(const struct matrix *c, const struct grid *g, const struct compare_options *o, FILE *out)
{
	const struct page p = page_for(c, o, out);

	print(&p, g, out);
}
