// SPDX-License-Identifier: MIT
/* Numbers and words as the tables write them: no locale, no control character, columns counted in UTF-8 characters. */
#ifndef HARNESS_ANALYSE_TEXT_H
#define HARNESS_ANALYSE_TEXT_H

#include <stdio.h>

enum { TEXT_WIDTH = 80, TEXT_NUMBER = 32 };

/* -- numbers: each fills and returns a buffer of TEXT_NUMBER bytes */

/* Nanoseconds as three significant digits with ns, µs, ms or s; "within noise" at zero and below. */
char *text_time(char *buffer, double ns);
/* Half an interval as a share of its centre: "3%", "<1%", ">999%"; "-" where it is not finite. */
char *text_percent(char *buffer, double share);
/* A count per op: "2" when it is one to 1/200, else two decimals. */
char *text_count(char *buffer, double x);
/* A ratio as three significant digits: "1.18", "0.854", "483", "12,300". */
char *text_ratio(char *buffer, double x);
/* A multiple of the floor: one decimal below 100, then whole with commas, three significant digits from 10,000. */
char *text_multiple(char *buffer, double x);
/* Whole, thousands apart: "1,234,567". */
char *text_whole(char *buffer, double x);
/* A fixed number of decimals, 0 to 6. */
char *text_fixed(char *buffer, double x, int decimals);

/* -- words */

size_t text_columns(const char *text);
/* Copies what can be printed: control characters and broken UTF-8 become '?'; at most `columns` characters, the last
 * an ellipsis where it was cut. Returns target. */
char *text_clean(char *target, size_t size, const char *text, size_t columns);
/* Appends to a list "a, b, c" in a buffer; once it is full, or holds `most` members, only counts. */
struct text_list {
	char text[1024];
	size_t members, more;
};
void text_list(struct text_list *list, const char *member, size_t most);

/* -- printing */

/* Exactly `width` columns and no more: left-aligned, or right-aligned if width is negative. */
void text_cell(FILE *out, const char *text, int width);
/* Text that goes on where `column` columns are already printed, broken between words so that no line is over
 * TEXT_WIDTH; further lines begin at `indent`. Ends the line. */
void text_wrap(FILE *out, size_t column, size_t indent, const char *text);
/* Text of many lines without the blanks at their ends, which empty cells leave. */
void text_trimmed(FILE *out, const char *text);

#endif
