// SPDX-License-Identifier: MIT
/* What was claimed held against what the kernel counted: numbers in, a verdict out. */
#ifndef HARNESS_RUN_AUDIT_H
#define HARNESS_RUN_AUDIT_H

#include <stddef.h>

#include "plan.h"

struct audit {
	double switches;   /* a turn, with the uncounted last ones added; -1: not told */
	double elsewhere;  /* of them, those of tasks outside of the program; -1: not told, or there are none */
	double faults;     /* a turn */
	double preempted;  /* involuntary switches that the claim does not explain; -1 where nothing is claimed */
	double migrations; /* beyond those claimed; -1: not told */
	double cpu;        /* CPU time / wall time in percent; -1 where it means nothing */
	double steal;      /* percent; -1: not told */
	char refused[256]; /* empty, or why the trial is invalid */
};

/* A timed trial. */
struct audit audit_time(const struct cell *c, const struct answer *a);

/* A pass that counted calls: empty, or why the cell is invalid, in `refused`. */
void audit_calls(const struct cell *c, const struct answer *a, char *refused, size_t size);

#endif
