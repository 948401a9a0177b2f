// SPDX-License-Identifier: MIT
/* A fleet in 80 columns: who answered, groups of equal machines, who stands apart and what may be the reason. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../analyse/cells.h"
#include "../analyse/text.h"
#include "fleet.h"
#include "fleet_files.h"

enum { GROUP = 7, NODES = 5, MACHINE = 27, TIME = 9, SPREAD = 4, COLUMNS = 3 };
enum { NODE = 11, IN = 4, CELLS = 8, CELL = 32, RATIO = 7, KEYS_MOST = 4, NAMES_MOST = 12 };

/* -- who answered */

static void names_of(const struct fleet *f, enum fleet_end end, struct text_list *names)
{
	for (size_t i = 0; i < f->nodes; i++)
		if (f->node[i].first.end == end)
			text_list(names, f->node[i].name, NAMES_MOST);
}

static void put_more(char *line, size_t size, const struct text_list *list)
{
	size_t used = strlen(line);

	if (list->more)
		snprintf(line + used, size - used, ", and %zu more", list->more);
}

static void put_foreign(const struct fleet *f, FILE *out)
{
	struct text_list names = { .members = 0 };
	char line[1400];

	if (!f->foreigns)
		return;
	for (size_t i = 0; i < f->foreigns; i++)
		text_list(&names, strrchr(f->foreign[i], '/') + 1, NAMES_MOST);
	snprintf(line, sizeof line, "not a result file, and no node: %s", names.text);
	put_more(line, sizeof line, &names);
	text_wrap(out, 0, 2, line);
}

static void put_answers(const struct fleet *f, FILE *out)
{
	static const struct {
		enum fleet_end end;
		const char *words;
	} ends[] = { { FLEET_CUT, "cut short" }, { FLEET_UNREADABLE, "unreadable" },
		{ FLEET_FOREIGN, "not a result file" }, { FLEET_SILENT, "silent" } };
	char line[4000];

	snprintf(line, sizeof line, "%zu node%s%s: %zu whole", f->nodes, f->nodes == 1 ? "" : "s",
		f->asked ? " asked" : "", fleet_ended(f, FLEET_WHOLE));
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		struct text_list names = { .members = 0 };
		size_t n = fleet_ended(f, ends[i].end), used = strlen(line);
		if (!n)
			continue;
		names_of(f, ends[i].end, &names);
		snprintf(line + used, sizeof line - used, ", %zu %s (%s", n, ends[i].words, names.text);
		put_more(line, sizeof line - 2, &names);
		strcat(line, ")");
	}
	text_wrap(out, 0, 2, line);
	if (f->more)
		fprintf(out, "%zu more files not looked at: of a node two runs are\n", f->more);
	put_foreign(f, out);
}

/* -- groups */

/* Cells that say most about a machine, as far as they were measured, with what they are called above their column. */
static const struct headline {
	const char *cell, *title;
} headlines[] = {
	{ "Switch/impl=lwp/wait=futex/policy=batch/place=same-pu", "lwp sw" },
	{ "Syscall/impl=null/wait=none/policy=batch/place=same-pu/call=null", "null" },
	{ "Create/impl=process/wait=none/policy=batch/place=same-pu", "fork" },
	{ "Create/impl=lwp/wait=none/policy=batch/place=same-pu", "lwp new" },
	{ "Switch/impl=process/wait=futex/policy=batch/place=same-pu", "proc sw" },
	{ "Switch/impl=uthread-jmp/wait=none/policy=batch/place=same-pu", "uthread" },
};
enum { HEADLINES = sizeof headlines / sizeof *headlines };

struct column {
	size_t cell;
	char title[16];
};

static bool has_number(const struct fleet *f, size_t cell)
{
	for (size_t g = 0; g < f->groups; g++)
		if (f->group[g].middle[cell].nodes)
			return true;
	return false;
}

static bool is_column(const struct column *column, size_t n, size_t cell)
{
	for (size_t i = 0; i < n; i++)
		if (column[i].cell == cell)
			return true;
	return false;
}

/* The first headlines that there are; where there are none, the first cells, by number. */
static size_t choose_columns(const struct fleet *f, struct column *column)
{
	size_t n = 0;

	for (size_t h = 0; h < HEADLINES && n < COLUMNS; h++)
		for (size_t c = 0; c < f->cells && n < COLUMNS; c++)
			if (!strcmp(f->cell[c], headlines[h].cell) && has_number(f, c)) {
				column[n] = (struct column){ .cell = c };
				snprintf(column[n++].title, sizeof column->title, "%s", headlines[h].title);
			}
	for (size_t c = 0; c < f->cells && n < COLUMNS; c++)
		if (!is_column(column, n, c) && has_number(f, c)) {
			column[n] = (struct column){ .cell = c };
			snprintf(column[n].title, sizeof column->title, "cell %zu", n + 1);
			n++;
		}
	return n;
}

static bool is_filler(const char *word)
{
	static const char *const fillers[] = { "Intel", "AMD", "CPU", "Processor", "processor", "Xeon", "@" };
	size_t length = strcspn(word, "("); /* (R), (TM) */
	char plain[64];

	snprintf(plain, sizeof plain, "%.*s", (int)length, word);
	for (size_t i = 0; i < sizeof fillers / sizeof *fillers; i++)
		if (!strcmp(plain, fillers[i]))
			return true;
	return strstr(word, "-Core") || strstr(word, "GHz");
}

/* "Gold 6248R, 48 CPUs": what tells processors apart, without what all their names have. */
static void machine_of(const struct fleet_group *g, char *text, size_t size)
{
	const struct record r = { .key = g->node[0]->key, .keys = g->node[0]->keys };
	const char *cpu = record_get(&r, "cpu"), *cpus = record_get(&r, "cpus");
	char words[256], *rest = words;
	size_t used;

	snprintf(words, sizeof words, "%s", cpu ? cpu : "unknown CPU");
	snprintf(text, size, "%s", record_is(&r, "emulated", "yes") ? "EMULATED" : "");
	for (char *word; (word = strsep(&rest, " "));) {
		used = strlen(text);
		if (*word && !is_filler(word))
			snprintf(text + used, size - used, "%s%s", used ? " " : "", word);
	}
	if (!*text)
		snprintf(text, size, "%s", cpu);
	used = strlen(text);
	if (cpus)
		snprintf(text + used, size - used, ", %s CPU%s", cpus, strcmp(cpus, "1") ? "s" : "");
}

static void put_group(const struct fleet_group *g, const struct column *column, size_t n, FILE *out)
{
	char text[300], number[TEXT_NUMBER];

	text_cell(out, g->letter, GROUP);
	fprintf(out, "%*zu  ", NODES, g->nodes);
	machine_of(g, text, sizeof text);
	text_cell(out, text, MACHINE);
	for (size_t i = 0; i < n; i++) {
		const struct apart_middle *m = &g->middle[column[i].cell];
		text_cell(out, m->nodes ? text_time(number, m->median) : "-", -TIME);
		text_cell(out, m->nodes > 1 ? text_percent(number, m->spread) : "-", -SPREAD);
	}
	fputc('\n', out);
}

static void put_legend(const struct fleet *f, const struct column *column, size_t n, FILE *out)
{
	char line[1200] = "median over nodes; ±: 1.48 MAD between nodes", label[300];

	for (size_t i = 0; i < n; i++) {
		size_t used = strlen(line);
		snprintf(line + used, sizeof line - used, "; %s: %s", column[i].title,
			fleet_label(f->cell[column[i].cell], label, sizeof label));
	}
	text_wrap(out, 0, 0, line);
}

/* The keys that make this group another than one with the same words. */
static void put_what_differs(const struct fleet_group *a, const struct fleet_group *b, FILE *out)
{
	const struct record of_a = { .key = a->node[0]->key, .keys = a->node[0]->keys };
	const struct record of_b = { .key = b->node[0]->key, .keys = b->node[0]->keys };
	char line[8000];

	snprintf(line, sizeof line, "%s differs from %s:", b->letter, a->letter);
	for (size_t i = 0; i < of_b.keys; i++) {
		const char *here = of_b.key[i].value, *there = record_get(&of_a, of_b.key[i].key);
		size_t used = strlen(line);
		if (fleet_of_kind(of_b.key[i].key) && (!there || strcmp(here, there)))
			snprintf(line + used, sizeof line - used, " %s: %s (%s: %s);", of_b.key[i].key, here, a->letter,
				there ? there : "absent");
	}
	size_t used = strlen(line);
	if (line[used - 1] == ';')
		line[used - 1] = '\0';
	text_wrap(out, 0, 2, line);
}

static void put_differences(const struct fleet *f, FILE *out)
{
	char a[300], b[300];

	for (size_t j = 1; j < f->groups; j++)
		for (size_t i = 0; i < j; i++) {
			machine_of(&f->group[i], a, sizeof a);
			machine_of(&f->group[j], b, sizeof b);
			if (strcmp(a, b))
				continue;
			put_what_differs(&f->group[i], &f->group[j], out);
			break;
		}
}

static void put_too_small(const struct fleet *f, FILE *out)
{
	struct text_list letters = { .members = 0 };
	char line[1400];
	size_t n = 0;

	for (size_t i = 0; i < f->groups; i++)
		if (f->group[i].nodes < APART_LEAST_NODES) {
			text_list(&letters, f->group[i].letter, NAMES_MOST);
			n++;
		}
	if (!n)
		return;
	snprintf(line, sizeof line, "no verdict on %s", letters.text);
	put_more(line, sizeof line, &letters);
	size_t used = strlen(line);
	snprintf(line + used, sizeof line - used, ": fewer than %d nodes", APART_LEAST_NODES);
	text_wrap(out, 0, 2, line);
}

static void put_groups(const struct fleet *f, FILE *out)
{
	struct column column[COLUMNS];
	size_t n = choose_columns(f, column);

	fprintf(out, "%zu group%s of equal machines (same cpu, microcode, firmware, CPUs, kernel,\nmitigations)\n\n",
		f->groups, f->groups == 1 ? "" : "s");
	text_cell(out, "group", GROUP);
	text_cell(out, "nodes", -NODES);
	fputs("  ", out);
	text_cell(out, "machine", n ? MACHINE : 7);
	for (size_t i = 0; i < n; i++) {
		text_cell(out, column[i].title, -TIME);
		text_cell(out, "±", -SPREAD);
	}
	fputc('\n', out);
	for (size_t i = 0; i < f->groups; i++)
		put_group(&f->group[i], column, n, out);
	if (n)
		put_legend(f, column, n, out);
	put_differences(f, out);
	put_too_small(f, out);
}

/* -- who stands apart */

static void put_keys(const struct fleet *f, const struct fleet_node *node, char *line, size_t size)
{
	struct fleet_difference d[KEYS_MOST];
	size_t n = fleet_differences(f, node, d, KEYS_MOST);

	*line = '\0';
	for (size_t i = 0; i < n; i++) {
		size_t used = strlen(line);
		snprintf(line + used, size - used, "%s%s: %s (%s: %s)", used ? ", " : "", d[i].key,
			d[i].here ? d[i].here : "absent", node->group->letter, d[i].usual ? d[i].usual : "absent");
	}
	if (!n)
		snprintf(line, size, "none");
}

static void put_apart(const struct fleet *f, const struct fleet_node *node, FILE *out)
{
	const struct apart_middle *m = &node->group->middle[node->worst];
	double here = node->first.value[node->worst].x;
	char text[4000], number[TEXT_NUMBER];

	text_cell(out, node->name, NODE - 1);
	fputc(' ', out);
	text_cell(out, node->group->letter, IN);
	snprintf(text, sizeof text, "%zu/%zu", node->beyond, node->group->cells);
	text_cell(out, text, CELLS);
	text_cell(out, fleet_label(f->cell[node->worst], text, sizeof text), CELL);
	text_cell(out, text_time(number, here), -TIME);
	text_cell(out, text_time(number, m->median), -TIME);
	text_cell(out, text_ratio(number, here / m->median), -RATIO);
	fputs("\n    differs in ", out);
	put_keys(f, node, text, sizeof text);
	text_wrap(out, 15, 15, text);
}

/* n357 and n358: the same but for a number one higher. */
static bool are_neighbours(const char *a, const char *b)
{
	size_t same = 0;

	while (a[same] && a[same] == b[same])
		same++;
	while (same && a[same - 1] >= '0' && a[same - 1] <= '9')
		same--;
	char *end_a, *end_b;
	if (a[same] < '0' || a[same] > '9' || b[same] < '0' || b[same] > '9')
		return false;
	return strtoull(b + same, &end_b, 10) - strtoull(a + same, &end_a, 10) == 1 && !strcmp(end_a, end_b);
}

static void put_neighbours(const struct fleet *f, FILE *out)
{
	const struct fleet_node *last = NULL;

	for (size_t i = 0; i < f->nodes; i++) {
		const struct fleet_node *node = &f->node[i];
		if (!node->group || node->verdict != APART_APART)
			continue;
		if (last && are_neighbours(last->name, node->name))
			fprintf(out, "%s, %s: neighbours by name\n", last->name, node->name);
		last = node;
	}
}

/* "bench=switch impl=lwp ...": the cell as an expression that a shell takes for one word; foreign names may hold a
 * quote. */
static bool expression_of(const char *name, char *text, size_t size)
{
	char bench[64];

	if (!record_part(name, "bench", bench, sizeof bench) || !strchr(name, '/') || strpbrk(name, "' *,"))
		return false;
	snprintf(text, size, "bench=%s %s", bench, strchr(name, '/') + 1);
	for (char *c = text; *c; c++)
		if (*c == '/')
			*c = ' ';
	return true;
}

/* How to look closer at the first of them. */
static void put_advice(const struct fleet *f, FILE *out)
{
	char cell[400];

	for (size_t i = 0; i < f->nodes; i++) {
		const struct fleet_node *node = &f->node[i];
		if (!node->group || node->verdict != APART_APART || !node->group->typical)
			continue;
		fprintf(out, "%s against the most typical of %s:\n  ctxbench compare", node->name, node->group->letter);
		if (expression_of(f->cell[node->worst], cell, sizeof cell))
			fprintf(out, " \\\n    --explain '%s' \\\n   ", cell);
		fprintf(out, " %s %s\n", node->group->typical->first.path, node->first.path);
		return;
	}
}

static void put_verdicts(const struct fleet *f, FILE *out)
{
	size_t n = fleet_count(f, APART_APART);

	if (!n) {
		fputs(f->group->nodes < APART_LEAST_NODES ? "" : "\nno node stands apart\n", out);
		return;
	}
	fprintf(out, "\n%zu node%s apart (of a hundred clean fleets one shows such a node)\n\n", n,
		n == 1 ? " stands" : "s stand");
	text_cell(out, "node", NODE);
	text_cell(out, "in", IN);
	text_cell(out, "cells", CELLS);
	text_cell(out, "worst cell", CELL);
	text_cell(out, "here", -TIME);
	text_cell(out, "group", -TIME);
	text_cell(out, "ratio", -RATIO);
	fputc('\n', out);
	for (size_t i = 0; i < f->nodes; i++)
		if (f->node[i].group && f->node[i].verdict == APART_APART)
			put_apart(f, &f->node[i], out);
	put_neighbours(f, out);
	put_advice(f, out);
}

static bool suspect_again(const struct fleet *f, const struct fleet_node *node)
{
	return node->ran_again && apart_beyond(node->again.side, f->cells) >= APART_LEAST_CELLS;
}

static void put_others(const struct fleet *f, enum apart_verdict verdict, bool again, const char *words, FILE *out)
{
	struct text_list names = { .members = 0 };
	char line[1400];

	for (size_t i = 0; i < f->nodes; i++)
		if (f->node[i].group && f->node[i].verdict == verdict && suspect_again(f, &f->node[i]) == again)
			text_list(&names, f->node[i].name, NAMES_MOST);
	if (!names.members)
		return;
	snprintf(line, sizeof line, "%s: %s", words, names.text);
	put_more(line, sizeof line, &names);
	text_wrap(out, 0, 2, line);
}

/* -- what is no number */

struct wordy {
	size_t values, words;
};

static void count_row(const struct fleet_row *row, void *to)
{
	struct wordy *w = to;

	if (!strcmp(row->cell, "-"))
		return;
	w->values++;
	w->words += isnan(row->x);
}

/* Cells that most of a group have a number in, and this node not. */
static size_t lacking(const struct fleet *f, const struct fleet_node *node)
{
	size_t n = 0;

	for (size_t c = 0; c < f->cells; c++)
		n += 2 * node->group->middle[c].nodes > node->group->nodes &&
		     !(c < node->first.values && node->first.value[c].x > 0);
	return n;
}

static void put_lacking(const struct fleet *f, FILE *out)
{
	struct wordy w = { 0, 0 };
	struct text_list names = { .members = 0 };
	char line[2000], text[300];

	fleet_rows(f, count_row, &w);
	if (w.words)
		fprintf(out, "%zu of %zu values are words, no numbers: each stands with its reason in the rows\n",
			w.words, w.values);
	for (size_t i = 0; i < f->nodes; i++) {
		size_t n = f->node[i].group ? lacking(f, &f->node[i]) : 0;
		snprintf(text, sizeof text, "%s (%zu)", f->node[i].name, n);
		if (n)
			text_list(&names, text, NAMES_MOST);
	}
	if (!names.members)
		return;
	snprintf(line, sizeof line, "without a number in cells that most of their group have one in: %s", names.text);
	put_more(line, sizeof line, &names);
	text_wrap(out, 0, 2, line);
}

void fleet_print(const struct fleet *f, FILE *to)
{
	char *text = NULL;
	size_t size;
	FILE *out = take(open_memstream(&text, &size));

	put_answers(f, out);
	if (f->groups) {
		put_groups(f, out);
		put_verdicts(f, out);
		put_others(f, APART_SUSPECT, false, "suspect, and to run once more", out);
		put_others(f, APART_CLEARED, false, "suspect once, but not so again", out);
		put_others(f, APART_CLEARED, true, "suspect again, but in too few of the same cells to the same side",
			out);
		put_lacking(f, out);
	}
	fclose(out);
	text_trimmed(to, take(text));
	free(text);
}
