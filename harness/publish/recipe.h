// SPDX-License-Identifier: MIT
/*
 * A classic table as data, plots/tables/NAME.tsv: what it is made of on any machine, and what others have published.
 * Fields are separated by tabs, and the first says what a line is (plots/tables/README.md has them all). Nothing of it
 * is known to the program: another table is another file.
 */
#ifndef HARNESS_PUBLISH_RECIPE_H
#define HARNESS_PUBLISH_RECIPE_H

#include <stddef.h>

/* A published number as it was published, with all that is told of it. */
struct fact {
	char *table, *row, *column; /* where it stands in its source */
	double value;
	char *unit, *per; /* "us"; switch (one way), pair (there and back), op, run */
	char *hardware, *source;
	char *trust; /* "read": the primary text was; "second": a text that quotes it */
	char *label; /* how it is called here; "" where its hardware says enough */
};

/* One row, or as many as there are cells that its filter matches. */
struct recipe_row {
	char *group, *label; /* with {impl}, {wait}, {place} ... for parts of the cell's name */
	char *measure;       /* what of the cell: "time", "less-alone", "sum call-ns first-ns" ... */
	char *cells;         /* which: a filter over the parts of its name */
	struct fact *fact;
	size_t facts;
};

struct recipe {
	char *name, *title;
	char *floor;   /* what the column `floor` relates to: the value that the part `wait` of the name has; or NULL */
	char *columns; /* words with blanks between them: "now then ratio" */
	char **counts; /* sentences: what the source counts, and how ours maps to it */
	size_t counts_n;
	struct recipe_row *row;
	size_t rows;
	size_t files; /* how many result files stand side by side at most; 0: any number */
};

/* Which tables there are, in the order in which they are shown; ends with NULL. */
extern const char *const recipe_names[];
/* Is it the name of one? */
int recipe_known(const char *name);
/* Reads `folder`/NAME.tsv. NULL with one line in error: file, line, what was expected. */
struct recipe *recipe_read(const char *folder, const char *name, char *error, size_t error_size);
void recipe_free(struct recipe *r);

#endif
