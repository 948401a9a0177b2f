// SPDX-License-Identifier: MIT
/* anatomy and create-split of one user thread of our library's. */
#include "../../harness/cell/verbs.h"
#include "../../impls/uthread.c"
#define CREATION_KERNEL 0
#include "creation.h"

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
	error = creation_ready(p, 1);
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

static const struct job anatomy = CREATION_ANATOMY("one user thread"), batch = CREATION_IN_BATCH,
			alive = CREATION("create-split", "as anatomy, while so many other threads are alive and ready",
				alive_open, creation_loop, alive_close, .scale = { { "alive", "alive" } });
static const struct job fresh = CREATION("create-split", "as anatomy, each on a stack that the library makes for it",
	creation_open, fresh_loop, creation_close, .variant = "stack=fresh", .batch = 1, .settle = fresh_settle);
static const struct job *const jobs[] = { &anatomy, &batch, &alive, NULL }, *const fresh_jobs[] = { &fresh, NULL };

static const struct impl probe = { .name = "uthread", .wait = "none", .jobs = jobs, IMPL_TRAITS };
__attribute__((used, section("impls"))) static const struct impl *const entry = &probe;

/* The same, but that the library decides how many calls a new stack takes. */
#define CAP_QUEUE (CAP_QUEUE | CAP_LIBC_SPAWN)
static const struct impl fresh_probe = { .name = "uthread", .wait = "none", .jobs = fresh_jobs, IMPL_TRAITS };
__attribute__((used, section("impls"))) static const struct impl *const fresh_entry = &fresh_probe;
