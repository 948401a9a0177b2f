// SPDX-License-Identifier: MIT
/* The ladders: a row a context with what a switch, a creation and a third thing take. */
#include <string.h>

#include "../analyse/text.h"
#include "columns.h"
#include "rows.h"

enum { LABEL = 20, WORDS = 90 };

/* What stands in grey: the reason where there is nothing to draw, else which of the two is not there. */
static void put_reason(FILE *out, const struct impl_row *row)
{
	const struct cell *gap = !columns_drawable(row->turn) && row->turn ? row->turn : row->create;
	char words[1200], clean[4 * WORDS + 8];

	*words = '\0';
	if (columns_drawable(row->turn) || columns_drawable(row->create)) {
		if (gap && !columns_drawable(gap))
			snprintf(words, sizeof words, "%s %s", gap->bench, columns_gap(gap));
	} else if (gap) {
		snprintf(words, sizeof words, "within noise");
		if (gap->state != CELL_VALID)
			cell_words(gap, words, sizeof words);
	}
	/* never empty: gnuplot makes the rest of the column before it of that */
	fprintf(out, "\t%s\n", *words ? columns_plain(clean, sizeof clean, words, WORDS) : "-");
}

/* The ladder of what is shared, from nothing to everything, between the two that it leads from and to. */
static const char *const rungs[] = { "process", "clone-none", "clone-io", "clone-sysvsem", "clone-files", "clone-fs",
	"clone-vm", "clone-vm-fs-files", "clone-upto-sighand", "clone-upto-thread", "clone-upto-sysvsem", "lwp",
	"pthread" };
enum { RUNGS = sizeof rungs / sizeof *rungs };

/* One that stands in the other picture and in no textbook. */
static bool only_a_rung(const struct impl_row *row)
{
	return !strncmp(row->name, "clone-", strlen("clone-"));
}

static bool has_row(const struct impl_row *row)
{
	return row->turn || row->create;
}

static void put_row(FILE *out, size_t n, const struct impl_row *row, const struct cell *third)
{
	char label[4 * LABEL + 8];

	fprintf(out, "%zu\t%s\t%d", n, columns_plain(label, sizeof label, row->name, LABEL), row->ink);
	columns_bar(out, row->turn);
	columns_bar(out, row->create);
	columns_bar(out, third);
	put_reason(out, row);
}

/* Dearest kind first, the floor at the bottom: the order of the tables upside down, but for the floor. */
size_t ladder_rows(FILE *out, const struct sources *s)
{
	const struct cells *all = *s->cells;
	size_t n = 0;

	fputs("row\tlabel\tkind\tswitch\tlo\thi\tcreate\tlo\thi\tmode\tlo\thi\twhy\n", out);
	for (int floor = 0; floor < 2; floor++)
		for (size_t i = all->impls; i--;) {
			const struct impl_row *row = &all->impl[i];

			if (has_row(row) && !only_a_rung(row) && floor == !strcmp(row->kind, "floor"))
				put_row(out, ++n, row, row->mode);
		}
	return n;
}

/* Nothing where there is no rung but the ends. */
size_t sharing_rows(FILE *out, const struct sources *s)
{
	const struct cells *all = *s->cells;
	size_t n = 0, between = 0;

	fputs("row\tlabel\tkind\tswitch\tlo\thi\tcreate\tlo\thi\tspawn\tlo\thi\twhy\n", out);
	for (size_t i = 0; i < RUNGS; i++) {
		const struct impl_row *row = cells_impl(all, rungs[i]);

		if (!row || !has_row(row))
			continue;
		put_row(out, ++n, row, row->spawn);
		between += only_a_rung(row);
	}
	return between ? n : 0;
}
