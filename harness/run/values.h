// SPDX-License-Identifier: MIT
/* What a cell timed one by one: of each trial its quantiles, of all trials together one histogram. */
#ifndef HARNESS_RUN_VALUES_H
#define HARNESS_RUN_VALUES_H

#include "../protocol.h"
#include "../record.h"

/* The histogram of a trial, in ns; without bars where the job has none. `bar`: what follows the answer's samples. */
struct bars values_of(const struct answer *a, const double *bar, double clock_hz);

/* p50-ns to p99.99-ns, those that enough values lie beyond, and max-ns. */
void values_quantiles(struct record_line *line, const struct bars *b);

#endif
