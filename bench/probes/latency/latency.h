// SPDX-License-Identifier: MIT
/*
 * latency: how long each single hand-off takes, not their mean. A probe: it reads the clock between two steps. Included
 * by one file for each impl, after the impl, whose verbs it uses.
 *
 * Who gets the turn reads the clock first; what has passed since the other read it last, less what a read takes, is one
 * value. What is made of it, and then the other's next read, lies between the values and in none of them. Every other
 * block of turns goes without a clock, as in the bench `switch`, and is timed as a whole: all values together must come
 * to what that block took (the reading sum/throughput). So where the clock is too coarse, or its read too dear, for one
 * hand-off, a value is the mean of a batch of them.
 */
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../../../harness/cell/clock.h"
#include "../../../harness/cell/histogram.h"

enum { LATENCY_BLOCK = 8, LATENCY_BATCH = 64, LATENCY_TRIES = 63, LATENCY_STATES = 8, LATENCY_WAKES = 2 };

/* Above this share of what is timed the clock does not resolve it. */
static const double latency_share_most = 0.05;

struct latency {
	struct ctx self CTX_APART, peer CTX_APART;
	/* read-only after open */
	const struct clock_facts *clock CTX_APART;
	int64_t read;              /* ticks that a read takes */
	double clock_share;        /* a read, or a step where it is more, in parts of a hand-off */
	unsigned per;              /* hand-offs in a value; 0: the clock can't tell */
	long gap_ns;               /* between two wakes; 0: none */
	int usage[LATENCY_STATES]; /* descriptors: how often the CPU that waits went into each idle state; -1: not told
				    */
	pid_t neighbour;           /* who else wants the CPU, or 0 */
	/* whoever has the turn */
	uint64_t left CTX_APART; /* when the other was told */
	int stamps, stop;        /* the peer shall read the clock, shall end */
	struct histogram by[2];  /* what each has seen arrive since the last reading */
	/* the first context's alone, since the last reading */
	int plain CTX_APART; /* this block goes without a clock */
	uint64_t plain_turns, plain_ticks, gap_ticks;
	uint64_t entered[LATENCY_STATES]; /* at the last reading */
};

static size_t latency_bytes(const struct point *p)
{
	(void)p;
	return sizeof(struct latency);
}

/* -- timed: a value. A CPU reads its counter ahead of a load that it waits for: found without sleep, the turn would
 * seem to have come before it was given. */
static inline void latency_arrive(struct latency *l, struct histogram *h)
{
	arch_loaded();
	int64_t passed = (int64_t)(clock_read(l->clock) - l->left);
	histogram_add(h, passed > l->read ? passed - l->read : passed < 0 ? passed : 0);
	l->left = clock_read(l->clock);
}

static struct ctx *latency_peer(void *arg)
{
	struct latency *l = arg;
	ctx_await(&l->peer);
	while (!__atomic_load_n(&l->stop, __ATOMIC_RELAXED)) {
		if (l->stamps)
			latency_arrive(l, &l->by[1]);
		ctx_handoff(&l->peer, &l->self);
	}
	return &l->self;
}

/* -- timed: a block */
static uint64_t latency_plain(struct latency *l, uint64_t turns)
{
	uint64_t begin = clock_read(l->clock);
	for (; turns; turns--)
		ctx_handoff(&l->self, &l->peer);
	return clock_read(l->clock) - begin;
}

static void latency_each(struct latency *l, uint64_t turns)
{
	l->stamps = 1;
	l->left = clock_read(l->clock);
	for (; turns; turns--) {
		ctx_handoff(&l->self, &l->peer);
		latency_arrive(l, &l->by[0]);
	}
	l->stamps = 0;
}

/* What does not fill a batch is no value. */
static void latency_batches(struct latency *l, uint64_t turns)
{
	for (uint64_t n; turns; turns -= n) {
		n = turns < LATENCY_BATCH / 2 ? turns : LATENCY_BATCH / 2;
		int64_t passed = (int64_t)latency_plain(l, n);
		if (n == LATENCY_BATCH / 2)
			histogram_add(&l->by[0], passed > l->read ? passed - l->read : passed < 0 ? passed : 0);
	}
}

static int latency_loop(void *arena, uint64_t n)
{
	struct latency *l = arena;
	uint64_t block = LATENCY_BLOCK * (l->per > 1 ? LATENCY_BATCH : 1), turns;
	for (; n; n -= turns) {
		turns = n < block ? n : block;
		if (l->plain) {
			l->plain_ticks += latency_plain(l, turns);
			l->plain_turns += turns;
		} else if (l->per > 1) {
			latency_batches(l, turns);
		} else {
			latency_each(l, turns);
		}
		l->plain = !l->plain;
	}
	return l->by[0].backwards + l->by[1].backwards ? -ETIME : 0;
}

/* The first context sleeps, and with it its CPU, and that of the other; then it wakes the other. The way back is no
 * value: it has no gap before it. */
static inline int latency_gap_loop(void *arena, uint64_t n)
{
	struct latency *l = arena;
	struct timespec gap = { .tv_nsec = l->gap_ns };
	l->stamps = l->per > 0;
	for (n *= LATENCY_WAKES; n; n--) {
		uint64_t begin = clock_read(l->clock);
		clock_nanosleep(CLOCK_MONOTONIC, 0, &gap, NULL);
		l->left = clock_read(l->clock);
		l->gap_ticks += l->left - begin;
		ctx_handoff(&l->self, &l->peer);
	}
	l->stamps = 0;
	return l->by[1].backwards ? -ETIME : 0;
}

/* -- the idle states of the CPU that is woken, by the kernel's own count */
static void latency_open_states(struct latency *l, int cpu)
{
	char path[96];
	for (int i = 0; i < LATENCY_STATES; i++) {
		snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%d/cpuidle/state%d/usage", cpu, i);
		l->usage[i] = cpu < 0 ? -1 : open(path, O_RDONLY | O_CLOEXEC);
	}
}

/* How often since the last time; NaN where it is not told. */
static double latency_entered(struct latency *l, int state)
{
	char text[32] = "";
	if (l->usage[state] < 0 || pread(l->usage[state], text, sizeof text - 1, 0) <= 0)
		return NAN;
	uint64_t now = strtoull(text, NULL, 10), since = now - l->entered[state];
	l->entered[state] = now;
	return (double)since;
}

/* -- making and unmaking, untimed */
static int latency_by_ticks(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return (x > y) - (x < y);
}

static void latency_start_anew(struct latency *l)
{
	memset(l->by, 0, sizeof l->by);
	l->by[0].per = l->by[1].per = l->per;
	l->plain_turns = l->plain_ticks = l->gap_ticks = 0;
}

/* Does the clock resolve one hand-off? Asked of some blocks without a clock in them. What it is found to be near the limit
 * differs from trial to trial, but a cell's values must all be of one kind: the first trial decides. */
static void latency_choose(struct latency *l, unsigned decided)
{
	uint64_t took[LATENCY_TRIES];
	for (int i = 0; i < LATENCY_TRIES; i++)
		took[i] = latency_plain(l, LATENCY_BLOCK);
	qsort(took, LATENCY_TRIES, sizeof *took, latency_by_ticks);
	double handoff = (double)took[LATENCY_TRIES / 2] / (2 * LATENCY_BLOCK);
	double floor = l->clock->read > l->clock->step ? l->clock->read : l->clock->step;
	l->clock_share = handoff > 0 ? floor / handoff : INFINITY;
	l->per = l->clock_share <= latency_share_most ? 1 : l->gap_ns ? 0 : LATENCY_BATCH;
	if (decided && !l->gap_ns)
		l->per = decided;
	latency_start_anew(l);
}

static int latency_spawn(struct latency *l, const struct point *p)
{
	int error = ctx_ready(&l->self, p->seat[0]);
	if (error)
		return error;
	error = ctx_ready(&l->peer, p->seat[1]);
	if (!error) {
		ctx_adopt(&l->self);
		error = ctx_spawn(&l->peer, latency_peer, l);
		if (error)
			ctx_release(&l->peer);
	}
	if (error)
		ctx_release(&l->self);
	return error;
}

static int latency_open_with(const struct point *p, long gap_ns)
{
	struct latency *l = p->arena;
	l->clock = p->clock;
	l->read = (int64_t)(p->clock->read + 0.5);
	l->gap_ns = gap_ns;
	if (gap_ns)
		prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0); /* otherwise 50 us go on top */
	int error = latency_spawn(l, p);
	if (error)
		return error;
	latency_open_states(l, p->seat[1] >= 0 ? p->seat[1] : p->seat[0]);
	latency_choose(l, p->values_per);
	return 0;
}

static int latency_open(const struct point *p)
{
	return latency_open_with(p, 0);
}

static void latency_close(void *arena)
{
	struct latency *l = arena;
	__atomic_store_n(&l->stop, 1, __ATOMIC_RELAXED);
	ctx_handoff(&l->self, &l->peer);
	ctx_join(&l->self, &l->peer);
	ctx_release(&l->peer);
	ctx_release(&l->self);
	for (int i = 0; i < LATENCY_STATES; i++)
		if (l->usage[i] >= 0)
			close(l->usage[i]);
	if (l->neighbour > 0) {
		kill(l->neighbour, SIGKILL);
		waitpid(l->neighbour, NULL, 0);
	}
}

/* -- what is told beside the time */
enum { LATENCY_SUM, LATENCY_PER, LATENCY_CLOCK, LATENCY_GAP, LATENCY_STATE };

static const struct reading latency_readings[] = {
	[LATENCY_SUM] = { "sum/throughput", READ_NUMBER },
	[LATENCY_PER] = { "batch", READ_NUMBER },
	[LATENCY_CLOCK] = { "clock%", READ_NUMBER },
	[LATENCY_GAP] = { "gap-ns", READ_TICKS },
	[LATENCY_STATE] = { "idle-state0/op", READ_NUMBER },
	{ "idle-state1/op", READ_NUMBER },
	{ "idle-state2/op", READ_NUMBER },
	{ "idle-state3/op", READ_NUMBER },
	{ "idle-state4/op", READ_NUMBER },
	{ "idle-state5/op", READ_NUMBER },
	{ "idle-state6/op", READ_NUMBER },
	{ "idle-state7/op", READ_NUMBER },
	{ 0 },
};

/* What a hand-off took by its values, to what it took in the blocks without a clock. */
static double latency_sum(const struct latency *l)
{
	double values = (double)(l->by[0].n + l->by[1].n) * (l->per ? l->per : 1);
	double sum = (double)(l->by[0].sum + l->by[1].sum);
	if (!(values > 0) || !l->plain_turns || !l->plain_ticks)
		return NAN;
	return sum / values / ((double)l->plain_ticks / (double)(2 * l->plain_turns));
}

static void latency_read(void *arena, uint64_t turns, double *value)
{
	struct latency *l = arena;
	double made = (double)turns;
	value[LATENCY_SUM] = latency_sum(l);
	value[LATENCY_PER] = l->per ? l->per : NAN;
	value[LATENCY_CLOCK] = 100 * l->clock_share;
	value[LATENCY_GAP] = l->gap_ns ? (double)l->gap_ticks / made / LATENCY_WAKES : NAN;
	for (int i = 0; i < LATENCY_STATES; i++)
		value[LATENCY_STATE + i] = latency_entered(l, i) / made;
	latency_start_anew(l);
}

static const struct histogram *latency_histogram(void *arena)
{
	struct latency *l = arena;
	histogram_merge(&l->by[0], &l->by[1]);
	memset(&l->by[1], 0, sizeof l->by[1]);
	return &l->by[0];
}

#define LATENCY(job_name, which, words, counted, many, opens, loops, ...)                                              \
	&(const struct job)                                                                                            \
	{                                                                                                              \
		.name = job_name, .variant = which, .summary = words, .unit = counted, .ops = 2, .handoffs = many,     \
		.contexts = 2, .arena_bytes = latency_bytes, .open = opens, .loop = loops, .close = latency_close,     \
		.readings = latency_readings, .read = latency_read, .histogram = latency_histogram, __VA_ARGS__        \
	}
