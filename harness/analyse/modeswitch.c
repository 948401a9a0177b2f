// SPDX-License-Identifier: MIT
#include "modeswitch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

enum { RUNG = 25, TIME = 8, SPREAD = 5, LEAST = 9, MORE = 11, PARAMETER = 40 };
static const double CONFIDENCE = 0.95, BAD = 0.1; /* a rung so far off is told */

static bool is(const char *a, const char *b)
{
	return !strcmp(a, b);
}

static bool measured(const struct cell *c)
{
	return c && c->state == CELL_VALID;
}

bool modeswitch_draws(const struct cell *c)
{
	return is(c->bench, "syscall") || is(c->bench, "refuse");
}

static const struct cell *cell_at(const struct cells *all, const char *bench, const char *points)
{
	for (size_t i = 0; i < all->cells; i++)
		if (is(all->cell[i].bench, bench) && is(all->cell[i].points, points))
			return &all->cell[i];
	return NULL;
}

/* -- numbers */

/* A difference is told with its sign: a stage may be cheaper than the one before it. */
static const char *signed_time(char *buffer, double ns)
{
	buffer[0] = ns < 0 ? '-' : '+';
	text_time(buffer + 1, fabs(ns));
	return fabs(ns) > 1e-6 ? buffer : strcpy(buffer, "0 ns");
}

static void put_interval(FILE *out, struct interval i, bool with_sign)
{
	char low[TEXT_NUMBER + 1], high[TEXT_NUMBER + 1];

	if (!(i.coverage >= CONFIDENCE) || !isfinite(i.low)) {
		fputs("  (too few trials)", out);
		return;
	}
	signed_time(low, i.low);
	signed_time(high, i.high);
	fprintf(out, "  [%s, %s]", low + (!with_sign && *low == '+'), high + (!with_sign && *high == '+'));
}

static struct part part_between(const struct cell *before, const struct cell *after)
{
	struct part p = { .before = before, .after = after, .ns = NAN, .interval = { NAN, NAN, 0 } };

	if (!measured(before) || !measured(after))
		return p;
	p.ns = after->median - before->median;
	p.interval = stats_difference_interval(before->x, before->n, after->x, after->n, CONFIDENCE, 1);
	return p;
}

static void put_row(FILE *out, const char *name, const struct cell *c, const struct cell *before)
{
	struct part more = part_between(before, c);
	char text[TEXT_NUMBER + 1];

	text_cell(out, name, RUNG);
	text_cell(out, text_time(text, c->median), -TIME);
	text_cell(out, text_percent(text, c->spread), -SPREAD);
	text_cell(out, text_time(text, c->least), -LEAST);
	if (before && before != c) {
		text_cell(out, signed_time(text, more.ns), -MORE);
		put_interval(out, more.interval, true);
	}
	fputc('\n', out);
}

static void put_columns(FILE *out, const char *title, const char *more)
{
	fputc('\n', out);
	text_cell(out, title, RUNG);
	text_cell(out, "time", -TIME);
	text_cell(out, "±", -SPREAD);
	text_cell(out, "least", -LEAST);
	fprintf(out, "  %s\n", more);
}

/* -- rung by rung */

/* One rung: those of one call stand together, by their axis; the calls by their cheapest. */
struct rung {
	const struct cell *c;
	char call[64];
	double at, cheapest;
};

static int order_rungs(const void *left, const void *right)
{
	const struct rung *a = left, *b = right;
	int order = (a->cheapest > b->cheapest) - (a->cheapest < b->cheapest);

	if (!order)
		order = strcmp(a->call, b->call);
	return order ? order : (a->at > b->at) - (a->at < b->at);
}

/* The number on its axis; NaN where it has none. */
static double at_axis(const struct cell *c)
{
	const char *axis = strchr(c->points, '/'), *value = axis ? strchr(axis, '=') : NULL;

	return value ? strtod(value + 1, NULL) : NAN;
}

static void call_of(const struct cell *c, char *buffer, size_t size)
{
	if (!record_part(c->name, "call", buffer, size))
		*buffer = '\0';
}

char *modeswitch_name(const struct cell *c, char *buffer, size_t size)
{
	const char *value = strchr(c->points, '='), *axis = strchr(c->points, '/');

	value = value ? value + 1 : c->points;
	snprintf(buffer, size, "%.*s%s%s", (int)strcspn(value, "/"), value, axis ? " " : "", axis ? axis + 1 : "");
	return buffer;
}

static size_t gather_rungs(const struct cells *all, struct rung *rung)
{
	size_t n = 0;

	for (size_t i = 0; i < all->cells; i++) {
		const struct cell *c = &all->cell[i];

		if (!measured(c) || !is(c->bench, "syscall"))
			continue;
		rung[n] = (struct rung){ .c = c, .at = at_axis(c), .cheapest = c->median };
		call_of(c, rung[n].call, sizeof rung[n].call);
		n++;
	}
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++)
			if (is(rung[i].call, rung[j].call))
				rung[i].cheapest = fmin(rung[i].cheapest, rung[j].c->median);
	qsort(rung, n, sizeof *rung, order_rungs);
	return n;
}

/* What one no-op takes where one call has many of them done. */
static void put_shared(FILE *out, const struct rung *rung, size_t n)
{
	const struct rung *fewest = NULL, *most = NULL;
	char one[TEXT_NUMBER], of_many[TEXT_NUMBER], line[200];

	for (size_t i = 0; i < n; i++)
		if (is(rung[i].call, "io-uring")) {
			fewest = fewest ? fewest : &rung[i];
			most = &rung[i];
		}
	if (!most || most == fewest)
		return;
	snprintf(line, sizeof line, "a no-op of io_uring takes %s where a call has %.0f done, and %s where it has %.0f",
		text_time(one, fewest->c->median / fewest->at), fewest->at,
		text_time(of_many, most->c->median / most->at), most->at);
	text_wrap(out, 0, 2, line);
}

/* What stays in user mode is held against no call. */
static void put_rung(FILE *out, const struct cell *c, const struct cell *null)
{
	bool enters = cell_median(c, "syscalls/op") > 0 || cell_median(c, "faults/op") > 0;
	char name[160], rung[150];

	snprintf(name, sizeof name, "  %s", modeswitch_name(c, rung, sizeof rung));
	put_row(out, name, c, enters && measured(null) ? null : NULL);
}

static void put_ladder(FILE *out, const struct cells *all)
{
	struct rung *rung = take(malloc((all->cells + 1) * sizeof *rung));
	const struct cell *null = cell_at(all, "syscall", "call=null");
	size_t n = gather_rungs(all, rung);

	if (n > MODESWITCH_FLOOR) {
		put_columns(out, "mode switch, rung by rung", "more than a null call");
		for (size_t i = 0; i < n; i++)
			put_rung(out, rung[i].c, null);
		put_shared(out, rung, n);
	}
	free(rung);
}

/* -- the model */

static const struct family {
	const char *call, *axis;
	enum coefficient slope, check;
} families[] = {
	{ "copy-in", "bytes", FIT_BYTE_IN, FIT_CHECK_IN },
	{ "copy-out", "bytes", FIT_BYTE_OUT, FIT_CHECK_OUT },
	{ "pointers", "iovecs", FIT_POINTER, FIT_CHECK_POINTERS },
};

static bool of_family(const struct cell *c, const struct family *f, double *at)
{
	char call[64], value[64];

	if (!measured(c) || !is(c->bench, "syscall") || !record_part(c->name, "call", call, sizeof call) ||
		!is(call, f->call) || !record_part(c->name, f->axis, value, sizeof value))
		return false;
	/* a call that has nothing to copy turns back early, and is on another way */
	*at = strtod(value, NULL);
	return *at > 0;
}

/* The rows of the fit. */
struct rows {
	struct model *m;
	double x[FIT_RUNGS * FIT_COEFFICIENTS], weight[FIT_RUNGS];
	const double *sample[FIT_RUNGS];
	size_t n[FIT_RUNGS];
	bool used[FIT_COEFFICIENTS];
};

/* Every rung's error counts as a share of what it takes: the dearest would decide alone otherwise. */
static double *add_row(struct rows *r, const struct cell *c)
{
	size_t i = r->m->rungs++;
	double *x = &r->x[i * FIT_COEFFICIENTS];

	r->m->rung[i] = c;
	r->sample[i] = c->x;
	r->n[i] = c->n;
	r->weight[i] = 1 / c->median;
	r->used[FIT_ENTRY] = true;
	x[FIT_ENTRY] = 1;
	return x;
}

static void add_family(struct rows *r, const struct cells *all, const struct family *f)
{
	size_t n = 0;
	double at;

	for (size_t i = 0; i < all->cells; i++)
		n += of_family(&all->cell[i], f, &at);
	if (n < 2 || r->m->rungs + n > FIT_RUNGS) /* a slope and a check are two */
		return;
	for (size_t i = 0; i < all->cells; i++)
		if (of_family(&all->cell[i], f, &at)) {
			double *x = add_row(r, &all->cell[i]);

			x[f->slope] = at;
			x[f->check] = 1;
		}
	r->used[f->slope] = r->used[f->check] = true;
}

/* Only the columns that are used, close together. */
static size_t pack(struct rows *r, enum coefficient *which)
{
	size_t columns = 0;

	for (size_t j = 0; j < FIT_COEFFICIENTS; j++)
		if (r->used[j])
			which[columns++] = (enum coefficient)j;
	for (size_t i = 0; i < r->m->rungs; i++)
		for (size_t j = 0; j < columns; j++) /* never to the right of where it is read */
			r->x[i * columns + j] = r->x[i * FIT_COEFFICIENTS + which[j]];
	return columns;
}

static void find_worst(struct model *m, const struct rows *r, const double *c, size_t columns)
{
	m->worst = 0;
	for (size_t i = 0; i < m->rungs; i++) {
		m->fitted[i] = 0;
		for (size_t j = 0; j < columns; j++)
			m->fitted[i] += r->x[i * columns + j] * c[j];
		m->worst = fmax(m->worst, fabs(m->fitted[i] / m->rung[i]->median - 1));
	}
}

bool modeswitch_fit(const struct cells *all, struct model *m)
{
	struct rows *r = take(calloc(1, sizeof *r));
	const struct cell *null = cell_at(all, "syscall", "call=null");
	enum coefficient which[FIT_COEFFICIENTS];
	double c[FIT_COEFFICIENTS];
	struct interval interval[FIT_COEFFICIENTS];
	bool fits = false;

	*m = (struct model){ 0 };
	r->m = m;
	for (size_t j = 0; j < FIT_COEFFICIENTS; j++)
		m->c[j] = NAN;
	if (measured(null) && null->median > 0)
		add_row(r, null);
	for (size_t f = 0; f < sizeof families / sizeof *families && m->rungs; f++)
		add_family(r, all, &families[f]);
	if (m->rungs > 1) {
		size_t columns = pack(r, which);
		struct stats_fit fit = { m->rungs, columns, r->x, r->weight, r->sample, r->n };

		fits = stats_least_squares(&fit, CONFIDENCE, 1, c, interval);
		for (size_t j = 0; fits && j < columns; j++) {
			m->c[which[j]] = c[j];
			m->interval[which[j]] = interval[j];
		}
		if (fits)
			find_worst(m, r, c, columns);
	}
	free(r);
	return fits;
}

static void put_coefficient(FILE *out, const char *words, const struct model *m, enum coefficient which, double times)
{
	struct interval i = m->interval[which];
	char text[TEXT_NUMBER + 1];

	if (isnan(m->c[which]))
		return;
	i.low *= times;
	i.high *= times;
	text_cell(out, words, PARAMETER);
	text_cell(out, signed_time(text, times * m->c[which]) + (*text == '+'), -TIME);
	put_interval(out, i, false);
	fputc('\n', out);
}

/* Where the model does not describe what was measured, it says so. */
static void put_worst(FILE *out, const struct model *m)
{
	char share[TEXT_NUMBER], name[150], took[TEXT_NUMBER], fitted[TEXT_NUMBER], rung[400], line[2000];
	struct text_list bad = { 0 };

	for (size_t i = 0; i < m->rungs; i++) {
		double off = fabs(m->fitted[i] / m->rung[i]->median - 1);

		if (off < m->worst && off <= BAD)
			continue;
		snprintf(rung, sizeof rung, "%s takes %s and is fitted as %s",
			modeswitch_name(m->rung[i], name, sizeof name), text_time(took, m->rung[i]->median),
			text_time(fitted, m->fitted[i]));
		text_list(&bad, rung, 6);
	}
	snprintf(line, sizeof line, "  %s%s off at the worst of %zu rungs: %s",
		m->worst > BAD ? "the fit is bad there: " : "", text_percent(share, m->worst), m->rungs, bad.text);
	text_wrap(out, 0, 4, line);
}

static void put_model(FILE *out, const struct cells *all)
{
	struct model m;

	if (!modeswitch_fit(all, &m))
		return;
	fputs("\nmode switch = entry + a x bytes + b x pointers + check, fitted\n", out);
	put_coefficient(out, "  entry: in and out of the kernel", &m, FIT_ENTRY, 1);
	put_coefficient(out, "  a, for each KiB copied in", &m, FIT_BYTE_IN, 1024);
	put_coefficient(out, "  a, for each KiB copied out", &m, FIT_BYTE_OUT, 1024);
	put_coefficient(out, "  b, for each pointer copied and checked", &m, FIT_POINTER, 1);
	put_coefficient(out, "  check: of a write and its file", &m, FIT_CHECK_IN, 1);
	put_coefficient(out, "  check: of a read and its file", &m, FIT_CHECK_OUT, 1);
	put_coefficient(out, "  check: of a write to a device", &m, FIT_CHECK_POINTERS, 1);
	put_worst(out, &m);
}

/* -- a creation that is refused */

/* In the kernel's order, each with what comes before it on its way. */
static const struct stage {
	const char *name, *words, *before;
} stages[] = {
	{ "null", "no creation", NULL },
	{ "size", "size too small", "null" },
	{ "copied", "copied; a bad field", "size" },
	{ "flags", "an unknown flag", "copied" },
	{ "stack", "a stack of no size", "flags" },
	{ "combination", "flags that exclude", "stack" },
	{ "tail", "4 KiB, end not zero", "size" },
	{ "pointer", "a bad pointer", "size" },
	{ "clone", "clone: flags exclude", "null" },
};

static const struct cell *stage_cell(const struct cells *all, const char *name)
{
	char points[64];

	snprintf(points, sizeof points, "stage=%s", name);
	return cell_at(all, "refuse", points);
}

/* The nearest stage before it that was measured. */
static const struct stage *stage_before(const struct cells *all, const struct stage *s)
{
	while (s->before) {
		const struct stage *before = stages;

		while (!is(before->name, s->before))
			before++;
		if (measured(stage_cell(all, before->name)))
			return before;
		s = before;
	}
	return NULL;
}

static void put_stages(FILE *out, const struct cells *all)
{
	bool any = false;

	for (const struct stage *s = stages; s < stages + sizeof stages / sizeof *stages; s++) {
		const struct cell *c = stage_cell(all, s->name);
		const struct stage *before = stage_before(all, s);
		char name[64];

		if (!measured(c))
			continue;
		if (!any)
			put_columns(out, "a creation refused at", "more than an earlier stage");
		any = true;
		snprintf(name, sizeof name, "  %s", s->words);
		put_row(out, name, c, before ? stage_cell(all, before->name) : NULL);
	}
}

struct part modeswitch_parameters(const struct cells *all, enum parameters which)
{
	bool copied = which == PARAMETERS_COPIED;

	return part_between(
		stage_cell(all, copied ? "size" : "copied"), stage_cell(all, copied ? "copied" : "combination"));
}

void modeswitch_print(FILE *out, const struct cells *all)
{
	put_ladder(out, all);
	put_model(out, all);
	put_stages(out, all);
}
