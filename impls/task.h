// SPDX-License-Identifier: MIT
/*
 * What every kernel-scheduled context does alike: it waits for its turn by the wait it was compiled with, and enters
 * the kernel to reach the mode that manages it. Included by an impl after it has included its wait and defined struct
 * ctx, which has a `struct wait wait` and a `struct seat seat`.
 */
/* -- what a wait need not say: nothing of which there is only so much, missing nowhere, and made for any task */
#ifndef WAIT_NEEDS
#define WAIT_NEEDS                                                                                                     \
	{                                                                                                              \
		0                                                                                                      \
	}
#endif
#ifndef WAIT_MISSING
#define WAIT_MISSING NULL
#endif
#ifndef WAIT_NEEDS_LIBRARY
#define WAIT_NEEDS_LIBRARY NULL
#endif

/* One that must know which task waits says WAIT_BEGINS: the context itself calls these, first and last. */
#ifndef WAIT_BEGINS
static inline void wait_begin(struct wait *w)
{
	(void)w;
}

static inline void wait_end(struct wait *w)
{
	(void)w;
}
#endif

static inline void ctx_adopt(struct ctx *c)
{
	wait_begin(&c->wait);
}

static inline void ctx_await(struct ctx *self)
{
	wait_turn(&self->wait);
}

static inline void ctx_handoff(struct ctx *self, struct ctx *to)
{
	wait_wake(&to->wait);
	wait_turn(&self->wait);
}

static inline void ctx_yield(struct ctx *self)
{
	(void)self;
	SYSTEM(SYS_sched_yield);
}

/* The cheapest call that enters the kernel and can't be answered from user mode or from a cache. */
static inline void ctx_mode(struct ctx *self)
{
	(void)self;
	SYSTEM(SYS_getppid);
}

/* Runs the body of a new context and hands on to the successor that it names. */
static inline void task_run(struct ctx *c, ctx_body *body, void *arg)
{
	seat_sit(&c->seat);
	wait_begin(&c->wait);
	struct ctx *next = body(arg);
	wait_end(&c->wait);
	if (next)
		wait_wake(&next->wait);
}
