// SPDX-License-Identifier: MIT
/*
 * preempt: the switch that nobody asked for. Two contexts on one CPU look at the clock without end, and each says when
 * it looked last. Who finds that the other has looked meanwhile was taken off the CPU: what has passed since the
 * other's last look is what the switch took (and at most one look more), and how long the other looked before that was
 * its slice. A probe: it reads the clock between two steps. Included by one file for each impl, after the impl, which
 * says how contexts are taken off.
 *
 * One turn: the first context is taken off and comes back: two switches.
 */
#include <math.h>
#include <string.h>

#include "../../../harness/cell/clock.h"
#include "../../../harness/cell/histogram.h"

struct preempt {
	struct ctx self CTX_APART, peer CTX_APART;
	const struct clock_facts *clock CTX_APART; /* read-only after open */
	/* Written by whoever has the CPU: it may be taken away between any two of these. */
	uint64_t last[2]; /* each's last look */
	uint64_t since;   /* when the one who has the CPU got it; 0: not known */
	int who;          /* has the CPU */
	int blind;        /* the first is busy elsewhere, and does not look */
	int stop;
	uint64_t slices, slice_ticks; /* since the last reading */
	uint64_t ticks, lost_ticks;   /* of one context alone */
	struct histogram seen;        /* what a switch took */
};

static size_t preempt_bytes(const struct point *p)
{
	(void)p;
	return sizeof(struct preempt);
}

static void preempt_record(struct preempt *p, int other, uint64_t now)
{
	int64_t passed = (int64_t)(now - p->last[other]), slice = (int64_t)(p->last[other] - p->since);
	/* below 0: taken off while it was in here, and the other has looked again */
	if (passed >= 0)
		histogram_add(&p->seen, passed);
	if (passed >= 0 && slice > 0 && p->since) {
		p->slices++;
		p->slice_ticks += (uint64_t)slice;
	}
}

/* 1 where the caller has been taken off the CPU since it looked last. */
static inline int preempt_look(struct preempt *p, int me)
{
	uint64_t now = clock_read(p->clock);
	if (__atomic_load_n(&p->who, __ATOMIC_RELAXED) == me) {
		__atomic_store_n(&p->last[me], now, __ATOMIC_RELAXED);
		return 0;
	}
	now = clock_read(p->clock);
	if (!p->blind)
		preempt_record(p, !me, now);
	p->since = now;
	p->last[me] = now;
	__atomic_store_n(&p->who, me, __ATOMIC_RELAXED);
	return 1;
}

static struct ctx *preempt_peer(void *arg)
{
	struct preempt *p = arg;
	while (!__atomic_load_n(&p->stop, __ATOMIC_RELAXED))
		preempt_look(p, 1);
	return NULL; /* who joins goes on */
}

/* When this slice of the first context began, before the loop, is not known. */
static void preempt_begin(struct preempt *p)
{
	p->since = 0;
	p->last[0] = clock_read(p->clock);
	__atomic_store_n(&p->who, 0, __ATOMIC_RELAXED);
	__atomic_store_n(&p->blind, 0, __ATOMIC_RELAXED);
}

static void preempt_look_away(struct preempt *p)
{
	__atomic_store_n(&p->blind, 1, __ATOMIC_RELAXED);
}

/* The control: ten milliseconds of one context alone, and how much of them passed while it did not look. */
static inline int preempt_alone_loop(void *arena, uint64_t n)
{
	struct preempt *p = arena;
	uint64_t turn = (uint64_t)(p->clock->hz / 100), long_look = (uint64_t)(p->clock->hz / 1e6);
	uint64_t begin = clock_read(p->clock), last = begin, now = begin;
	for (; now - begin < n * turn; last = now) {
		now = clock_read(p->clock);
		if (now - last > long_look)
			p->lost_ticks += now - last;
	}
	p->ticks += now - begin;
	return 0;
}

/* -- what is told beside the time */
enum { PREEMPT_SLICE, PREEMPT_LOST };

static const struct reading preempt_readings[] = {
	[PREEMPT_SLICE] = { "slice-ns", READ_TICKS },
	[PREEMPT_LOST] = { "lost%", READ_NUMBER },
	{ 0 },
};

static double preempt_share(uint64_t part, uint64_t whole)
{
	return whole ? (double)part / (double)whole : NAN;
}

static void preempt_read(void *arena, uint64_t turns, double *value)
{
	struct preempt *p = arena;
	(void)turns;
	value[PREEMPT_SLICE] = preempt_share(p->slice_ticks, p->slices);
	value[PREEMPT_LOST] = 100 * preempt_share(p->lost_ticks, p->ticks);
	memset(&p->seen, 0, sizeof p->seen);
	p->slices = p->slice_ticks = p->ticks = p->lost_ticks = 0;
}

static const struct histogram *preempt_histogram(void *arena)
{
	struct preempt *p = arena;
	return &p->seen;
}

/* A turn takes milliseconds, so a sample is one; of two contexts there are so many that the median of their switches
 * can be given. */
enum { PREEMPT_SAMPLES = 110, PREEMPT_SAMPLES_ALONE = 20 };

#define PREEMPT(which, words, counted, many, opens, loops, closes, ...)                                                \
	&(const struct job)                                                                                            \
	{                                                                                                              \
		.name = "preempt", .variant = which, .summary = words, .unit = counted, .ops = many, .turns_most = 1,  \
		.arena_bytes = preempt_bytes, .open = opens, .loop = loops, .close = closes,                           \
		.readings = preempt_readings, .read = preempt_read, .histogram = preempt_histogram, __VA_ARGS__        \
	}
