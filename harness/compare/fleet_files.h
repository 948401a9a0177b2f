// SPDX-License-Identifier: MIT
/* From result files to the nodes of a fleet; and what the files of this fleet have in common. */
#ifndef HARNESS_COMPARE_FLEET_FILES_H
#define HARNESS_COMPARE_FLEET_FILES_H

#include "fleet.h"

/* As fleet_read: nodes by name, cells and words; no groups yet. */
int fleet_files(struct fleet *f, char *const *paths, size_t n, char *error, size_t size);
/* What it owns, not the node itself. */
void fleet_node_free(struct fleet_node *node);
/* The one copy of this text: equal texts have equal pointers. */
const char *fleet_text(struct fleet *f, const char *text);
/* Does this key say what kind of machine it is? */
bool fleet_of_kind(const char *key);
/* A cell's name in short, "switch lwp futex batch". Returns buffer. */
const char *fleet_label(const char *name, char *buffer, size_t size);

#endif
