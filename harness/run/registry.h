// SPDX-License-Identifier: MIT
/* Which cells the cell programs of this build hold: `cell` and every `cell-*` beside it, each asked once. */
#ifndef HARNESS_RUN_REGISTRY_H
#define HARNESS_RUN_REGISTRY_H

#include <stddef.h>

#include "../protocol.h"

struct registry {
	struct registered {
		struct entry entry;
		char *program; /* path of the cell program that holds it; owned by the registry */
	} *item;
	size_t items;
};

/* 0, or -1 with one clear line in error. `directory` is where the cell programs are. */
int registry_load(struct registry *r, const char *directory, char *error, size_t error_size);
void registry_free(struct registry *r);

#endif
