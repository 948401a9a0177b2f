// SPDX-License-Identifier: MIT
/* The verb: result files side by side, and in which form. */
#ifndef HARNESS_COMPARE_COMPARE_H
#define HARNESS_COMPARE_COMPARE_H

#include <stdbool.h>
#include <stdio.h>

#include "../record.h"

enum compare_form { COMPARE_TABLE, COMPARE_MARKDOWN, COMPARE_CSV, COMPARE_TSV, COMPARE_JSON, COMPARE_LATEX };

/* What was asked for; a text that was not is NULL. */
struct compare_options {
	const char *by, *base; /* which files make which side, and which one the others are held against */
	const char *only;      /* a filter over the parts of a name */
	const char *row, *col; /* parts of a name, with commas; one part */
	const char *per;       /* call, cycle, syscall */
	const char *explain;   /* a cell's name, or a filter */
	double fail_above;     /* share, 0.05; 0: not asked for */
	bool holm, p, force;
	enum compare_form form;
};

/* 0; 2 where they can't be compared or the options do not fit them (one line on stderr, nothing printed); 3 with
 * `fail_above` where a cell is slower by more than that. The records stay the caller's. */
int compare_files(struct record *const *file, size_t files, const struct compare_options *o, FILE *out);

/* The same of files by their names, to standard output. Where they are of more machines than there are sides, and
 * nothing else is asked for, the table of a fleet. */
int compare_paths(char **path, size_t files, const struct compare_options *o);
/* `ctxbench compare` with its arguments; an exit status. */
int compare_verb(int argc, char **argv);

/* Two files, the table. */
int compare_print(const struct record *a, const struct record *b, FILE *out);

#endif
