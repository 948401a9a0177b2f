// SPDX-License-Identifier: MIT
/*
 * Verbs that the templates can be compiled with and that nobody calls: for an impl whose contexts and loops live
 * outside of this program, and which takes from the templates what they say of themselves.
 */
#ifndef IMPLS_UNREACHED_H
#define IMPLS_UNREACHED_H

#include <errno.h>

struct ctx {
	int unused;
};

static inline int ctx_ready(struct ctx *c, int seat)
{
	(void)c;
	(void)seat;
	return -ENOTSUP;
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
	(void)c;
	(void)body;
	(void)arg;
	return -ENOTSUP;
}

static inline void ctx_await(struct ctx *self)
{
	(void)self;
}

static inline void ctx_handoff(struct ctx *self, struct ctx *to)
{
	(void)self;
	(void)to;
}

static inline void ctx_yield(struct ctx *self)
{
	(void)self;
}

static inline void ctx_mode(struct ctx *self)
{
	(void)self;
}

static inline void ctx_join(struct ctx *self, struct ctx *c)
{
	(void)self;
	(void)c;
}

#endif
