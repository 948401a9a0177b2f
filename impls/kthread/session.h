// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * A session: one bench, or one check, and the driver, a kernel thread in which all of it runs. In the caller's stead
 * the driver adopts the first context: what calls an ioctl is a user's task, and would be measured as one.
 *
 * Callers take turns (`lock`); 0 or -errno, unless it says otherwise.
 */
#ifndef IMPLS_KTHREAD_SESSION_H
#define IMPLS_KTHREAD_SESSION_H

#include <linux/completion.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/types.h>

#include "harness/cell/impl.h"
#include "protocol.h"

struct session {
	struct mutex lock;
	struct list_head members; /* contexts that are ready */
	const struct job *job;    /* NULL: nothing is open */
	struct point point;
	u64 piled; /* turns since the last settle */
	u64 slice; /* turns that take a few milliseconds, as far as is known */
	/* the driver, and what it is asked to do */
	struct task_struct *driver;
	int (*order)(struct session *);
	struct completion done;
	int answer;
	bool stop; /* the caller has had a signal */
	u64 turns;
	const struct check *check;
	struct ctxbench_check *result;
	/* its switches while it waited for orders */
	u64 idle_voluntary, idle_involuntary;
};

struct session *session_new(void); /* NULL: no memory */
void session_free(struct session *s);

int session_open(struct session *s, const struct ctxbench_open *o);
int session_loop(struct session *s, u64 turns);
int session_settle(struct session *s);
int session_close(struct session *s);
int session_check(struct session *s, struct ctxbench_check *c);
int session_tasks(struct session *s, struct ctxbench_tasks *t);
int session_counts(struct session *s, struct ctxbench_counts *c);

/* The session whose driver is calling. */
struct session *session_of_driver(void);

#endif
