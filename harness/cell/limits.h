// SPDX-License-Identifier: MIT
/* What a process or a user may only have so much of, held against what the contexts of a cell take. */
#ifndef HARNESS_CELL_LIMITS_H
#define HARNESS_CELL_LIMITS_H

#include <stddef.h>

#include "impl.h"

/* Is there room for so many contexts, before any is made? The soft limit on descriptors is raised for it as far as the
 * hard one goes. 0, or -errno with limit and need in `text`. */
int limits_suffice(const struct needs *per_context, unsigned contexts, char *text, size_t size);

/* Of tasks or mappings one more could not be had, with this -errno: the limit that is full at this moment, "NAME=VALUE", in
 * `text`; or that none was found to be. tasks_path: as in struct point. */
void limits_name_full(int error, const char *tasks_path, char *text, size_t size);

/* How many tasks may be made without using up what all programs share: half of what is left; and in `text` of what. */
uint64_t limits_tasks_half(char *text, size_t size);

/* Bytes of memory that could be had now: of the machine's, or where it is less of what the control group in `group` ("": none)
 * may still take; 0 where it is not told. In `text` (or NULL) which of the two. */
uint64_t limits_memory_available(const char *group, char *text, size_t size);

/* A context could not be made ready: in `text` which limits that can be due to, or "" where none is known. */
void limits_explain(const struct needs *per_context, unsigned contexts, int error, char *text, size_t size);

#endif
