// SPDX-License-Identifier: MIT
/* The checks of an instance: those that its verbs can show (conform.c), and those that take libc to see. */
#ifndef HARNESS_CELL_CONFORMANCE_H
#define HARNESS_CELL_CONFORMANCE_H

#include "../protocol.h"
#include "impl.h"

/* The checks are numbered from 0; NULL after the last. */
const char *conformance_name(const struct impl *impl, unsigned check);

/* NULL, or why this impl is not asked to pass it. */
const char *conformance_skipped(const struct impl *impl, unsigned check);

/* Runs one check in this process, which may die of it, and is not fit for another afterwards. NULL, or what was wrong. */
const char *conformance_run(const struct impl *impl, unsigned check, uint64_t rounds);

#endif
