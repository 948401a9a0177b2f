// SPDX-License-Identifier: MIT
/* What the bench `block` has found: how much of the others' work goes on while one context sits in a blocking call. */
#ifndef HARNESS_ANALYSE_BLOCK_H
#define HARNESS_ANALYSE_BLOCK_H

#include <stdio.h>

#include "cells.h"

/* Is it one of these? Then no other section has it; one that is not valid is told of at the head or the end. */
bool block_owns(const struct cell *c);
/* A section of the table; nothing where the file has no such cell. */
void block_print(const struct cells *all, FILE *out);

/* The cell that says what an impl with so many LWPs does: of several, the one with the most. NULL where there is none.
 */
enum block_lwps { BLOCK_ONE_LWP, BLOCK_SEVERAL_LWPS };
const struct cell *block_find(const struct cells *all, enum block_lwps lwps);
/* How many LWPs carry its contexts. */
unsigned block_lwps(const struct cell *c);
/* The unit of what goes on, in percent. */
extern const char block_share[];

#endif
