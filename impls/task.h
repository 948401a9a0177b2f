// SPDX-License-Identifier: MIT
/*
 * What every kernel-scheduled context does alike: it waits for its turn by the wait it was compiled with, and enters
 * the kernel to reach the mode that manages it. Included by an impl after it has included its wait and defined struct
 * ctx, which has a `struct wait wait` and an `int seat`.
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

/* A new context sits down on its CPU itself. Where that fails it runs on: the audit sees the CPU that it ended on. */
static inline void task_sit(int seat)
{
	enum { WORD = 8 * sizeof(long), WORDS = 8192 / WORD };
	if (seat < 0 || seat >= WORDS * (int)WORD)
		return;
	unsigned long mask[WORDS] = { 0 };
	mask[seat / WORD] = 1ul << seat % WORD;
	SYSTEM(SYS_sched_setaffinity, 0, (seat / WORD + 1) * sizeof(long), mask);
}

/* Runs the body of a new context and hands on to the successor that it names. */
static inline void task_run(struct ctx *c, ctx_body *body, void *arg)
{
	task_sit(c->seat);
	struct ctx *next = body(arg);
	if (next)
		wait_wake(&next->wait);
}
