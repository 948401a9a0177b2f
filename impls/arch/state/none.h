// SPDX-License-Identifier: MIT
/* A CPU whose registers are not known here: no sets. arch_missing() says why nothing of it is measured. */
#ifndef IMPLS_ARCH_STATE_ARCH_H
#define IMPLS_ARCH_STATE_ARCH_H

#include "../state.h"
#include "untold.h"

#define STATE_SETS(SET)

#endif
