// SPDX-License-Identifier: MIT
/*
 * ucontext: user threads by the C library's swapcontext, which keeps the signal mask too and so calls the kernel: once
 * a switch in glibc on x86, twice on arm64.
 */
#include <ucontext.h>

typedef ucontext_t uthread_resume;
#include "uthread.h"

/* musl has the header and not the functions. glibc has them, and leaves a weak name out of a static program. */
#ifndef __GLIBC__
#pragma weak getcontext
#pragma weak makecontext
#pragma weak swapcontext
#endif

static inline void uthread_switch(struct ctx *self, struct ctx *to)
{
	swapcontext(&self->resume, &to->resume);
}

/* makecontext passes ints: a pointer comes in two halves. */
static void ucontext_main(unsigned high, unsigned low)
{
	uthread_main((void *)(uintptr_t)((uint64_t)high << 32 | low));
}

static inline int uthread_begin(struct ctx *c, void (*entry)(void *c))
{
	(void)entry; /* ucontext_main calls it */
	uint64_t self = (uintptr_t)c;
	if (getcontext(&c->resume))
		return -errno;
	c->resume.uc_stack.ss_sp = (char *)stack_top(&c->stack) - STACK_BYTES;
	c->resume.uc_stack.ss_size = STACK_BYTES;
	c->resume.uc_link = NULL;
	makecontext(&c->resume, (void (*)(void))(void *)ucontext_main, 2, (unsigned)(self >> 32), (unsigned)self);
	return 0;
}

static const char *ucontext_missing(void)
{
	/* volatile: the compiler knows that a name which is not weak is never NULL, and would warn */
	int (*volatile found)(ucontext_t *, const ucontext_t *) = swapcontext;
	return found ? NULL : "not in this C library";
}

#define IMPL_TRAITS                                                                                                    \
	UTHREAD_TRAITS, .caps = UTHREAD_CAPS | CAP_SAVES_FP | CAP_LIBC_SPAWN | CAP_LIBC_HANDOFF,                       \
			.missing = ucontext_missing, .summary = "swapcontext of the C library",                        \
			.saves = "callee-saved registers, floating-point control words, signal mask"
