// SPDX-License-Identifier: MIT
#include "registers.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* One set, or all: bytes, 0 for none, and in words what should be known of them beside their number. */
static void set(struct record *r, const char *name, unsigned bytes, const char *words)
{
	char key[64], value[128];
	snprintf(key, sizeof key, "registers.%s", name);
	snprintf(value, sizeof value, "%u%s%s", bytes, *words ? " " : "", words);
	record_set(r, key, bytes ? value : "none");
}

/* registers/ARCH.h: registers_tell(r) */
#include REGISTERS_SOURCE

void registers_describe(struct record *r)
{
	registers_tell(r);
}
