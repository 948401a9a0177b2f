// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * wake: the least that the kernel has, a state, schedule() and wake_up_process(). TASK_IDLE: who waits for long counts
 * neither as load nor as hung.
 */
struct wait {
	struct task_struct *task;
	int turn;
};

static inline void wait_ready(struct wait *w)
{
	w->turn = 0;
}

static inline void wait_owner(struct wait *w, struct task_struct *task)
{
	w->task = task;
}

static inline void wait_wake(struct wait *w)
{
	smp_store_release(&w->turn, 1);
	wake_up_process(w->task);
}

static inline void wait_turn(struct wait *w)
{
	for (;;) {
		/* before the look at the turn: a wake that comes in between undoes it, and schedule() comes straight
		 * back */
		set_current_state(TASK_IDLE);
		if (xchg(&w->turn, 0))
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
}

#define WAIT_CAPS (CAP_HANDOFF | CAP_TWO_CPUS)
