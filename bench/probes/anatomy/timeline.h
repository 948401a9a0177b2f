// SPDX-License-Identifier: MIT
/*
 * A timeline: the clock read between the steps of something, by whoever is there, and what lies between two reads is a
 * part. The parts of one turn sum to the whole by how they are made; a part is negative where two sides overtook each
 * other. Of many turns each part's median is told, for a mean is of what disturbed them. The clock may be a perf event
 * (CLOCK_EVENT): then a part is what was counted between two reads by whoever ran, on one CPU in turn.
 */
#ifndef BENCH_PROBES_ANATOMY_TIMELINE_H
#define BENCH_PROBES_ANATOMY_TIMELINE_H

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "../../../harness/cell/clock.h"

enum {
	TIMELINE_PARTS = 4,
	TIMELINE_KEPT = 2048, /* turns, the last ones; of so many a median no longer moves */
};

struct timeline {
	const struct clock_facts *clock;
	double read; /* ticks that one read adds to the part that it ends; of an event, what it counts of it */
	/* since it was told last */
	uint64_t turns;
	uint64_t early; /* of them, those in which the other side was ahead of the call that started it */
	double part[TIMELINE_PARTS][TIMELINE_KEPT], whole[TIMELINE_KEPT];
};

static inline uint64_t timeline_now(const struct timeline *t)
{
	return clock_read(t->clock);
}

static inline int timeline_by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static inline double timeline_median(double *x, uint64_t n)
{
	if (!n)
		return NAN;
	qsort(x, n, sizeof *x, timeline_by_value);
	return n % 2 ? x[n / 2] : (x[n / 2 - 1] + x[n / 2]) / 2;
}

/* Untimed; what a read adds is found by reads that have nothing between them. */
static inline void timeline_begin(struct timeline *t, const struct clock_facts *clock)
{
	t->clock = clock;
	t->turns = t->early = 0;
	for (int i = 0; i < TIMELINE_KEPT; i++) {
		uint64_t before = timeline_now(t);
		t->whole[i] = (double)(timeline_now(t) - before);
	}
	t->read = timeline_median(t->whole, TIMELINE_KEPT);
}

/* One turn: five moments, and how many reads of the clock lie in each part, the one that ends it too, which are taken
 * off. `things` were done between the first moment and the last, and what is kept is of one thing. Signed: the moments
 * are of two sides. */
static inline void timeline_add(
	struct timeline *t, const uint64_t at[TIMELINE_PARTS + 1], const double reads[TIMELINE_PARTS], double things)
{
	uint64_t slot = t->turns++ % TIMELINE_KEPT;
	double all = 0;
	for (int i = 0; i < TIMELINE_PARTS; i++) {
		t->part[i][slot] = ((double)(int64_t)(at[i + 1] - at[i]) - reads[i] * t->read) / things;
		all += reads[i];
	}
	t->whole[slot] = ((double)(int64_t)(at[TIMELINE_PARTS] - at[0]) - all * t->read) / things;
	t->early += (int64_t)(at[2] - at[1]) < 0;
}

/* The parts and the whole, in ticks, and of the turns since it was told last the share in percent that were early.
 * NaN where there was no turn. */
static inline void timeline_tell(struct timeline *t, double *value)
{
	uint64_t n = t->turns < TIMELINE_KEPT ? t->turns : TIMELINE_KEPT;
	for (int i = 0; i < TIMELINE_PARTS; i++)
		value[i] = timeline_median(t->part[i], n);
	value[TIMELINE_PARTS] = timeline_median(t->whole, n);
	value[TIMELINE_PARTS + 1] = n ? 100 * (double)t->early / (double)t->turns : NAN;
	t->turns = t->early = 0;
}

#endif
