// SPDX-License-Identifier: MIT
/* Ten lines for a README: the picture, the contexts that everybody knows, and on which machine. */
#include <string.h>

#include "../analyse/text.h"
#include "markup.h"
#include "report.h"

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

void snippet_print(const struct cells *all, const char *picture, FILE *out)
{
	char machine[600];
	const char *trials = record_get(all->record, "trials");

	if (picture)
		put_link(out, picture);
	fputs("| one CPU | switch, one way | create, join |\n|---|---:|---:|\n", out);
	put_row(out, all, "user thread", "uthread");
	put_row(out, all, "LWP", "lwp");
	put_row(out, all, "pthread", "pthread");
	put_row(out, all, "process", "process");
	fputc('\n', out);
	markdown_put(out, machine_words(all->record, machine, sizeof machine));
	fputs("; ctxbench", out);
	if (trials) {
		fputs(", medians of ", out);
		markdown_put(out, trials);
		fputs(" trials", out);
	}
	fputs(", 95% intervals\n", out);
}
