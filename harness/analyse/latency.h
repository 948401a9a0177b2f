// SPDX-License-Identifier: MIT
/* Cells whose ops were timed one by one: what the summary says of them. */
#ifndef HARNESS_ANALYSE_LATENCY_H
#define HARNESS_ANALYSE_LATENCY_H

#include <stdbool.h>
#include <stdio.h>

#include "cells.h"

/* Does the cell stand in this section, and so in no other? */
bool latency_has(const struct cell *c);
/* A quantile of all trials together, 1: the most; NaN where it is not to be given. */
double latency_quantile(const struct cell *c, double q);
void latency_put(FILE *out, const struct cells *all);

#endif
