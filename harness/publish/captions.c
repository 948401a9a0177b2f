// SPDX-License-Identifier: MIT
/* The line that stands in a figure: what its marks and bars are, so that it needs no caption under it. */
#include <string.h>

#include "../analyse/anatomy.h"
#include "../analyse/text.h"
#include "columns.h"
#include "rows.h"

enum { SOURCE = 220 };

const char *caption_warning(const struct record *r)
{
	return !record_is(r, "complete", "yes")  ? "incomplete run; "
	       : record_is(r, "emulated", "yes") ? "emulated CPU, its times mean nothing; "
						 : "";
}

static char *say_interval(char *text, size_t size, const struct cell *fewest)
{
	char number[TEXT_NUMBER];

	if (fewest && fewest->n > 1)
		snprintf(text, size, "%s%% interval", text_fixed(number, 100 * fewest->interval.coverage, 0));
	else
		snprintf(text, size, "no interval");
	return text;
}

char *caption_interval(char *text, size_t size, const struct cells *all, bool (*takes)(const struct cell *))
{
	const struct cell *fewest = NULL;

	for (size_t i = 0; i < all->cells; i++) {
		const struct cell *c = &all->cell[i];

		if (c->state == CELL_VALID && takes(c) && (!fewest || c->n < fewest->n))
			fewest = c;
	}
	return say_interval(text, size, fewest);
}

/* ", waiting by futex" or ", waiting by futex or wake": those of the switches that are drawn. */
static size_t describe_waits(char *text, size_t size, const struct cells *all)
{
	const char *before = ", waiting by ", *told = "none";
	size_t used = 0;

	for (size_t i = 0; i < all->impls && used < size; i++) {
		const struct cell *c = all->impl[i].turn;

		if (!columns_drawable(c) || !strcmp(c->wait, "none") || !strcmp(c->wait, told))
			continue;
		used += (size_t)snprintf(text + used, size - used, "%s%s", before, c->wait);
		before = " or ";
		told = c->wait;
	}
	return used;
}

void caption_cells(char *text, size_t size, const struct sources *s)
{
	const struct cells *all = *s->cells;
	const struct cell *fewest = NULL;
	char number[TEXT_NUMBER];
	size_t used;

	for (size_t i = 0; i < all->impls; i++) {
		const struct cell *c = all->impl[i].turn;

		if (columns_drawable(c) && (!fewest || c->n < fewest->n))
			fewest = c;
	}
	used = (size_t)snprintf(text, size, "%sone CPU", caption_warning(all->record));
	used += describe_waits(text + used, size - used, all);
	used += (size_t)snprintf(text + used, size - used, "; ");
	if (fewest && fewest->n == 1)
		snprintf(text + used, size - used, "one trial, no interval");
	else if (fewest)
		snprintf(text + used, size - used, "median of %zu trials; bar: %s%% interval", fewest->n,
			text_fixed(number, 100 * fewest->interval.coverage, 0));
	else
		snprintf(text + used, size - used, "no valid switch");
}

void caption_anatomy(char *text, size_t size, const struct sources *s)
{
	const struct cells *all = *s->cells;
	const struct cell *fewest = NULL;
	char interval[40];

	for (size_t i = 0; i < all->cells; i++) {
		struct anatomy a;

		if (anatomy_of(all, &all->cell[i], &a) && a.whole && (!fewest || a.whole->n < fewest->n))
			fewest = a.whole;
	}
	snprintf(text, size, "%sone CPU; parts by the clock, in percent of the whole; ± half the %s of the whole",
		caption_warning(all->record), say_interval(interval, sizeof interval, fewest));
}

static bool has_quantiles(const struct cell *c)
{
	return c->bars && strcmp(c->place, "free");
}

void caption_values(char *text, size_t size, const struct sources *s)
{
	const struct cells *all = *s->cells;
	char interval[40];

	snprintf(text, size, "%sshare of the hand-offs that took longer; all trials together; bar: %s between trials",
		caption_warning(all->record), caption_interval(interval, sizeof interval, all, has_quantiles));
}

void caption_ring(char *text, size_t size, const struct sources *s)
{
	const struct cells *all = *s->cells;
	snprintf(text, size,
		"%sone hop of a ring less the touching alone; bar: 95%% interval; arrow: within noise, at most this",
		caption_warning(all->record));
}

char *caption_machine(char *text, size_t size, const struct record *r)
{
	const char *host = record_get(r, "host");
	char machine[600], line[900];

	snprintf(line, sizeof line, "%s: %s", host ? host : "unknown host", machine_words(r, machine, sizeof machine));
	return text_clean(text, size, line, SOURCE);
}
