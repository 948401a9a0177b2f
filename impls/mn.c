// SPDX-License-Identifier: MIT
/*
 * mn: user threads over K LWPs, by our own library: a deque for each LWP, work stealing, no LWP more than there is work
 * for. A hand-off runs the other on the LWP that one leaves; a yield goes through the queue of that LWP.
 */
#include "library/mn.h"
#include "guard.h"

struct ctx {
	struct mn_thread *thread;
	ctx_body *body;
	void *arg;
};

static unsigned long mn_contexts; /* for which there is a stack, so that no spawn in a loop makes one */

static int mn_impl_begin(const struct point *p)
{
	mn_contexts = 0;
	return mn_begin(p->workers);
}

static inline int ctx_ready(struct ctx *c, int seat)
{
	(void)c;
	(void)seat;                                                      /* on whatever LWP */
	int error = mn_contexts + 1 < mn.stacks.made ? 0 : mn_reserve(); /* one is a scheduler's */
	mn_contexts += !error;
	return error;
}

static inline void ctx_release(struct ctx *c)
{
	(void)c;
	mn_contexts--;
}

static inline void ctx_adopt(struct ctx *c)
{
	c->thread = mn_self();
	c->thread->turn = MN_RUNS; /* what it was given before is over */
}

static struct mn_thread *mn_ctx_main(void *arg)
{
	struct ctx *c = arg, *next = c->body(c->arg);
	return next ? next->thread : NULL;
}

static inline int ctx_spawn(struct ctx *c, ctx_body *body, void *arg)
{
	c->body = body;
	c->arg = arg;
	return mn_spawn(mn_self(), &c->thread, mn_ctx_main, c);
}

MN_INLINE void ctx_await(struct ctx *self)
{
	mn_park(self->thread); /* it may run before its turn has come */
}

MN_INLINE void ctx_handoff(struct ctx *self, struct ctx *to)
{
	mn_handoff(self->thread, to->thread);
}

MN_INLINE void ctx_yield(struct ctx *self)
{
	mn_yield(self->thread);
}

static inline void ctx_mode(struct ctx *self)
{
	(void)self;
	mn_self();
}

MN_INLINE void ctx_join(struct ctx *self, struct ctx *c)
{
	mn_join(self->thread, c->thread);
}

static const char *mn_missing(void)
{
	return guard_missing(ARCH_SHADOW_STACK | ARCH_MARKED_JUMPS);
}

#define IMPL_TRAITS                                                                                                    \
	.kind = "user-thread", .missing = mn_missing, .begin = mn_impl_begin, .end = mn_end,                           \
	.summary = "our scheduler, M:N: a deque for each LWP, work stealing",                                          \
	.caps = CAP_SPAWN | CAP_HANDOFF | CAP_MODE | CAP_YIELD | CAP_QUEUE | CAP_WORKERS,                              \
	.saves = "callee-saved registers; not the floating-point control words",                                       \
	.stack = "64 KiB above a guard page, from its free lists"
