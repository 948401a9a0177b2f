// SPDX-License-Identifier: MIT
/*
 * start: how long it takes until a context that is made here executes its first instruction on another CPU. A probe,
 * because its context reads the clock. One turn is a creation, its run and its join; a value is from the clock read
 * before the call that makes it to the first thing that it does there, a read, less what a read takes. After Arachne's
 * thread creation (Qin and others, OSDI 2018).
 */
#ifndef BENCH_PROBES_START_START_H
#define BENCH_PROBES_START_START_H

#include <math.h>
#include <string.h>

#include "../../../harness/cell/clock.h"
#include "../../../harness/cell/histogram.h"
#include "../../../harness/cell/impl.h"

enum { START_TRIES = 63 };

struct started {
	const struct clock_facts *clock;
	int64_t read; /* ticks that a read takes: the least of a few */
	/* by whoever is started */
	uint64_t first, ran __attribute__((aligned(128)));
	/* by who makes it, since it was told last */
	struct histogram values __attribute__((aligned(128)));
};

static inline void started_begin(struct started *s, const struct clock_facts *clock)
{
	s->clock = clock;
	for (int i = 0; i < START_TRIES; i++) {
		uint64_t before = clock_read(clock);
		int64_t read = (int64_t)(clock_read(clock) - before);
		s->read = i && s->read < read ? s->read : read;
	}
}

/* The first thing that it does; the count last: who looks at it sees the moment too. */
static inline void started_here(struct started *s)
{
	s->first = clock_read(s->clock);
	__atomic_store_n(&s->ran, s->ran + 1, __ATOMIC_RELEASE);
}

static inline void started_add(struct started *s, uint64_t before)
{
	int64_t passed = (int64_t)(s->first - before);
	histogram_add(&s->values, passed > s->read ? passed - s->read : passed < 0 ? passed : 0);
}

static const struct reading start_readings[] = { { "start-ns", READ_TICKS }, { NULL, READ_NUMBER } };

/* The median of the values since this was asked last, which are forgotten; NaN where there was none. */
static inline double started_tell(struct started *s)
{
	uint64_t seen = 0;
	unsigned bucket = 0;
	double median = NAN;
	for (; s->values.n && bucket < HISTOGRAM_BUCKETS; bucket++) {
		seen += s->values.bucket[bucket];
		if (2 * seen >= s->values.n) {
			median = (double)histogram_low(bucket);
			break;
		}
	}
	memset(&s->values, 0, sizeof s->values);
	return median;
}

#define START_WORDS "a context made here, up to its first instruction on another CPU"

#endif
