// SPDX-License-Identifier: MIT
/*
 * bound: user threads each on an LWP of its own. The library parks and unparks them, the kernel switches. It waits in
 * no way of impls/waits: how a bound thread waits is the library's.
 */
#include "seat.h"
#include "system.h"

#include "library/bound.h"

struct ctx {
	struct bound_thread thread;
	/* set before the spawn, read by the new context */
	ctx_body *body;
	void *arg;
	struct seat seat;
};

static inline int ctx_ready(struct ctx *c, int seat)
{
	int error = seat_take(&c->seat, seat);
	return error ? error : bound_ready(&c->thread);
}

static inline void ctx_release(struct ctx *c)
{
	bound_release(&c->thread);
}

static inline void ctx_adopt(struct ctx *c)
{
	c->thread.turn = 0;
}

static struct bound_thread *bound_ctx_main(void *arg)
{
	struct ctx *c = arg;
	seat_sit(&c->seat);
	struct ctx *next = c->body(c->arg);
	return next ? &next->thread : NULL;
}

static inline int ctx_spawn(struct ctx *c, ctx_body *body, void *arg)
{
	c->body = body;
	c->arg = arg;
	return bound_spawn(&c->thread, bound_ctx_main, c);
}

static inline void ctx_await(struct ctx *self)
{
	bound_park(&self->thread);
}

static inline void ctx_handoff(struct ctx *self, struct ctx *to)
{
	bound_handoff(&self->thread, &to->thread);
}

static inline void ctx_yield(struct ctx *self)
{
	(void)self;
	SYSTEM(SYS_sched_yield);
}

static inline void ctx_mode(struct ctx *self)
{
	bound_state(&self->thread);
}

static inline void ctx_join(struct ctx *self, struct ctx *c)
{
	(void)self;
	bound_join(&c->thread);
}

#define IMPL_TRAITS                                                                                                    \
	.kind = "user-thread", .saves = "all of user mode's registers, by the kernel",                                 \
	.stack = "64 KiB or the least that the C library allows, its own, from its cache",                             \
	.summary = "bound, each on an LWP of its own; parked by our library",                                          \
	.caps = CAP_SPAWN | CAP_HANDOFF | CAP_MODE | CAP_TWO_CPUS | CAP_KERNEL | CAP_THREAD_GROUP | CAP_SAVES_FP |     \
		CAP_LIBC_SPAWN,                                                                                        \
	.missing = arch_missing, .per_spawn = { .switches = 2, .tasks = 1 },                                           \
	.per_handoff = { .switches = 1, .calls = 2 }
