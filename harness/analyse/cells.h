// SPDX-License-Identifier: MIT
/*
 * A record's lines, grouped: all trials of one name are one cell, with its median and interval; all cells of one
 * implementation belong to a textbook kind. What tables, verdicts and figures have in common.
 */
#ifndef HARNESS_ANALYSE_CELLS_H
#define HARNESS_ANALYSE_CELLS_H

#include <stdbool.h>
#include <stddef.h>

#include "../arena.h"
#include "../record.h"
#include "stats.h"

/* The values that a cell's Benchmark lines have in one unit, in the order of the file. */
struct series {
	const char *unit;
	double *x;
	size_t n;
};

enum cell_state {
	CELL_VALID,   /* timed trials, none of them refused */
	CELL_INVALID, /* refused by the audit, failed, or not in a unit that is known here */
	CELL_MISSING, /* not measured */
};

struct cell {
	const char *name; /* in full, as in the file */
	char bench[32], impl[48], wait[32], policy[16], place[24];
	char points[96]; /* what a name has after its place: "call=null"; mostly empty */

	enum cell_state state;
	const char *reason; /* the first that was given; never NULL unless valid */
	size_t refused;     /* Invalid lines */

	struct series *series;
	size_t units;
	size_t trials; /* Benchmark lines: no series is longer */
	const struct bars *bars; /* of what its trials counted one by one, all of them together; NULL if there is none */

	/* of timed trials; in a cell that is not valid they are for nobody's eyes */
	const char *unit; /* of the centre, "ns/switch"; NULL without a timed trial */
	const double *x;
	size_t n;
	double median, least; /* of all trials; the least sample */
	struct interval interval;
	double spread; /* half the interval / median; NaN where there is no interval */
	/* unpinned: where the second group of the sorted trials begins; 0: they are one, and the median is somebody's
	 */
	double *sorted;
	size_t second;
};

/* An implementation and the textbook's kind of it, as the record's `impl.NAME: kind; summary` says. */
struct impl_row {
	const char *name;
	char kind[32];
	char title[40]; /* of the kind, plural */
	int rank, ink;  /* order of the kind in tables; number of its ink in plots/style.gp */
	/* on one CPU, under policy=batch, where a wait is involved the first of futex and others; NULL where there is
	 * none */
	const struct cell *turn, *create, *spawn, *mode, *yield_alone; /* turn: the directed switch */
};

struct cells {
	const struct record *record;
	struct arena *arena; /* owned: all that is not the record's */
	struct cell *cell;   /* by name */
	size_t cells;
	struct impl_row *impl; /* by kind, then by what a switch takes */
	size_t impls;
	const struct cell *call; /* the floor: one op is one procedure call. NULL if it is not valid here */
	double add_ns, burst_ns; /* how fast the core mostly went: the cells' median; NaN if it was not told */
};

/* The record must outlive what is made of it. Never NULL. */
struct cells *cells_group(const struct record *r);
void cells_free(struct cells *all);

/* Values of one unit; NULL if the cell has none. */
const struct series *cell_series(const struct cell *c, const char *unit);
/* Their median; NaN if there is none. */
double cell_median(const struct cell *c, const char *unit);
/* How many of what its time is per one op is: two switches, one call. What counts per op are divided by; 1 if not told. */
double cell_per_op(const struct cell *c);
/* NULL if no cell has this name. */
const struct cell *cells_find(const struct cells *all, const char *name);
const struct impl_row *cells_impl(const struct cells *all, const char *name);

/* Two sets of trials of one cell, both valid. */
enum comparison {
	CELLS_SAME,   /* not told apart at 95 %, by Mann-Whitney */
	CELLS_DIFFER,
	CELLS_UNTOLD, /* one of them has no one value: within noise, or two groups */
};
enum comparison cells_compare(const struct cell *a, const struct cell *b);
/* Is its median above what is called "within noise"? */
bool cell_resolved(const struct cell *c);

/* "switch lwp futex batch", with the place where it is not one CPU. Returns buffer. */
char *cell_label(const struct cell *c, char *buffer, size_t size);
/* The value of its point where it has one, "null" of "call=null"; else all of them as they are. */
const char *cell_point(const struct cell *c);
/* "not measured: REASON" or "invalid: REASON". Returns buffer. */
char *cell_words(const struct cell *c, char *buffer, size_t size);
/* A place in words: "same last-level cache". */
const char *place_words(const char *place);
/* The order in which waits, policies and places are shown: negative, 0, positive. */
int cell_order_wait(const char *a, const char *b);
int cell_order_policy(const char *a, const char *b);
int cell_order_place(const char *a, const char *b);

/* "Intel Xeon, 2 CPUs, KVM guest, Linux 6.18.44": which machine this is. Returns buffer. */
char *machine_words(const struct record *r, char *buffer, size_t size);
bool record_is(const struct record *r, const char *key, const char *value);
/* Memory that runs out ends the program with one line, as in record.h. */
void *take(void *memory);

#endif
