// SPDX-License-Identifier: MIT
/* What a switch leaves behind: a ring of contexts that touch memory, less one context alone that touches as much. */
#ifndef HARNESS_ANALYSE_RING_H
#define HARNESS_ANALYSE_RING_H

#include <stdio.h>

#include "cells.h"

/* A difference of medians with its interval; NaN where a cell that it takes is not there. */
struct difference {
	double centre;
	struct interval interval;
};

/* A hop less the touching alone: what the switch costs, with the misses after it. */
struct difference ring_cost(const struct cells *all, const struct cell *c);
/* Of that what the misses take: less the same for contexts that touch nothing. */
struct difference ring_refill(const struct cells *all, const struct cell *c);
/* Is it above zero, with all of its interval? */
bool difference_shown(const struct difference *d);

/* Does this cell stand in the ring's part of the table? */
bool ring_has(const struct cell *c);
void ring_print(FILE *out, const struct cells *all);
/* "256 KiB", or "nothing". Fills and returns a buffer of TEXT_NUMBER bytes. */
char *ring_bytes(char *buffer, double bytes);

#endif
