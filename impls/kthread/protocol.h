// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * What the module and its face (impls/kthread.c) say to each other over one character device. An open descriptor is a
 * session: one bench, opened, looped and closed in a kernel thread of its own. All that a session has ends with its
 * descriptor.
 */
#ifndef IMPLS_KTHREAD_PROTOCOL_H
#define IMPLS_KTHREAD_PROTOCOL_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define CTXBENCH_DEVICE "ctxbench" /* under /dev, root's alone; and the module's name */

enum {
	CTXBENCH_PROTOCOL = 1,
	CTXBENCH_NAME = 32,
	CTXBENCH_TITLE = 96,
	CTXBENCH_TEXT = 160,
	CTXBENCH_TASKS = 64,
};

/* Both structs begin alike: with CTXBENCH_PROTOCOL and their own size, else they are answered with EPROTO. Names end in
 * a zero. A seat is an online CPU, or -1: the first goes anywhere, the second where the first is. */
struct ctxbench_open {
	__u32 protocol, bytes;
	__s32 seat[2]; /* the driver's, which runs open and loop; all other contexts' */
	char wait[CTXBENCH_NAME], job[CTXBENCH_NAME], variant[CTXBENCH_NAME];
};

struct ctxbench_check {
	__u32 protocol, bytes;
	__s32 seat[2];
	char wait[CTXBENCH_NAME];
	char check[CTXBENCH_TITLE]; /* its name in harness/cell/conform.c */
	__u32 rounds;
	/* the answer */
	__s32 error;               /* the -errno that a verb gave, or 0 */
	char wrong[CTXBENCH_TEXT]; /* what was wrong; empty: passed */
};

/* The kernel threads that a session has at this moment, the driver first. */
struct ctxbench_tasks {
	__u32 count;
	__s32 tid[CTXBENCH_TASKS];
};

struct ctxbench_counts {
	__aligned_u64 done; /* since open: bodies that ran, or where the bench counts none, hand-offs that were made */
	/* the driver's kernel switches outside of any loop: waiting for the next call is not the bench's doing */
	__aligned_u64 idle_voluntary, idle_involuntary;
};

#define CTXBENCH_HELLO _IOR('x', 0, __u32) /* CTXBENCH_PROTOCOL as the module has it */
#define CTXBENCH_OPEN _IOW('x', 1, struct ctxbench_open)
#define CTXBENCH_LOOP _IOW('x', 2, __u64) /* so many turns. EINTR: a signal came first */
#define CTXBENCH_SETTLE _IO('x', 3)
#define CTXBENCH_CLOSE _IO('x', 4)
#define CTXBENCH_CHECK _IOWR('x', 5, struct ctxbench_check)
#define CTXBENCH_TASKS_NOW _IOR('x', 6, struct ctxbench_tasks)
#define CTXBENCH_COUNTS _IOR('x', 7, struct ctxbench_counts)

#endif
