// SPDX-License-Identifier: MIT
/* The clock of a timed trial, in ticks: the CPU's own counter where it can be trusted, else clock_gettime. */
#ifndef HARNESS_CELL_CLOCK_H
#define HARNESS_CELL_CLOCK_H

#include "../protocol.h"

/* Finds out which clock this machine has and what it is worth. Takes about 0.1 s. 0, or -ETIME where every clock stands
 * still. CTXBENCH_CLOCK=gettime in the environment rules the counter out. */
int clock_choose(struct clock_facts *c);

uint64_t clock_read(const struct clock_facts *c);

/* CLOCK_MONOTONIC_RAW, in ns: for what is not measured with the clock in use. */
uint64_t clock_ns(void);

#endif
