// SPDX-License-Identifier: MIT
/*
 * A creation by its timeline: the clock is read by the maker before and after the call that makes a context, by the
 * context first and last, and by the maker after the join. Included after an impl, whose verbs these are: so what is
 * taken apart is what bench/create.c measures whole. Probes, because they read a clock; each file is one impl, and says
 * before this whether it is the kernel that schedules it: CREATION_KERNEL.
 */
#ifndef BENCH_PROBES_ANATOMY_CREATION_H
#define BENCH_PROBES_ANATOMY_CREATION_H

#include "crowd.h"
#include "timeline.h"

/* In a batch; of user threads the harness makes 32 times as many as of kernel tasks. */
enum { CREATION_BATCH = 16, CREATION_MOST = CREATION_KERNEL ? CREATION_BATCH : 32 * CREATION_BATCH };

/* Written by the context, but for `timeline`. */
struct created {
	const struct timeline *timeline;
	uint64_t first, last, ran;
};

struct creation {
	struct ctx self, child[CREATION_MOST];
	struct created created[CREATION_MOST];
	unsigned made; /* contexts made ready */
	struct timeline timeline;
	struct crowd crowd;
};

static struct ctx *creation_body(void *arg)
{
	struct created *c = arg;
	c->first = timeline_now(c->timeline);
	c->ran++;
	c->last = timeline_now(c->timeline);
	return NULL;
}

static size_t creation_bytes(const struct point *p)
{
	(void)p;
	return sizeof(struct creation);
}

/* -- the loops */
/* One after the other, as `create` does it. */
static int creation_loop(void *arena, uint64_t n)
{
	struct creation *c = arena;
	for (; n; n--) {
		uint64_t before = timeline_now(&c->timeline);
		int error = ctx_spawn(&c->child[0], creation_body, &c->created[0]);
		uint64_t after = timeline_now(&c->timeline);
		if (error)
			return error;
		ctx_join(&c->self, &c->child[0]);
		uint64_t joined = timeline_now(&c->timeline);
		timeline_add(&c->timeline,
			(uint64_t[]){ before, after, c->created[0].first, c->created[0].last, joined },
			(double[]){ 1, 1, 1, 1 }, 1);
	}
	return 0;
}

/* All n made, then all joined. Which of them ran first and last is the scheduler's business. */
static inline void creation_add_batch(struct creation *c, uint64_t before, uint64_t after, uint64_t joined, uint64_t n)
{
	uint64_t first = c->created[0].first, last = c->created[0].last;
	for (uint64_t i = 1; i < n; i++) {
		first = (int64_t)(c->created[i].first - first) < 0 ? c->created[i].first : first;
		last = (int64_t)(c->created[i].last - last) > 0 ? c->created[i].last : last;
	}
	timeline_add(&c->timeline, (uint64_t[]){ before, after, first, last, joined },
		(double[]){ 1, 1, 2 * (double)n - 1, 1 }, (double)n);
}

static inline int creation_batch_loop(void *arena, uint64_t n)
{
	struct creation *c = arena;
	if (!n)
		return 0;
	if (n > c->made)
		return -EINVAL;
	uint64_t before = timeline_now(&c->timeline), made = 0;
	int error = 0;
	for (; made < n && !error; made++)
		error = ctx_spawn(&c->child[made], creation_body, &c->created[made]);
	made -= error != 0;
	uint64_t after = timeline_now(&c->timeline);
	for (uint64_t i = 0; i < made; i++)
		ctx_join(&c->self, &c->child[i]);
	uint64_t joined = timeline_now(&c->timeline);
	if (error)
		return error;
	creation_add_batch(c, before, after, joined, n);
	return 0;
}

/* -- around them */
static void creation_release(struct creation *c)
{
	while (c->made)
		ctx_release(&c->child[--c->made]);
	ctx_release(&c->self);
}

static int creation_ready(const struct point *p, unsigned contexts)
{
	struct creation *c = p->arena;
	int error = ctx_ready(&c->self, p->seat[0]);
	if (error)
		return error;
	for (; c->made < contexts; c->made++) {
		error = ctx_ready(&c->child[c->made], p->seat[1]);
		if (error) {
			creation_release(c);
			return error;
		}
		c->created[c->made].timeline = &c->timeline;
	}
	ctx_adopt(&c->self);
	timeline_begin(&c->timeline, p->clock);
	return 0;
}

static int creation_open(const struct point *p)
{
	return creation_ready(p, 1);
}

static inline int creation_batch_open(const struct point *p)
{
	return creation_ready(p, CREATION_MOST);
}

static void creation_close(void *arena)
{
	creation_release(arena);
}

static uint64_t creation_bodies(const void *arena)
{
	const struct creation *c = arena;
	uint64_t ran = 0;
	for (unsigned i = 0; i < CREATION_MOST; i++)
		ran += c->created[i].ran;
	return ran;
}

static const struct reading creation_parts[] = {
	{ "call-ns", READ_TICKS },
	{ "first-ns", READ_TICKS },
	{ "run-ns", READ_TICKS },
	{ "join-ns", READ_TICKS },
	{ "whole-ns", READ_TICKS },
	{ "early%", READ_NUMBER },
	{ NULL, READ_NUMBER },
};

static void creation_read(void *arena, uint64_t turns, double *value)
{
	struct creation *c = arena;
	(void)turns;
	timeline_tell(&c->timeline, value);
}

/* While others of the point's number are alive. */
static inline int creation_crowd_open(const struct point *p)
{
	struct creation *c = p->arena;
	int error = creation_ready(p, 1);
	if (!error) {
		error = crowd_begin(&c->crowd, p->at[0]);
		if (error)
			creation_release(c);
	}
	return error;
}

static inline void creation_crowd_close(void *arena)
{
	struct creation *c = arena;
	crowd_end(&c->crowd);
	creation_release(c);
}

/* -- the jobs */
#define CREATION(words, opens, loops, closes, ...)                                                                     \
	{                                                                                                              \
		.name = "anatomy", .summary = words, .unit = "op", .needs = CAP_CREATE, .ops = 1, .spawns = 1,         \
		.contexts = 2, .arena_bytes = creation_bytes, .open = opens, .loop = loops, .close = closes,           \
		.bodies = creation_bodies, .readings = creation_parts, .has_parts = 1, .read = creation_read,          \
		__VA_ARGS__                                                                                            \
	}

#define CREATION_ANATOMY                                                                                               \
	CREATION("create, run and join one context: the clock read at each step, by both sides", creation_open,        \
		creation_loop, creation_close, .variant = "of=create")

#define CREATION_IN_BATCH                                                                                              \
	CREATION("the same, but a batch is made before the first of them is joined", creation_batch_open,              \
		creation_batch_loop, creation_close, .variant = "made=batch", .batch = CREATION_BATCH)

#define CREATION_COLD(settles)                                                                                         \
	CREATION("the same, each on a stack whose pages are not there", creation_open, creation_loop, creation_close,  \
		.variant = "stack=cold", .batch = 1, .settle = settles, .own = { .calls = 1 })

#define CREATION_ALIVE(what)                                                                                           \
	CREATION("the same, while so many other " what, creation_crowd_open, creation_loop, creation_crowd_close,      \
		.scale = { { "alive", "alive" } })

#endif
