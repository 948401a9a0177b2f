// SPDX-License-Identifier: MIT
/*
 * What a mode switch is made of, from a file's cells of `syscall` and `refuse`: rung by rung, as a model that is fitted
 * to them, and for the creation of an LWP what the kernel does with its parameters.
 */
#ifndef HARNESS_ANALYSE_MODESWITCH_H
#define HARNESS_ANALYSE_MODESWITCH_H

#include <stdbool.h>
#include <stdio.h>

#include "cells.h"

/* Is it one of the cells that are drawn here where they are valid? They belong to no impl, and go by a name of their own. */
bool modeswitch_draws(const struct cell *c);
/* "copy-in bytes=64" of "call=copy-in/bytes=64". Returns buffer. */
char *modeswitch_name(const struct cell *c, char *buffer, size_t size);
/* The sections of the table: the ladder where it has more than the floor's few rungs, the model, the stages of a
 * refused creation. Nothing where there are no such cells. */
void modeswitch_print(FILE *out, const struct cells *all);
/* How many rungs the floor's line takes; of more than these a section is made. */
enum { MODESWITCH_FLOOR = 6 };

/* -- the model: cost = entry + a x bytes + b x pointers + check */
enum coefficient {
	FIT_ENTRY,
	FIT_BYTE_IN,
	FIT_BYTE_OUT,
	FIT_POINTER,
	FIT_CHECK_IN,
	FIT_CHECK_OUT,
	FIT_CHECK_POINTERS,
	FIT_COEFFICIENTS
};
enum { FIT_RUNGS = 48 };

struct model {
	/* nanoseconds, and for the slopes nanoseconds each; NaN where there are too few rungs to tell */
	double c[FIT_COEFFICIENTS];
	struct interval interval[FIT_COEFFICIENTS];
	size_t rungs;
	const struct cell *rung[FIT_RUNGS];
	double fitted[FIT_RUNGS]; /* what the model says each of them takes */
	double worst;             /* how far the worst of them is off, as a share of what it takes */
};

/* False where there is nothing to fit: no null call, or no two rungs of anything that is copied. */
bool modeswitch_fit(const struct cells *all, struct model *m);

/* -- a creation's own parameters, from where it is refused: from the size of the structure to the copied structure, and
 * from there to the last flag that is held against the others. */
enum parameters { PARAMETERS_COPIED, PARAMETERS_CHECKED };

struct part {
	const struct cell *before, *after; /* NULL where the file has none */
	double ns;
	struct interval interval;
};

struct part modeswitch_parameters(const struct cells *all, enum parameters which);

#endif
