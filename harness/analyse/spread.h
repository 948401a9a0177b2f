// SPDX-License-Identifier: MIT
/* How much is done in all when independent contexts sit on one CPU, on two and on all of them. */
#ifndef HARNESS_ANALYSE_SPREAD_H
#define HARNESS_ANALYSE_SPREAD_H

#include <stdio.h>

#include "cells.h"

/* How many times as much as on one CPU; NaN where that is not measured. */
double spread_gain(const struct cells *all, const struct cell *c);

/* Does this cell stand in the spread's part of the table? */
bool spread_has(const struct cell *c);
void spread_print(FILE *out, const struct cells *all);

#endif
