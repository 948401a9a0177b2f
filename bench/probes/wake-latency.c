// SPDX-License-Identifier: MIT
/*
 * wake-latency: the wake of a light-weight process that waits by futex on another CPU; also after both CPUs were idle.
 * A probe, as latency/latency.h says.
 */
#include "latency/lwp.h"

static const struct job *const latencies[] = {
	LATENCY("wake-latency", "gap=0", "each single wake on another CPU, as a histogram", "wake", 2, latency_open,
		latency_loop, .needs = CAP_HANDOFF | CAP_TWO_CPUS),
	LATENCY("wake-latency", NULL,
		"each single wake on another CPU, as a histogram: after both were idle for so many ns", "op",
		2 * LATENCY_WAKES, latency_open_after, latency_gap_loop, .needs = CAP_HANDOFF | CAP_TWO_CPUS, GAPS),
	NULL,
};

static const struct impl probe = { PROBE_TRAITS, .caps = PROBE_CAPS, .jobs = latencies };

__attribute__((used, section("impls"))) static const struct impl *const entry = &probe;
