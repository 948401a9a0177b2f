// SPDX-License-Identifier: MIT
/* sigsetjmp: the same with the signal mask, which is the kernel's: one system call to read it, one to put it back. */
#include <setjmp.h>

/* As in sjlj.c. */
__attribute__((noreturn)) void sjlj_jump(sigjmp_buf buffer, int value) __asm__("siglongjmp");

typedef sigjmp_buf sjlj_buffer;
#define SJLJ_SET(buffer) sigsetjmp(buffer, 1)
#define SJLJ_JUMP(buffer) sjlj_jump(buffer, 1)
#include "sjlj.h"

#define IMPL_TRAITS                                                                                                    \
	UTHREAD_TRAITS, .caps = UTHREAD_CAPS | CAP_LIBC_SPAWN | CAP_LIBC_HANDOFF, .missing = sjlj_missing,             \
			.summary = "sigsetjmp and siglongjmp; a signal made the first frame, once a stack",            \
			.saves = "callee-saved registers and the signal mask; not the floating-point control words"
