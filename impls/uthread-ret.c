// SPDX-License-Identifier: MIT
/* uthread-ret: the same switch ending in a return, which the CPU predicts from a stack of calls that were never made
 * here. */
#include "arch/arch.h"
#include "guard.h"
typedef void *uthread_resume;
#include "uthread.h"

static inline void uthread_switch(struct ctx *self, struct ctx *to)
{
	arch_switch_ret(&self->resume, to->resume);
}

static inline int uthread_begin(struct ctx *c, void (*entry)(void *c))
{
	c->resume = arch_first_frame(stack_top(&c->stack), entry, c);
	return 0;
}

static const char *uthread_ret_missing(void)
{
	return guard_missing(ARCH_SHADOW_STACK);
}

#define IMPL_TRAITS                                                                                                    \
	UTHREAD_TRAITS, .caps = UTHREAD_CAPS, .missing = uthread_ret_missing, .summary = "assembly, ends in a return", \
			.saves = "callee-saved registers; not the floating-point control words"
