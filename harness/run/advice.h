// SPDX-License-Identifier: MIT
/*
 * What a machine will give a run and what it won't, and what would make it give more: sentences made from the head keys of a
 * result file alone (environment.h, place.h, counters.h set them). Nothing is said of a key that is missing or unknown.
 */
#ifndef HARNESS_RUN_ADVICE_H
#define HARNESS_RUN_ADVICE_H

#include <stdbool.h>
#include <stdio.h>

#include "../record.h"

/* Three lines for the beginning of a run: what is counted, how steady the machine is, and the one command, of those in
 * advice_print, that gives most. `root`: may the reader give it as it stands, or by sudo? */
void advice_open(const struct record *r, bool root, FILE *out);

/* All there is to say, what matters most first, numbered; under each the command that changes it, where there is one. */
void advice_print(const struct record *r, bool root, FILE *out);

#endif
