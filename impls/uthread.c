// SPDX-License-Identifier: MIT
/*
 * uthread: user threads under a scheduler, N:1, by our own library. A spawn queues, a join runs what it waits for;
 * stacks come from the library's free list. The impls uthread-* are its switch alone, in several makes.
 */
#include "guard.h"
#include "library/uthreads.h"

struct ctx {
	struct ut_thread *thread;
	ctx_body *body;
	void *arg;
};

static unsigned long uthread_ready; /* contexts for which there is a stack, so that no spawn in a loop makes one */

static int uthread_begin(const struct point *p)
{
	(void)p;
	uthread_ready = 0;
	ut_begin();
	return 0;
}

static inline int ctx_ready(struct ctx *c, int seat)
{
	(void)c;
	(void)seat; /* on the CPU of the one LWP that carries them all */
	int error = uthread_ready < ut.stacks.made ? 0 : ut_reserve();
	uthread_ready += !error;
	return error;
}

static inline void ctx_release(struct ctx *c)
{
	(void)c;
	uthread_ready--;
}

static inline void ctx_adopt(struct ctx *c)
{
	c->thread = ut.self;
}

static struct ut_thread *uthread_main(void *arg)
{
	struct ctx *c = arg, *next = c->body(c->arg);
	return next ? next->thread : NULL;
}

static inline int ctx_spawn(struct ctx *c, ctx_body *body, void *arg)
{
	c->body = body;
	c->arg = arg;
	return ut_spawn(&c->thread, uthread_main, c);
}

static inline void ctx_await(struct ctx *self)
{
	(void)self; /* whoever runs has been switched to */
}

UT_INLINE void ctx_handoff(struct ctx *self, struct ctx *to)
{
	(void)self;
	ut_handoff(to->thread);
}

UT_INLINE void ctx_yield(struct ctx *self)
{
	(void)self;
	ut_yield();
}

static inline void ctx_mode(struct ctx *self)
{
	(void)self;
	ut_self();
}

UT_INLINE void ctx_join(struct ctx *self, struct ctx *c)
{
	(void)self;
	ut_join(c->thread);
}

static const char *uthread_missing(void)
{
	return guard_missing(ARCH_SHADOW_STACK | ARCH_MARKED_JUMPS);
}

#define IMPL_TRAITS                                                                                                    \
	.kind = "user-thread", .missing = uthread_missing, .begin = uthread_begin, .end = ut_end,                      \
	.summary = "our scheduler, N:1: run queue, mutex, condition, semaphore",                                       \
	.caps = CAP_SPAWN | CAP_HANDOFF | CAP_MODE | CAP_YIELD | CAP_QUEUE,                                            \
	.saves = "callee-saved registers; not the floating-point control words",                                       \
	.stack = "64 KiB above a guard page, from its free list"
