// SPDX-License-Identifier: MIT
/* uthread-jmp: the switch in assembly, ending in an indirect jump, which the CPU predicts by its target. */
#define UTHREAD_SWITCH arch_switch
#define UTHREAD_FIRST_FRAME arch_first_frame
#include "uthread.h"

#define IMPL_TRAITS                                                                                                    \
	UTHREAD_TRAITS, .saves = "callee-saved registers; not the floating-point control words",                       \
		.summary = "assembly, ends in an indirect jump", .missing = arch_missing
