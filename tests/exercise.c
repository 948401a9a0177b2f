// SPDX-License-Identifier: MIT
/*
 * An exercise: a user thread of your own. Every verb is empty and waits for you. Build it, and let the suite mark it:
 *
 *     make IMPL=tests/exercise.c
 *     build/ctxbench conform --only impl=exercise
 *
 * Each `not ok` says what a context must do and this one does not. When all are `ok`, it may be timed:
 *
 *     IMPL=tests/exercise.c bench/run --only 'impl=exercise,uthread-jmp,null place=same-pu'
 *
 * What you may use: a switch in assembly, arch_switch, and arch_first_frame, which builds a stack for it to begin on
 * (both in impls/arch/arch.h), and memory by mmap. harness/cell/verbs.h says in a line what each verb is.
 * plots/README.md has a page of questions to answer before you run it.
 */
#include <errno.h>
#include <stddef.h>
#include <sys/mman.h>

#include "arch/arch.h"

/* 1. What must be kept of a context while another runs, and what does its maker tell it? */
struct ctx {
	int nothing_yet;
};

/* 2. Make c ready, before anything is timed: it needs a stack. 0, or -errno if there is none to be had. */
static inline int ctx_ready(struct ctx *c, int seat)
{
	(void)c;
	(void)seat; /* a CPU to run on: of no concern to a user thread */
	return 0;
}

static inline void ctx_release(struct ctx *c)
{
	(void)c;
}

/* 3. Whoever calls this runs already, on a stack that it has: from now on it is the context c. */
static inline void ctx_adopt(struct ctx *c)
{
	(void)c;
}

/* 4. Let c run body(arg) when it is switched to first. What body returns is the context that runs after it: NULL for
 * whoever has called ctx_join. A body that simply returned would go where no caller is: what must stand around it? */
static inline int ctx_spawn(struct ctx *c, ctx_body *body, void *arg)
{
	(void)c;
	(void)body;
	(void)arg;
	return 0;
}

/* The first thing that a body does: wait for its turn. When a user thread runs, it has been given it. */
static inline void ctx_await(struct ctx *self)
{
	(void)self;
}

/* 5. The switch: leave self where it is, go on where `to` was left. It returns when somebody hands back to self. */
static inline void ctx_handoff(struct ctx *self, struct ctx *to)
{
	(void)self;
	(void)to;
}

/* Through a queue, which this one need not have: CAP_YIELD is not among the caps below. */
static inline void ctx_yield(struct ctx *self)
{
	(void)self;
	__builtin_trap();
}

/* A call into what manages these contexts, which switches nothing. For a user thread that is a function of yours. */
static inline void ctx_mode(struct ctx *self)
{
	(void)self;
}

/* 6. Come back when c has ended, and let it run if it has not begun. How does c know who waits for it? */
static inline void ctx_join(struct ctx *self, struct ctx *c)
{
	(void)self;
	(void)c;
}

/* NULL where it works, else why it can't: "no port for this CPU". */
static const char *exercise_missing(void)
{
	return arch_missing();
}

#define IMPL_TRAITS                                                                                                    \
	.kind = "user-thread", .saves = "what a function must keep", .stack = "yours", .summary = "an exercise",       \
	.caps = CAP_SPAWN | CAP_HANDOFF | CAP_MODE, .missing = exercise_missing
