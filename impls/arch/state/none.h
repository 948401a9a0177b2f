// SPDX-License-Identifier: MIT
/* A CPU whose registers are not known here: no sets. arch_missing() says why nothing of it is measured. */
#ifndef IMPLS_ARCH_STATE_ARCH_H
#define IMPLS_ARCH_STATE_ARCH_H

#include "../state.h"

#define STATE_SETS(SET)

static inline int state_tells(void)
{
	return 0;
}

static inline uint64_t state_seen(void)
{
	return 0;
}

static inline double state_seen_bytes(uint64_t seen)
{
	(void)seen;
	return 0;
}

#endif
