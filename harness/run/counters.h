// SPDX-License-Identifier: MIT
/* Which events this machine can count, by libpfm4's names; and how many fit a pass without multiplexing. */
#ifndef HARNESS_RUN_COUNTERS_H
#define HARNESS_RUN_COUNTERS_H

#include <linux/perf_event.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../record.h"

struct counter {
	char name[64];                /* as it stands in a result, without "/op": "instructions:u", "context-switches" */
	char reason[200];             /* empty, or why it is not counted */
	struct perf_event_attr attr;  /* disabled, inherit, TOTAL_TIME_ENABLED and _RUNNING; ready for perf_event_open */
	bool hardware;                /* takes one of the PMU's few counters */
	bool kernel;                  /* counts the kernel's side */
};

struct counters {
	struct counter *counter;
	size_t count;
	bool cpu_wide;      /* perf_event_open(pid -1, a CPU) is permitted */
	char pmu[200];      /* the core PMU's name, or "none: reason" */
};

/* The default set: cycles and instructions (each :u and :k), branch misses, L1D, LLC and dTLB misses, context switches,
 * migrations, page faults, and raw_syscalls:sys_enter where it may be opened. `wanted` is the text of --counters: names
 * of events or of groups of them (default, frontend, backend, cache, tlb, kernel) separated by commas, "none", or NULL for the
 * default. A name that libpfm4 (or tracefs, for a SYSTEM:EVENT tracepoint)
 * does not know is a mistake of the user's: returns 2 with one clear line in error; what this PMU lacks of a group is not.
 * Every event is then opened, enabled, made to run and read; only what has time_running > 0 == time_enabled counts as
 * countable; the rest keeps its reason (no PMU; perf_event_paranoid=N; a seccomp filter; an unknown event ...). Kernel and user
 * are apart: a hardware event without :u or :k becomes two, and so does a software event where only user mode is permitted.
 * On a hybrid CPU a generic event is that of the kind of core the caller is on: it should be pinned before. Built without
 * libpfm4 (HAVE_LIBPFM undefined) only the software events and tracepoints are known, and the others' reason is "built
 * without libpfm4". 0 or 2. */
int counters_choose(const char *wanted, struct counters *c, char *error, size_t error_size);
void counters_free(struct counters *c);

/* Sets pmu, counters, libpfm4 and one not-counted.EVENT key for each event that is not countable. */
void counters_describe(const struct counters *c, struct record *r);

/* Is a reading (value, time enabled, time running, as read(2) gives them) a value? Only where the event ran all the
 * time; else false, and why not. */
bool counters_ran(const uint64_t reading[3], char *reason, size_t size);

/* Splits the countable events into passes: pass[i] is the number (from 0) of the pass in which counter i is counted, -1 if in none.
 * Hardware events share a pass only as far as they were seen to run together all the time. Returns the number of passes. */
size_t counters_passes(const struct counters *c, int *pass);

#endif
