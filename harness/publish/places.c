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

enum { NAMES = 64, LABEL = 20, WORDS = 140 };

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

/* -- a panel: a place, and those of the impls that have a way to wait in common */
struct panel {
	const char *place;
	const struct cells *all;
	struct names impls, waits; /* those that something is to be shown of */
	struct names gone;         /* waits that nobody could be measured with */
	const struct cell *why;    /* one of them */
};

static bool share_a_wait(const struct cells *all, const char *a, const char *b, const char *place)
{
	for (size_t i = 0; i < all->cells; i++) {
		const struct cell *c = &all->cell[i];

		if (is_hand_over(c) && !strcmp(c->impl, a) && !strcmp(c->place, place) && find(all, b, c->wait, place))
			return true;
	}
	return false;
}

/* A column for a wait that anybody was measured with, even where it is invalid. */
static void add_wait(struct panel *p, const char *wait)
{
	const struct cell *missing = NULL;

	for (size_t i = 0; i < p->impls.n; i++) {
		const struct cell *c = find(p->all, p->impls.name[i], wait, p->place);

		if (c && c->state != CELL_MISSING) {
			add_name(&p->waits, wait);
			return;
		}
		missing = c ? c : missing;
	}
	if (missing && add_name(&p->gone, wait))
		p->why = missing;
}

static void put_square(FILE *out, size_t panel, size_t row, size_t column, const struct cell *c, const char *wait,
	const struct impl_row *impl)
{
	const char *gap = !c ? "not measured" : columns_drawable(c) ? "" : columns_gap(c);

	fprintf(out, "%zu\t%zu\t%zu", panel, row, column);
	columns_bar(out, c);
	fprintf(out, "\t%d", impl->ink);
	columns_text(out, impl->name, LABEL);
	columns_text(out, wait, LABEL);
	columns_text(out, gap, LABEL);
	fputc('\n', out);
}

/* The heading of a panel, a row of its own: row 0. After it, what is not there, and why. */
static void put_heading(FILE *out, size_t panel, const struct panel *p)
{
	struct text_list gone = { .text = "" };
	char line[100], words[1400], why[1600] = "";

	snprintf(line, sizeof line, "%s: %s", strcmp(p->place, "same-pu") ? "wake on another CPU" : "switch, one way",
		place_words(p->place));
	for (size_t i = 0; i < p->gone.n; i++)
		text_list(&gone, p->gone.name[i], 6);
	if (p->gone.n)
		snprintf(why, sizeof why, "%s%s%s%s %s",
			p->waits.n                    ? ""
			: strcmp(p->place, "same-pu") ? "wake, "
						      : "switch, ",
			p->waits.n ? "" : p->impls.name[0], p->waits.n ? "" : " by ", gone.text,
			cell_words(p->why, words, sizeof words));
	fprintf(out, "%zu\t0\t0\tNaN\tNaN\tNaN\t6", panel);
	columns_text(out, p->waits.n ? line : "", 3 * LABEL);
	fputs("\t-", out);
	columns_text(out, why, WORDS);
	fputc('\n', out);
}

/* Returns how many of its cells have a number. */
static size_t put_panel(FILE *out, size_t number, const struct panel *p)
{
	size_t measured = 0;

	put_heading(out, number, p);
	for (size_t i = 0; i < p->impls.n && p->waits.n; i++)
		for (size_t k = 0; k < p->waits.n; k++) {
			const struct cell *c = find(p->all, p->impls.name[i], p->waits.name[k], p->place);

			measured += columns_drawable(c);
			put_square(
				out, number, i + 1, k + 1, c, p->waits.name[k], cells_impl(p->all, p->impls.name[i]));
		}
	return measured;
}

/* The panel that an impl stands in, with all that share a wait with it, dearest kind first; empty where it stood in an
 * earlier. */
static struct panel panel_of(const struct cells *all, size_t impl, const char *place, const struct names *waits)
{
	struct panel p = { .place = place, .all = all };
	const char *name = all->impl[impl].name;

	if (!has_choice(all, name))
		return p;
	for (size_t i = all->impls; i--;) {
		const char *other = all->impl[i].name;

		if (!has_choice(all, other) || !share_a_wait(all, name, other, place))
			continue;
		if (i > impl) {
			p.impls.n = 0;
			return p;
		}
		add_name(&p.impls, other);
	}
	for (size_t k = 0; k < waits->n; k++)
		add_wait(&p, waits->name[k]);
	return p;
}

/* Panels in which there is a number, or those of which there are only words; of these, all wakes of one impl are one.
 */
static size_t put_panels(FILE *out, const struct cells *all, const struct names *waits, const struct names *places,
	bool only_words, size_t *panels)
{
	struct names told = { .n = 0 };
	size_t measured = 0;

	for (size_t i = 0; i < places->n; i++)
		for (size_t k = all->impls; k--;) {
			struct panel p = panel_of(all, k, places->name[i], waits);
			bool wake = strcmp(p.place, "same-pu");

			if (!p.impls.n || only_words != !p.waits.n)
				continue;
			if (!only_words || !wake || add_name(&told, p.impls.name[0]))
				measured += put_panel(out, ++*panels, &p);
		}
	return measured;
}

size_t places_rows(FILE *out, const struct sources *s)
{
	const struct cells *all = *s->cells;
	struct names waits = { .n = 0 }, places = { .n = 0 };
	size_t panels = 0, measured;

	find_names(all, &waits, &places);
	fputs("panel\trow\tcolumn\ttime\tlow\thigh\tkind\tlabel\twait\twhy\n", out);
	measured = put_panels(out, all, &waits, &places, false, &panels);
	measured += put_panels(out, all, &waits, &places, true, &panels);
	return measured;
}

void caption_places(char *text, size_t size, const struct sources *s)
{
	const struct cells *all = *s->cells;
	char interval[40];

	snprintf(text, size, "%smedian ± half its %s, SCHED_BATCH; dark is slow, panel by panel",
		caption_warning(all->record), caption_interval(interval, sizeof interval, all, is_hand_over));
}
