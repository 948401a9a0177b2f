// SPDX-License-Identifier: MIT
/*
 * mqueue: a message in a POSIX message queue of one's own is one's turn. The queue holds one message of one byte, and
 * loses its name as soon as it is open: it goes with its last descriptor, however this program ends.
 */
#include <fcntl.h>
#include <mqueue.h>
#include <stdio.h>
#include <unistd.h>

struct wait {
	int queue;
};

static inline int wait_ready(struct wait *w)
{
	static unsigned made;
	struct mq_attr one = { .mq_maxmsg = 1, .mq_msgsize = 1 };
	char name[48];
	snprintf(name, sizeof name, "ctxbench-" WAIT_NAME "-%d-%u", getpid(), made++);
	w->queue = (int)SYSTEM(SYS_mq_open, name, O_RDWR | O_CREAT | O_EXCL, 0600, &one);
	if (w->queue >= 0)
		SYSTEM(SYS_mq_unlink, name);
	return w->queue < 0 ? w->queue : 0;
}

static inline void wait_release(struct wait *w)
{
	close(w->queue);
}

static inline void wait_wake(struct wait *w)
{
	char turn = 1;
	if (SYSTEM(SYS_mq_timedsend, w->queue, &turn, 1, 0, NULL))
		__builtin_trap();
}

static inline void wait_turn(struct wait *w)
{
	char turn;
	if (SYSTEM(SYS_mq_timedreceive, w->queue, &turn, 1, NULL, NULL) != 1)
		__builtin_trap();
}

/* A kernel may be built without. */
static inline const char *wait_missing(void)
{
	long error = SYSTEM(SYS_mq_unlink, "ctxbench-none");
	return error == -ENOSYS ? "this kernel has no POSIX message queues" : NULL;
}
#define WAIT_MISSING wait_missing()

#define WAIT_NEEDS                                                                                                     \
	{                                                                                                              \
		.descriptors = 1, .queues = 1                                                                          \
	}
#define WAIT_CAPS (CAP_HANDOFF | CAP_TWO_CPUS)
#define WAIT_COST                                                                                                      \
	{                                                                                                              \
		.switches = 1, .calls = 2                                                                              \
	}
