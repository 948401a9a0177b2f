// SPDX-License-Identifier: MIT
/* The pictures of a run: rows of columns for the scripts in plots/. */
#include "analyse.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "anatomy.h"
#include "cells.h"
#include "gnuplot.h"
#include "latency.h"
#include "ring.h"
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

	fprintf(out, "%zu\t%s\t%d", n, plain(label, sizeof label, row->name, LABEL), row->ink);
	put_bar(out, row->turn);
	put_bar(out, row->create);
	put_bar(out, third);
	put_reason(out, row);
}

/* Dearest kind first, the floor at the bottom: the order of the tables upside down, but for the floor. */
static size_t put_kinds(FILE *out, const struct cells *all)
{
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
static size_t put_rungs(FILE *out, const struct cells *all)
{
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

/* 0, or an errno; without a row there is nothing to draw, which is ENODATA. */
static int write_rows(const char *path, const struct cells *all, size_t (*put)(FILE *, const struct cells *))
{
	FILE *out = fopen(path, "wx");
	bool any, whole;

	if (!out)
		return errno;
	any = put(out, all) > 0;
	whole = !ferror(out);
	if (fclose(out) || !whole)
		return errno ? errno : EIO;
	return any ? 0 : ENODATA;
}

/* -- what it says of itself */

/* ", waiting by futex" or ", waiting by futex or wake": those of the switches that are drawn. */
static size_t describe_waits(char *text, size_t size, const struct cells *all)
{
	const char *before = ", waiting by ", *told = "none";
	size_t used = 0;

	for (size_t i = 0; i < all->impls && used < size; i++) {
		const struct cell *c = all->impl[i].turn;

		if (!drawable(c) || !strcmp(c->wait, "none") || !strcmp(c->wait, told))
			continue;
		used += (size_t)snprintf(text + used, size - used, "%s%s", before, c->wait);
		before = " or ";
		told = c->wait;
	}
	return used;
}

static void describe_cells(char *text, size_t size, const struct cells *all)
{
	const struct cell *fewest = NULL;
	char number[TEXT_NUMBER];
	size_t used;

	for (size_t i = 0; i < all->impls; i++) {
		const struct cell *c = all->impl[i].turn;

		if (drawable(c) && (!fewest || c->n < fewest->n))
			fewest = c;
	}
	used = (size_t)snprintf(
		text, size, "%sone CPU", record_is(all->record, "complete", "yes") ? "" : "incomplete run; ");
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

static void describe_values(char *text, size_t size, const struct cells *all)
{
	snprintf(text, size, "%sshare of the hand-offs that took longer; all trials together",
		record_is(all->record, "complete", "yes") ? "" : "incomplete run; ");
}

static void describe_ring(char *text, size_t size, const struct cells *all)
{
	snprintf(text, size, "%sone hop less the same touching alone, by what each context touches; bar: 95%% interval",
		record_is(all->record, "complete", "yes") ? "" : "incomplete run; ");
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

struct picture {
	const char *name; /* of its script */
	size_t (*put)(FILE *out, const struct cells *all);
	const char *of; /* what it needs a cell of */
	void (*describe)(char *text, size_t size, const struct cells *all);
};

static int draw_picture(const struct picture *p, const struct record *r, const char *plots_dir, const char *base,
	char *error, size_t error_size)
{
	struct cells *all = cells_group(r);
	char data[FIGURE_PATH], caption[200], source[4 * SOURCE + 8];
	struct figure f = { plots_dir, p->name, data, base, caption, source };
	int status;

	snprintf(data, sizeof data, "%s%s.%s.tsv.%ld", *base == '/' ? "" : "./", base, p->name, (long)getpid());
	p->describe(caption, sizeof caption, all);
	describe_machine(source, sizeof source, r);
	status = write_rows(data, all, p->put);
	if (status == ENODATA)
		snprintf(error, error_size, "no picture: this file has no cell of %s", p->of);
	else if (status)
		snprintf(error, error_size, "no picture: %s: %s", data, strerror(status));
	else
		status = draw_both(&f, error, error_size);
	unlink(data);
	cells_free(all);
	return status == ENODATA ? -1 : status;
}

int ladder_draw(const struct record *r, const char *plots_dir, const char *base, char *error, size_t error_size)
{
	static const struct picture kinds = { "ladder", put_kinds, "a switch or a creation", describe_cells };

	return draw_picture(&kinds, r, plots_dir, base, error, error_size);
}

int sharing_draw(const struct record *r, const char *plots_dir, const char *base, char *error, size_t error_size)
{
	static const struct picture ladder = { "sharing", put_rungs, "the ladder of what is shared", describe_cells };

	return draw_picture(&ladder, r, plots_dir, base, error, error_size);
}

int latency_draw(const struct record *r, const char *plots_dir, const char *base, char *error, size_t error_size)
{
	static const struct picture latency = { "latency", latency_rows, "switches timed one by one", describe_values };

	return draw_picture(&latency, r, plots_dir, base, error, error_size);
}

int wakes_draw(const struct record *r, const char *plots_dir, const char *base, char *error, size_t error_size)
{
	static const struct picture wakes = { "wakes", latency_wake_rows, "wakes timed one by one", describe_values };

	return draw_picture(&wakes, r, plots_dir, base, error, error_size);
}

int anatomy_draw(const struct record *r, const char *plots_dir, const char *base, char *error, size_t error_size)
{
	static const struct picture parts = { "anatomy", anatomy_rows, "an anatomy", describe_cells };

	return draw_picture(&parts, r, plots_dir, base, error, error_size);
}

int ring_draw(const struct record *r, const char *plots_dir, const char *base, char *error, size_t error_size)
{
	static const struct picture ring = { "ring", ring_rows, "the ring", describe_ring };

	return draw_picture(&ring, r, plots_dir, base, error, error_size);
}
