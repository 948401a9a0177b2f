// SPDX-License-Identifier: MIT
/*
 * Which result files make which side of a comparison. A side is one file, several of one machine and settings, or what
 * one value of a name's part makes of a file. Its cells are found by name, never by position.
 */
#ifndef HARNESS_COMPARE_SIDES_H
#define HARNESS_COMPARE_SIDES_H

#include <stdbool.h>
#include <stddef.h>

#include "../analyse/cells.h"

enum { SIDES_MOST = 8 };

/* A cell as one side has it: all trials of all its files. Times are nanoseconds, or multiples once normalised. */
struct side_cell {
	const char *name;        /* in full; with "*" for the part that makes the sides */
	const struct cell *cell; /* of the first file in which it is valid, else of the first: state, reason, unit */
	const struct cell *const *of; /* of every file in which it is valid */
	size_t files;                 /* how many those are */
	size_t left_out;              /* files in which it is not, though it is in another */
	double *x;                    /* every trial, in the order of the files */
	size_t n;                     /* 0 where it is not valid */
	double *centre;               /* each file's median */
	double median;                /* of all; NaN where it is not valid */
	struct interval interval;     /* with the spread between files, where there are several */
	double spread;                /* half the interval / median; NaN where there is none */
	bool untold;                  /* within noise, or two groups: it has no one value */
};

struct side {
	char letter[2]; /* "A" is the first */
	char *label;    /* what sets it apart: a file's name, the value of the key or part that makes the sides */
	const struct record **file;
	struct cells **cells; /* of each file */
	size_t files;
	struct side_cell *cell; /* by name */
	size_t size;
	double scale;             /* what its times were divided by, ns; 1 where nothing was */
	struct interval scaling;  /* of it, as a share of it: 0.97 to 1.02 */
	double *number;           /* owned: what x and centre point into */
	const struct cell **list; /* owned: what `of` points into */
};

struct sides {
	struct side side[SIDES_MOST];
	size_t sides, base; /* base: which one the others are held against */
	const char *unit;   /* what times became: NULL (ns), "calls", "cycles", "null calls" */
	const char *part;   /* of names, whose values the sides are; else NULL */
	struct side *whole; /* owned: what was split, or NULL */
	char **name;        /* owned: names that were rewritten */
	size_t names;
};

/* How many sides these files make. */
size_t sides_count(struct record *const *file, size_t files, const char *by);

/*
 * Sides of these files, which must outlive them. `by`: keys with commas whose values make the sides ("file": each file
 * is one); NULL: what differs in anything but what every run has of its own, and of two files each is one. `base`:
 * letter, label or file of the one that the others are held against; NULL: the first. 0, or -1 with one line (what,
 * where, what was expected) in error.
 */
int sides_make(struct sides *s, struct record *const *file, size_t files, const char *by, const char *base, char *error,
	size_t size);
/* Divides every time of a side by its own procedure call ("call"), addition ("cycle") or null system call ("syscall").
 */
int sides_normalise(struct sides *s, const char *per, char *error, size_t size);
/* Leaves the cells whose names match a filter, `impl=lwp,uthread-* bench=switch`. To be asked after what needs
 * them all. */
int sides_only(struct sides *s, const char *only, char *error, size_t size);
/* Leaves the cell of this name; without a "/" it is a filter, as above. */
int sides_choose(struct sides *s, const char *cell, char *error, size_t size);
/* Splits the only side by a part of the names: each value is a side. As above; on failure nothing has changed. */
int sides_split(struct sides *s, const char *part, const char *base, char *error, size_t size);
void sides_free(struct sides *s);

/* Are these two files of one run, as their date, seed and host say? Not so where one does not tell. */
bool sides_one_run(const struct record *a, const struct record *b);

/* NULL where this side does not have it. */
const struct side_cell *side_find(const struct side *s, const char *name);
/* A name with "*" for the value of a part: what cells that differ in it alone have in common. To be freed; NULL where
 * it has no such part. */
char *side_name(const char *name, const char *part);
/* Valid: it may be shown as a number. */
bool side_counts(const struct side_cell *c);
/* "1.20 µs", or "3.4" where times were normalised. Fills and returns a buffer of TEXT_NUMBER bytes. */
char *side_number(const struct sides *s, double x, char *buffer);

#endif
