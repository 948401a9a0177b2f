// SPDX-License-Identifier: MIT
// waits: *
/* process: an address space of its own, by fork. */
#define IMPL_SHARES_VM 0
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
	int error = seat_take(&c->seat, seat);
	return error ? error : wait_ready(&c->wait);
}

static inline void ctx_release(struct ctx *c)
{
	wait_release(&c->wait);
}

static inline int ctx_spawn(struct ctx *c, ctx_body *body, void *arg)
{
	pid_t pid = fork();
	if (pid < 0)
		return -errno;
	if (pid == 0) {
		task_run(c, body, arg);
		_exit(0);
	}
	c->pid = pid;
	return 0;
}

static inline void ctx_join(struct ctx *self, struct ctx *c)
{
	(void)self;
	waitpid(c->pid, NULL, 0);
}

static const char *process_missing(void)
{
	return WAIT_MISSING;
}

#define IMPL_TRAITS                                                                                                    \
	.kind = "process", .saves = "all of user mode's registers and the address space, by the kernel",               \
	.stack = "a copy of its parent's, copied on write",                                                            \
	.summary = "fork, nothing shared but what is mapped shared",                                                   \
	.caps = CAP_SPAWN | CAP_MODE | CAP_YIELD | CAP_KERNEL | CAP_SAVES_FP | CAP_LIBC_SPAWN | WAIT_CAPS,             \
	.missing = process_missing, .per_spawn = { .switches = 2, .tasks = 1 }, .per_context = WAIT_NEEDS,             \
	.per_handoff = WAIT_COST, .per_mode = { .calls = 1 }, .per_yield = { .calls = 1 }
