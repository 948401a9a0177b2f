// SPDX-License-Identifier: MIT
/* socketpair: a byte in a pair of connected local sockets of one's own is one's turn. */
#include <sys/socket.h>
#include <unistd.h>

struct wait {
	int ends[2];
};

static inline int wait_ready(struct wait *w)
{
	return socketpair(AF_UNIX, SOCK_STREAM, 0, w->ends) ? -errno : 0;
}

static inline void wait_release(struct wait *w)
{
	close(w->ends[0]);
	close(w->ends[1]);
}

static inline void wait_wake(struct wait *w)
{
	char turn = 1;
	if (SYSTEM(SYS_write, w->ends[1], &turn, 1) != 1)
		__builtin_trap();
}

static inline void wait_turn(struct wait *w)
{
	char turn;
	if (SYSTEM(SYS_read, w->ends[0], &turn, 1) != 1)
		__builtin_trap();
}

#define WAIT_NEEDS                                                                                                     \
	{                                                                                                              \
		.descriptors = 2                                                                                       \
	}
#define WAIT_CAPS (CAP_HANDOFF | CAP_TWO_CPUS)
#define WAIT_COST                                                                                                      \
	{                                                                                                              \
		.switches = 1, .calls = 2                                                                              \
	}
