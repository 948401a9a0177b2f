// SPDX-License-Identifier: MIT
/*
 * What every kernel-scheduled context does alike: it waits for its turn by the wait it was compiled with, and enters
 * the kernel to reach the mode that manages it. Included by an impl after it has included its wait and defined struct
 * ctx, which has a `struct wait wait` and a `struct seat seat`.
 */
static inline void ctx_adopt(struct ctx *c)
{
	(void)c;
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
	struct ctx *next = body(arg);
	if (next)
		wait_wake(&next->wait);
}
