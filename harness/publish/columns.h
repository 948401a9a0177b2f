// SPDX-License-Identifier: MIT
/* Columns for the scripts in plots/: separated by tabs, read by gnuplot, which no locale may change. */
#ifndef HARNESS_PUBLISH_COLUMNS_H
#define HARNESS_PUBLISH_COLUMNS_H

#include <stdio.h>

#include "../analyse/cells.h"

/* Text as a column holds it: without control characters, broken UTF-8 and the double quote, which would begin a quoted
 * column; at most so many characters; a backslash twice, as gnuplot takes one for the start of something. Returns
 * buffer. */
const char *columns_plain(char *buffer, size_t size, const char *text, size_t most);
/* Back again, in place, for who reads columns as text. */
char *columns_raw(char *text);
/* A tab and such a text; "-" where it is empty, since gnuplot would go on with the column before it. */
void columns_text(FILE *out, const char *text, size_t most);
/* A tab and nanoseconds as seconds; NaN where there are none, or none above zero. */
void columns_seconds(FILE *out, double ns);
/* A tab and any number, six digits after the point; NaN where it is none. */
void columns_number(FILE *out, double x);
/* The centre and the ends of its interval, in seconds; three times NaN where it is not to be drawn. */
void columns_bar(FILE *out, const struct cell *c);
/* Is its centre one that can be drawn on an axis of powers of ten? */
bool columns_drawable(const struct cell *c);
/* "not measured", "invalid", "within noise", of a cell that is not. */
const char *columns_gap(const struct cell *c);
/* The ink of an implementation's kind: a number that plots/style.gp knows. */
int columns_ink(const struct cells *all, const char *impl);

#endif
