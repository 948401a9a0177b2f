// SPDX-License-Identifier: MIT
/* Cells of one bench along its own axes, "bytes=4096" in their names. */
#ifndef HARNESS_ANALYSE_AXES_H
#define HARNESS_ANALYSE_AXES_H

#include "cells.h"

/* Where a cell stands on an axis; NaN where it has no such axis. */
double axis_at(const struct cell *c, const char *axis);
/* The cell that differs from this one only in where it stands on an axis; NULL if the file has none. */
const struct cell *axis_beside(const struct cells *all, const struct cell *c, const char *axis, double at);
/* The same bench on the same impl, wait, policy and place? */
bool axis_same_bench(const struct cell *a, const struct cell *b);
/* Is it valid, and its time more than none? */
bool axis_measured(const struct cell *c);
/* The cells for which `wanted` holds, ordered as tables show them: by bench, impl as in `all`, wait, policy, place, and
 * then ascending along each axis of a list that ends with NULL. The caller frees the array, which ends with NULL. */
const struct cell **axis_cells(const struct cells *all, bool (*wanted)(const struct cell *), const char *const *axes);
/* "lwp, waiting by futex, one CPU". Returns buffer. */
char *axis_whose(const struct cell *c, char *buffer, size_t size);

#endif
