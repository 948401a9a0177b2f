// SPDX-License-Identifier: MIT
/*
 * latency of a switch between light-weight processes that wait by futex, on one CPU; after an idle gap; and beside a
 * neighbour who wants the CPU too. A probe, as latency/latency.h says.
 */
#include "latency/lwp.h"

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
	NULL,
};

/* Under one policy each: what they are about does not depend on it. */
static const struct job *const latencies_disturbed[] = {
	LATENCY("latency", NULL, "each single switch, as a histogram: after its CPU was idle for so many ns", "op",
		2 * LATENCY_WAKES, latency_open_after, latency_gap_loop, .needs = CAP_HANDOFF, GAPS),
	LATENCY("latency", "neighbour=busy", "each single switch, as a histogram: while another program wants the CPU",
		"switch", 2, latency_open_beside, latency_loop, .needs = CAP_HANDOFF),
	NULL,
};

static const struct impl probe = { PROBE_TRAITS, .caps = PROBE_CAPS, .jobs = latencies };
static const struct impl disturbed = { PROBE_TRAITS, .caps = PROBE_CAPS | CAP_VARIANT, .jobs = latencies_disturbed };

/* Not an array: the compiler may align one, and leave a hole in the section. */
__attribute__((used, section("impls"))) static const struct impl *const entry = &probe;
__attribute__((used, section("impls"))) static const struct impl *const entry_disturbed = &disturbed;
