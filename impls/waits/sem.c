// SPDX-License-Identifier: MIT
/* sem: a POSIX semaphore of one's own is one's turn. What the library does when nobody is ahead of it is its own
 * affair. */
#include <semaphore.h>

struct wait {
	sem_t turn;
};

static inline int wait_ready(struct wait *w)
{
	return sem_init(&w->turn, !IMPL_SHARES_VM, 0) ? -errno : 0;
}

static inline void wait_release(struct wait *w)
{
	sem_destroy(&w->turn);
}

static inline void wait_wake(struct wait *w)
{
	if (sem_post(&w->turn))
		__builtin_trap();
}

static inline void wait_turn(struct wait *w)
{
	while (sem_wait(&w->turn))
		if (errno != EINTR)
			__builtin_trap();
}

#define WAIT_NEEDS_LIBRARY "sem_wait keeps its errno and its cancellation in what the thread library gives a thread"
#define WAIT_CAPS (CAP_HANDOFF | CAP_TWO_CPUS | CAP_LIBC_HANDOFF)
#define WAIT_COST                                                                                                      \
	{                                                                                                              \
		.switches = 1                                                                                          \
	}
