// SPDX-License-Identifier: MIT
/* The picture of a run: rows of columns for plots/ladder.gp. */
#include "analyse.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "cells.h"
#include "gnuplot.h"
#include "text.h"

enum { LABEL = 20, WORDS = 90, SOURCE = 90 };

/* -- the rows. Columns of text: no tab, and no double quote, which gnuplot would take for the start of a quoted column.
 */

static const char *plain(char *buffer, size_t size, const char *text, size_t columns)
{
	text_clean(buffer, size, text, columns);
	for (char *c = buffer; *c; c++)
		if (*c == '"')
			*c = '\'';
	return buffer;
}

/* Nanoseconds with an exponent, from an integer: printf's decimal point is the locale's. */
static void put_seconds(FILE *out, double ns)
{
	long long femto = isfinite(ns) ? llround(ns * 1e6) : 0;

	if (femto > 0)
		fprintf(out, "\t%lld.%06llde-9", femto / 1000000, femto % 1000000);
	else
		fputs("\tNaN", out);
}

static bool drawable(const struct cell *c)
{
	return c && c->state == CELL_VALID && c->median > 1e-6;
}

static void put_bar(FILE *out, const struct cell *c)
{
	bool draw = drawable(c);

	put_seconds(out, draw ? c->median : NAN);
	/* an end at or below zero is not on a logarithmic axis: the bar then goes on to its edge */
	put_seconds(out, draw ? fmax(c->interval.low, 1e-4) : NAN);
	put_seconds(out, draw ? c->interval.high : NAN);
}

static const char *short_words(const struct cell *c)
{
	return c->state == CELL_INVALID ? "invalid" : c->state == CELL_MISSING ? "not measured" : "within noise";
}

/* What stands in grey: the reason where there is nothing to draw, else which of the two is not there. */
static void put_reason(FILE *out, const struct impl_row *row)
{
	const struct cell *gap = !drawable(row->turn) && row->turn ? row->turn : row->create;
	char words[1200], clean[4 * WORDS + 8];

	*words = '\0';
	if (drawable(row->turn) || drawable(row->create)) {
		if (gap && !drawable(gap))
			snprintf(words, sizeof words, "%s %s", gap->bench, short_words(gap));
	} else if (gap) {
		snprintf(words, sizeof words, "within noise");
		if (gap->state != CELL_VALID)
			cell_words(gap, words, sizeof words);
	}
	/* never empty: gnuplot makes the rest of the column before it of that */
	fprintf(out, "\t%s\n", *words ? plain(clean, sizeof clean, words, WORDS) : "-");
}

static bool has_row(const struct impl_row *row)
{
	return row->turn || row->create;
}

/* Dearest kind first, the floor at the bottom: the order of the tables upside down, but for the floor. */
static size_t put_rows(FILE *out, const struct cells *all)
{
	char label[4 * LABEL + 8];
	size_t n = 0;

	fputs("row\tlabel\tkind\tswitch\tlo\thi\tcreate\tlo\thi\tmode\tlo\thi\twhy\n", out);
	for (int floor = 0; floor < 2; floor++)
		for (size_t i = all->impls; i--;) {
			const struct impl_row *row = &all->impl[i];

			if (!has_row(row) || (floor != !strcmp(row->kind, "floor")))
				continue;
			fprintf(out, "%zu\t%s\t%d", ++n, plain(label, sizeof label, row->name, LABEL), row->ink);
			put_bar(out, row->turn);
			put_bar(out, row->create);
			put_bar(out, row->mode);
			put_reason(out, row);
		}
	return n;
}

/* 0, or an errno; without a row there is nothing to draw, which is ENODATA. */
static int write_rows(const char *path, const struct cells *all)
{
	FILE *out = fopen(path, "wx");
	bool any, whole;

	if (!out)
		return errno;
	any = put_rows(out, all) > 0;
	whole = !ferror(out);
	if (fclose(out) || !whole)
		return errno ? errno : EIO;
	return any ? 0 : ENODATA;
}

/* -- what it says of itself */

static void describe_cells(char *text, size_t size, const struct cells *all)
{
	const struct cell *fewest = NULL;
	const char *wait = "none";
	char number[TEXT_NUMBER];
	size_t used;

	for (size_t i = 0; i < all->impls; i++) {
		const struct cell *c = all->impl[i].turn;

		if (drawable(c) && (!fewest || c->n < fewest->n))
			fewest = c;
		if (c && strcmp(c->wait, "none"))
			wait = c->wait;
	}
	snprintf(text, size, "%sone CPU%s%s; ", record_is(all->record, "complete", "yes") ? "" : "incomplete run; ",
		strcmp(wait, "none") ? ", waiting by " : "", strcmp(wait, "none") ? wait : "");
	used = strlen(text);
	if (fewest && fewest->n == 1)
		snprintf(text + used, size - used, "one trial, no interval");
	else if (fewest)
		snprintf(text + used, size - used, "median of %zu trials; bar: %s%% interval", fewest->n,
			text_fixed(number, 100 * fewest->interval.coverage, 0));
	else
		snprintf(text + used, size - used, "no valid switch");
}

static void describe_machine(char *text, size_t size, const struct record *r)
{
	const char *host = record_get(r, "host");
	char machine[600], line[900];

	snprintf(line, sizeof line, "%s: %s", host ? host : "unknown host", machine_words(r, machine, sizeof machine));
	text_clean(text, size, line, SOURCE);
}

static int draw_both(const struct figure *f, char *error, size_t error_size)
{
	int status = gnuplot_draw(f, "svg", error, error_size);

	return status ? status : gnuplot_draw(f, "png", error, error_size);
}

int ladder_draw(const struct record *r, const char *plots_dir, const char *base, char *error, size_t error_size)
{
	struct cells *all = cells_group(r);
	char data[FIGURE_PATH], caption[200], source[4 * SOURCE + 8];
	struct figure f = { plots_dir, "ladder", data, base, caption, source };
	int status;

	snprintf(data, sizeof data, "%s%s.ladder.tsv.%ld", *base == '/' ? "" : "./", base, (long)getpid());
	describe_cells(caption, sizeof caption, all);
	describe_machine(source, sizeof source, r);
	status = write_rows(data, all);
	if (status == ENODATA)
		snprintf(error, error_size, "no picture: this file has no cell of a switch or a creation");
	else if (status)
		snprintf(error, error_size, "no picture: %s: %s", data, strerror(status));
	else
		status = draw_both(&f, error, error_size);
	unlink(data);
	cells_free(all);
	return status == ENODATA ? -1 : status;
}
