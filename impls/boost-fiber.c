// SPDX-License-Identifier: MIT
// needs: boost/fiber/all.hpp
// links: -lboost_fiber -lboost_context
// kind: user-thread
/* boost-fiber: Boost.Fiber with the scheduler that it has by default, a queue. Its other half is boost-fiber.cc. */
#include "boost-fiber.h"

#include "guard.h"
#include "stack.h"

struct ctx {
	ctx_body *body;
	void *arg;
	void *fiber;
};

#include "scheduled.h"

static int fiber_begin(const struct point *p)
{
	(void)p;
	return boost_fiber_begin(STACK_BYTES);
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

static void fiber_main(void *arg)
{
	struct ctx *c = arg;
	c->body(c->arg);
}

static inline int ctx_spawn(struct ctx *c, ctx_body *body, void *arg)
{
	c->body = body;
	c->arg = arg;
	return boost_fiber_spawn(&c->fiber, fiber_main, c);
}

static inline void ctx_yield(struct ctx *self)
{
	(void)self;
	boost_fiber_yield();
}

static inline void ctx_mode(struct ctx *self)
{
	(void)self;
	boost_fiber_self();
}

static inline void ctx_join(struct ctx *self, struct ctx *c)
{
	(void)self;
	boost_fiber_join(&c->fiber);
}

#include "fcontext.h"

#define IMPL_TRAITS                                                                                                    \
	SCHEDULED_TRAITS, .caps = SCHEDULED_CAPS | FCONTEXT_CAPS, .missing = guard_library_missing,                    \
			  .begin = fiber_begin, .end = boost_fiber_end, .version = boost_fiber_version,                \
			  .summary = "Boost.Fiber, by its default scheduler", .saves = FCONTEXT_SAVES,                 \
			  .stack = "64 KiB without a guard, the library's pooled_fixedsize_stack, reused"
