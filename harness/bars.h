// SPDX-License-Identifier: MIT
/*
 * A histogram outside of the process that filled it: run merges those of a cell's trials, record writes and reads them
 * as Histogram lines (results/README.md), analyse asks them for quantiles. Only the bars that hold something are kept,
 * in ascending order. All times are in the line's unit.
 */
#ifndef HARNESS_BARS_H
#define HARNESS_BARS_H

#include <stddef.h>
#include <stdio.h>

enum { BARS_STEPS = 128, BARS_BEYOND_LEAST = 100 };

struct bar {
	double low, count; /* the least value that belongs to it; how many there were */
};

struct bars {
	char unit[16]; /* "ns" */
	double tick;   /* what the values are whole multiples of */
	double n, sum, min, max;
	struct bar *bar;
	size_t bars;
};

void bars_free(struct bars *b);
/* Appends a bar, which must lie above the last one. */
void bars_append(struct bars *b, double low, double count);
/* Adds `from`, which is of the same unit and tick, to `to`; one that is zeroed takes them over. */
void bars_merge(struct bars *to, const struct bars *from);
/* A copy that shares nothing. */
struct bars bars_copy(const struct bars *b);

/* The bar's width: one tick below 256 of them, above that the 128th part of its octave. */
double bars_width(const struct bars *b, double low);
/* The value that a share q of all are at or below, in the middle of its bar, never beyond min and max; NaN where there
 * is no value, or where fewer than BARS_BEYOND_LEAST lie beyond it: then it is a matter of chance. */
double bars_quantile(const struct bars *b, double q);
/* The same without that condition; for 0 and 1 min and max. NaN only where there is no value. */
double bars_quantile_any(const struct bars *b, double q);

/* The lines that begin with `start` ("Histogram/NAME") and are no longer than `most` bytes each with their end. The
 * numeric locale must be C. Returns 0, or -1 where not even one bar fits. */
int bars_print(FILE *out, const char *start, const struct bars *b, size_t most);
/* What follows the name on such a line, which is cut up; added to *b, where it goes on with the line before. NULL, or
 * what is wrong with it. */
const char *bars_read(struct bars *b, char *text);

#endif
