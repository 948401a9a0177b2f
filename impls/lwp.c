// SPDX-License-Identifier: MIT
// waits: *
/* lwp: a light-weight process by raw clone, sharing everything; the thread library has no part in it. */
#define IMPL_SHARES_VM 1
#include "seat.h"
#include "system.h"
#include WAIT_SOURCE

#include <sched.h>

#include "stack.h"

struct ctx {
	struct wait wait;
	/* set before the spawn, read by the new context */
	ctx_body *body;
	void *arg;
	struct seat seat;
	/* cleared by the kernel when the context has ended */
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

static void lwp_main(void *arg)
{
	struct ctx *c = arg;
	task_run(c, c->body, c->arg);
}

static inline int ctx_spawn(struct ctx *c, ctx_body *body, void *arg)
{
	c->body = body;
	c->arg = arg;
	c->tid = 1; /* until the kernel clears it; set here, so that a join that comes first sees a live context */
	long tid = arch_clone(
		CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM | CLONE_CHILD_CLEARTID,
		stack_top(&c->stack), lwp_main, c, &c->tid);
	return tid < 0 ? (int)tid : 0;
}

static inline void ctx_join(struct ctx *self, struct ctx *c)
{
	(void)self;
	int tid;
	/* not FUTEX_WAIT_PRIVATE: the kernel's wake on a cleared tid is a shared one, and a private wait would sleep
	 * for ever */
	while ((tid = __atomic_load_n(&c->tid, __ATOMIC_ACQUIRE)))
		SYSTEM(SYSTEM_FUTEX, &c->tid, FUTEX_WAIT, tid);
}

static const char *lwp_missing(void)
{
	return arch_missing() ? arch_missing() : WAIT_NEEDS_LIBRARY ? WAIT_NEEDS_LIBRARY : WAIT_MISSING;
}

#define IMPL_TRAITS                                                                                                    \
	.kind = "lwp", .saves = "all of user mode's registers, by the kernel",                                         \
	.stack = "64 KiB above a guard page, ours, reused", .summary = "raw clone, everything shared, no libc",        \
	.caps = CAP_SPAWN | CAP_MODE | CAP_YIELD | CAP_KERNEL | CAP_THREAD_GROUP | CAP_SAVES_FP | WAIT_CAPS,           \
	.missing = lwp_missing, .per_spawn = { .switches = 2, .calls = 3, .tasks = 1 }, .per_context = WAIT_NEEDS,     \
	.per_handoff = WAIT_COST, .per_mode = { .calls = 1 }, .per_yield = { .calls = 1 }
