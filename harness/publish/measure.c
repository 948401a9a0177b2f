// SPDX-License-Identifier: MIT
#include "measure.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "../analyse/axes.h"
#include "../analyse/ring.h"

enum { UNITS_MOST = 4, UNIT = 48 };
static const double CONFIDENCE = 0.95;
static const struct measured none = { .centre = NAN, .low = NAN, .high = NAN, .unit = "ns" };

static struct measured why(const char *words)
{
	struct measured m = none;

	snprintf(m.words, sizeof m.words, "%s", words);
	return m;
}

/* -- its time */

static struct measured of_time(const struct cell *c)
{
	struct measured m = none;

	if (!cell_resolved(c))
		return why("within noise");
	if (c->second)
		return why("its trials fall into two groups: no one value");
	m.centre = c->median;
	m.x = c->x;
	m.n = c->n;
	if (c->n > 1) {
		m.low = c->interval.low;
		m.high = c->interval.high;
	}
	return m;
}

/* -- differences of cells */

static struct measured of_difference(const struct difference *d)
{
	struct measured m = none;

	if (isnan(d->centre))
		return why("not measured: a cell that it is taken from is not in this file");
	if (!difference_shown(d))
		return why("within noise");
	m.centre = d->centre;
	m.low = d->interval.low;
	m.high = d->interval.high;
	return m;
}

/* The same name with another call, at another amount of work. */
static const struct cell *with_call(const struct cells *all, const struct cell *c, const char *call, double work)
{
	const struct cell *at = axis_beside(all, c, "work", work);
	const char *from = at ? strstr(at->name, "/call=") : NULL, *rest = from ? strchr(from + 1, '/') : NULL;
	char name[300];

	if (!rest)
		return NULL;
	snprintf(name, sizeof name, "%.*s/call=%s%s", (int)(from - at->name), at->name, call, rest);
	return cells_find(all, name);
}

/* (work and call - work) - (call - nothing): what is left of the call in the work after it. */
static struct measured of_after_call(const struct cells *all, const struct cell *c)
{
	char call[UNIT];
	double work = axis_at(c, "work");
	const struct cell *of[] = { c, with_call(all, c, "none", work), NULL, NULL };
	struct difference d = { NAN, { NAN, NAN, 0 } };
	struct term term[4];

	if (record_part(c->name, "call", call, sizeof call)) {
		of[2] = with_call(all, c, call, 0);
		of[3] = with_call(all, c, "none", 0);
	}
	d.centre = 0;
	for (size_t i = 0; i < 4; i++) {
		double sign = i == 0 || i == 3 ? 1 : -1;

		if (!of[i] || of[i]->state != CELL_VALID) {
			d.centre = NAN;
			return of_difference(&d);
		}
		term[i] = (struct term){ of[i]->x, of[i]->n, sign };
		d.centre += sign * of[i]->median;
	}
	d.interval = stats_sum_interval(term, 4, CONFIDENCE, 1);
	return of_difference(&d);
}

/* -- what it tells beside its time */

static size_t split_units(const char *measure, char unit[UNITS_MOST][UNIT])
{
	size_t units = 0;

	for (measure += strcspn(measure, " "); *measure && units < UNITS_MOST; measure += strcspn(measure, " ")) {
		measure += strspn(measure, " ");
		snprintf(unit[units++], UNIT, "%.*s", (int)strcspn(measure, " "), measure);
	}
	return units;
}

static struct measured of_sum(const struct cell *c, const char *measure)
{
	char unit[UNITS_MOST][UNIT];
	size_t units = split_units(measure, unit);
	struct term term[UNITS_MOST];
	struct measured m = none;
	struct interval i;

	m.centre = 0;
	for (size_t u = 0; u < units; u++) {
		const struct series *s = cell_series(c, unit[u]);

		if (!s)
			return why("not measured: too few values for it, or none above noise");
		term[u] = (struct term){ s->x, s->n, 1 };
		m.centre += stats_median(s->x, s->n);
	}
	i = stats_sum_interval(term, units, CONFIDENCE, 1);
	m.low = i.low;
	m.high = i.high;
	return m;
}

static struct measured of_counts(const struct cells *all, const struct cell *c, const char *measure)
{
	char unit[UNITS_MOST][UNIT];
	struct measured m = none;
	const char *pmu = record_get(all->record, "pmu");

	m.unit = "";
	if (split_units(measure, unit) == 2)
		m.centre = cell_median(c, unit[0]) / cell_median(c, unit[1]);
	if (isnan(m.centre))
		snprintf(m.words, sizeof m.words, "not measured: not counted%s%s",
			pmu ? ": this machine's counters: " : "", pmu ? pmu : "");
	return m;
}

/* -- by name */

static bool begins(const char *text, const char *word)
{
	return !strncmp(text, word, strlen(word));
}

bool measure_known(const char *measure)
{
	return !strcmp(measure, "time") || !strcmp(measure, "less-alone") || !strcmp(measure, "refill") ||
	       !strcmp(measure, "after-call") || begins(measure, "sum ") || begins(measure, "per ");
}

struct measured measure(const struct cells *all, const struct cell *c, const char *measure)
{
	struct difference d;

	if (c->state != CELL_VALID) {
		struct measured m = none;

		cell_words(c, m.words, sizeof m.words);
		return m;
	}
	if (begins(measure, "sum "))
		return of_sum(c, measure);
	if (begins(measure, "per "))
		return of_counts(all, c, measure);
	if (!strcmp(measure, "after-call"))
		return of_after_call(all, c);
	if (strcmp(measure, "less-alone") && strcmp(measure, "refill"))
		return of_time(c);
	d = *measure == 'l' ? ring_cost(all, c) : ring_refill(all, c);
	return of_difference(&d);
}

double measure_ticks(const struct cell *c)
{
	return c->state == CELL_VALID && cell_resolved(c) && !c->second ? cell_median(c, "ticks") : NAN;
}

double measure_cycles(const struct cell *c, bool *counted)
{
	double cycles = cell_median(c, "cycles:u/op"), kernel = cell_median(c, "cycles:k/op");

	*counted = false;
	if (c->state != CELL_VALID || !cell_resolved(c) || c->second)
		return NAN;
	if (!isnan(cycles)) {
		*counted = true;
		return (cycles + (isnan(kernel) ? 0 : kernel)) / cell_per_op(c);
	}
	return c->median / cell_median(c, "add-ns");
}
