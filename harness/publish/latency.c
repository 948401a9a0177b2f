// SPDX-License-Identifier: MIT
/* Of what was timed one by one: which share of the values lies beyond a time, with the trials' interval at the usual
 * quantiles. */
#include "../analyse/latency.h"

#include <math.h>
#include <string.h>

#include "../analyse/axes.h"
#include "../analyse/text.h"
#include "columns.h"
#include "rows.h"

enum { LABEL = 60 };

static bool has_curve(const struct cell *c, const char *bench)
{
	return c->bars && c->state == CELL_VALID && !strcmp(c->bench, bench) && strcmp(c->place, "free");
}

/* From an integer: printf's decimal point is the locale's. */
static void put_share(FILE *out, double share)
{
	fprintf(out, "\t%llde-12", llround(share * 1e12));
}

/* "gap=10000": the pause before each, in words. */
static void describe_point(char *text, size_t size, const struct cell *c)
{
	double gap = axis_at(c, "gap");
	char number[TEXT_NUMBER];

	if (gap > 0)
		snprintf(text, size, ", after %s of idleness", text_time(number, gap));
	else if (!isnan(gap))
		*text = '\0';
	else
		snprintf(text, size, ", %s", c->points);
	for (char *c0 = text; (c0 = strchr(c0, '='));)
		*c0 = ' ';
}

static void label_of(char *text, size_t size, const struct cell *c)
{
	bool here = !strcmp(c->place, "same-pu"), one = !(cell_median(c, "batch") > 1);
	char point[120];

	describe_point(point, sizeof point, c);
	snprintf(text, size, "%s, %s%s%s%s%s", c->impl, c->policy, here ? "" : ", ", here ? "" : place_words(c->place),
		point, one ? "" : "; means of batches");
}

static void put_point(FILE *out, size_t curve, int ink, double ns, double share, const char *label)
{
	fprintf(out, "%zu\t%d", curve, ink);
	columns_seconds(out, ns);
	put_share(out, share);
	fputs("\tNaN\tNaN", out);
	columns_text(out, label, LABEL);
	fputc('\n', out);
}

/* Down to the last value; what few values lie beyond is in the picture, and seen to be few. */
static void put_curve(FILE *out, size_t curve, int ink, const struct cell *c)
{
	const struct bars *b = c->bars;
	char label[300];
	double seen = 0;

	label_of(label, sizeof label, c);
	put_point(out, curve, ink, fmax(b->min, b->tick), 1, "");
	for (size_t i = 0; i < b->bars; i++) {
		double low = b->bar[i].low, end = fmin(low + bars_width(b, low), b->max);
		bool last = i + 1 == b->bars;

		seen += b->bar[i].count;
		put_point(
			out, curve, ink, fmax(end, b->tick), last ? 1 / b->n : (b->n - seen) / b->n, last ? label : "");
	}
}

/* How far the trials' own quantiles lie apart, each where it is in all of them together. */
static void put_intervals(FILE *out, size_t curve, int ink, const struct cell *c)
{
	static const struct {
		const char *unit;
		double beyond;
	} quantile[] = { { "p50-ns", 0.5 }, { "p90-ns", 0.1 }, { "p99-ns", 0.01 }, { "p99.9-ns", 1e-3 },
		{ "p99.99-ns", 1e-4 } };

	for (size_t i = 0; i < sizeof quantile / sizeof *quantile; i++) {
		const struct series *s = cell_series(c, quantile[i].unit);
		double ns = latency_quantile(c, 1 - quantile[i].beyond);
		struct interval in;

		if (!s || s->n < 2 || isnan(ns))
			continue;
		in = stats_median_interval(s->x, s->n, 0.95);
		fprintf(out, "%zu\t%d", curve, ink);
		columns_seconds(out, ns);
		put_share(out, quantile[i].beyond);
		columns_seconds(out, fmax(in.low, c->bars->tick));
		columns_seconds(out, in.high);
		fputs("\t-\n", out);
	}
}

/* A wake and a switch never share an axis; unpinned hand-offs are some of each. */
static size_t put_curves(FILE *out, const struct cells *all, const char *bench)
{
	size_t curves = 0;

	fputs("curve\tkind\ttime\tbeyond\tlow\thigh\tlabel\n", out);
	for (size_t i = 0; i < all->cells; i++) {
		const struct cell *c = &all->cell[i];

		if (!has_curve(c, bench))
			continue;
		put_curve(out, ++curves, columns_ink(all, c->impl), c);
		put_intervals(out, curves, columns_ink(all, c->impl), c);
	}
	return curves;
}

size_t latency_rows(FILE *out, const struct sources *s)
{
	return put_curves(out, *s->cells, "latency");
}

size_t wakes_rows(FILE *out, const struct sources *s)
{
	return put_curves(out, *s->cells, "wake-latency");
}
