// SPDX-License-Identifier: GPL-2.0 OR MIT
/* none: a context that never waits for a turn; for the benches in whose loop nothing is waited for. */
struct wait {
};

static inline void wait_ready(struct wait *w)
{
}

static inline void wait_owner(struct wait *w, struct task_struct *task)
{
}

/* Never asked for: CAP_HANDOFF is not claimed, and a bench that needs it is not opened. */
static inline void wait_wake(struct wait *w)
{
}

static inline void wait_turn(struct wait *w)
{
}

#define WAIT_CAPS 0
