// SPDX-License-Identifier: MIT
// needs: pcl.h
// links: -lpcl
// kind: user-thread
/* pcl: the Portable Coroutine Library: swapcontext, and whose turn it is kept for each pthread. */
#include <pcl.h>

#include "guard.h"

typedef coroutine_t uthread_resume;
#define ctx_adopt uthread_adopt
#define ctx_join uthread_join
#include "uthread.h"
#undef ctx_adopt
#undef ctx_join

static int pcl_begin(const struct point *p)
{
	(void)p;
	return co_thread_init() ? -EAGAIN : 0;
}

static void pcl_end(void)
{
	co_thread_cleanup();
}

static inline void uthread_switch(struct ctx *self, struct ctx *to)
{
	(void)self; /* the library knows who runs */
	co_call(to->resume);
}

static inline int uthread_begin(struct ctx *c, void (*entry)(void *c))
{
	c->resume = co_create(entry, c, (char *)stack_top(&c->stack) - STACK_BYTES, STACK_BYTES);
	return c->resume ? 0 : -ENOMEM;
}

static inline void ctx_adopt(struct ctx *c)
{
	uthread_adopt(c);
	c->resume = co_current();
}

static inline void ctx_join(struct ctx *self, struct ctx *c)
{
	uthread_join(self, c);
	co_delete(c->resume);
}

#define IMPL_TRAITS                                                                                                    \
	UTHREAD_TRAITS, .caps = UTHREAD_CAPS | CAP_SAVES_FP | CAP_LIBC_SPAWN | CAP_LIBC_HANDOFF,                       \
			.missing = guard_library_missing, .begin = pcl_begin, .end = pcl_end,                          \
			.summary = "co_call of the Portable Coroutine Library",                                        \
			.saves = "by swapcontext: callee-saved registers, floating-point control words, signal mask"
