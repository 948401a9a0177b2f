// SPDX-License-Identifier: MIT
/* start, of what the kernel schedules: a task is made where its maker is, and moves itself to its seat before its body.
 */
#ifndef BENCH_PROBES_START_TASK_H
#define BENCH_PROBES_START_TASK_H

#include "start.h"

/* It waits for no turn, and may sit anywhere. */
#undef WAIT_CAPS
#define WAIT_CAPS CAP_TWO_CPUS

struct start {
	struct ctx self, child;
	int seat;
	unsigned cpu; /* on which the child found itself */
	struct started started;
};

/* A task that has ended is in no count of moves any more: it looks itself where it is, after the value. */
static struct ctx *start_body(void *arg)
{
	struct start *s = arg;
	started_here(&s->started);
	SYSTEM(SYS_getcpu, &s->cpu, NULL, NULL);
	return NULL;
}

static size_t start_bytes(const struct point *p)
{
	(void)p;
	return sizeof(struct start);
}

static int start_open(const struct point *p)
{
	struct start *s = p->arena;
	int error = ctx_ready(&s->self, p->seat[0]);
	if (error)
		return error;
	error = ctx_ready(&s->child, p->seat[1]);
	if (error) {
		ctx_release(&s->self);
		return error;
	}
	ctx_adopt(&s->self);
	s->seat = p->seat[1];
	started_begin(&s->started, p->clock);
	return 0;
}

static int start_loop(void *arena, uint64_t n)
{
	struct start *s = arena;
	for (; n; n--) {
		uint64_t before = clock_read(s->started.clock);
		int error = ctx_spawn(&s->child, start_body, s);
		if (error)
			return error;
		ctx_join(&s->self, &s->child);
		if (s->seat >= 0 && s->cpu != (unsigned)s->seat)
			return -EXDEV;
		started_add(&s->started, before);
	}
	return 0;
}

static void start_close(void *arena)
{
	struct start *s = arena;
	ctx_release(&s->child);
	ctx_release(&s->self);
}

static uint64_t start_bodies(const void *arena)
{
	const struct start *s = arena;
	return s->started.ran;
}

static void start_read(void *arena, uint64_t turns, double *value)
{
	struct start *s = arena;
	(void)turns;
	value[0] = started_tell(&s->started);
}

static const struct histogram *start_histogram(void *arena)
{
	struct start *s = arena;
	return &s->started.values;
}

/* How often who joins sleeps depends on who is sooner. */
static const struct job start = {
	.name = "start",
	.summary = START_WORDS,
	.unit = "op",
	.needs = CAP_CREATE | CAP_TWO_CPUS,
	.ops = 1,
	.spawns = 1,
	.own = { .switches = NOT_CLAIMED, .calls = NOT_CLAIMED },
	.contexts = 2,
	.arena_bytes = start_bytes,
	.open = start_open,
	.loop = start_loop,
	.close = start_close,
	.bodies = start_bodies,
	.readings = start_readings,
	.read = start_read,
	.histogram = start_histogram,
};
static const struct job *const jobs[] = { &start, NULL };

#endif
