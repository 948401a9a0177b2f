// SPDX-License-Identifier: MIT
// waits: *
/*
 * lwp: a light-weight process by raw clone, sharing everything; the thread library has no part in it. The same file is
 * every rung of the ladder from nothing shared to everything: FLAGS says what is. Without CLONE_VM all memory but the
 * arena is a copy, the stack too; without CLONE_THREAD it is a child of its maker, who must reap it.
 */
#include <sched.h>

#ifndef FLAGS
#define FLAGS (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM)
#endif
#define IMPL_SHARES_VM (((FLAGS)&CLONE_VM) != 0)
#include "seat.h"
#include "system.h"
#include WAIT_SOURCE

#include <signal.h>
#include <sys/wait.h>

#include "stack.h"

struct ctx {
	struct wait wait;
	/* set before the spawn, read by the new context */
	ctx_body *body;
	void *arg;
	struct seat seat;
	/* of a thread, cleared by the kernel when it has ended; of a child, its number */
	int tid;
	struct stack stack;
};

#include "task.h"

static inline int ctx_ready(struct ctx *c, int seat)
{
	int error = seat_take(&c->seat, seat);
	if (!error)
		error = stack_get(&c->stack);
	if (!error) {
		error = wait_ready(&c->wait);
		if (error)
			stack_put(&c->stack);
	}
	return error;
}

static inline void ctx_release(struct ctx *c)
{
	wait_release(&c->wait);
	stack_put(&c->stack);
}

/* What it returns to is exit(2) of this task alone: libc's exit would run its maker's handlers and flush its files. */
static void lwp_main(void *arg)
{
	struct ctx *c = arg;
	task_run(c, c->body, c->arg);
}

#ifndef LWP_CLONE
#define LWP_CLONE arch_clone
#endif

static inline int lwp_spawn_thread(struct ctx *c)
{
	c->tid = 1; /* until the kernel clears it; set here, so that a join that comes first sees a live context */
	long tid = LWP_CLONE((FLAGS) | CLONE_CHILD_CLEARTID, stack_top(&c->stack), lwp_main, c, &c->tid);
	return tid < 0 ? (int)tid : 0;
}

/* With the exit signal of a fork, so that any way to wait for children finds it. */
static inline int lwp_spawn_child(struct ctx *c)
{
	long tid = LWP_CLONE((FLAGS) | SIGCHLD, stack_top(&c->stack), lwp_main, c, NULL);
	c->tid = (int)tid;
	return tid < 0 ? (int)tid : 0;
}

static inline int ctx_spawn(struct ctx *c, ctx_body *body, void *arg)
{
	c->body = body;
	c->arg = arg;
	return (FLAGS)&CLONE_THREAD ? lwp_spawn_thread(c) : lwp_spawn_child(c);
}

static inline void lwp_join_thread(struct ctx *c)
{
	int tid;
	/* not FUTEX_WAIT_PRIVATE: the kernel's wake on a cleared tid is a shared one, and a private wait would sleep
	 * for ever */
	while ((tid = __atomic_load_n(&c->tid, __ATOMIC_ACQUIRE)))
		SYSTEM(SYSTEM_FUTEX, &c->tid, FUTEX_WAIT, tid);
}

static inline void lwp_join_child(struct ctx *c)
{
	while (SYSTEM(SYS_wait4, c->tid, NULL, __WALL, NULL) == -EINTR)
		;
}

static inline void ctx_join(struct ctx *self, struct ctx *c)
{
	(void)self;
	if ((FLAGS)&CLONE_THREAD)
		lwp_join_thread(c);
	else
		lwp_join_child(c);
}

/* There is nothing of the I/O context to share before the first use of it: its priority is set to what it is by
 * default. */
static int lwp_begin(const struct point *p)
{
	enum { THIS_TASK = 1, BEST_EFFORT = 2 << 13, MIDDLE = 4 };
	(void)p;
	return (unsigned long)(FLAGS)&CLONE_IO ? (int)SYSTEM(SYS_ioprio_set, THIS_TASK, 0, BEST_EFFORT | MIDDLE) : 0;
}

#ifndef LWP_MISSING
#define LWP_MISSING NULL
#endif

static struct ctx *lwp_ends(void *arg)
{
	(void)arg;
	return NULL;
}

/* Which flags go together is the kernel's to say, or an emulator's: one is made, and ends. Any other answer is no
 * matter of the flags, and a trial will tell it. */
static int lwp_flags_refused(void)
{
	static struct ctx c;
	static int known, refused;
	if (!known && !stack_get(&c.stack)) {
		int error = ctx_spawn(&c, lwp_ends, NULL);
		if (!error)
			ctx_join(NULL, &c);
		stack_put(&c.stack);
		refused = error == -EINVAL;
	}
	known = 1;
	return refused;
}

static const char *lwp_missing(void)
{
	const char *why = arch_missing() ? arch_missing() : WAIT_NEEDS_LIBRARY;
	if (!why)
		why = LWP_MISSING;
	if (!why && lwp_flags_refused())
		why = "clone: EINVAL: these flags do not go together for whoever answers here (an emulator?)";
	return why ? why : WAIT_MISSING;
}

#ifdef LWP_SUMMARY
#define LWP_VARIANT CAP_VARIANT
#else
#define LWP_VARIANT 0
#define LWP_SUMMARY "raw clone, everything shared, no libc"
#endif
#define LWP_REGISTERS "all of user mode's registers"
#define LWP_STACK "64 KiB above a guard page, ours, "

#define IMPL_TRAITS                                                                                                    \
	.kind = IMPL_SHARES_VM ? "lwp" : "process",                                                                    \
	.saves = IMPL_SHARES_VM ? LWP_REGISTERS ", by the kernel"                                                      \
				: LWP_REGISTERS " and the address space, by the kernel",                               \
	.stack = IMPL_SHARES_VM ? LWP_STACK "reused" : LWP_STACK "a copy on write of its maker's",                     \
	.summary = LWP_SUMMARY,                                                                                        \
	.caps = CAP_SPAWN | CAP_MODE | CAP_YIELD | CAP_KERNEL | CAP_SAVES_FP |                                         \
		((FLAGS)&CLONE_THREAD ? CAP_THREAD_GROUP : 0) | LWP_VARIANT | WAIT_CAPS,                               \
	.begin = lwp_begin, .missing = lwp_missing, .per_spawn = { .switches = 2, .calls = 3, .tasks = 1 },            \
	.per_context = WAIT_NEEDS, .per_handoff = WAIT_COST, .per_mode = { .calls = 1 }, .per_yield = { .calls = 1 }
