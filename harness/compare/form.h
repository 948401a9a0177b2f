// SPDX-License-Identifier: MIT
/* A comparison in each of its forms; all print to `out`. A form says everything in words and numbers, colour only
 * repeats. */
#ifndef HARNESS_COMPARE_FORM_H
#define HARNESS_COMPARE_FORM_H

#include <stdbool.h>
#include <stdio.h>

#include "compare.h"
#include "verdict.h"

/* Tables: 80 columns, two sides with everything, more in blocks of three beside the base. */
void terminal_print(const struct matrix *c, const struct compare_options *o, FILE *out);

/* The lines under a table: how many differ, by chance, Holm's, the geometric mean. Each goes to `put`. */
void form_ends(const struct matrix *c, void (*put)(const char *line, void *to), void *to);
/* "A  full.txt: host, Linux 6.1, 10 trials a cell, complete". */
char *form_head(const struct matrix *c, size_t side, char *buffer, size_t size);
/* "1.18 [1.16, 1.21]", "~ (3% would show)", or words. Returns buffer of FORM_WORDS bytes. */
enum { FORM_WORDS = 1400 };
char *form_verdict(const struct matrix *c, const struct row *r, size_t side, bool p, char *buffer);

#endif
