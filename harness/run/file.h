// SPDX-License-Identifier: MIT
/* Small files of /proc and /sys, under a root that tests may replace ("" for the real one). */
#ifndef HARNESS_RUN_FILE_H
#define HARNESS_RUN_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

FILE *file_open(const char *root, const char *path); /* NULL where there is none */

/* The first line, without its end. Leaves text alone and returns false where there is no such file, or nothing in it. */
bool file_line(const char *root, const char *path, char *text, size_t size);

/* Is `word` in `list`, between blanks, commas or the ends? */
bool file_has_word(const char *list, const char *word);

#endif
