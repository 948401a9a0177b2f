// SPDX-License-Identifier: MIT
/* sjlj: setjmp and longjmp of the C library, without the signal mask: no system call. */
#include <setjmp.h>

/* By its name in the library: with _FORTIFY_SOURCE the header's goes through a check that takes every jump to another
 * stack for a mistake. */
__attribute__((noreturn)) void sjlj_jump(jmp_buf buffer, int value) __asm__("_longjmp");

typedef jmp_buf sjlj_buffer;
#define SJLJ_SET(buffer) _setjmp(buffer)
#define SJLJ_JUMP(buffer) sjlj_jump(buffer, 1)
#include "sjlj.h"

#define IMPL_TRAITS                                                                                                    \
	UTHREAD_TRAITS, .caps = UTHREAD_CAPS, .missing = sjlj_missing,                                                 \
			.summary = "setjmp and longjmp; a signal made the first frame, once a stack",                  \
			.saves = "callee-saved registers; not the floating-point control words"
