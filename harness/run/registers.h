// SPDX-License-Identifier: MIT
/* How many bytes of registers beyond the general ones a switch of the kernel may have to save: the CPU's to tell. */
#ifndef HARNESS_RUN_REGISTERS_H
#define HARNESS_RUN_REGISTERS_H

#include "../record.h"

/* Sets `registers.area`, of all of them, and `registers.NAME` of each set that this kind of CPU can have: "none" where
 * this one has not, or its kernel does not use it. */
void registers_describe(struct record *r);

#endif
