// SPDX-License-Identifier: MIT
/*
 * What the textbook's sentences are judged by. A sentence is one function from a page to a judgement, and one row of the
 * table in verdicts.c: whoever measures something new adds both. It holds only if the whole interval of its number is on
 * its side; where the number can't be had, the judgement says why.
 */
#ifndef HARNESS_ANALYSE_JUDGE_H
#define HARNESS_ANALYSE_JUDGE_H

#include "cells.h"

enum verdict { HOLDS, HOLDS_NOT, UNMEASURED, NUMBER_ONLY, VERDICTS };
enum { JUDGED_TEXT = 1300 };

/* The number with its interval, or the reason why there is none. */
struct judgement {
	enum verdict verdict;
	char text[JUDGED_TEXT];
};

/* One result file, and on whom it is judged: of each kind an impl, NULL where the file has none of it. */
struct page {
	const struct cells *all;
	const struct impl_row *user, *lwp, *pthread, *process, *kernel_thread;
};

struct page judge_page(const struct cells *all);

/* -- on whom */
enum what { TURN, CREATE };

/* A cell of an impl: the switch, or create and join. NULL where it has none, or is none itself. */
const struct cell *judge_cell(const struct impl_row *row, enum what what);
/* Of a kind the one whose switch or creation takes longest; NULL where none is valid. */
const struct impl_row *judge_dearest(const struct cells *all, const char *kind, enum what what);

/* -- may a number be made of it? Else *j says why not. `whose` is "an LWP", `thing` "switch". */
bool judge_valid(const struct cell *c, const char *thing, const char *whose, struct judgement *j);
/* For a sentence on times: it needs as many trials as an interval takes. */
bool judge_timed(const struct cell *c, const char *thing, const char *whose, struct judgement *j);
/* For a sentence on counts in `unit`, which need no trials but one. */
bool judge_counted(const struct cell *c, const char *thing, const char *whose, const char *unit, struct judgement *j);

/* -- numbers */
struct judgement judged(enum verdict verdict, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* How far a count may be off from what is claimed. */
extern const double judge_count_off, judge_confidence;
/* "s" where it is not one. */
const char *judge_plural(double x);
/* Least and most of the values in a unit, per what the cell's time is per. The cell must have the unit. */
struct interval judge_range(const struct cell *c, const char *unit);
/* Is `dear` dearer than `cheap`? By how many times, with the interval. */
struct judgement judge_times(
	const struct cell *cheap, const char *whose, const struct cell *dear, const char *other, const char *thing);

/* Judges every sentence, in the textbook's order; one that belongs to the one before it begins with two blanks. Words and
 * judgement last as long as the call. In verdicts.c. */
void verdicts_each(
	const struct page *p, void (*tell)(const char *words, const struct judgement *j, void *to), void *to);

/* A switch of an LWP less one of a kernel thread, which has no user half: what that half takes. */
struct judgement judge_user_half(const struct page *p);

#endif
