// SPDX-License-Identifier: MIT
/* Whether two result files may be compared at all, and what their keys say of why they differ. */
#ifndef HARNESS_COMPARE_SAMENESS_H
#define HARNESS_COMPARE_SAMENESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "sides.h"

/* How much a difference in this key explains: 0 most; SAMENESS_NONE where it is not known to explain anything. */
enum { SAMENESS_NONE = 1000 };
size_t sameness_weight(const char *key);
/* What such a difference does, one sentence without its full stop; NULL where there is nothing to say. */
const char *sameness_sentence(const char *key);
/* Is it what every run has of its own (its date, seed, length), or a sentence about an impl? */
bool sameness_own(const char *key);
/* Equal where two files are of one machine under the same settings: of all keys but each run's own. */
uint64_t sameness_fingerprint(const struct record *r);

/* One key that has not the same value everywhere. */
struct sameness_key {
	const char *key;
	const char *value[SIDES_MOST]; /* of each side's first file; NULL: absent */
	size_t weight;
	unsigned inside; /* bit i: it varies within side i */
};
/* By weight. Also those that only vary within a side. Returns an array to be freed, its length in n. */
struct sameness_key *sameness_keys(const struct sides *s, size_t *n);

/*
 * Nonsense: other methods or units, a switch against a pair of them, an emulated CPU against a real one, an incomplete
 * file against a complete one. Returns the number of reasons; each goes to `tell` as one line.
 */
size_t sameness_refusals(const struct sides *s, void (*tell)(const char *why, void *to), void *to);
/* What is only to be noted: a revision that is dirty or unknown, all files incomplete. */
void sameness_notes(const struct sides *s, void (*tell)(const char *note, void *to), void *to);

/* The keys for a terminal, 80 columns: what differs, what varies inside a side, how many are equal. */
void sameness_print(const struct sides *s, FILE *out);

#endif
