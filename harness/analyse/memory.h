// SPDX-License-Identifier: MIT
/* What contexts take of memory, and how many there can be: cells that are not about time. */
#ifndef HARNESS_ANALYSE_MEMORY_H
#define HARNESS_ANALYSE_MEMORY_H

#include <stdio.h>

#include "cells.h"

/* Is it one of these, and valid? */
bool memory_is_of(const struct cell *c);

/* Their tables, each where it has a row. */
void memory_print(FILE *out, const struct cells *all);

#endif
