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

/* -- where and how big one cell is */
struct point {
	void *arena;       /* zeroed, page-aligned memory that every context of the cell sees */
	int seat[2];       /* the caller's CPU and the others'; -1: wherever the caller is. Opaque to benches */
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
	unsigned batch;                            /* most turns before settle(); 0: no limit */
	size_t (*arena_bytes)(const struct point *);
	int (*open)(const struct point *);         /* 0 or -errno */
	int (*loop)(void *arena, uint64_t n);      /* n turns. 0 or -errno */
	void (*settle)(void *arena);               /* untimed, after each batch; may be NULL */
	void (*close)(void *arena);
	uint64_t (*bodies)(const void *arena);     /* how many bodies have run since open; NULL where none counts */
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
	const char *summary;
	unsigned caps;
	struct cost per_spawn, per_handoff, per_mode, per_yield;
	const char *(*missing)(void); /* NULL, or one sentence: why it can't run here */
	const struct job *const *jobs; /* ends with NULL */
	const struct check *checks;    /* ends with a check without a name; NULL for a probe */
};

/* Every instance of this program, in link order: bounds of a linker section. */
extern const struct impl *const __start_impls[], *const __stop_impls[];

#endif
