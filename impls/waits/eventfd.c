// SPDX-License-Identifier: MIT
/* eventfd: a count of one in an eventfd of one's own is one's turn. */
#include <sys/eventfd.h>
#include <unistd.h>

struct wait {
	int fd;
};

static inline int wait_ready(struct wait *w)
{
	w->fd = eventfd(0, 0);
	return w->fd < 0 ? -errno : 0;
}

static inline void wait_release(struct wait *w)
{
	close(w->fd);
}

static inline void wait_wake(struct wait *w)
{
	uint64_t turn = 1;
	if (SYSTEM(SYS_write, w->fd, &turn, sizeof turn) != sizeof turn)
		__builtin_trap();
}

static inline void wait_turn(struct wait *w)
{
	uint64_t turn;
	if (SYSTEM(SYS_read, w->fd, &turn, sizeof turn) != sizeof turn)
		__builtin_trap();
}

#define WAIT_NEEDS                                                                                                     \
	{                                                                                                              \
		.descriptors = 1                                                                                       \
	}
#define WAIT_CAPS (CAP_HANDOFF | CAP_TWO_CPUS)
#define WAIT_COST                                                                                                      \
	{                                                                                                              \
		.switches = 1, .calls = 2                                                                              \
	}
