// SPDX-License-Identifier: MIT
/*
 * A user thread, N:1: a stack and where on it to go on, switched without the kernel and always to a thread that is
 * named; there is no queue. Included by the impls that differ in how they switch: each says before what a
 * `uthread_resume` is and defines the two functions below.
 */
#include <errno.h>
#include <stddef.h>
#include <stdint.h>

#include "stack.h"

struct ctx {
	uthread_resume resume; /* where it goes on; valid while it does not run */
	ctx_body *body;
	void *arg;
	struct ctx *joiner; /* parked until this one has ended, or NULL */
	int done;
	struct stack stack;
};

/* Leave self where it is and go on where `to` was left. */
static inline void uthread_switch(struct ctx *self, struct ctx *to);
/* Make c go on with entry(c) on its own stack. 0 or -errno. */
static inline int uthread_begin(struct ctx *c, void (*entry)(void *c));

static inline int ctx_ready(struct ctx *c, int seat)
{
	(void)seat; /* on the CPU of the one LWP that carries them all */
	return stack_get(&c->stack);
}

static inline void ctx_release(struct ctx *c)
{
	stack_put(&c->stack);
}

static inline void ctx_adopt(struct ctx *c)
{
	c->done = 0;
}

static void uthread_main(void *arg)
{
	struct ctx *c = arg;
	struct ctx *next = c->body(c->arg);
	c->done = 1;
	uthread_switch(c, next ? next : c->joiner);
	__builtin_trap(); /* an ended thread was switched to */
}

static inline int ctx_spawn(struct ctx *c, ctx_body *body, void *arg)
{
	c->body = body;
	c->arg = arg;
	c->joiner = NULL;
	c->done = 0;
	return uthread_begin(c, uthread_main);
}

static inline void ctx_await(struct ctx *self)
{
	(void)self; /* whoever runs has been switched to */
}

static inline void ctx_handoff(struct ctx *self, struct ctx *to)
{
	uthread_switch(self, to);
}

static inline void ctx_yield(struct ctx *self)
{
	(void)self;
	__builtin_trap(); /* no queue: CAP_YIELD is not claimed */
}

/* The mode that manages user threads is the library: a call into it that looks at its state and switches nothing. */
static __attribute__((noinline)) int uthread_ended(const struct ctx *c)
{
	return *(const volatile int *)&c->done;
}

static inline void ctx_mode(struct ctx *self)
{
	uthread_ended(self);
}

static inline void ctx_join(struct ctx *self, struct ctx *c)
{
	while (!c->done) {
		c->joiner = self;
		uthread_switch(self, c);
	}
}

#define UTHREAD_TRAITS .kind = "user-thread", .stack = "64 KiB above a guard page, ours, reused"
#define UTHREAD_CAPS (CAP_SPAWN | CAP_HANDOFF | CAP_MODE)
