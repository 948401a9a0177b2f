// SPDX-License-Identifier: MIT
/* uthread-ret: the same switch ending in a return, which the CPU predicts from a stack of calls that were never made here. */
#define UTHREAD_SWITCH arch_switch_ret
#define UTHREAD_FIRST_FRAME arch_first_frame
#include "uthread.h"

#define IMPL_TRAITS                                                                                                    \
	UTHREAD_TRAITS, .saves = "callee-saved registers; not the floating-point control words",                       \
		.summary = "assembly, ends in a return", .missing = arch_missing
