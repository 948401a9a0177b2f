// SPDX-License-Identifier: MIT
/*
 * What run and cell say to each other. Run starts a fresh `cell`, writes one request to the child's REQUEST_FD and reads one
 * answer, and what it announces, from the child's ANSWER_FD. Both programs are of one build, so structs go as they are;
 * `protocol` catches a cell that was left over from another.
 */
#ifndef HARNESS_PROTOCOL_H
#define HARNESS_PROTOCOL_H

#include <linux/perf_event.h>
#include <stdint.h>

#include "caps.h"

enum { SEATS_MOST = 1024 };
enum { REQUEST_FD = 3, ANSWER_FD = 4, EVENTS_MAX = 16, NAME_SIZE = 32, TEXT_SIZE = 160, PATH_SIZE = 256 };

#define PROTOCOL ((uint32_t)(1u << 24 ^ sizeof(struct request) << 12 ^ sizeof(struct answer) ^ sizeof(struct entry) << 6))

enum pass {
	PASS_LIST,    /* which cells are in this program: answer, then answer.count entries */
	PASS_CLOCK,   /* which clock this machine has: answer.clock */
	PASS_CONFORM, /* one check, or all of them: answer.error and detail */
	PASS_TIME,    /* answer, then answer.count samples as double: clock ticks per turn, t(0) taken off; then answer.bars */
	PASS_COUNT,   /* perf events: answer.event */
	PASS_CALLS,   /* system calls and tasks: answer.calls ... */
	PASS_PARTS,   /* one perf event, by the parts of a turn: answer.reading, of which what is ticks in PASS_TIME is counts here */
	PASS_SHARING, /* what a context shares with its maker: answer.shares */
};

/* What contexts may share, each looked for by changing it in one and looking from the other. */
enum shared { SHARED_MEMORY, SHARED_FILES, SHARED_DIRECTORY, SHARED_UMASK, SHARED_HANDLERS, SHARED_PROCESS, SHARED_UNDO, SHARED_IO, SHARED_KINDS };

enum clock_kind {
	CLOCK_COUNTER, /* the CPU's own counter */
	CLOCK_GETTIME, /* clock_gettime(CLOCK_MONOTONIC_RAW) */
	CLOCK_EVENT,   /* no time: a perf event, whose ticks are what it counts. Never chosen; PASS_PARTS makes one */
};

struct clock_facts {
	int32_t kind;          /* enum clock_kind */
	int32_t is_call;       /* each read is a system call */
	int32_t event;         /* CLOCK_EVENT: its descriptor */
	double hz, step, read; /* ticks a second; least step seen and cost of one read, in ticks */
	uint64_t at, at_ns;    /* one moment, on this clock and on CLOCK_MONOTONIC_RAW */
	char why[TEXT_SIZE];   /* for CLOCK_GETTIME: why not the counter */
};

struct request {
	uint32_t protocol;
	int32_t pass;                                  /* enum pass */
	int32_t parent;                                /* pid of run: when it dies, so does the trial */
	char impl[NAME_SIZE], wait[NAME_SIZE], job[NAME_SIZE], variant[NAME_SIZE];
	int32_t check;                                 /* PASS_CONFORM: its number, or -1: all of them */
	int32_t policy;                                /* SCHED_OTHER, SCHED_BATCH ... */
	int32_t seat[2];                               /* CPU, or -1 */
	uint32_t seats;                                /* where contexts are spread over many CPUs: how many; else 0 */
	int32_t seat_list[SEATS_MOST];
	uint32_t workers;                              /* LWPs that carry the contexts; 0: no point of the impl */
	uint64_t at[SCALES_MOST];                      /* on the bench's own axes */
	uint32_t samples;
	uint64_t sample_ns, rounds;                    /* least time of a sample, a hundred steps of the clock or more; rounds of a check */
	struct clock_facts clock;
	uint32_t events;
	struct perf_event_attr event[EVENTS_MAX];
	int32_t event_cpu[EVENTS_MAX];                 /* count all that runs on this CPU; -1: this trial's tasks */
	char throttle_path[PATH_SIZE];                       /* the cgroup's cpu.stat, or "" */
	char tasks_path[PATH_SIZE], memory_path[PATH_SIZE], memory_group[PATH_SIZE]; /* as in struct point */
	uint64_t bytes_most;
	uint32_t values_per; /* as in struct point */
};

/* What the kernel had counted of a trial's tasks between the first and the last sample. -1: this kernel does not tell. */
struct observed {
	double voluntary, involuntary, faults, migrations;
	double elsewhere; /* of the switches, those of tasks outside of this program; -1 also where the impl has none */
	double cpu_ns, wall_ns;
	double steal_ns, throttled, interrupts;
	int32_t tasks;     /* seen at the end; 0: /proc does not tell of them */
	int32_t misplaced; /* of them, last seen on another CPU than their seat */
	int32_t cpu_seen, cpu_wanted; /* of the first that was misplaced */
};

enum stage { STAGE_NONE, STAGE_FIND, STAGE_PIN, STAGE_POLICY, STAGE_ARENA, STAGE_EVENTS, STAGE_OPEN, STAGE_CLOCK, STAGE_LOOP };

struct answer {
	uint32_t protocol;
	int32_t stage, error;      /* where it failed and -errno; 0 and 0 when it did not */
	int32_t skipped;           /* PASS_CONFORM: the check was not asked of this impl, detail says why */
	char detail[TEXT_SIZE];    /* in words, where errno says too little; of a timed pass that did not fail, what the job says */
	uint32_t count;            /* what follows: entries or samples */
	uint32_t bars;             /* PASS_TIME: after the samples, for each bar of the histogram its least value and its count, as double */
	double per, least_value, most_value, sum; /* of the histogram: how many of what is timed one value spans; ticks */
	uint64_t turns;            /* turns of the loop that were timed, or counted */
	uint64_t turns_per_sample;
	double centre, least;      /* of the samples: median and minimum */
	double linear;             /* t(2n) / t(n); NaN where a sample is one turn */
	double add, burst;         /* one dependent addition, one independent instruction: ticks, median over the samples */
	double one_cpu;            /* unpinned: share of the samples after which all tasks sat on one CPU; else -1 */
	double reading[READINGS_MOST]; /* median over the samples: ticks or numbers; NaN where it can't be told */
	struct clock_facts clock;
	struct observed observed;
	/* PASS_COUNT: per turn; NaN where the event did not run all the time */
	double event[EVENTS_MAX];
	double counted; /* clock ticks a turn while they count; NaN where it was not timed */
	int8_t shares[SHARED_KINDS]; /* PASS_SHARING: 1, 0, or -1: this kernel does not tell */
	/* PASS_CALLS: per turn; -1 where it can't be counted (of calls, the reason is in detail) */
	double calls, tasks, signals;
};

/* One job of one instance, or one of its checks. */
struct entry {
	char impl[NAME_SIZE], wait[NAME_SIZE], kind[NAME_SIZE], job[NAME_SIZE], variant[NAME_SIZE], unit[NAME_SIZE];
	char saves[TEXT_SIZE], stack[TEXT_SIZE], summary[TEXT_SIZE], missing[TEXT_SIZE], version[TEXT_SIZE], job_summary[TEXT_SIZE];
	uint32_t caps, needs, ops, handoffs, each, spawns, modes, yields, batch;
	struct cost per_spawn, per_handoff, per_mode, per_yield, own;
	double settle_s, turn_s;     /* what a settle takes, and a turn that is longer than a sample: to plan with */
	uint32_t own_each;           /* `own` and turn_s are for each of the first axis's value */
	uint32_t turns_most, samples_most, trials_most; /* 0: no limit */
	char scale[SCALES_MOST][NAME_SIZE], grid[SCALES_MOST][TEXT_SIZE];
	uint32_t readings;
	char reading[READINGS_MOST][NAME_SIZE];
	uint8_t reading_is_ticks[READINGS_MOST];
	uint8_t has_parts;           /* PASS_PARTS is for this one */
	int32_t check;               /* number of a check, whose name then stands in check_name; -1 for a job */
	char check_name[TEXT_SIZE];
};

#endif
