// SPDX-License-Identifier: MIT
/*
 * How to wait, and where the partner is: a panel of switches on one CPU, and one of wakes for each place beyond it. A
 * switch and a wake are never in one panel, as they are not the same thing.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../analyse/text.h"
#include "columns.h"
#include "rows.h"

enum { NAMES = 64, LABEL = 20 };

struct names {
	const char *name[NAMES];
	size_t n;
};

static bool add_name(struct names *s, const char *name)
{
	for (size_t i = 0; i < s->n; i++)
		if (!strcmp(s->name[i], name))
			return false;
	if (s->n < NAMES)
		s->name[s->n++] = name;
	return true;
}

/* Kernel-scheduled, handed on by a wait, without a point of its own. */
static bool is_hand_over(const struct cell *c)
{
	return (!strcmp(c->bench, "switch") || !strcmp(c->bench, "wake")) && strcmp(c->wait, "none") && !*c->points &&
	       strcmp(c->place, "free") && !strcmp(c->policy, "batch");
}

/* Of an impl with one way to wait there is nothing to choose. */
static bool has_choice(const struct cells *all, const char *impl)
{
	const char *first = NULL;

	for (size_t i = 0; i < all->cells; i++) {
		const struct cell *c = &all->cell[i];

		if (!is_hand_over(c) || strcmp(c->impl, impl))
			continue;
		if (first && strcmp(first, c->wait))
			return true;
		first = c->wait;
	}
	return false;
}

static int order_waits(const void *a, const void *b)
{
	return cell_order_wait(*(const char *const *)a, *(const char *const *)b);
}

static int order_places(const void *a, const void *b)
{
	return cell_order_place(*(const char *const *)a, *(const char *const *)b);
}

static void find_names(const struct cells *all, struct names *waits, struct names *places)
{
	for (size_t i = 0; i < all->cells; i++) {
		const struct cell *c = &all->cell[i];

		if (!is_hand_over(c) || !has_choice(all, c->impl))
			continue;
		add_name(waits, c->wait);
		add_name(places, c->place);
	}
	qsort(waits->name, waits->n, sizeof *waits->name, order_waits);
	qsort(places->name, places->n, sizeof *places->name, order_places);
}

static const struct cell *find(const struct cells *all, const char *impl, const char *wait, const char *place)
{
	for (size_t i = 0; i < all->cells; i++) {
		const struct cell *c = &all->cell[i];

		if (is_hand_over(c) && !strcmp(c->impl, impl) && !strcmp(c->wait, wait) && !strcmp(c->place, place))
			return c;
	}
	return NULL;
}

static void put_square(FILE *out, size_t panel, size_t row, size_t column, const struct cell *c, const char *wait,
	const char *label, int ink)
{
	const char *gap = !c ? "not measured" : columns_drawable(c) ? "" : columns_gap(c);

	fprintf(out, "%zu\t%zu\t%zu", panel, row, column);
	columns_bar(out, c);
	fprintf(out, "\t%d", ink);
	columns_text(out, label, LABEL);
	columns_text(out, wait, LABEL);
	columns_text(out, gap, LABEL);
	fputc('\n', out);
}

/* The heading of a panel, a row of its own: row 0. */
static void put_heading(FILE *out, size_t panel, const char *place)
{
	char line[100];
	bool here = !strcmp(place, "same-pu");

	snprintf(line, sizeof line, "%s: %s", here ? "switch, one way" : "wake on another CPU", place_words(place));
	fprintf(out, "%zu\t0\t0\tNaN\tNaN\tNaN\t6", panel);
	columns_text(out, line, 3 * LABEL);
	fputs("\t-\t-\n", out);
}

static size_t put_panel(FILE *out, const struct cells *all, size_t panel, const char *place, const struct names *waits,
	size_t *measured)
{
	size_t row = 0;

	for (size_t i = all->impls; i--;) {
		const struct impl_row *impl = &all->impl[i];
		size_t known = 0;

		for (size_t k = 0; k < waits->n; k++)
			known += find(all, impl->name, waits->name[k], place) != NULL;
		if (!known || !has_choice(all, impl->name))
			continue;
		row++;
		for (size_t k = 0; k < waits->n; k++) {
			const struct cell *c = find(all, impl->name, waits->name[k], place);

			*measured += columns_drawable(c);
			put_square(out, panel, row, k + 1, c, waits->name[k], impl->name, impl->ink);
		}
	}
	if (row)
		put_heading(out, panel, place);
	return row;
}

size_t places_rows(FILE *out, const struct sources *s)
{
	const struct cells *all = *s->cells;
	struct names waits = { .n = 0 }, places = { .n = 0 };
	size_t panel = 1, rows = 0, measured = 0;

	find_names(all, &waits, &places);
	fputs("panel\trow\tcolumn\ttime\tlow\thigh\tkind\tlabel\twait\twhy\n", out);
	for (size_t i = 0; i < places.n; i++) {
		size_t n = put_panel(out, all, panel, places.name[i], &waits, &measured);

		panel += n > 0;
		rows += n;
	}
	return measured ? rows : 0;
}

void caption_places(char *text, size_t size, const struct sources *s)
{
	snprintf(text, size, "%smedian and half its interval, SCHED_BATCH; dark is slow, in each panel by itself",
		record_is((*s->cells)->record, "complete", "yes") ? "" : "incomplete run; ");
}
