// SPDX-License-Identifier: MIT
/* The values that a cell takes on a bench's own axes. */
#ifndef HARNESS_RUN_GRID_H
#define HARNESS_RUN_GRID_H

#include <stddef.h>
#include <stdint.h>

#include "place.h"

enum { GRID_MOST = 32 };

/*
 * Writes the values of `grid`, ascending and each once, and returns how many, at most GRID_MOST. `grid` is a list of
 * numbers, "0 64 4096", or one of these words, for what this machine has; `before` is the value on the axis before this
 * one, 0 on the first:
 *   caches    0, L1/4, L1, L2/4, L2, LLC/16, LLC/4, LLC: bytes, of the CPU that is measured on
 *   contexts  1, 2, 4 and 16, each with `before` bytes: up to twice the last level's cache, and a quarter of the memory
 *             that is available
 *   pair      of these, 1 and 2
 *   cpus      1, 2, 4 and so on, and all the CPUs that this process may use
 *   resident  1 MiB, 4 MiB and so on to 1 GiB: bytes, up to a quarter of the memory that is available
 *   resident-huge  of these, the multiples of a huge page; none where the kernel has no such pages
 *   alive     0, 100, 10000: tasks, up to three quarters of what the limits on them leave
 *   processes tasks threads touched-threads
 *             100, 1000, 10000, and 1000000 for threads: contexts of that kind that fit into a quarter of the memory and three
 *             quarters of the limits. `tasks` have a stack of their own, of which `touched-threads` have used every page
 */
size_t grid_values(const char *grid, const struct places *places, uint64_t before, uint64_t value[GRID_MOST]);

/* A quarter of the memory that is available to this process, in bytes: what a trial may take. */
uint64_t grid_memory_most(void);

#endif
