// SPDX-License-Identifier: MIT
/*
 * The interface at compile time: what an impl must define, as it likes and without ever being called through a pointer.
 * instance.c includes this, then the impl, then the benches; a verb that is missing is a compile error. The templates in bench/
 * see these verbs, the number of turns and their arena, and nothing else.
 */
#ifndef HARNESS_CELL_VERBS_H
#define HARNESS_CELL_VERBS_H

#include "impl.h"

/* For contexts that hand off to each other: on cache lines of their own, and not on neighbours that are fetched together, so
 * that how an impl lays out its struct ctx does not decide what a hand-off between two CPUs costs. */
#define CTX_APART __attribute__((aligned(128)))

struct ctx;
typedef struct ctx *ctx_body(void *arg); /* returns the context that runs next, or NULL: whoever joins */

/* -- untimed: every context of a cell is made ready before any is spawned, and released after all have been joined */
static inline int ctx_ready(struct ctx *c, int seat); /* stack, the wait's descriptors; seat: CPU, or -1. 0 or -errno */
static inline void ctx_release(struct ctx *c);
static inline void ctx_adopt(struct ctx *c);          /* the caller becomes context c */

/* -- timed */
static inline int ctx_spawn(struct ctx *c, ctx_body *body, void *arg); /* it may run from here on. 0 or -errno */
static inline void ctx_await(struct ctx *self);                         /* first turn; nothing for user threads */
static inline void ctx_handoff(struct ctx *self, struct ctx *to);       /* run `to`; return when handed back */
static inline void ctx_yield(struct ctx *self);                         /* through the scheduler's queue and back */
static inline void ctx_mode(struct ctx *self); /* into the mode that manages this impl, and straight back */
static inline void ctx_join(struct ctx *self, struct ctx *c);           /* self parks until c has ended */

#endif
