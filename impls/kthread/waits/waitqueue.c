// SPDX-License-Identifier: GPL-2.0 OR MIT
/* waitqueue: wait_event() and wake_up() on a queue of one's own, as most of the kernel waits. */
#include <linux/wait.h>

struct wait {
	wait_queue_head_t queue;
	int turn;
};

static inline void wait_ready(struct wait *w)
{
	init_waitqueue_head(&w->queue);
	w->turn = 0;
}

static inline void wait_owner(struct wait *w, struct task_struct *task)
{
}

static inline void wait_wake(struct wait *w)
{
	smp_store_release(&w->turn, 1);
	wake_up(&w->queue);
}

static inline void wait_turn(struct wait *w)
{
	wait_event_idle(w->queue, xchg(&w->turn, 0));
}

#define WAIT_CAPS (CAP_HANDOFF | CAP_TWO_CPUS)
