// SPDX-License-Identifier: MIT
#include "block.h"

#include <stdlib.h>
#include <string.h>

#include "text.h"

enum { NAME = 34, SHARE = 9, INTERVAL = 15, COUNTS = 11 };

const char block_share[] = "share%";

bool block_owns(const struct cell *c)
{
	return !strcmp(c->bench, "block");
}

unsigned block_lwps(const struct cell *c)
{
	const char *workers = strstr(c->points, "workers=");

	return workers ? (unsigned)strtoul(workers + strlen("workers="), NULL, 10) : 1;
}

static bool is_announced(const struct cell *c)
{
	return strstr(c->points, "read=announced") != NULL;
}

/* User threads only, and of those that do not tell their library: whoever tells it has two LWPs for a while. */
const struct cell *block_find(const struct cells *all, enum block_lwps lwps)
{
	const struct cell *found = NULL;

	for (size_t i = 0; i < all->cells; i++) {
		const struct cell *c = &all->cell[i];
		const struct impl_row *row = cells_impl(all, c->impl);
		bool several = block_lwps(c) > 1;

		if (!block_owns(c) || !row || strcmp(row->kind, "user-thread") || is_announced(c) ||
			several != (lwps == BLOCK_SEVERAL_LWPS))
			continue;
		/* of one LWP the library that knows no other, where it is there */
		if (!found || (several ? block_lwps(c) > block_lwps(found) : strstr(found->points, "workers=") != NULL))
			found = c;
	}
	return found;
}

static void put_name(FILE *out, const struct cell *c)
{
	char name[200];
	unsigned lwps = block_lwps(c);
	bool bound = !strstr(c->points, "workers=") && strcmp(c->impl, "uthread");

	snprintf(name, sizeof name, bound ? "  %s, one each" : "  %s, %u LWP%s%s", c->impl, lwps, lwps > 1 ? "s" : "",
		is_announced(c) ? ", announced" : "");
	text_cell(out, name, NAME);
}

static void put_counts(FILE *out, const struct cell *c, const char *unit)
{
	char number[TEXT_NUMBER];

	text_cell(out, text_fixed(number, cell_median(c, unit), 1), -COUNTS);
}

static void put_share(FILE *out, const struct cell *c)
{
	const struct series *s = cell_series(c, block_share);
	struct interval i = s ? stats_median_interval(s->x, s->n, 0.95) : (struct interval){ 0 };
	char share[TEXT_NUMBER], low[TEXT_NUMBER], high[TEXT_NUMBER], text[80];

	if (!s) {
		text_cell(out, "-", -SHARE - INTERVAL);
		return;
	}
	snprintf(text, sizeof text, "%s%%", text_fixed(share, stats_median(s->x, s->n), 0));
	text_cell(out, text, -SHARE);
	snprintf(text, sizeof text, "[%s, %s]", text_fixed(low, i.low, 0), text_fixed(high, i.high, 0));
	text_cell(out, text, -INTERVAL);
}

void block_print(const struct cells *all, FILE *out)
{
	bool any = false;

	for (size_t i = 0; i < all->cells; i++) {
		const struct cell *c = &all->cell[i];

		if (!block_owns(c) || c->state != CELL_VALID)
			continue;
		if (!any) {
			fputc('\n', out);
			text_cell(out, "one context sits in read(2)", NAME);
			text_cell(out, "of the others' work", -SHARE - INTERVAL);
			text_cell(out, "counts a millisecond", -2 * COUNTS);
			fputc('\n', out);
			text_cell(out, "", NAME);
			text_cell(out, "goes on", -SHARE);
			text_cell(out, "interval", -INTERVAL);
			text_cell(out, "before", -COUNTS);
			text_cell(out, "meanwhile", -COUNTS);
			fputc('\n', out);
		}
		any = true;
		put_name(out, c);
		put_share(out, c);
		put_counts(out, c, "alone-counts/ms");
		put_counts(out, c, "blocked-counts/ms");
		fputc('\n', out);
	}
}
