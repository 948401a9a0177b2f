// SPDX-License-Identifier: MIT
/*
 * Which of many equal machines stands apart: numbers in, numbers out. The middle of a cell is the median over the
 * machines, its spread 1.4826 MAD (what a normal distribution's standard deviation is of its MAD) of ln(x / median).
 * Limits and their reasons: bench/README.md, "A fleet"; tests/apart.c simulates them.
 */
#ifndef HARNESS_COMPARE_APART_H
#define HARNESS_COMPARE_APART_H

#include <stddef.h>

enum { APART_LEAST_NODES = 8, APART_LEAST_CELLS = 2 };

/* One cell over the machines of a group. Of fewer than APART_LEAST_NODES nothing is beyond. */
struct apart_middle {
	double median, spread; /* NaN where no machine has a value */
	size_t nodes;
};

/* x of one machine each; what is not above 0, or NaN, is no value. */
struct apart_middle apart_middle(const double *x, size_t n);

/* 1: beyond the middle upwards, -1: downwards, 0: not. Beyond is what lies both more than five spreads and a ratio of
 * 1.05 away. */
int apart_side(const struct apart_middle *m, double x);

/* How many of a machine's sides are not 0. */
size_t apart_beyond(const signed char *side, size_t cells);

/* In how many of the same cells two runs of one machine must be beyond before it is more than chance:
 * APART_LEAST_CELLS, or as many more as these machines' noise takes, so that of a hundred clean groups one has a
 * machine that is falsely apart. `beyond`: of each machine, in how many cells its first run was; the tenth of them that
 * has most of it does not count. */
size_t apart_least(const size_t *beyond, size_t nodes, size_t cells);

enum apart_verdict {
	APART_NOT,
	APART_SUSPECT, /* beyond in APART_LEAST_CELLS or more; not run again yet */
	APART_CLEARED, /* suspect, but not so again, or in other cells */
	APART_APART,   /* in both runs, and in `least` or more of the same cells to the same side */
};

/* The sides of one machine's cells in its first run, and in the one made because of them; `again` NULL: not made. */
enum apart_verdict apart_judge(const signed char *first, const signed char *again, size_t cells, size_t least);

#endif
