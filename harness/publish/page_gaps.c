// SPDX-License-Identifier: MIT
/* The page's list of what is invalid or was not measured. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../analyse/text.h"
#include "page.h"

/* One row for each reason, with all cells that have it. */
static void add_gap(struct sheet *t, const struct report *r, size_t file, size_t first)
{
	const struct cells *all = r->s->cells[file];
	const struct cell *c = &all->cell[first];
	char number[TEXT_NUMBER], label[300], *text = NULL;
	size_t size, found = 0;
	FILE *list = take(open_memstream(&text, &size));

	for (size_t i = first; i < all->cells; i++)
		if (all->cell[i].state == c->state && !strcmp(all->cell[i].reason, c->reason))
			fprintf(list, "%s%s", found++ ? ", " : "", cell_label(&all->cell[i], label, sizeof label));
	fclose(list);
	sheet_row(t);
	sheet_text(t, c->reason);
	if (r->s->files > 1)
		sheet_text(t, (char[]){ report_letter(file), '\0' });
	sheet_text(t, c->state == CELL_INVALID ? "invalid" : "not measured");
	sheet_text(t, text_fixed(number, (double)found, 0));
	sheet_text(t, take(text));
	free(text);
}

static void add_gaps(struct sheet *t, const struct report *r, size_t file, enum cell_state state)
{
	const struct cells *all = r->s->cells[file];

	for (size_t i = 0; i < all->cells; i++) {
		size_t first = 0;

		if (all->cell[i].state != state)
			continue;
		while (all->cell[first].state != state || strcmp(all->cell[first].reason, all->cell[i].reason))
			first++;
		if (first == i)
			add_gap(t, r, file, i);
	}
}

void page_gaps(const struct report *r, FILE *out)
{
	struct sheet t;

	sheet_begin(&t, "Cells without a number, and why");
	sheet_column(&t, "reason", false);
	if (r->s->files > 1)
		sheet_column(&t, "file", false);
	sheet_column(&t, "what", false);
	sheet_column(&t, "cells", true);
	sheet_column(&t, "which", false);
	for (size_t i = 0; i < r->s->files; i++) {
		add_gaps(&t, r, i, CELL_INVALID);
		add_gaps(&t, r, i, CELL_MISSING);
	}
	page_open(out, "gaps", "Invalid, and not measured");
	page_paragraph(out,
		"A cell is invalid when what the kernel counted in the timed processes does not agree with what the "
		"cell claims, or when a trial failed; then none of its trials is in a table or a figure. Not "
		"measured is what this machine or this build can't do. Neither is a zero.");
	if (t.rows)
		sheet_html(&t, out);
	else
		page_paragraph(out, "There is none: every cell of the run is valid.");
	sheet_free(&t);
	page_close(out);
}
