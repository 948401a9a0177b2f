// SPDX-License-Identifier: MIT
/* Light-weight processes that wait by futex, for the probes latency and wake-latency, as latency.h says. */
#define WAIT_SOURCE "waits/futex.c"
#include "../../../harness/cell/verbs.h"

#include "../../../impls/lwp.c"

#include "latency.h"

/* What the gaps add to a turn: a call each. A timer that comes while its sleeper is still on the way to sleep spares it
 * the switch, so those are not claimed. */
#define GAPS                                                                                                           \
	.scale = { { "gap", "10000 1000000" } }, .turn_s = LATENCY_WAKES * 1.1e-3,                                     \
	.own = { .switches = NOT_CLAIMED, .calls = LATENCY_WAKES }

static int latency_open_after(const struct point *p)
{
	return latency_open_with(p, (long)p->at[0]);
}

#define PROBE_TRAITS                                                                                                   \
	.name = "lwp", .wait = "futex", .kind = "lwp", .saves = LWP_REGISTERS ", by the kernel",                       \
	.stack = LWP_STACK "reused", .summary = LWP_SUMMARY, .begin = lwp_begin, .missing = lwp_missing,               \
	.per_context = WAIT_NEEDS, .per_handoff = WAIT_COST

#define PROBE_CAPS (CAP_SPAWN | CAP_KERNEL | CAP_SAVES_FP | CAP_THREAD_GROUP | WAIT_CAPS)
