// SPDX-License-Identifier: MIT
/* uthread-fpu: the switch of uthread-jmp that keeps the floating-point control words as well, as the ABI would have it.
 */
#include "arch/arch.h"
#include "guard.h"
typedef void *uthread_resume;
#include "uthread.h"

static inline void uthread_switch(struct ctx *self, struct ctx *to)
{
	arch_switch_fpu(&self->resume, to->resume);
}

static inline int uthread_begin(struct ctx *c, void (*entry)(void *c))
{
	c->resume = arch_first_frame_fpu(stack_top(&c->stack), entry, c);
	return 0;
}

static const char *uthread_fpu_missing(void)
{
	return guard_missing(ARCH_SHADOW_STACK | ARCH_MARKED_JUMPS);
}

#define IMPL_TRAITS                                                                                                    \
	UTHREAD_TRAITS, .caps = UTHREAD_CAPS | CAP_SAVES_FP, .missing = uthread_fpu_missing,                           \
			.summary = "assembly, ends in an indirect jump",                                               \
			.saves = "callee-saved registers and the floating-point control words"
