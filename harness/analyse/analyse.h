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

/* Two files side by side, 80 columns. 0; 2 where they can't be compared (the reason is one line on stderr). */
int compare_print(const struct record *a, const struct record *b, FILE *out);

/* Of a run that measured everything twice (ctxbench run --aa): how many cells came out different from themselves, by what
 * compare goes by. Keeps it as keys; prints it, of a file of any other run nothing. */
void noise_keep(struct record *r);
void noise_print(const struct record *r, FILE *out);

/* Draws the cost ladder of a result file with gnuplot and `plots_dir`/ladder.gp, as `base`.ladder.svg and .ladder.png.
 * 0; -1 where there is none to be had (no gnuplot, nothing to draw), 1 where one did not come out whole, both with one line in
 * error. */
int ladder_draw(const struct record *r, const char *plots_dir, const char *base, char *error, size_t error_size);

/* The same for the ladder of what is shared, from process to thread, as `base`.sharing.svg and .png. */
int sharing_draw(const struct record *r, const char *plots_dir, const char *base, char *error, size_t error_size);

/* And for what was timed one by one: which share of the switches took longer, as `base`.latency.svg and .png; of the wakes, as
 * `base`.wakes.svg and .png. */
int latency_draw(const struct record *r, const char *plots_dir, const char *base, char *error, size_t error_size);
int wakes_draw(const struct record *r, const char *plots_dir, const char *base, char *error, size_t error_size);
/* The same for what a creation and a switch are made of, as `base`.anatomy.svg and .png. */
int anatomy_draw(const struct record *r, const char *plots_dir, const char *base, char *error, size_t error_size);
/* The same for what a switch leaves behind in the caches, as `base`.ring.svg and .png. */
int ring_draw(const struct record *r, const char *plots_dir, const char *base, char *error, size_t error_size);

#endif
