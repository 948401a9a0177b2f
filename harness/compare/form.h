// SPDX-License-Identifier: MIT
/* A comparison in each of its forms; all print to `out`. A form says everything in words and numbers, colour only
 * repeats. */
#ifndef HARNESS_COMPARE_FORM_H
#define HARNESS_COMPARE_FORM_H

#include <stdbool.h>
#include <stdio.h>

#include "compare.h"
#include "layout.h"
#include "verdict.h"

/* Tables: 80 columns, two sides with everything, more in blocks of three beside the base. */
void terminal_print(const struct matrix *c, const struct compare_options *o, FILE *out);
void markdown_print(const struct matrix *c, const struct compare_options *o, FILE *out);
void latex_print(const struct matrix *c, const struct compare_options *o, FILE *out);
/* The same with the values of a part of the names for columns: a table for each side that is held against the base. */
void terminal_grid(const struct matrix *c, const struct grid *g, const struct compare_options *o, FILE *out);
void markdown_grid(const struct matrix *c, const struct grid *g, const struct compare_options *o, FILE *out);
void latex_grid(const struct matrix *c, const struct grid *g, const struct compare_options *o, FILE *out);
/* One line a cell and side. */
void csv_print(const struct matrix *c, char separator, FILE *out);
/* One object: sides, keys that differ, cells, counts. Numbers are never NaN: what is not there is null. */
void json_print(const struct matrix *c, FILE *out);

/* The lines under a table: how many differ, by chance, Holm's, the geometric mean. Each goes to `put`. */
void form_ends(const struct matrix *c, void (*put)(const char *line, void *to), void *to);
/* "A  full.txt: host, Linux 6.1, 10 trials a cell, complete". */
char *form_head(const struct matrix *c, size_t side, char *buffer, size_t size);
/* "A: one cycle is 0.27 ns [0.269, 0.271]"; NULL where times are nanoseconds, or where it has been said of all. */
char *form_unit(const struct matrix *c, size_t side, char *buffer, size_t size);
/* "0.012", "<0.001". Returns buffer of TEXT_NUMBER bytes. */
char *form_p(double p, char *buffer);
/* "1.18 [1.16, 1.21]", "~ (3% would show)", or words. Returns buffer of FORM_WORDS bytes. */
enum { FORM_WORDS = 1400 };
char *form_verdict(const struct matrix *c, const struct row *r, size_t side, bool p, char *buffer);

#endif
