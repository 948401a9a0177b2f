// SPDX-License-Identifier: MIT
/* The part of a run's summary for what was timed one by one: quantiles of all trials together, how far the trials lie
 * apart, and what a cell tells beside them. */
#include "latency.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

enum { NAME = 26, TIME = 9, INDENT = 4, WORDS = 1400, STATES = 8 };

static const struct quantile {
	const char *title, *unit; /* the column, and what a trial's line calls it */
	double q;
} quantiles[] = {
	{ "p50", "p50-ns", 0.5 },
	{ "p90", "p90-ns", 0.9 },
	{ "p99", "p99-ns", 0.99 },
	{ "p99.9", "p99.9-ns", 0.999 },
	{ "p99.99", "p99.99-ns", 0.9999 },
	{ "max", "max-ns", 1 },
};
enum { QUANTILES = sizeof quantiles / sizeof *quantiles };

bool latency_has(const struct cell *c)
{
	return c->bars || !strcmp(c->bench, "latency") || !strcmp(c->bench, "wake-latency") ||
	       !strcmp(c->bench, "preempt");
}

double latency_quantile(const struct cell *c, double q)
{
	return !c->bars ? NAN : q < 1 ? bars_quantile(c->bars, q) : bars_quantile_any(c->bars, 1);
}

/* -- one cell */
static void put_name(FILE *out, const struct cell *c)
{
	char name[200];

	snprintf(name, sizeof name, "  %s %s%s%s", c->impl, c->policy, *c->points ? " " : "", c->points);
	if (strlen(name) < NAME) {
		text_cell(out, name, NAME);
		return;
	}
	fprintf(out, "%s\n", name);
	text_cell(out, "", NAME);
}

static void put_quantiles(FILE *out, const struct cell *c)
{
	char number[TEXT_NUMBER];

	for (size_t i = 0; i < QUANTILES; i++) {
		double x = latency_quantile(c, quantiles[i].q);

		text_cell(out, isnan(x) ? "-" : text_time(number, x), -TIME);
	}
	fputc('\n', out);
}

/* Half the interval of the trials' own, as a share of their median. */
static double spread_of(const struct cell *c, const char *unit)
{
	const struct series *s = cell_series(c, unit);
	struct interval i;
	double median;

	if (!s || s->n < 2)
		return NAN;
	i = stats_median_interval(s->x, s->n, 0.95);
	median = stats_median(s->x, s->n);
	return median > 0 ? (i.high - i.low) / 2 / median : NAN;
}

static void put_spreads(FILE *out, const struct cell *c)
{
	char number[TEXT_NUMBER];

	text_cell(out, "    ±", NAME);
	for (size_t i = 0; i < QUANTILES; i++) {
		double spread = spread_of(c, quantiles[i].unit);

		text_cell(out, isnan(spread) ? "-" : text_percent(number, spread), -TIME);
	}
	fputc('\n', out);
}

/* -- what it tells beside them */
static void note(char *words, const char *before, const char *value, const char *after)
{
	size_t used = strlen(words);

	snprintf(words + used, WORDS - used, "%s%s%s%s", used ? "; " : "", before, value, after);
}

static void note_clock(char *words, const struct cell *c)
{
	double batch = cell_median(c, "batch"), share = cell_median(c, "clock%");
	char number[TEXT_NUMBER], before[96];

	if (isnan(share) || batch == 1)
		return;
	snprintf(before, sizeof before, "not resolvable: a clock read is ");
	note(words, before, text_fixed(number, share, 0), "% of the median");
	if (batch > 1)
		note(words, "so of batches of ", text_fixed(number, batch, 0), " each the mean");
}

static void note_states(char *words, const struct cell *c)
{
	char all[256] = "";

	for (int i = 0; i < STATES; i++) {
		char unit[32], number[TEXT_NUMBER];
		double entered;
		size_t used = strlen(all);

		snprintf(unit, sizeof unit, "idle-state%d/op", i);
		entered = cell_median(c, unit);
		if (entered >= 0.005)
			snprintf(all + used, sizeof all - used, "%sstate%d %s", used ? ", " : "", i,
				text_count(number, entered));
	}
	if (*all)
		note(words, "idle states entered an op: ", all, "");
}

static void note_time(char *words, const struct cell *c, const char *unit, const char *before)
{
	char number[TEXT_NUMBER];
	double x = cell_median(c, unit);

	if (!isnan(x))
		note(words, before, text_time(number, x), "");
}

static void put_notes(FILE *out, const struct cell *c)
{
	char words[WORDS] = "", number[TEXT_NUMBER];
	double sum = cell_median(c, "sum/throughput"), cpu = cell_median(c, "cpu%"), lost = cell_median(c, "lost%");

	if (c->bars)
		note(words, "", text_fixed(number, c->bars->n, 0), " values");
	if (c->bars)
		note(words, "least ", text_time(number, c->bars->min), "");
	note_clock(words, c);
	if (!isnan(sum))
		note(words, "their sum is ", text_fixed(number, sum, 3), " of what the loop without a clock takes");
	note_time(words, c, "gap-ns", "idle for ");
	note_states(words, c);
	note_time(words, c, "slice-ns", "slices of ");
	if (!isnan(lost))
		note(words, "not looking for ", text_fixed(number, lost, 3), "% of the time");
	if (cpu < 95 && isnan(cell_median(c, "gap-ns")))
		note(words, "had ", text_fixed(number, cpu, 0), "% of the CPU");
	if (*words) {
		fprintf(out, "%*s", INDENT, "");
		text_wrap(out, INDENT, INDENT, words);
	}
}

static void put_cell(FILE *out, const struct cell *c)
{
	char words[WORDS];

	put_name(out, c);
	if (c->state != CELL_VALID) {
		fputc(' ', out);
		text_wrap(out, NAME + 1, NAME + 3, cell_words(c, words, sizeof words));
		return;
	}
	put_quantiles(out, c);
	if (c->bars)
		put_spreads(out, c);
	put_notes(out, c);
}

/* -- all of them */
static const char *title_of(const struct cell *c)
{
	return !strcmp(c->bench, "latency")        ? "latency of a switch"
	       : !strcmp(c->bench, "wake-latency") ? "latency of a wake"
						   : c->bench;
}

static int order_cells(const void *left, const void *right)
{
	const struct cell *a = *(const struct cell *const *)left, *b = *(const struct cell *const *)right;
	int order = strcmp(title_of(a), title_of(b));

	if (!order)
		order = cell_order_place(a->place, b->place);
	if (!order)
		order = cell_order_wait(a->wait, b->wait);
	if (!order)
		order = strcmp(a->impl, b->impl);
	if (!order)
		order = strcmp(a->points, b->points);
	return order ? order : cell_order_policy(a->policy, b->policy);
}

static void put_head(FILE *out, const struct cell *c, const struct cell *last)
{
	bool fresh = !last || strcmp(title_of(c), title_of(last));
	char line[200];

	if (fresh) {
		fputc('\n', out);
		text_cell(out, title_of(c), NAME);
		for (size_t i = 0; i < QUANTILES; i++)
			text_cell(out, quantiles[i].title, -TIME);
		fputc('\n', out);
	}
	if (!fresh && !strcmp(c->place, last->place) && !strcmp(c->wait, last->wait))
		return;
	snprintf(line, sizeof line, "%s%s%s", place_words(c->place), strcmp(c->wait, "none") ? ", waiting by " : "",
		strcmp(c->wait, "none") ? c->wait : "");
	text_wrap(out, 0, 0, line);
}

void latency_put(FILE *out, const struct cells *all)
{
	const struct cell **chosen = take(malloc((all->cells + 1) * sizeof *chosen)), *last = NULL;
	size_t n = 0;

	for (size_t i = 0; i < all->cells; i++)
		if (latency_has(&all->cell[i]))
			chosen[n++] = &all->cell[i];
	qsort(chosen, n, sizeof *chosen, order_cells);
	for (size_t i = 0; i < n; last = chosen[i++]) {
		put_head(out, chosen[i], last);
		put_cell(out, chosen[i]);
	}
	free(chosen);
}
