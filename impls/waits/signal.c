// SPDX-License-Identifier: MIT
/*
 * signal: a signal sent to the task (tgkill) is its turn, which it takes without a handler (rt_sigtimedwait). Blocked
 * before any context is spawned, since all inherit the mask: delivered, it would kill. One of those that queue, so that
 * none is lost, above those that C libraries keep for themselves (32 to 34).
 */
#include <signal.h>

enum { TURN_SIGNAL = 40 };

static const uint64_t turn_mask = 1ull << (TURN_SIGNAL - 1);

struct wait {
	int group;
	int task; /* written by the context itself, when it begins and when it ends; 0: none to send to */
};

static inline int wait_ready(struct wait *w)
{
	w->task = 0;
	return (int)SYSTEM(SYS_rt_sigprocmask, SIG_BLOCK, &turn_mask, NULL, sizeof turn_mask);
}

static inline void wait_release(struct wait *w)
{
	(void)w;
}

#define WAIT_BEGINS
static inline void wait_begin(struct wait *w)
{
	w->group = (int)SYSTEM(SYS_getpid);
	__atomic_store_n(&w->task, (int)SYSTEM(SYS_gettid), __ATOMIC_RELEASE);
}

static inline void wait_end(struct wait *w)
{
	__atomic_store_n(&w->task, 0, __ATOMIC_RELEASE);
}

static inline void wait_wake(struct wait *w)
{
	int task;
	while (!(task = __atomic_load_n(&w->task, __ATOMIC_ACQUIRE))) /* spawned, and has not run yet */
		SYSTEM(SYS_sched_yield);
	if (SYSTEM(SYS_tgkill, w->group, task, TURN_SIGNAL))
		__builtin_trap();
}

static inline void wait_turn(struct wait *w)
{
	(void)w;
	long taken;
	do
		taken = SYSTEM(SYS_rt_sigtimedwait, &turn_mask, NULL, NULL, sizeof turn_mask);
	while (taken == -EINTR);
	if (taken != TURN_SIGNAL)
		__builtin_trap();
}

#define WAIT_NEEDS                                                                                                     \
	{                                                                                                              \
		.signals = 1                                                                                           \
	}
#define WAIT_CAPS (CAP_HANDOFF | CAP_TWO_CPUS)
#define WAIT_COST                                                                                                      \
	{                                                                                                              \
		.switches = 1, .calls = 2                                                                              \
	}
