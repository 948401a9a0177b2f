// SPDX-License-Identifier: MIT
/* How far a run is and how long it still takes, on stderr: one line rewritten on a terminal, else a plain line now and then. */
#ifndef HARNESS_RUN_PROGRESS_H
#define HARNESS_RUN_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

struct progress {
	size_t total, done;
	bool quiet, terminal;
	double begin, said; /* seconds on CLOCK_MONOTONIC */
	double expected;    /* what the whole was planned to take, in seconds */
};

void progress_begin(struct progress *p, size_t total, double expected_s, bool quiet);
void progress_step(struct progress *p, const char *doing);
void progress_end(struct progress *p);

#endif
