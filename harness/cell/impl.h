// SPDX-License-Identifier: MIT
/*
 * The interface at run time: what an instance (one impl with one wait) tells the harness about itself. Read once per
 * trial, never inside a loop. Written with designated initialisers by instance.c, impls/ and bench/, read by cell/ only.
 */
#ifndef HARNESS_CELL_IMPL_H
#define HARNESS_CELL_IMPL_H

#include <stddef.h>
#include <stdint.h>

#include "../caps.h"

/* For what is never timed: compiled for size, since every instance has its own copy, and most of its code is that. */
#define UNTIMED __attribute__((cold))

struct clock_facts;
struct histogram;

/* -- where and how big one cell is */
struct point {
	void *arena;       /* zeroed, page-aligned memory that every context of the cell sees */
	int seat[2];       /* the caller's CPU and the others'; -1: wherever the caller is. Opaque to benches */
	const int32_t *seat_list; /* where contexts are spread over many CPUs: `seats` of them, the caller's first */
	unsigned seats;
	unsigned workers;  /* LWPs that carry the contexts; 0 where that is no point of the impl */
	unsigned piles_up; /* contexts for a bench that piles them up, a power of two; 0: as few as it likes */
	uint64_t at[SCALES_MOST];        /* on the bench's own axes */
	uint64_t page;                   /* bytes of a page of memory, a power of two */
	uint64_t adds_per_us;            /* of a chain of additions, each of which needs the one before: what work is made of */
	/* for clock_read(), which templates know nothing of; NULL in a check. It may count an event instead of time */
	const struct clock_facts *clock;
	/* for what takes as many contexts or as much memory as there can be; "" and 0 in a check */
	const char *tasks_path;  /* the directory of the control group whose pids.max is the tightest, or "" */
	const char *memory_path; /* the control group's memory.stat, or "" */
	const char *memory_group; /* the directory of the control group that leaves least of its memory, or "" */
	uint64_t bytes_most;     /* of memory that a trial may take */
	/* what is timed one by one: of how many the cell's first trial took the mean for one value; 0: this is the first */
	unsigned values_per;
};

/* An axis of the bench's own: `name` stands in the cell's name, "bytes=16384". */
struct scale {
	const char *name;
	const char *grid; /* its values: "0 64 4096"; or the word for those that run finds on this machine (run/grid.h) */
};

/* What a job tells beside its time. */
struct reading {
	const char *unit; /* "call-ns", "share%" */
	enum { READ_NUMBER, READ_TICKS } as; /* ticks become nanoseconds */
};

/* Of what a process or a user may only have so much: how much of it one context takes. Asked of the limits before a context is
 * made ready. */
struct needs {
	unsigned descriptors;
	unsigned signals;    /* that can be on their way to it at once */
	unsigned queues;     /* POSIX message queues, of one message of one byte */
	unsigned semaphores; /* System V, each a set of its own */
};

/* One bench on one impl. How many of each verb one turn of its loop takes says what the audit will demand. */
struct job {
	const char *name, *summary;
	const char *variant;                       /* the bench's own point, "call=null", or NULL */
	const char *unit;                          /* what `ops` counts: "switch", "wake", "op" */
	unsigned needs;                            /* enum cap */
	unsigned ops;                              /* units in one turn of the loop */
	unsigned handoffs, spawns, modes, yields;  /* verbs in one turn of the loop */
	struct cost own;                           /* what a turn makes beside its verbs */
	int own_each;                              /* 1: `own` and `turn_s` are for each of the first axis's value */
	/* 1 + the axis that counts contexts: a turn makes `ops` and `handoffs` for each, but one alone hands off to nobody.
	 * 0: no axis does. */
	unsigned each;
	unsigned contexts;                         /* made ready at once, where none are piled up */
	unsigned batch;                            /* most turns before settle(); 0: no limit */
	double settle_s;                           /* what a settle takes, to plan with; 0: next to nothing */
	unsigned turns_most;                       /* of a sample, where what surrounds a turn takes far longer than it; 0: no limit */
	double turn_s;                             /* what a turn takes where that is longer than a sample, to plan with; 0: it is not */
	unsigned trials_most;                      /* of a run, where a trial is long and chance has little part in it; 0: no limit */
	unsigned samples_most;                     /* of a trial, where a turn is long; 0: no limit */
	struct scale scale[SCALES_MOST];           /* ends with one without a name, or is full */
	const struct reading *readings;            /* ends with one without a unit; NULL: none but its time */
	int has_parts;                             /* 1: what it reads in ticks are the parts of a turn, by reads of point.clock at each step */
	int makes_none;                            /* every creation of its is turned down, and so counted like any other call */
	const char *(*missing)(void);              /* NULL, or one sentence: why this job can't run here where others can; may be NULL */
	size_t (*arena_bytes)(const struct point *);
	int (*open)(const struct point *);         /* 0 or -errno */
	int (*loop)(void *arena, uint64_t n);      /* n turns. 0 or -errno */
	void (*settle)(void *arena);               /* untimed, after each batch; may be NULL */
	void (*close)(void *arena);
	/* How many bodies have run since open; of a job that spawns none, how many hand-offs the impl has counted itself.
	 * NULL where nobody counts. */
	uint64_t (*bodies)(const void *arena);
	/* What `readings` names, of the `turns` since it was called last; NaN where it can't be told. Untimed, around each
	 * sample. */
	void (*read)(void *arena, uint64_t turns, double *value);
	/* In words, what it has found out beside its numbers, or where they are from: a key JOB.IMPL of the result. May be NULL. */
	void (*say)(const void *arena, char *text, size_t size);
	/* What was timed one by one (cell/histogram.h), in ticks, since `read` was called last, which forgets it. Untimed, after
	 * each sample and before `read`; NULL where there is none. */
	const struct histogram *(*histogram)(void *arena);
};

/* One thing that every impl must do before it may be timed. */
struct check {
	const char *name;  /* "hand-offs go round a ring in order" */
	unsigned needs;    /* enum cap: where an impl lacks them the check is skipped */
	/* NULL, or what was wrong, and in *error the -errno where a verb gave one. The arena is zeroed, at least 1 MiB, and seen
	 * by every context. */
	const char *(*run)(const struct point *, uint64_t rounds, int *error);
	int looks_at_registers; /* which takes a port */
};

/* One impl with one wait. */
struct impl {
	const char *name, *wait;
	const char *kind;    /* the textbook's word: process, lwp, pthread, user-thread, floor */
	const char *saves;   /* what a switch saves */
	const char *stack;   /* "64 KiB above a guard page, ours, reused": how large, whose, and for how long */
	const char *summary;
	unsigned caps;
	struct cost per_spawn, per_handoff, per_mode, per_yield;
	struct needs per_context;
	const char *(*missing)(void); /* NULL, or one sentence: why it can't run here */
	const char *(*version)(void); /* of the library or runtime behind it, and its settings; NULL where there is none */
	/* The impl as a whole, before the first context and after the last; NULL where there is nothing to do. 0 or -errno */
	int (*begin)(const struct point *);
	void (*end)(void);
	/* Up to `most` kernel tasks that carry contexts and are neither threads of this process nor in its process group.
	 * Returns how many; NULL where there are none. */
	unsigned (*tasks)(int *tid, unsigned most);
	/* Where this process carries no context and only tells those tasks, the first of them, to run a loop: the kernel switches
	 * that they have made between the loops, which are the harness's. NULL elsewhere. */
	void (*idle)(double *voluntary, double *involuntary);
	/* The task that makes the contexts, where that is not this process: events opened on it are inherited by them. Its tid, or
	 * -errno; NULL elsewhere. */
	int (*maker)(void);
	/* In words, why what came back with an error failed, or NULL; NULL where errno says enough. */
	const char *(*why)(void);
	const struct job *const *jobs; /* ends with NULL */
	/* what(arg) in a context of its own, which has ended when this returns. The arena is as for a check. 0 or -errno; NULL for
	 * what does not come through instance.c. */
	int (*once)(const struct point *, void (*what)(void *arg), void *arg);
	const struct check *checks;    /* ends with a check without a name; NULL for a probe */
};

/* Every instance of this program, in link order: bounds of a linker section. */
extern const struct impl *const __start_impls[], *const __stop_impls[];

#endif
