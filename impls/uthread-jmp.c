// SPDX-License-Identifier: MIT
/* uthread-jmp: the switch in assembly, ending in an indirect jump, which the CPU predicts by its target. */
#include "arch/arch.h"
#include "guard.h"
typedef void *uthread_resume;
#include "uthread.h"

static inline void uthread_switch(struct ctx *self, struct ctx *to)
{
	arch_switch(&self->resume, to->resume);
}

static inline int uthread_begin(struct ctx *c, void (*entry)(void *c))
{
	c->resume = arch_first_frame(stack_top(&c->stack), entry, c);
	return 0;
}

static const char *uthread_jmp_missing(void)
{
	return guard_missing(ARCH_SHADOW_STACK | ARCH_MARKED_JUMPS);
}

#define IMPL_TRAITS                                                                                                    \
	UTHREAD_TRAITS, .caps = UTHREAD_CAPS, .missing = uthread_jmp_missing,                                          \
			.summary = "assembly, ends in an indirect jump",                                               \
			.saves = "callee-saved registers; not the floating-point control words"
