// SPDX-License-Identifier: MIT
/* futex: a word that says whose turn it is; the waker sets and wakes, the waiter takes it or sleeps on it. */
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
	SYSTEM(SYSTEM_FUTEX, &w->turn, IMPL_SHARES_VM ? FUTEX_WAKE_PRIVATE : FUTEX_WAKE, 1);
}

static inline void wait_turn(struct wait *w)
{
	while (!__atomic_exchange_n(&w->turn, 0, __ATOMIC_ACQUIRE))
		SYSTEM(SYSTEM_FUTEX, &w->turn, IMPL_SHARES_VM ? FUTEX_WAIT_PRIVATE : FUTEX_WAIT, 0);
}

#define WAIT_CAPS (CAP_HANDOFF | CAP_TWO_CPUS)
#define WAIT_COST                                                                                                      \
	{                                                                                                              \
		.switches = 1, .calls = 2                                                                              \
	}
