// SPDX-License-Identifier: MIT
/* The first table of every report: each context on one CPU, by its kind. */
#include <math.h>
#include <string.h>

#include "../analyse/text.h"
#include "sections.h"

static void put_time(struct sheet *t, const struct cell *c)
{
	char number[TEXT_NUMBER], spread[TEXT_NUMBER];

	if (!c) {
		sheet_text(t, "");
		sheet_text(t, "");
	} else if (c->state != CELL_VALID || !cell_resolved(c)) {
		sheet_words(t,
			c->state == CELL_INVALID   ? "invalid"
			: c->state == CELL_MISSING ? "not measured"
						   : "within noise",
			2);
	} else {
		sheet_text(t, text_time(number, c->median));
		sheet_text(t, text_percent(spread, c->spread));
	}
}

static void put_count(struct sheet *t, const struct cell *c, const char *unit)
{
	char number[TEXT_NUMBER];
	double x = c && c->state == CELL_VALID ? cell_median(c, unit) / cell_per_op(c) : NAN;

	sheet_text(t, isnan(x) ? "" : text_count(number, x));
}

void contexts_sheet(const struct cells *all, struct sheet *t)
{
	sheet_begin(t, "Contexts on one CPU: a switch one way, one creation with its join, one mode switch");
	sheet_column(t, "context", false);
	sheet_column(t, "kind", false);
	sheet_column(t, "wait", false);
	sheet_column(t, "switch", true);
	sheet_column(t, "±", true);
	sheet_column(t, "create, join", true);
	sheet_column(t, "±", true);
	sheet_column(t, "mode switch", true);
	sheet_column(t, "±", true);
	sheet_column(t, "kernel switches", true);
	sheet_column(t, "system calls", true);
	for (size_t i = 0; i < all->impls; i++) {
		const struct impl_row *row = &all->impl[i];

		if (!row->turn && !row->create && !row->mode)
			continue;
		sheet_row(t);
		sheet_text(t, row->name);
		sheet_text(t, row->title);
		sheet_text(t, row->turn && strcmp(row->turn->wait, "none") ? row->turn->wait : "");
		put_time(t, row->turn);
		put_time(t, row->create);
		put_time(t, row->mode);
		put_count(t, row->turn, "switches/op");
		put_count(t, row->turn, "syscalls/op");
	}
}
