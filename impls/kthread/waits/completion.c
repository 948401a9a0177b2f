// SPDX-License-Identifier: GPL-2.0 OR MIT
/* completion: the kernel's own gate of that name, which counts what nobody has waited for yet. */
struct wait {
	struct completion turn;
};

static inline void wait_ready(struct wait *w)
{
	init_completion(&w->turn);
}

static inline void wait_owner(struct wait *w, struct task_struct *task)
{
}

static inline void wait_wake(struct wait *w)
{
	complete(&w->turn);
}

/* Interruptible, so that who waits for long is neither load nor hung; a kernel thread takes no signals. */
static inline void wait_turn(struct wait *w)
{
	while (wait_for_completion_interruptible(&w->turn))
		;
}

#define WAIT_CAPS (CAP_HANDOFF | CAP_TWO_CPUS)
