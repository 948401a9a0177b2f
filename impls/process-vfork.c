// SPDX-License-Identifier: MIT
/*
 * process-vfork: a process that borrows its maker's memory and stack until it ends, by vfork. The maker sleeps
 * meanwhile, so it can be created and joined, and nothing else can be done with it.
 */
#define IMPL_SHARES_VM 1
#include "seat.h"
#include "system.h"
#include WAIT_SOURCE

#include <sys/wait.h>
#include <unistd.h>

struct ctx {
	struct wait wait;
	struct seat seat;
	pid_t pid;
};

#include "task.h"

static inline int ctx_ready(struct ctx *c, int seat)
{
	return seat_take(&c->seat, seat);
}

static inline void ctx_release(struct ctx *c)
{
	(void)c;
}

/* In a function of its own: what the child changes in its maker's frame is in nobody's way. */
static __attribute__((noinline)) pid_t vfork_and_run(struct ctx *c, ctx_body *body, void *arg)
{
	pid_t pid = vfork();
	if (pid == 0) {
		task_run(c, body, arg);
		_exit(0);
	}
	return pid;
}

static inline int ctx_spawn(struct ctx *c, ctx_body *body, void *arg)
{
	c->pid = vfork_and_run(c, body, arg);
	return c->pid < 0 ? -errno : 0;
}

static inline void ctx_join(struct ctx *self, struct ctx *c)
{
	(void)self;
	waitpid(c->pid, NULL, 0);
}

static const char *vfork_missing(void)
{
	return NULL;
}

#define IMPL_TRAITS                                                                                                    \
	.kind = "process", .saves = "all of user mode's registers, by the kernel",                                     \
	.stack = "its maker's, which sleeps", .summary = "vfork: its maker's memory, while that sleeps",               \
	.caps = CAP_CREATE | CAP_KERNEL | CAP_SAVES_FP | CAP_LIBC_SPAWN, .missing = vfork_missing,                     \
	.per_spawn = { .switches = 2, .tasks = 1 }
