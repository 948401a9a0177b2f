// SPDX-License-Identifier: MIT
/* Scheduling policies by their names in a cell: "other", "batch", "fifo". */
#ifndef HARNESS_RUN_POLICY_H
#define HARNESS_RUN_POLICY_H

int policy_number(const char *name); /* SCHED_OTHER ... */

/* Why this process may not have it, in one sentence, or "". Tried once, in a child of its own. */
const char *policy_missing(const char *name);

#endif
