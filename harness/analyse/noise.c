// SPDX-License-Identifier: MIT
/* A run that measured everything twice, held against itself: whatever differs there, differs by nothing but noise. */
#include "analyse.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cells.h"
#include "text.h"

enum { SETS = 2, NAMES_MOST = 6 };
static const char set_unit[] = "aa"; /* of each timed trial: which of the sets it belongs to, from 1 */
static const double CONFIDENCE = 0.95;

/* One set of the trials, as a run of its own would have it. */
static struct record *set_of(const struct record *r, int set)
{
	struct record *one = record_new();

	for (size_t i = 0; i < r->lines; i++) {
		const struct record_line *line = &r->line[i];
		double of = set;

		if (record_find(line, set_unit, &of) && of != set)
			continue;
		struct record_line *copy = record_line(one, line->kind, line->name, line->n, line->reason);
		for (size_t v = 0; v < line->values; v++)
			record_value(copy, line->value[v].x, line->value[v].unit);
	}
	return one;
}

struct floor {
	size_t tests, differ;
	struct text_list cells; /* those that differ */
};

/* What can't be told apart at all, because it has too few trials or no one value, is no test. */
static struct floor floor_of(const struct record *r)
{
	struct record *set[SETS] = { set_of(r, 1), set_of(r, 2) };
	struct cells *a = cells_group(set[0]), *b = cells_group(set[1]);
	struct floor f = { 0 };

	for (size_t i = 0; i < a->cells; i++) {
		const struct cell *x = &a->cell[i], *y = cells_find(b, x->name);
		char label[300];

		if (!y || x->state != CELL_VALID || y->state != CELL_VALID)
			continue;
		enum comparison told = cells_compare(x, y);
		if (told == CELLS_UNTOLD || isnan(stats_least_difference(x->x, x->n, y->x, y->n, CONFIDENCE)))
			continue;
		f.tests++;
		f.differ += told == CELLS_DIFFER;
		if (told == CELLS_DIFFER)
			text_list(&f.cells, cell_label(x, label, sizeof label), NAMES_MOST);
	}
	cells_free(a);
	cells_free(b);
	record_free(set[0]);
	record_free(set[1]);
	return f;
}

static bool has_sets(const struct record *r)
{
	double ignored;

	for (size_t i = 0; i < r->lines; i++)
		if (record_find(&r->line[i], set_unit, &ignored))
			return true;
	return false;
}

static size_t by_chance(const struct floor *f)
{
	return stats_binomial_most(f->tests, 1 - CONFIDENCE, CONFIDENCE);
}

static void set_count(struct record *r, const char *key, size_t n)
{
	char text[32];

	snprintf(text, sizeof text, "%zu", n);
	record_set(r, key, text);
}

void noise_keep(struct record *r)
{
	struct floor f = floor_of(r);
	char share[TEXT_NUMBER];

	set_count(r, "aa.tests", f.tests);
	if (!f.tests)
		return;
	set_count(r, "aa.differ", f.differ);
	set_count(r, "aa.by-chance", by_chance(&f));
	record_set(r, "aa.share%", text_fixed(share, 100 * (double)f.differ / (double)f.tests, 1));
}

void noise_print(const struct record *r, FILE *out)
{
	char line[1500], share[TEXT_NUMBER];

	if (!has_sets(r))
		return;
	struct floor f = floor_of(r);
	if (!f.tests) {
		text_wrap(out, 0, 2, "A against A: no cell has trials enough to differ from itself at 95%");
		return;
	}
	snprintf(line, sizeof line,
		"A against A: %zu of %zu cells (%s%%) differ from themselves at 95%%; by chance alone at most %zu, 19 "
		"times in 20%s",
		f.differ, f.tests, text_fixed(share, 100 * (double)f.differ / (double)f.tests, 1), by_chance(&f),
		f.differ > by_chance(&f) ? ": this machine is too unsteady to be compared so closely" : "");
	text_wrap(out, 0, 2, line);
	if (f.differ) {
		snprintf(line, sizeof line, "different from itself: %s%s", f.cells.text, f.cells.more ? ", and more" : "");
		text_wrap(out, 0, 2, line);
	}
}
