// SPDX-License-Identifier: MIT
/* What a paper takes over: numbers as TeX macros, the paragraph on how they were measured, what to cite; and one table
 * of every cell for whoever computes with them. All are made of result files alone. */
#ifndef HARNESS_PUBLISH_PAPER_H
#define HARNESS_PUBLISH_PAPER_H

#include <stdio.h>

#include "../analyse/cells.h"
#include "figures.h"

/* numbers.tex: a macro for each cell of each file; of several files, those of the second begin with B and so on. */
void paper_numbers(FILE *out, const struct sources *s);
/* methods.txt: a paragraph for each file, of its keys. */
void paper_methods(FILE *out, const struct sources *s);
/* One file's, without an end of line. */
void paper_method(FILE *out, const struct cells *all);
/* cite.bib: the program, and each file. */
void paper_cite(FILE *out, const struct sources *s);
/* cells.csv: a line for each cell of each file; times in ns as they are. */
void paper_cells(FILE *out, const struct sources *s);

/* "\ctxSwitchLwpFutexBatchSamePu" without the backslash, of a cell's name; to be freed. */
char *paper_macro(const char *name, const char *file);

#endif
