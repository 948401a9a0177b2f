// SPDX-License-Identifier: MIT
/*
 * What the kernel keeps of a trial's tasks for nothing: the timed process is its own witness. Read before the first sample
 * and after the last, outside the clock. Tasks are this process's threads and, for impls that make processes, every process
 * of its process group.
 */
#ifndef HARNESS_CELL_WITNESS_H
#define HARNESS_CELL_WITNESS_H

#include "../protocol.h"

struct witness {
	int processes;            /* also look for other processes of our group: costs a walk over /proc */
	unsigned (*tasks)(int *tid, unsigned most); /* tasks elsewhere that carry contexts, as in struct impl; or NULL */
	void (*idle)(double *voluntary, double *involuntary); /* as in struct impl: then no task of ours carries one; or NULL */
	const int32_t *seat_list; /* where tasks are spread over many CPUs: `seats` of them, and each sits on one; else 0 */
	uint32_t seats;
	const int32_t *seat;      /* where our own first task and all others should sit; -1: anywhere */
	const char *throttle_path; /* the cgroup's cpu.stat, or "" */
};

/* Totals since the tasks began, in the units of struct observed; wall_ns is the time of the reading. The reading's own work
 * stays outside of what lies between a begin and an end. */
void witness_begin(const struct witness *w, struct observed *o);
void witness_end(const struct witness *w, struct observed *o);

/* end - begin, field by field; what either could not tell stays -1; tasks and places are end's. */
struct observed witness_between(const struct observed *begin, const struct observed *end);

/* Do all tasks sit on one CPU at this moment? */
int witness_on_one_cpu(const struct witness *w);

#endif
