// SPDX-License-Identifier: MIT
/*
 * Why a cell differs: what was counted of it beside what was timed, and the parts that its anatomy was timed in. Counts
 * tell what was done more of; parts tell where the time went. It is never said that one is the cause of the other.
 */
#ifndef HARNESS_COMPARE_EXPLAIN_H
#define HARNESS_COMPARE_EXPLAIN_H

#include <stdio.h>

#include "verdict.h"

/* Every row that is valid somewhere; a line for each that is nowhere. */
void explain_print(const struct matrix *c, FILE *out);

#endif
