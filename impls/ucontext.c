// SPDX-License-Identifier: MIT
/* ucontext: user threads by the C library's swapcontext, which keeps the signal mask too and so calls the kernel. */
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <ucontext.h>

#include "stack.h"

/* musl has the header and not the functions. */
#pragma weak getcontext
#pragma weak makecontext
#pragma weak swapcontext

struct ctx {
	ucontext_t context; /* where it goes on; valid while it does not run */
	ctx_body *body;
	void *arg;
	struct ctx *joiner;
	int done;
	struct stack stack;
};

static inline int ctx_ready(struct ctx *c, int seat)
{
	(void)seat;
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

/* makecontext passes ints: a pointer comes in two halves. */
static void ucontext_main(unsigned high, unsigned low)
{
	struct ctx *c = (struct ctx *)(uintptr_t)((uint64_t)high << 32 | low);
	struct ctx *next = c->body(c->arg);
	c->done = 1;
	swapcontext(&c->context, &(next ? next : c->joiner)->context);
	__builtin_trap();
}

static inline int ctx_spawn(struct ctx *c, ctx_body *body, void *arg)
{
	c->body = body;
	c->arg = arg;
	c->joiner = NULL;
	c->done = 0;
	if (getcontext(&c->context))
		return -errno;
	c->context.uc_stack.ss_sp = (char *)stack_top(&c->stack) - STACK_BYTES;
	c->context.uc_stack.ss_size = STACK_BYTES;
	c->context.uc_link = NULL;
	uint64_t self = (uintptr_t)c;
	makecontext(&c->context, (void (*)(void))(void *)ucontext_main, 2, (unsigned)(self >> 32), (unsigned)self);
	return 0;
}

static inline void ctx_await(struct ctx *self)
{
	(void)self;
}

static inline void ctx_handoff(struct ctx *self, struct ctx *to)
{
	swapcontext(&self->context, &to->context);
}

static inline void ctx_yield(struct ctx *self)
{
	(void)self;
	__builtin_trap(); /* no queue */
}

static __attribute__((noinline, noclone)) int ucontext_ended(const struct ctx *c)
{
	return *(const volatile int *)&c->done;
}

static inline void ctx_mode(struct ctx *self)
{
	ucontext_ended(self);
}

static inline void ctx_join(struct ctx *self, struct ctx *c)
{
	while (!c->done) {
		c->joiner = self;
		swapcontext(&self->context, &c->context);
	}
}

static const char *ucontext_missing(void)
{
	return getcontext && makecontext && swapcontext ? NULL : "not in this C library";
}

#define IMPL_TRAITS                                                                                                    \
	.kind = "user-thread", .saves = "callee-saved registers, floating-point control words, signal mask",           \
	.summary = "swapcontext of the C library", .caps = CAP_SPAWN | CAP_HANDOFF | CAP_MODE | CAP_SAVES_FP,          \
	.max_contexts = 16384, .missing = ucontext_missing, .per_spawn = { .calls = 3 }, .per_handoff = { .calls = 1 }
