// SPDX-License-Identifier: MIT
/* uthread-inline: the switch is inline assembly, so that the compiler saves only what is live where it stands. */
#include "arch/arch.h"
#include "guard.h"
#include INLINE_SOURCE
typedef void *uthread_resume;
#include "uthread.h"

static inline void uthread_switch(struct ctx *self, struct ctx *to)
{
	arch_switch_inline(&self->resume, to->resume);
}

static inline int uthread_begin(struct ctx *c, void (*entry)(void *c))
{
	c->resume = arch_first_frame_inline(stack_top(&c->stack), entry, c);
	return 0;
}

static const char *uthread_inline_missing(void)
{
	const char *inline_missing = arch_inline_missing();
	return inline_missing ? inline_missing : guard_missing(ARCH_SHADOW_STACK);
}

#define IMPL_TRAITS                                                                                                    \
	UTHREAD_TRAITS, .caps = UTHREAD_CAPS, .missing = uthread_inline_missing,                                       \
			.summary = "inline assembly, saves what is live",                                              \
			.saves = "what the compiler has live; not the floating-point control words"
