// SPDX-License-Identifier: MIT
/*
 * What the verbs that read result files offer to main.c. All print to `out`; all return an exit status: 0, 1, 2 or 3 as
 * each says; a mistake is one line on stderr. None knows how a number was measured.
 */
#ifndef HARNESS_ANALYSE_ANALYSE_H
#define HARNESS_ANALYSE_ANALYSE_H

#include <stdio.h>

#include "../record.h"

/* The summary of one run, 80 columns. 0. */
int table_print(const struct record *r, FILE *out);

/* The textbook's sentences with number, interval and verdict; 0. With `brief` only the line that a run ends with:
 * "textbook: 9 sentences hold, 0 do not, 2 not measured: ctxbench verdicts". */
int verdicts_print(const struct record *r, int brief, FILE *out);

/* Of a run that measured everything twice (ctxbench run --aa): how many cells came out different from themselves, by what
 * compare goes by. Keeps it as keys; prints it, of a file of any other run nothing. */
void noise_keep(struct record *r);
void noise_print(const struct record *r, FILE *out);

#endif
