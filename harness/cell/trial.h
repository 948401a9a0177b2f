// SPDX-License-Identifier: MIT
/* One trial: find the cell that was asked for, set this process up for it, and do the pass. */
#ifndef HARNESS_CELL_TRIAL_H
#define HARNESS_CELL_TRIAL_H

#include "../protocol.h"
#include "impl.h"

/* The instance that has the request's job; where that is empty, the one whose checks it can run. NULL if there is none. */
const struct impl *trial_find_impl(const struct request *r);

/* PASS_TIME, PASS_COUNT, PASS_CALLS or PASS_PARTS. Fills the answer; *samples (to be freed by the caller) holds answer->count of them. */
void trial_run(const struct request *r, struct answer *a, double **samples);

#endif
