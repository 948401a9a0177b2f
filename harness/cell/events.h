// SPDX-License-Identifier: MIT
/* Perf events around a loop: opened before any context exists, inherited by all, read twice and subtracted. */
#ifndef HARNESS_CELL_EVENTS_H
#define HARNESS_CELL_EVENTS_H

#include "../protocol.h"

struct events {
	uint32_t count;
	int fd[EVENTS_MAX];
	double begin[EVENTS_MAX];
	uint64_t enabled[EVENTS_MAX], running[EVENTS_MAX];
};

/* Opens the request's events, disabled, on task `maker` (0: this one) where they are not a CPU's. 0 or -errno. */
int events_open(struct events *e, const struct request *r, int maker);
void events_close(struct events *e);

/* What is counted between begin and end is added to count[]; NaN where an event did not run all the time. */
void events_begin(struct events *e);
void events_end(struct events *e, double *count);

#endif
