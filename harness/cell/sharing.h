// SPDX-License-Identifier: MIT
/* What a context shares with its maker, found by doing it and never from what was asked of the kernel. */
#ifndef HARNESS_CELL_SHARING_H
#define HARNESS_CELL_SHARING_H

#include "../protocol.h"
#include "impl.h"

/* Fills `shares`. This process is not fit for anything else afterwards. 0 or -errno. */
int sharing_look(const struct impl *impl, int8_t shares[SHARED_KINDS]);

#endif
