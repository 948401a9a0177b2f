// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * What a session knows of a context, whichever wait it was compiled with. A context becomes a member when it is made
 * ready and ceases to be one when it is released; both happen in the session's driver, outside of any loop.
 */
#ifndef IMPLS_KTHREAD_MEMBER_H
#define IMPLS_KTHREAD_MEMBER_H

#include <linux/completion.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/types.h>

#include "since.h"

struct member {
	/* the session's */
	struct list_head list;
	/* set by whoever spawns and joins */
	struct task_struct *task; /* of the last spawn, with a reference: whoever wakes it may come late */
	bool spawned;             /* and not joined yet */
	struct completion ended;
	/* the context's own */
	u64 handoffs; /* and yields, that it has made */
	/* a context that nobody will hand to any more: set `over` and wake it, and it ends instead of going on */
	bool over;
	void (*wake)(struct member *);
};

/* In the driver. `seat` is a CPU or -1. 0, or -EINVAL where that CPU is not online. */
int member_ready(struct member *m, int seat);
void member_release(struct member *m);

/* A new kernel thread, bound to `seat` unless that is -1, runs `main(arg)`, which must end by member_end. 0 or -errno.
 */
int member_spawn(struct member *m, int seat, int (*main)(void *arg), void *arg);
void member_join(struct member *m);

/* Ends the calling context and does not return: it leaves the module's code before whoever joins may go on, so that the
 * module can go too. Inline, since the kernel's objtool wants to see one of the functions that it knows not to return.
 */
static inline void member_end(struct member *m)
{
	kthread_complete_and_exit(&m->ended, 0);
}

#endif
