// SPDX-License-Identifier: MIT
/*
 * A user thread, N:1: a stack and a stack pointer, switched without the kernel and always to a thread that is named; there is
 * no queue. Included by the impls that differ in how a switch ends, which define UTHREAD_SWITCH(save_sp, load_sp) and
 * UTHREAD_FIRST_FRAME(top, entry, arg).
 */
#include <stddef.h>
#include <stdint.h>

#include "arch/arch.h"
#include "stack.h"

struct ctx {
	void *sp; /* where it goes on; valid while it does not run */
	ctx_body *body;
	void *arg;
	struct ctx *joiner; /* parked until this one has ended, or NULL */
	int done;
	struct stack stack;
};

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
	UTHREAD_SWITCH(&c->sp, (next ? next : c->joiner)->sp);
	__builtin_trap(); /* an ended thread was switched to */
}

static inline int ctx_spawn(struct ctx *c, ctx_body *body, void *arg)
{
	c->body = body;
	c->arg = arg;
	c->joiner = NULL;
	c->done = 0;
	c->sp = UTHREAD_FIRST_FRAME(stack_top(&c->stack), uthread_main, c);
	return 0;
}

static inline void ctx_await(struct ctx *self)
{
	(void)self; /* whoever runs has been switched to */
}

static inline void ctx_handoff(struct ctx *self, struct ctx *to)
{
	UTHREAD_SWITCH(&self->sp, to->sp);
}

static inline void ctx_yield(struct ctx *self)
{
	(void)self;
	__builtin_trap(); /* no queue: CAP_YIELD is not claimed */
}

/* The mode that manages user threads is the library: a call into it that looks at its state and switches nothing. */
static __attribute__((noinline, noclone)) int uthread_ended(const struct ctx *c)
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
		UTHREAD_SWITCH(&self->sp, c->sp);
	}
}

#define UTHREAD_TRAITS                                                                                                 \
	.kind = "user-thread", .caps = CAP_SPAWN | CAP_HANDOFF | CAP_MODE, .max_contexts = 16384
