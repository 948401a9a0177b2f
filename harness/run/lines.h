// SPDX-License-Identifier: MIT
/* What a trial's answer becomes in the record: its line, with every number in its unit (results/README.md). */
#ifndef HARNESS_RUN_LINES_H
#define HARNESS_RUN_LINES_H

#include "../record.h"
#include "counters.h"
#include "plan.h"

/* A timed trial, audited, of the `set` it belongs to (from 1; 0: there is but one). `calls` are the system calls and signals a
 * turn that were counted before, or -1; `values` its histogram, which may be empty. Returns whether it is valid. */
bool lines_timed(struct record *r, const struct cell *c, const struct answer *a, double clock_hz, double calls, int set,
	const struct bars *values);

/* What the job of a trial has to say in words: a key JOB.IMPL. */
void lines_said(struct record *r, const struct cell *c, const struct answer *a);

/* Every sample of that trial. */
void lines_samples(struct record *r, const struct cell *c, const struct answer *a, const double *sample, double clock_hz);

/* A pass that counted system calls, audited; a pass that could not says why in a key. Returns whether it is valid. */
bool lines_calls(struct record *r, const struct cell *c, const struct answer *a);

/* A pass that counted the events of the request, which are those of `counted` in this order. */
void lines_events(struct record *r, const struct cell *c, const struct request *q, const struct counter *const *counted,
	const struct answer *a, double clock_hz);

/* Can this event be counted by the parts of a turn of the cell? Instructions can, where all of it runs on one CPU: then
 * who reads them next says what was done by all since they were read last. Most else moves when it is read at all. */
bool lines_has_parts(const struct cell *c, const struct counter *k);

/* A pass that did. */
void lines_parts(struct record *r, const struct cell *c, const struct counter *k, const struct answer *a);
void lines_parts_uncounted(struct record *r, const struct counter *k, const char *reason);

/* When all is timed: how many times as long as timed each counted cell took, onto its counted lines. */
void lines_counting_cost(struct record *r);

/* A pass whose events could not be opened: each is not counted, for this reason. */
void lines_uncounted(struct record *r, const struct request *q, const struct counter *const *counted, const char *reason);

/* Does this event need to be counted CPU-wide to be whole? What the kernel does to end a task is in no task's count. */
bool lines_partial(const struct cell *c, const struct counter *k);

/* A trial that failed. A limit that it ran into is named: an errno alone sends its reader looking in the wrong place. */
void lines_failed(struct record *r, const struct cell *c, const char *reason);

#endif
