// SPDX-License-Identifier: MIT
/* What a classic table takes of a cell, by the word that its recipe has for it. */
#ifndef HARNESS_PUBLISH_MEASURE_H
#define HARNESS_PUBLISH_MEASURE_H

#include <stdbool.h>
#include <stddef.h>

#include "../analyse/cells.h"

struct measured {
	double centre, low, high; /* ns, or a plain number; NaN where there is none */
	const char *unit;         /* "ns"; "" of a plain number */
	const double *x; /* the trials' values, of which centre is the median; NULL where it is made of several */
	size_t n;
	char words[600]; /* why there is none; "" where there is one */
};

/* One of
 *   time                 the cell's centre
 *   less-alone           of a ring: a hop less the touching alone
 *   refill               of that, what is more than for contexts that touch nothing
 *   sum UNIT UNIT ...    of what it tells beside its time, "call-ns first-ns"
 *   per COUNT COUNT      one count by another: "per instructions:u/op cycles:u/op"
 *   after-call           of work with a call in between: what the work takes longer than alone, beyond the call
 */
bool measure_known(const char *measure);
struct measured measure(const struct cells *all, const struct cell *c, const char *measure);

/* The centre in steps of the clock; and in cycles of the core, counted or else by the cell's witness, a chain of
 * additions of a cycle each. NaN where there is none. Per what the time is per. */
double measure_ticks(const struct cell *c);
double measure_cycles(const struct cell *c, bool *counted);

#endif
