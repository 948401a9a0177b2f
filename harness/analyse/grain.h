// SPDX-License-Identifier: MIT
/*
 * How small work between two switches may be. The share of the time that is work is what the work takes alone by what
 * it takes with a hand-off; METG (minimum effective task granularity: Slaughter and others, SC 2020) is the least work
 * at which that share is so large.
 */
#ifndef HARNESS_ANALYSE_GRAIN_H
#define HARNESS_ANALYSE_GRAIN_H

#include <stdio.h>

#include "cells.h"

/* In ns, with an interval. `beyond`: -1 where every grain in the file is large enough, centre then being the least of
 * them; 1 where none is, centre being the most. Centre is NaN where there is nothing to find it in. */
struct metg {
	double centre;
	struct interval interval;
	int beyond;
};

/* Of the bench's cells on the impl, wait, policy and place of `like`; share: 0.5, 0.95. */
struct metg grain_metg(const struct cells *all, const struct cell *like, double share);
/* A cell of two contexts on this impl, by the first of its waits; NULL if the file has none that is valid. */
const struct cell *grain_of(const struct cells *all, const char *impl);
/* "21.4 µs", "<10 ns", ">1 ms", "-". Returns buffer, of TEXT_NUMBER bytes and one more. */
char *grain_words(char *buffer, const struct metg *m);

/* Does this cell stand in the grain's part of the table? */
bool grain_has(const struct cell *c);
void grain_print(FILE *out, const struct cells *all);

#endif
