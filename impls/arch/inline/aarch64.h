// SPDX-License-Identifier: MIT
#ifndef IMPLS_ARCH_INLINE_H
#define IMPLS_ARCH_INLINE_H

#include <stddef.h>

/* NULL, or why the inline switch can't be used in this build. */
static inline const char *arch_inline_missing(void)
{
	return NULL;
}

#ifdef __ARM_FEATURE_SVE
#define ARCH_INLINE_PREDICATES                                                                                         \
	"p0", "p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8", "p9", "p10", "p11", "p12", "p13", "p14", "p15",
#else
#define ARCH_INLINE_PREDICATES
#endif

/*
 * The switch of arch.h with every register but sp declared changed: the compiler keeps what is live here, and that
 * only. x29 is kept by hand, since it can't be declared where it is the frame pointer. x18 is an ordinary register on
 * Linux and declared; a build that reserves it (-ffixed-x18, a shadow call stack) must save it elsewhere.
 *
 * There is no red zone. The compiler knows nothing of the stack pointer moving in here: an unwinder that comes by in
 * the middle may be misled. Not saved: FPCR, FPSR, signal mask, TLS base.
 *
 * hint 36 is `bti j`: where a switch resumes may be branched to.
 */
static inline __attribute__((always_inline)) void arch_switch_inline(void **save_sp, void *load_sp)
{
	register void **save __asm__("x0") = save_sp;
	register void *load __asm__("x1") = load_sp;

	__asm__ volatile("adr	x9, 1f\n\t"
			 "stp	x29, x9, [sp, #-16]!\n\t"
			 "mov	x10, sp\n\t"
			 "str	x10, [x0]\n\t"
			 "mov	sp, x1\n\t"
			 "ldp	x29, x9, [sp], #16\n\t"
			 "br	x9\n"
			 "1:\n\t"
			 "hint	#36"
			 : "+r"(save), "+r"(load)
			 :
			 : "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15",
			 "x16", "x17", "x18", "x19", "x20", "x21", "x22", "x23", "x24", "x25", "x26", "x27", "x28",
			 "x30", "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10", "v11", "v12", "v13",
			 "v14", "v15", "v16", "v17", "v18", "v19", "v20", "v21", "v22", "v23", "v24", "v25", "v26",
			 "v27", "v28", "v29", "v30", "v31", ARCH_INLINE_PREDICATES "cc", "memory");
}

#undef ARCH_INLINE_PREDICATES

#endif
