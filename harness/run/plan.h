// SPDX-License-Identifier: MIT
/* Which cells a run measures: every instance and job of the registry at every place and policy it has, then chosen from. */
#ifndef HARNESS_RUN_PLAN_H
#define HARNESS_RUN_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "place.h"
#include "registry.h"

struct cell {
	const struct entry *entry; /* of the registry, which must live longer */
	const char *program;
	const struct place *place; /* of the places, likewise */
	const char *policy;        /* "batch", "other", "fifo" */
	unsigned workers;          /* LWPs that carry the contexts; 0: no point of the impl */
	uint64_t at[SCALES_MOST];  /* on the bench's own axes */
	char name[256];            /* as in a result file */
	char unit[32];             /* of its centre: "switch", "yield", "wake", "handoff", "op" */
	char missing[200];         /* empty, or why it can't be measured */
	/* a turn, by composition; -1: not claimed, only reported */
	double claimed_switches, claimed_elsewhere, claimed_calls, claimed_tasks, claimed_migrations;
	bool at_most;              /* the claim is an upper bound: across CPUs a hand-off may find its partner awake */
	struct bars values;        /* of its trials together, what they timed one by one */
	unsigned values_per;       /* of how many each is the mean: as the first trial that has any found; 0: none has yet */
	bool invalid;              /* set by a run: an audit or a trial of it has failed */
};

struct plan {
	struct cell *cell;
	size_t cells;
};

/* What is measured by default. */
enum extent { EXTENT_BRIEF, EXTENT_QUICK, EXTENT_FULL };

/* All cells of `extent` that the filter expression `only` (or NULL) selects, in registry order. 0; or 2 with one clear line in
 * error: a mistyped expression, or one that selects nothing. */
int plan_make(struct plan *plan, const struct registry *r, const struct places *places, enum extent extent, const char *only,
	char *error, size_t error_size);
void plan_free(struct plan *plan);

/* For how many `own` and turn_s of its job are: what its first axis says where the job says so, else 1. */
double plan_each(const struct cell *c);

/* Units of the bench in one turn of its loop. */
double plan_ops(const struct cell *c);

#endif
