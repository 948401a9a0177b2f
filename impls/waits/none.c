// SPDX-License-Identifier: MIT
/* none: a kernel-scheduled context that never waits for a turn; for the benches in whose loop nothing is waited for. */
struct wait {
};

static inline int wait_ready(struct wait *w)
{
	(void)w;
	return 0;
}

static inline void wait_release(struct wait *w)
{
	(void)w;
}

static inline void wait_wake(struct wait *w)
{
	(void)w;
	__builtin_trap(); /* CAP_HANDOFF is not claimed */
}

static inline void wait_turn(struct wait *w)
{
	(void)w;
	__builtin_trap();
}

#define WAIT_CAPS 0
#define WAIT_COST                                                                                                      \
	{                                                                                                              \
		0                                                                                                      \
	}
