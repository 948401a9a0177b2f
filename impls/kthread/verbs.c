// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * kthread: the verbs of kernel threads. Included by harness/cell/instance.c, which is compiled here as it is, with the
 * same templates and once for every wait, into a module instead of a program.
 */
#include <linux/compiler.h>
#include <linux/kthread.h>
#include <linux/sched.h>

#include "impls/kthread/member.h"

#include WAIT_SOURCE

struct ctx {
	struct wait wait;
	struct member member;
	/* set before the spawn, read by the new context */
	ctx_body *body;
	void *arg;
	int seat;
};

static void ctx_wake(struct member *m)
{
	wait_wake(&container_of(m, struct ctx, member)->wait);
}

static inline int ctx_ready(struct ctx *c, int seat)
{
	c->seat = seat;
	c->member.wake = ctx_wake;
	wait_ready(&c->wait);
	return member_ready(&c->member, seat);
}

static inline void ctx_release(struct ctx *c)
{
	member_release(&c->member);
}

static inline void ctx_adopt(struct ctx *c)
{
	wait_owner(&c->wait, current);
}

static inline void ctx_await(struct ctx *self)
{
	wait_turn(&self->wait);
	if (unlikely(READ_ONCE(self->member.over)))
		member_end(&self->member);
}

static inline void ctx_handoff(struct ctx *self, struct ctx *to)
{
	self->member.handoffs++;
	wait_wake(&to->wait);
	ctx_await(self);
}

static inline void ctx_yield(struct ctx *self)
{
	self->member.handoffs++;
	yield();
}

/* Nothing manages a kernel thread from a mode that it would have to enter: CAP_MODE is not claimed. */
static inline void ctx_mode(struct ctx *self)
{
}

static int ctx_main(void *arg)
{
	struct ctx *c = arg, *next = c->body(c->arg);

	if (next)
		wait_wake(&next->wait);
	member_end(&c->member);
	return 0;
}

static inline int ctx_spawn(struct ctx *c, ctx_body *body, void *arg)
{
	int error;

	c->body = body;
	c->arg = arg;
	error = member_spawn(&c->member, c->seat, ctx_main, c);
	if (error)
		return error;
	wait_owner(&c->wait, c->member.task);
	wake_up_process(c->member.task);
	return 0;
}

static inline void ctx_join(struct ctx *self, struct ctx *c)
{
	member_join(&c->member);
}

/* What a hand-off and a spawn are claimed to make is told by the face: here nobody judges. */
#define IMPL_TRAITS .caps = CAP_SPAWN | CAP_YIELD | CAP_KERNEL | WAIT_CAPS
