// SPDX-License-Identifier: MIT
// needs: st.h
// links: -lst
// kind: user-thread
/*
 * st: State Threads. Stacks are the library's own, as large as asked for, and go through its free list. Version 1.9 has
 * no yield but a sleep of no time: the thread is put among the timers, the idle thread looks into the kernel for
 * descriptors that are ready, and wakes it.
 */
#include <errno.h>
#include <st.h>

#include "guard.h"
#include "stack.h"

struct ctx {
	ctx_body *body;
	void *arg;
	st_thread_t thread;
};

#include "scheduled.h"

static int state_begin(const struct point *p)
{
	(void)p;
	return st_init() ? -errno : 0;
}

static inline int ctx_ready(struct ctx *c, int seat)
{
	(void)c;
	(void)seat;
	return 0;
}

static inline void ctx_release(struct ctx *c)
{
	(void)c;
}

static void *state_main(void *arg)
{
	struct ctx *c = arg;
	c->body(c->arg);
	return NULL;
}

static inline int ctx_spawn(struct ctx *c, ctx_body *body, void *arg)
{
	c->body = body;
	c->arg = arg;
	c->thread = st_thread_create(state_main, c, 1, STACK_BYTES);
	return c->thread ? 0 : errno ? -errno : -EAGAIN;
}

static inline void ctx_yield(struct ctx *self)
{
	(void)self;
	st_usleep(ST_UTIME_NO_WAIT);
}

static inline void ctx_mode(struct ctx *self)
{
	(void)self;
	st_thread_self();
}

static inline void ctx_join(struct ctx *self, struct ctx *c)
{
	(void)self;
	st_thread_join(c->thread, NULL);
}

static const char *state_version(void)
{
	return "State Threads " ST_VERSION;
}

#define IMPL_TRAITS                                                                                                    \
	SCHEDULED_TRAITS, .caps = SCHEDULED_CAPS, .missing = guard_library_missing, .begin = state_begin,              \
			  .version = state_version, .summary = "State Threads; yields by st_usleep(0)",                \
			  .saves = "callee-saved registers; not the floating-point control words",                     \
			  .stack = "64 KiB without a guard, the library's own, reused from its free list"
