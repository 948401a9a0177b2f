// SPDX-License-Identifier: MIT
/*
 * latency and wake-latency of light-weight processes that wait by futex: on one CPU, and from one CPU to another; after
 * an idle gap; and beside a neighbour who wants the CPU too. A probe, as latency.h says.
 */
#define WAIT_SOURCE "waits/futex.c"
#include "../../harness/cell/verbs.h"

#include "../../impls/lwp.c"

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

/* A process, so that it is none of the contexts that are counted, on this CPU, where it inherits its place, and of the
 * same policy. It dies with its maker. */
static int latency_open_beside(const struct point *p)
{
	struct latency *l = p->arena;
	pid_t pid = fork();
	if (pid < 0)
		return -errno;
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
		for (;;)
			arch_burst(1 << 16);
	}
	l->neighbour = pid;
	int error = latency_open_with(p, 0);
	if (error) {
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	return error;
}

static const struct job *const latencies[] = {
	LATENCY("latency", "gap=0", "each single switch, as a histogram", "switch", 2, latency_open, latency_loop,
		.needs = CAP_HANDOFF),
	LATENCY("wake-latency", "gap=0", "each single wake on another CPU, as a histogram", "wake", 2, latency_open,
		latency_loop, .needs = CAP_HANDOFF | CAP_TWO_CPUS),
	LATENCY("wake-latency", NULL, "a wake after both CPUs were idle for so many ns", "op", 2 * LATENCY_WAKES,
		latency_open_after, latency_gap_loop, .needs = CAP_HANDOFF | CAP_TWO_CPUS, GAPS),
	NULL,
};

/* Under one policy each: what they are about does not depend on it. */
static const struct job *const latencies_disturbed[] = {
	LATENCY("latency", NULL, "a switch after its CPU was idle for so many ns", "op", 2 * LATENCY_WAKES,
		latency_open_after, latency_gap_loop, .needs = CAP_HANDOFF, GAPS),
	LATENCY("latency", "neighbour=busy", "each switch while another program wants the CPU", "switch", 2,
		latency_open_beside, latency_loop, .needs = CAP_HANDOFF),
	NULL,
};

#define PROBE_TRAITS                                                                                                   \
	.name = "lwp", .wait = "futex", .kind = "lwp", .saves = LWP_REGISTERS ", by the kernel",                       \
	.stack = LWP_STACK "reused", .summary = LWP_SUMMARY, .begin = lwp_begin, .missing = lwp_missing,               \
	.per_context = WAIT_NEEDS, .per_handoff = WAIT_COST

#define PROBE_CAPS (CAP_SPAWN | CAP_KERNEL | CAP_SAVES_FP | CAP_THREAD_GROUP | WAIT_CAPS)

static const struct impl probe = { PROBE_TRAITS, .caps = PROBE_CAPS, .jobs = latencies };
static const struct impl disturbed = { PROBE_TRAITS, .caps = PROBE_CAPS | CAP_VARIANT, .jobs = latencies_disturbed };

/* Not an array: the compiler may align one, and leave a hole in the section. */
__attribute__((used, section("impls"))) static const struct impl *const entry = &probe;
__attribute__((used, section("impls"))) static const struct impl *const entry_disturbed = &disturbed;
