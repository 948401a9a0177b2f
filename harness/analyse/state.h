// SPDX-License-Identifier: MIT
/* What the bench `state` has found: a row for each set of registers that contexts have in use when they are switched.
 */
#ifndef HARNESS_ANALYSE_STATE_H
#define HARNESS_ANALYSE_STATE_H

#include <stdio.h>

#include "cells.h"

/* Is it one of these? Then no other section has it; one that is not valid is told of at the head or the end. */
bool state_owns(const struct cell *c);
/* A section of the table; nothing where the file has no such cell. */
void state_print(const struct cells *all, FILE *out);

#endif
