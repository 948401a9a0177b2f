// SPDX-License-Identifier: MIT
/*
 * Starts one trial as a fresh process in a process group of its own, watches over it and collects its answer. A trial that
 * crashes, hangs or is killed costs only itself; nothing of its group outlives the call.
 */
#ifndef HARNESS_RUN_RUNNER_H
#define HARNESS_RUN_RUNNER_H

#include <stdbool.h>
#include <stddef.h>

#include "../protocol.h"

struct outcome {
	bool failed;            /* no answer that can be used; the reason says why */
	bool interrupted;       /* a signal asked the whole run to end */
	char reason[256];
	struct answer answer;
	double *sample;         /* PASS_TIME: answer.count of them, then answer.bars pairs */
	struct entry *entry;    /* PASS_LIST: answer.count of them */
};

/* From here on SIGINT, SIGTERM and SIGHUP end a run in order instead of the process at once. */
void runner_take_signals(void);

/* Back to what a terminal expects, once the result is safe: a signal ends the process. */
void runner_leave_signals(void);

/* Was one of them seen? Its number, or 0. */
int runner_signal(void);

/* Sets the request's protocol and parent, runs it with `program`, and kills it after `seconds`. */
struct outcome runner_run(const char *program, const struct request *r, double seconds);
void outcome_free(struct outcome *o);

/* Each trial gets an environment of another size from here on: the seed of those sizes. */
void runner_seed(uint64_t seed);

#endif
