// SPDX-License-Identifier: MIT
#include "axes.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

double axis_at(const struct cell *c, const char *axis)
{
	char text[32], *end;

	if (!record_part(c->name, axis, text, sizeof text))
		return NAN;
	double x = strtod(text, &end);
	return end != text && !*end ? x : NAN;
}

bool axis_measured(const struct cell *c)
{
	return c && c->state == CELL_VALID && c->median > 1e-6;
}

bool axis_same_bench(const struct cell *a, const struct cell *b)
{
	return !strcmp(a->bench, b->bench) && !strcmp(a->impl, b->impl) && !strcmp(a->wait, b->wait) &&
	       !strcmp(a->policy, b->policy) && !strcmp(a->place, b->place);
}

const struct cell *axis_beside(const struct cells *all, const struct cell *c, const char *axis, double at)
{
	char key[48], name[400];
	snprintf(key, sizeof key, "/%s=", axis);
	const char *found = strstr(c->name, key), *rest = found ? strchr(found + 1, '/') : NULL;

	if (!found)
		return NULL;
	snprintf(name, sizeof name, "%.*s%s%.0f%s", (int)(found - c->name), c->name, key, at, rest ? rest : "");
	return cells_find(all, name);
}

char *axis_whose(const struct cell *c, char *buffer, size_t size)
{
	bool waits = strcmp(c->wait, "none");

	snprintf(buffer, size, "%s%s%s, %s", c->impl, waits ? ", waiting by " : "", waits ? c->wait : "",
		place_words(c->place));
	return buffer;
}

/* -- in order. What qsort's function has to know beside the two. */
static const struct cells *sorting;
static const char *const *sorting_axes;

static size_t rank(const struct cell *c)
{
	const struct impl_row *row = cells_impl(sorting, c->impl);

	return row ? (size_t)(row - sorting->impl) : sorting->impls;
}

static int order_axes(const struct cell *a, const struct cell *b)
{
	for (const char *const *axis = sorting_axes; *axis; axis++) {
		double x = axis_at(a, *axis), y = axis_at(b, *axis);

		if (x < y || x > y)
			return x < y ? -1 : 1;
	}
	return strcmp(a->name, b->name);
}

static int order_cells(const void *left, const void *right)
{
	const struct cell *a = *(const struct cell *const *)left, *b = *(const struct cell *const *)right;
	int order = strcmp(a->bench, b->bench);

	if (!order)
		order = (rank(a) > rank(b)) - (rank(a) < rank(b));
	if (!order)
		order = cell_order_wait(a->wait, b->wait);
	if (!order)
		order = cell_order_policy(a->policy, b->policy);
	if (!order)
		order = cell_order_place(a->place, b->place);
	return order ? order : order_axes(a, b);
}

const struct cell **axis_cells(const struct cells *all, bool (*wanted)(const struct cell *), const char *const *axes)
{
	const struct cell **cell = take(calloc(all->cells + 1, sizeof *cell));
	size_t n = 0;

	for (size_t i = 0; i < all->cells; i++)
		if (wanted(&all->cell[i]))
			cell[n++] = &all->cell[i];
	sorting = all;
	sorting_axes = axes;
	qsort(cell, n, sizeof *cell, order_cells);
	return cell;
}
