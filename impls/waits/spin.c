// SPDX-License-Identifier: MIT
/*
 * spin: a word says whose turn it is, and whoever has none looks at it without end: across CPUs only, nobody sleeps and
 * nobody is woken. No instruction of rest in the loop: how long one takes is another thing on every CPU. Who has looked
 * in vain for far longer than a hand-off takes has lost its partner to another task, and lets it run.
 */
enum { SPIN_LOOKS = 100000 };

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
	for (unsigned looks = 0; !__atomic_load_n(&w->turn, __ATOMIC_ACQUIRE); looks++)
		if (looks == SPIN_LOOKS) {
			SYSTEM(SYS_sched_yield);
			looks = 0;
		}
	__atomic_store_n(&w->turn, 0, __ATOMIC_RELAXED);
}

#define WAIT_CAPS (CAP_HANDOFF | CAP_TWO_CPUS | CAP_ACROSS_ONLY)
#define WAIT_COST                                                                                                      \
	{                                                                                                              \
		0                                                                                                      \
	}
