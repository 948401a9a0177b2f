// SPDX-License-Identifier: MIT
// needs: pth.h
// links: -lpth
// kind: user-thread
/*
 * pth: GNU Pth. Every change of thread goes through its scheduler, which is a thread of its own: two switches of
 * ucontext and its calls for time and signals. Its yield takes the name of a thread to favour, or leaves it to the
 * queue: so it has both a hand-off and a yield. The stack is ours, what describes the thread is the library's.
 */
#include <errno.h>
#include <pth.h>
#include <stdio.h>

#include "guard.h"
#include "stack.h"

struct ctx {
	ctx_body *body;
	void *arg;
	pth_attr_t attributes;
	pth_t thread;
	struct stack stack;
};

static int pth_begin(const struct point *p)
{
	(void)p;
	return pth_init() ? 0 : -errno;
}

static void pth_end(void)
{
	pth_kill();
}

static inline void ctx_release(struct ctx *c)
{
	pth_attr_destroy(c->attributes);
	stack_put(&c->stack);
}

static inline int ctx_ready(struct ctx *c, int seat)
{
	(void)seat;
	int error = stack_get(&c->stack);
	if (error)
		return error;
	c->attributes = pth_attr_new();
	if (!c->attributes) {
		stack_put(&c->stack);
		return -ENOMEM;
	}
	pth_attr_set(c->attributes, PTH_ATTR_STACK_SIZE, (unsigned)STACK_BYTES);
	pth_attr_set(c->attributes, PTH_ATTR_STACK_ADDR, (char *)stack_top(&c->stack) - STACK_BYTES);
	return 0;
}

static inline void ctx_adopt(struct ctx *c)
{
	c->thread = pth_self();
}

/* An ended thread can't name who runs next, so it lets it run before it ends. */
static void *pth_main(void *arg)
{
	struct ctx *c = arg, *next = c->body(c->arg);
	if (next)
		pth_yield(next->thread);
	return NULL;
}

static inline int ctx_spawn(struct ctx *c, ctx_body *body, void *arg)
{
	c->body = body;
	c->arg = arg;
	c->thread = pth_spawn(c->attributes, pth_main, c);
	return c->thread ? 0 : -errno;
}

static inline void ctx_await(struct ctx *self)
{
	(void)self;
}

static inline void ctx_handoff(struct ctx *self, struct ctx *to)
{
	(void)self;
	pth_yield(to->thread);
}

static inline void ctx_yield(struct ctx *self)
{
	(void)self;
	pth_yield(NULL);
}

static inline void ctx_mode(struct ctx *self)
{
	(void)self;
	pth_self();
}

static inline void ctx_join(struct ctx *self, struct ctx *c)
{
	(void)self;
	pth_join(c->thread, NULL);
}

static const char *pth_has_version(void)
{
	static char text[32];
	long v = pth_version(); /* two digits each, and two for the kind of release */
	snprintf(text, sizeof text, "GNU Pth %lx.%lx.%lx", v >> 20, v >> 12 & 0xff, v & 0xff);
	return text;
}

#define IMPL_TRAITS                                                                                                    \
	.kind = "user-thread", .missing = guard_library_missing, .begin = pth_begin, .end = pth_end,                   \
	.version = pth_has_version, .summary = "GNU Pth; hands off and yields by pth_yield",                           \
	.caps = CAP_SPAWN | CAP_HANDOFF | CAP_MODE | CAP_YIELD | CAP_QUEUE | CAP_SAVES_FP | CAP_LIBC_SPAWN |           \
		CAP_LIBC_HANDOFF,                                                                                      \
	.saves = "by swapcontext: callee-saved registers, floating-point control words, signal mask, errno",           \
	.stack = "64 KiB above a guard page, ours, reused"
