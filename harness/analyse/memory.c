// SPDX-License-Identifier: MIT
#include "memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

enum { NAME = 18, CONTEXTS = 9, BYTES = 10 };

static const struct {
	const char *unit, *title;
} parts[] = {
	{ "user-B/context", "user" },
	{ "tables-B/context", "tables" },
	{ "kernel-stack-B/context", "k stack" },
	{ "slab-B/context", "slab" },
};
enum { PARTS = sizeof parts / sizeof *parts };

bool memory_is_of(const struct cell *c)
{
	return c->state == CELL_VALID && (!strcmp(c->bench, "memory") || !strcmp(c->bench, "limit"));
}

/* -- the rows, in the order of the impls and then of how many there are */
struct row {
	const struct cell *c;
	size_t impl;
	double contexts;
};

static int order_rows(const void *left, const void *right)
{
	const struct row *a = left, *b = right;

	if (a->impl != b->impl)
		return (a->impl > b->impl) - (a->impl < b->impl);
	return (a->contexts > b->contexts) - (a->contexts < b->contexts);
}

static size_t rows_of(const struct cells *all, const char *bench, struct row *row)
{
	size_t rows = 0;

	for (size_t i = 0; i < all->cells; i++) {
		const struct cell *c = &all->cell[i];
		const struct impl_row *impl = cells_impl(all, c->impl);

		if (memory_is_of(c) && !strcmp(c->bench, bench))
			row[rows++] = (struct row){ c, impl ? (size_t)(impl - all->impl) : all->impls,
				strtod(cell_point(c), NULL) };
	}
	qsort(row, rows, sizeof *row, order_rows);
	return rows;
}

static void put_name(FILE *out, const struct cell *c)
{
	char name[80];

	snprintf(name, sizeof name, "  %s", c->impl);
	text_cell(out, name, NAME);
}

/* -- what each takes */

/* What the same reading gave where as many times nothing was made; at least what one look at /proc may leave. */
static double noise_of(const struct cells *all, const struct cell *c, const char *unit)
{
	double least = 1;

	for (size_t i = 0; i < all->cells; i++) {
		const struct cell *other = &all->cell[i];

		if (memory_is_of(other) && !strcmp(other->bench, c->bench) && !strcmp(other->impl, "null") &&
			!strcmp(other->points, c->points))
			least = fmax(least, fabs(cell_median(other, unit)));
	}
	return least;
}

static char *kib(char *buffer, double bytes)
{
	double x = bytes / 1024;

	return text_fixed(buffer, x, x < 10 ? 2 : x < 100 ? 1 : 0);
}

static void put_bytes(FILE *out, const struct cells *all, const struct cell *c, const char *unit)
{
	char number[TEXT_NUMBER];
	double bytes = cell_median(c, unit);

	if (isnan(bytes))
		text_cell(out, "not told", -BYTES);
	else
		text_cell(out, bytes <= noise_of(all, c, unit) ? "noise" : kib(number, bytes), -BYTES);
}

/* Without what is lost in noise; less than nothing is always noise. */
static double sum_of(const struct cells *all, const struct cell *c)
{
	double sum = 0;

	for (size_t i = 0; i < PARTS; i++) {
		double bytes = cell_median(c, parts[i].unit);

		if (isnan(bytes) || bytes > noise_of(all, c, parts[i].unit))
			sum += bytes;
	}
	return sum;
}

static void put_memory(FILE *out, const struct cells *all, const struct row *row, size_t rows)
{
	char number[TEXT_NUMBER];

	fputc('\n', out);
	text_cell(out, "memory of one context, KiB", NAME + CONTEXTS);
	for (size_t i = 0; i < PARTS; i++)
		text_cell(out, parts[i].title, -BYTES);
	text_cell(out, "sum", -BYTES);
	fputc('\n', out);
	for (; rows--; row++) {
		double sum = sum_of(all, row->c);

		put_name(out, row->c);
		text_cell(out, cell_point(row->c), -CONTEXTS);
		for (size_t i = 0; i < PARTS; i++)
			put_bytes(out, all, row->c, parts[i].unit);
		text_cell(out, isnan(sum) ? "-" : sum > 0 ? kib(number, sum) : "noise", -BYTES);
		fputc('\n', out);
	}
}

/* -- how many there can be */
static void put_limits(FILE *out, const struct cells *all, const struct row *row, size_t rows)
{
	char number[TEXT_NUMBER], key[64];

	fputc('\n', out);
	text_cell(out, "how many can live", NAME);
	text_cell(out, "alive", -CONTEXTS);
	fputs("  limit\n", out);
	for (; rows--; row++) {
		snprintf(key, sizeof key, "limit.%s", row->c->impl);
		const char *why = record_get(all->record, key);

		put_name(out, row->c);
		text_cell(out, text_fixed(number, cell_median(row->c, "alive"), 0), -CONTEXTS);
		fputs("  ", out);
		text_wrap(out, NAME + CONTEXTS + 2, NAME + CONTEXTS + 2, why ? why : "not told");
	}
}

void memory_print(FILE *out, const struct cells *all)
{
	struct row *row = take(malloc((all->cells + 1) * sizeof *row));
	size_t rows = rows_of(all, "memory", row);

	if (rows)
		put_memory(out, all, row, rows);
	rows = rows_of(all, "limit", row);
	if (rows)
		put_limits(out, all, row, rows);
	free(row);
}
