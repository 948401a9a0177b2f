// SPDX-License-Identifier: MIT
#ifndef IMPLS_ARCH_INLINE_H
#define IMPLS_ARCH_INLINE_H

#include <stdlib.h>

/* NULL, or why the inline switch can't be used in this build. */
static inline const char *arch_inline_missing(void)
{
	return "no port for this CPU";
}

/* Never called: whoever asks arch_inline_missing() first does not come here. */
static inline __attribute__((always_inline)) void arch_switch_inline(void **save_sp, void *load_sp)
{
	(void)save_sp;
	(void)load_sp;
	abort();
}

#endif
