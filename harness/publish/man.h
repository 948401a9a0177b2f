// SPDX-License-Identifier: MIT
/* The manual page, made from what --help says, so that there is one text of both. */
#ifndef HARNESS_PUBLISH_MAN_H
#define HARNESS_PUBLISH_MAN_H

#include <stdio.h>

/* Writes ctxbench(1) in the macros of man(7). `usage` is the text of --help: its first line the synopsis; a line that
 * begins in the first column ends what is before it, "exit status: ..." is a section of its own, any other a heading; a
 * line indented by two is an item, its name and, two spaces or more behind it, what is said of it; a deeper one goes on
 * with that. `date`: of these sources, year-month-day or "". */
void man_print(const char *usage, const char *version, const char *date, FILE *out);

#endif
