// SPDX-License-Identifier: MIT
/*
 * Where an impl meets the benches. This file is compiled once for every impl and wait (-DIMPL_NAME, -DIMPL_SOURCE,
 * -DWAIT_NAME, -DWAIT_SOURCE), and in each of those compilations the verbs of verbs.h are static inline functions of
 * *that* impl: the compiler sees through them, so the timed loop of a bench holds the operation, a count and a branch,
 * and nothing of ours. A call through a pointer would cost up to 1.4 ns in a loop whose operation takes 2, and not the
 * same for every impl, so it could not even be subtracted: it has to be absent.
 *
 * What comes out is one pointer in a linker section. No file lists the impls, the waits or the benches: a new one is a
 * new file, the Makefile finds it by wildcard (benches.h has an INCLUDE and a BENCH line for every file in bench/), and
 * the cell program finds it between the section's bounds.
 */
#include "verbs.h"

#include IMPL_SOURCE

#include "benches.h"
#include "conform.c"
#include "once.c"

#define BENCH(name) &name##_job,
static const struct job *const jobs[] = { BENCHES NULL };

static const struct impl instance = {
	.name = IMPL_NAME,
	.wait = WAIT_NAME,
	.jobs = jobs,
	.checks = checks,
	.once = once,
	IMPL_TRAITS,
};

__attribute__((used, section("impls"))) static const struct impl *const entry = &instance;
