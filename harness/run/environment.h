// SPDX-License-Identifier: MIT
/* What this machine is: the head keys of a result file, read from /proc and /sys; nothing is changed, nothing is required. */
#ifndef HARNESS_RUN_ENVIRONMENT_H
#define HARNESS_RUN_ENVIRONMENT_H

#include <stdio.h>

#include "../record.h"

/* Sets every key of results/README.md that the kernel tells: from host to nmi-watchdog, libc, compiler, flags, except those
 * of place.h (topology ...), counters.h (pmu, counters, libpfm4) and of the run itself. A key that this machine
 * does not tell is `unknown`. Files are read under `root` ("" for the real one; tests give a copy). */
void environment_describe(struct record *r, const char *root);

/* The key `host` alone. Leaves text alone where the machine has no name. */
void environment_host(const char *root, char *text, size_t size);

#endif
