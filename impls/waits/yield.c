// SPDX-License-Identifier: MIT
/*
 * yield: a word says whose turn it is, and whoever has none goes through the scheduler's queue. On one CPU that is a
 * switch that the queue directs; off it nobody is switched to and a yield only spins, so CAP_TWO_CPUS is not claimed.
 */
struct wait {
	uint32_t turn;
};

static inline int wait_ready(struct wait *w)
{
	w->turn = 0;
	return 0;
}

static inline void wait_release(struct wait *w)
{
	(void)w;
}

static inline void wait_wake(struct wait *w)
{
	__atomic_store_n(&w->turn, 1, __ATOMIC_RELEASE);
}

static inline void wait_turn(struct wait *w)
{
	while (!__atomic_exchange_n(&w->turn, 0, __ATOMIC_ACQUIRE))
		SYSTEM(SYS_sched_yield);
}

#define WAIT_CAPS (CAP_HANDOFF | CAP_UNDIRECTED)
#define WAIT_COST                                                                                                      \
	{                                                                                                              \
		.switches = 1, .calls = 1                                                                              \
	}
