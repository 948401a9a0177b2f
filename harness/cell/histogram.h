// SPDX-License-Identifier: MIT
/*
 * How often each latency was seen, in a fixed amount of memory: log-linear, as HdrHistogram has it. Below 256 ticks
 * each value has a bucket of its own, above that each octave has 128 of equal width, so a value is known to 0.8 %.
 * Nothing is out of range, and least, most and sum are exact. Zeroed memory is an empty one. Called between two clock
 * reads of a context, also of one that may not call libc: hence all inline.
 */
#ifndef HARNESS_CELL_HISTOGRAM_H
#define HARNESS_CELL_HISTOGRAM_H

#include <stddef.h>
#include <stdint.h>

enum {
	HISTOGRAM_SHIFT = 7,
	HISTOGRAM_STEPS = 1 << HISTOGRAM_SHIFT, /* an octave */
	HISTOGRAM_BUCKETS = HISTOGRAM_STEPS * (64 - HISTOGRAM_SHIFT + 1),
};

struct histogram {
	uint64_t n, least, most, sum; /* of the values; least and most mean nothing while n is 0 */
	uint64_t backwards;           /* below 0, and not among them: the clocks of two CPUs differ */
	uint64_t per;                 /* of what is timed so many are one value; 0: one */
	uint64_t bucket[HISTOGRAM_BUCKETS];
};

static inline unsigned histogram_bucket(uint64_t value)
{
	unsigned shift = value < 2 * HISTOGRAM_STEPS ? 0 : 63 - HISTOGRAM_SHIFT - (unsigned)__builtin_clzll(value);
	return shift * HISTOGRAM_STEPS + (unsigned)(value >> shift);
}

/* The least value that goes into a bucket. */
static inline uint64_t histogram_low(unsigned bucket)
{
	unsigned shift = bucket < 2 * HISTOGRAM_STEPS ? 0 : bucket / HISTOGRAM_STEPS - 1;
	return (uint64_t)(bucket - shift * HISTOGRAM_STEPS) << shift;
}

static inline void histogram_add(struct histogram *h, int64_t value)
{
	uint64_t v = (uint64_t)value;
	if (value < 0) {
		h->backwards++;
		return;
	}
	if (!h->n || v < h->least)
		h->least = v;
	if (v > h->most)
		h->most = v;
	h->n++;
	h->sum += v;
	h->bucket[histogram_bucket(v)]++;
}

static inline void histogram_merge(struct histogram *to, const struct histogram *from)
{
	if (from->n && (!to->n || from->least < to->least))
		to->least = from->least;
	if (from->most > to->most)
		to->most = from->most;
	to->per = from->per;
	to->n += from->n;
	to->sum += from->sum;
	to->backwards += from->backwards;
	for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++)
		to->bucket[i] += from->bucket[i];
}

#endif
