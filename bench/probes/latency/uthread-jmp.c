// SPDX-License-Identifier: MIT
/* latency of user threads whose switch is the port's. A probe, as latency.h says. */
#include "../../../harness/cell/verbs.h"

#include "../../../impls/uthread-jmp.c"

#include "latency.h"

static const struct job *const latencies[] = {
	LATENCY("latency", "gap=0", "each single switch, as a histogram", "switch", 2, latency_open, latency_loop,
		.needs = CAP_HANDOFF),
	NULL,
};

static const struct impl probe = { .name = "uthread-jmp", .wait = "none", .jobs = latencies, IMPL_TRAITS };

__attribute__((used, section("impls"))) static const struct impl *const entry = &probe;
