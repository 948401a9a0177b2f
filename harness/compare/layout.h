// SPDX-License-Identifier: MIT
/* Rows and columns by parts of the names. No cell is lost or merged by it: what is neither row nor column heads a
 * section. */
#ifndef HARNESS_COMPARE_LAYOUT_H
#define HARNESS_COMPARE_LAYOUT_H

#include <stddef.h>

#include "verdict.h"

/* Rows go by these parts (with commas) alone; `column` is the part that grid_make will be asked for, which heads no
 * section then, or NULL. 0, or -1 with one line in error where no name has one of the parts. */
int layout_rows(struct matrix *c, const char *parts, const char *column, char *error, size_t size);

/* A table whose columns are the values of one part, and whose entries are one side held against the base. */
struct grid {
	char **value; /* of the columns, in the order of the rows */
	size_t values;
	struct grid_row {
		struct row row;        /* its name has "*" for the part */
		char *name;            /* owned */
		const struct row **at; /* in each column; NULL where there is no such cell */
	} * row;
	size_t rows;
};
/* NULL with one line in error where no name has the part. grid_free. */
struct grid *grid_make(const struct matrix *c, const char *part, char *error, size_t size);
void grid_free(struct grid *g);

#endif
