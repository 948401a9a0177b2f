// SPDX-License-Identifier: MIT
#ifndef HARNESS_RUN_SHARING_H
#define HARNESS_RUN_SHARING_H

#include <stdbool.h>
#include <stdio.h>

#include "../record.h"
#include "registry.h"

/* Lets a context of every impl that makes kernel tasks in its own program change what can be shared, each in a process
 * of its own, and prints a line for each: what its maker saw of it. 0, or -1 where one could not be made. */
int sharing_print(const struct registry *r, FILE *out);

/* The same as keys of the record, `shares.IMPL`, of those impls that `wanted` says yes to. */
void sharing_describe(
	const struct registry *r, bool (*wanted)(const void *context, const char *impl), const void *context, struct record *record);

#endif
