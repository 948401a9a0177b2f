// SPDX-License-Identifier: MIT
#include "ring.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "axes.h"
#include "text.h"

enum { TOUCHED = 12, CONTEXTS = 5, TIME = 12, SPREAD = 5, WORDS = 1200, TERMS_MOST = 4 };
static const double CONFIDENCE = 0.95;
static const char *const axes[] = { "bytes", "contexts", NULL };

bool ring_has(const struct cell *c)
{
	return !strncmp(c->bench, "ring", 4) && !isnan(axis_at(c, "contexts"));
}

/* -- differences */

static struct difference difference(const struct cell *const *cell, size_t cells)
{
	struct term term[TERMS_MOST];
	struct difference d = { NAN, { NAN, NAN, 0 } };
	double centre = 0;

	for (size_t i = 0; i < cells; i++) {
		double sign = i == 0 || i == 3 ? 1 : -1;

		if (!axis_measured(cell[i]))
			return d;
		term[i] = (struct term){ cell[i]->x, cell[i]->n, sign };
		centre += sign * cell[i]->median;
	}
	d.interval = stats_sum_interval(term, cells, CONFIDENCE, 1);
	d.centre = centre;
	return d;
}

struct difference ring_cost(const struct cells *all, const struct cell *c)
{
	const struct cell *of[] = { c, axis_beside(all, c, "contexts", 1) };

	return difference(of, 2);
}

struct difference ring_refill(const struct cells *all, const struct cell *c)
{
	const struct cell *empty = axis_beside(all, c, "bytes", 0);
	const struct cell *of[] = { c, axis_beside(all, c, "contexts", 1), empty,
		empty ? axis_beside(all, empty, "contexts", 1) : NULL };

	return difference(of, 4);
}

bool difference_shown(const struct difference *d)
{
	return d->interval.low > 0;
}

/* -- the table */

char *ring_bytes(char *buffer, double bytes)
{
	static const char *const unit[] = { "B", "KiB", "MiB", "GiB" };
	size_t i = 0;

	for (; bytes >= 1024 && i < 3 && fmod(bytes, 1024) == 0; i++)
		bytes /= 1024;
	snprintf(buffer, TEXT_NUMBER, "%.0f %s", bytes, unit[i]);
	return bytes > 0 ? buffer : strcpy(buffer, "nothing");
}

static void put_difference(FILE *out, const struct difference *d)
{
	char number[TEXT_NUMBER], spread[TEXT_NUMBER];
	double half = d->interval.coverage > 0 ? (d->interval.high - d->interval.low) / 2 : NAN;
	bool shown = difference_shown(d);

	text_cell(out, shown || isnan(d->centre) ? text_time(number, d->centre) : "within noise", -TIME - 1);
	text_cell(out, shown ? text_percent(spread, half / d->centre) : "", -SPREAD);
}

static void put_title(FILE *out, const struct cell *c)
{
	static const struct {
		const char *bench, *title;
	} titles[] = { { "ring", "reads all of its own" }, { "ring-write", "writes all of its own" },
		{ "ring-pages", "reads a line a page of its own" },
		{ "ring-sizes", "reads all of its own, lmbench's sizes" } };
	char whose[120], line[300];
	const char *title = c->bench;

	for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
		if (!strcmp(titles[i].bench, c->bench))
			title = titles[i].title;
	snprintf(line, sizeof line, "%s: each %s", axis_whose(c, whose, sizeof whose), title);
	text_wrap(out, 0, 2, line);
}

static void put_head(FILE *out)
{
	text_cell(out, "ring, a hop", TOUCHED);
	text_cell(out, "of", -CONTEXTS);
	text_cell(out, "time", -TIME);
	text_cell(out, "±", -SPREAD);
	text_cell(out, "less alone", -TIME - 1);
	text_cell(out, "±", -SPREAD);
	text_cell(out, "refill", -TIME - 1);
	text_cell(out, "±", -SPREAD);
	fputc('\n', out);
}

static void put_row(FILE *out, const struct cells *all, const struct cell *c)
{
	char touched[TEXT_NUMBER] = "  ", number[TEXT_NUMBER], spread[TEXT_NUMBER], words[WORDS];
	double contexts = axis_at(c, "contexts");
	struct difference cost = ring_cost(all, c), refill = ring_refill(all, c);

	ring_bytes(touched + 2, axis_at(c, "bytes"));
	text_cell(out, contexts == 1 ? touched : "", TOUCHED);
	text_cell(out, text_fixed(number, contexts, 0), -CONTEXTS);
	if (!axis_measured(c)) {
		fputs("  ", out);
		text_wrap(out, TOUCHED + CONTEXTS + 2, TOUCHED + CONTEXTS + 4,
			c->state == CELL_VALID ? "within noise" : cell_words(c, words, sizeof words));
		return;
	}
	text_cell(out, text_time(number, c->median), -TIME);
	text_cell(out, text_percent(spread, c->spread), -SPREAD);
	if (contexts > 1) {
		put_difference(out, &cost);
		if (axis_at(c, "bytes") > 0)
			put_difference(out, &refill);
	}
	fputc('\n', out);
}

void ring_print(FILE *out, const struct cells *all)
{
	const struct cell **cell = axis_cells(all, ring_has, axes);

	if (*cell) {
		fputc('\n', out);
		put_head(out);
	}
	for (size_t i = 0; cell[i]; i++) {
		if (!i || !axis_same_bench(cell[i], cell[i - 1]))
			put_title(out, cell[i]);
		put_row(out, all, cell[i]);
	}
	free(cell);
}
