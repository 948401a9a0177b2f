// SPDX-License-Identifier: MIT
/*
 * What one creation, or one switch, is made of: parts that were timed apart, held against the whole that another cell
 * measured without looking inside. What they leave is "unexplained", and is never spread over them. Beside the time,
 * where it was counted, the instructions of each part: those were of the timeline, and leave nothing.
 */
#ifndef HARNESS_ANALYSE_ANATOMY_H
#define HARNESS_ANALYSE_ANATOMY_H

#include <stdio.h>

#include "cells.h"

enum anatomy_part {
	PART_ENTRY,     /* in and out of the kernel, of the call: as a system call that does nothing */
	PART_ARGUMENTS, /* copied and checked: as a call that is refused for them, less the entry */
	PART_CALL,      /* what else the call takes */
	PART_FIRST,     /* from the call's return to the other's first instruction */
	PART_RUN,       /* the body */
	PART_END,       /* from its last instruction to the join's return */
	PARTS,
};

enum anatomy_measure { BY_TIME, BY_USER, BY_KERNEL, MEASURES };

struct anatomy {
	const struct cell *cell, *whole; /* whole: NULL where it was not measured, or is not valid */
	bool is_switch;
	/* nanoseconds; instructions in user mode; in the kernel. 0 where there is no such part, NaN where it was not counted */
	double part[MEASURES][PARTS];
	double sum, total;        /* of the time; total: the whole's, or the timeline's own where there is none */
	double timeline[MEASURES]; /* from its first read to its last */
};

/* False where the cell's parts are shown nowhere but in its line. */
bool anatomy_of(const struct cells *all, const struct cell *c, struct anatomy *a);
/* Is this cell shown by anatomy_print, whatever became of it? */
bool anatomy_shows(const struct cells *all, const struct cell *c);
/* The sections of the table; nothing where the file has no such cell. */
void anatomy_print(const struct cells *all, FILE *out);
/* The columns of plots/anatomy.gp; returns the number of rows. */
size_t anatomy_rows(FILE *out, const struct cells *all);

#endif
