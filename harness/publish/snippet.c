// SPDX-License-Identifier: MIT
/* Ten lines for a README: the picture, the contexts that everybody knows, and on which machine. */
#include <stdint.h>
#include <string.h>

#include "../analyse/text.h"
#include "markup.h"
#include "report.h"

static const struct {
	const char *words, *impl;
} shown[] = { { "user thread", "uthread" }, { "LWP", "lwp" }, { "pthread", "pthread" }, { "process", "process" } };

static void put_time(FILE *out, const struct cell *c)
{
	char number[TEXT_NUMBER], spread[TEXT_NUMBER];

	if (!c || c->state == CELL_MISSING)
		fputs(" not measured |", out);
	else if (c->state == CELL_INVALID)
		fputs(" invalid |", out);
	else if (!cell_resolved(c))
		fputs(" within noise |", out);
	else
		fprintf(out, " %s ±%s |", text_time(number, c->median), text_percent(spread, c->spread));
}

static void put_row(FILE *out, const struct cells *all, const char *words, const char *impl)
{
	const struct impl_row *row = cells_impl(all, impl);

	fprintf(out, "| %s (%s) |", words, impl);
	put_time(out, row ? row->turn : NULL);
	put_time(out, row ? row->create : NULL);
	fputc('\n', out);
}

/* In angle brackets a link may hold blanks and parentheses; what would end it is marked. */
static void put_link(FILE *out, const char *picture)
{
	fputs("![What a switch, a creation and a mode switch take](<", out);
	for (; *picture; picture++) {
		if (strchr("<>\\", *picture))
			fputc('\\', out);
		fputc(*picture == '\n' ? ' ' : *picture, out);
	}
	fputs(">)\n\n", out);
}

/* The fewest and the most trials of what the rows show; nothing where they show no number. */
static void put_trials(FILE *out, const struct cells *all)
{
	size_t least = SIZE_MAX, most = 0;

	for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
		const struct impl_row *row = cells_impl(all, shown[i].impl);
		const struct cell *cell[] = { row ? row->turn : NULL, row ? row->create : NULL };

		for (size_t k = 0; k < sizeof cell / sizeof *cell; k++)
			if (cell[k] && cell[k]->state == CELL_VALID && cell_resolved(cell[k])) {
				least = cell[k]->n < least ? cell[k]->n : least;
				most = cell[k]->n > most ? cell[k]->n : most;
			}
	}
	if (!most)
		return;
	fprintf(out, ", medians of %zu", least);
	if (least < most)
		fprintf(out, " to %zu", most);
	fprintf(out, " trial%s, ±: half their %s", most > 1 ? "s" : "",
		least < 6 ? "range or 95% interval" : "95% interval");
}

void snippet_print(const struct cells *all, const char *picture, FILE *out)
{
	char machine[600];

	if (picture)
		put_link(out, picture);
	fputs("| one CPU | switch, one way | create, join |\n|---|---:|---:|\n", out);
	for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
		put_row(out, all, shown[i].words, shown[i].impl);
	fputc('\n', out);
	markdown_put(out, machine_words(all->record, machine, sizeof machine));
	fputs("; ctxbench", out);
	put_trials(out, all);
	fputc('\n', out);
}
