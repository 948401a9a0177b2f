// SPDX-License-Identifier: MIT
/*
 * Where the CPU holds returns and jumps against what it expects, a switch made by hand would be killed: it is refused
 * instead, with a reason. A shadow stack or a marked jump is only turned on for a program all of whose parts say that
 * they can bear it, and ours say what they can; but a program can be made to have them.
 */
#ifndef IMPLS_GUARD_H
#define IMPLS_GUARD_H

#include <stddef.h>

#include "arch/arch.h"

/* Of the guards that are on, the first that a switch is not able to bear, in words; NULL: none. Both sets of enum
 * arch_guard. */
static inline const char *guard_says(unsigned on, unsigned unable)
{
	if (on & unable & ARCH_SHADOW_STACK)
		return "shadow stacks are on, and this switch does not keep them";
	if (on & unable & ARCH_MARKED_JUMPS)
		return "this program is linked to jump to markers only (BTI), and this switch jumps to a return "
		       "address";
	return NULL;
}

/* For a switch in the port's assembly: NULL, or why it can't be used here. */
static inline const char *guard_missing(unsigned unable)
{
	const char *port = arch_missing();
	return port ? port : guard_says(arch_guards(), unable);
}

/* For a switch in somebody else's library, which may know how to keep a shadow stack and does not say so. */
static inline const char *guard_library_missing(void)
{
	return arch_guards() & ARCH_SHADOW_STACK
		       ? "shadow stacks are on, and whether this library keeps them is not known"
		       : NULL;
}

#endif
