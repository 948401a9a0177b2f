// SPDX-License-Identifier: MIT
/* uthread-inline: the switch is inline assembly, so that the compiler saves only what is live where it stands. */
#include INLINE_SOURCE
#define UTHREAD_SWITCH arch_switch_inline
#define UTHREAD_FIRST_FRAME arch_first_frame_inline
#include "uthread.h"

#define IMPL_TRAITS                                                                                                    \
	UTHREAD_TRAITS, .saves = "what the compiler has live; not the floating-point control words",                   \
		.summary = "inline assembly, saves what is live", .missing = arch_inline_missing
