// SPDX-License-Identifier: MIT
/*
 * anatomy of one user thread of our library's. A read of the clock takes as long as all of it: so it is read only
 * around as many calls as the harness makes of a batch of two, and around their joins; the threads read none. What lies
 * within a join is two switches, which another bench measures.
 */
#include "../../../harness/cell/verbs.h"

#include "../../../impls/uthread.c"
#define CREATION_KERNEL 0
#include "creation.h"

enum { PAIR = 2 };

/* A body that takes nothing, as that of `create`. */
static struct ctx *quiet_body(void *arg)
{
	struct created *c = arg;
	c->ran++;
	return NULL;
}

static int quiet_loop(void *arena, uint64_t n)
{
	struct creation *c = arena;
	if (!n)
		return 0;
	if (n > c->made)
		return -EINVAL;
	uint64_t before = timeline_now(&c->timeline);
	for (uint64_t i = 0; i < n; i++) {
		int error = ctx_spawn(&c->child[i], quiet_body, &c->created[i]);
		if (error)
			return error;
	}
	uint64_t after = timeline_now(&c->timeline);
	for (uint64_t i = 0; i < n; i++)
		ctx_join(&c->self, &c->child[i]);
	uint64_t joined = timeline_now(&c->timeline);
	timeline_add(
		&c->timeline, (uint64_t[]){ before, after, after, after, joined }, (double[]){ 1, 0, 0, 1 }, (double)n);
	return 0;
}

static struct ctx *crowd_thread; /* alive: in the queue, and nobody runs them while somebody else is named */

static struct ctx *crowd_body(void *arg)
{
	(void)arg;
	return NULL;
}

static void crowd_threads_end(uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		ctx_join(NULL, &crowd_thread[i]);
	free(crowd_thread);
	crowd_thread = NULL;
}

static int crowd_threads_begin(uint64_t n)
{
	crowd_thread = calloc(n + 1, sizeof *crowd_thread);
	if (!crowd_thread)
		return -ENOMEM;
	for (uint64_t i = 0; i < n; i++) {
		int error = ctx_spawn(&crowd_thread[i], crowd_body, NULL);
		if (error) {
			crowd_threads_end(i);
			return error;
		}
	}
	return 0;
}

static int alive_open(const struct point *p)
{
	struct creation *c = p->arena;
	int error = crowd_threads_begin(p->at[0]);
	if (error)
		return error;
	c->crowd.tasks = p->at[0];
	error = creation_batch_open(p);
	if (error)
		crowd_threads_end(c->crowd.tasks);
	return error;
}

static void alive_close(void *arena)
{
	struct creation *c = arena;
	crowd_threads_end(c->crowd.tasks);
	creation_release(c);
}

/* The free list is forgotten before each, so that the library makes a stack; the settle gives them all back. */
static int fresh_loop(void *arena, uint64_t n)
{
	for (; n; n--) {
		ut.unused = NULL;
		int error = creation_loop(arena, 1);
		if (error)
			return error;
	}
	return 0;
}

static void fresh_settle(void *arena)
{
	(void)arena;
	ut_end();
}

static const struct job anatomy = CREATION("create, run and join user threads, 64 at a time", creation_batch_open,
				quiet_loop, creation_close, .variant = "of=create", .batch = PAIR),
			batch = CREATION("the same, but 512 are made before the first is joined", creation_batch_open,
				quiet_loop, creation_close, .variant = "made=batch", .batch = CREATION_BATCH),
			alive = CREATION("the same, while so many other threads are alive and ready", alive_open,
				quiet_loop, alive_close, .batch = PAIR, .scale = { { "alive", "alive" } });
static const struct job fresh = CREATION("the same, each on a stack that the library makes for it", creation_open,
	fresh_loop, creation_close, .variant = "stack=fresh", .batch = 1, .settle = fresh_settle);
static const struct job *const jobs[] = { &anatomy, &batch, &alive, NULL }, *const fresh_jobs[] = { &fresh, NULL };

static const struct impl probe = { .name = "uthread", .wait = "none", .jobs = jobs, IMPL_TRAITS };
__attribute__((used, section("impls"))) static const struct impl *const entry = &probe;

/* The same, but that the library decides how many calls a new stack takes. */
#define CAP_QUEUE (CAP_QUEUE | CAP_LIBC_SPAWN)
static const struct impl fresh_probe = { .name = "uthread", .wait = "none", .jobs = fresh_jobs, IMPL_TRAITS };
__attribute__((used, section("impls"))) static const struct impl *const fresh_entry = &fresh_probe;
