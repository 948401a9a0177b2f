// SPDX-License-Identifier: MIT
/* One run from plan to record: what `ctxbench run` does before anything is shown. */
#ifndef HARNESS_RUN_RUN_H
#define HARNESS_RUN_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "../record.h"
#include "plan.h"

struct run_options {
	enum extent extent;
	bool extent_given;       /* --brief or --full: --only then chooses within it, else from everything */
	const char *only, *counters, *cpus;
	unsigned trials;         /* 0: the extent's own number */
	double time_limit;       /* seconds; 0: none */
	uint64_t seed;           /* 0: from the clock */
	bool aa;                 /* everything twice, interleaved: two sets of trials that should not differ */
	bool keep_samples, quiet;
	const char *program_dir; /* where the cell programs are */
};

/* What a run will do, found out before anything is measured. */
struct run;

/* Checks every option against this machine and makes the plan. NULL and *status (2 usage, 69 something missing) with one
 * clear line in error. */
struct run *run_prepare(const struct run_options *o, int *status, char *error, size_t error_size);
void run_free(struct run *r);

/* The head keys that are the machine's: what it is, its CPUs and what it can count. */
void run_describe_machine(const struct run *r, struct record *record);
const struct plan *run_plan(const struct run *r);
double run_expected_seconds(const struct run *r);
unsigned run_trials(const struct run *r); /* a cell, of both sets where there are two */
const char *run_extent_name(const struct run *r); /* brief, quick, full, custom */

/* Measures. Returns the record, to be freed by the caller; *status is 0, 1 (a cell failed or is invalid) or 130
 * (interrupted: the record says complete: no). */
struct record *run_measure(struct run *r, int *status);

/* Runs the conformance checks of every instance that the plan touches and prints them as TAP. 0 or 1. */
int run_conform(struct run *r, uint64_t rounds);

#endif
