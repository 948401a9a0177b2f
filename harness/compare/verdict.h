// SPDX-License-Identifier: MIT
/*
 * What is said of each cell: every name of every side once, each side's number or words, and each side held against the
 * base. Outputs, figures and explanations are made of this.
 */
#ifndef HARNESS_COMPARE_VERDICT_H
#define HARNESS_COMPARE_VERDICT_H

#include <stdbool.h>
#include <stdio.h>

#include "sides.h"

enum outcome {
	OUTCOME_DIFFERS,
	OUTCOME_ALIKE,   /* not told apart */
	OUTCOME_UNTOLD,  /* one of them has no one value: within noise, or two groups */
	OUTCOME_FOREIGN, /* in different units: never a ratio, even when forced */
	OUTCOME_ONE_SIDED,
	OUTCOME_NEITHER,
	OUTCOMES,
};

/* One side against the base, in one cell. */
struct verdict {
	enum outcome outcome;
	double ratio;             /* this side's median / the base's; NaN where there is none */
	struct interval interval; /* of the ratio: bootstrap; never narrower than the spread between files makes it */
	double p;       /* Mann-Whitney; where a side has several files, not below Student's over their medians */
	double plain;   /* p as the test alone has it, before Holm's correction, which the outcome goes by */
	double least;   /* OUTCOME_ALIKE: the least relative difference that would have shown; NaN: none could */
	bool corrected; /* it would differ, but not after Holm's correction */
};

struct row {
	const char *name;
	const struct side_cell *cell[SIDES_MOST]; /* NULL: absent there */
	struct verdict verdict[SIDES_MOST];       /* the base's own is empty */
	const struct side_cell *one;              /* of the first side that has it */
	/* the name's parts; empty where it has none, "*" for the one that makes the sides */
	char bench[32], impl[48], wait[32], policy[16], place[24], points[96];
	size_t bench_rank, impl_rank;
	char *label, *section; /* where rows go by parts of the names (layout.h), else NULL; owned */
	size_t index;
};

struct tally {
	size_t cells, slower, faster, alike, untold, foreign, one_sided, neither;
	size_t tests;
};

/* Holm's correction: p of the most significant times the number of tests, of the next times one less, and so on. */
struct holm {
	bool asked;
	size_t tests, pass; /* how many are significant after it */
	size_t can_pass;    /* so many at most, with as many trials as there are */
	size_t would_do;    /* trials a side with which all could; 0 where none up to 100 would do */
};

struct matrix {
	const struct sides *sides;
	struct row *row; /* by bench, place, policy, impl, wait, name */
	size_t rows;
	struct tally tally[SIDES_MOST]; /* of each side against the base */
	struct holm holm[SIDES_MOST];
	double geomean[SIDES_MOST]; /* of the ratios, over cells valid on all sides */
	size_t common;              /* how many those are */
	double confidence;
};

/* The sides must outlive it. Never NULL. */
struct matrix *matrix_make(const struct sides *s, bool holm);
void matrix_free(struct matrix *c);

/* One side against another, a cell that both have. */
struct verdict verdict_of(
	const struct side *a, const struct side_cell *x, const struct side *b, const struct side_cell *y);
/* "differs", "alike", ... for programs. */
const char *outcome_word(enum outcome o);
/* Where a cell is not valid: "invalid: reason", "not measured: reason", "absent"; where it is but has no one value
 * "within noise" or "two groups"; else NULL. Returns buffer. */
const char *side_words(const struct side_cell *c, char *buffer, size_t size);
/* The parts of its name anew. */
void row_read(struct row *r);
/* How a row of one bench and unit on one place under one policy is headed: "switch, one way: one CPU, policy batch".
 * Two rows are of one section where this is the same. Returns buffer. */
char *row_section(const struct row *r, char *buffer, size_t size);
/* What is left of a name within its section, "lwp" and "futex 64"; of a rung of the ladder all of it is in the first.
 * Both are buffers of ROW_WORDS bytes. */
enum { ROW_WORDS = 200 };
void row_words(const struct row *r, char *impl, char *wait);

#endif
