// SPDX-License-Identifier: MIT
/* null: a procedure call where others switch. The floor that everything is a multiple of; its peer never runs. */
#include <stddef.h>

struct ctx {
	int unused;
};

static __attribute__((noinline)) void null_call(struct ctx *a, struct ctx *b)
{
	__asm__ volatile("" ::"r"(a), "r"(b) : "memory");
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

static inline void ctx_adopt(struct ctx *c)
{
	(void)c;
}

static inline int ctx_spawn(struct ctx *c, ctx_body *body, void *arg)
{
	(void)body;
	(void)arg;
	null_call(c, c);
	return 0;
}

static inline void ctx_await(struct ctx *self)
{
	(void)self;
}

static inline void ctx_handoff(struct ctx *self, struct ctx *to)
{
	null_call(self, to);
}

static inline void ctx_yield(struct ctx *self)
{
	null_call(self, self);
}

static inline void ctx_mode(struct ctx *self)
{
	null_call(self, self);
}

/* Not a second call: one op is one call. */
static inline void ctx_join(struct ctx *self, struct ctx *c)
{
	(void)self;
	(void)c;
}

static const char *null_missing(void)
{
	return NULL;
}

#define IMPL_TRAITS                                                                                                    \
	.kind = "floor", .saves = "nothing", .stack = "none: its caller's", .summary = "a procedure call",             \
	.caps = CAP_SPAWN | CAP_HANDOFF | CAP_MODE | CAP_CALL_ONLY, .missing = null_missing
