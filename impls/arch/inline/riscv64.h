// SPDX-License-Identifier: MIT
#ifndef IMPLS_ARCH_INLINE_H
#define IMPLS_ARCH_INLINE_H

#include <stddef.h>

/* NULL, or why the inline switch can't be used in this build. */
static inline const char *arch_inline_missing(void)
{
#ifdef __riscv_vector
	return "the inline switch does not know the state of the vector unit";
#else
	return NULL;
#endif
}

/*
 * The switch of arch.h with every register but sp, gp and tp declared changed: the compiler keeps what is live here,
 * and that only. gp and tp are the same for all contexts of a thread. s0 is kept by hand, since it can't be declared
 * where it is the frame pointer.
 *
 * There is no red zone. The compiler knows nothing of the stack pointer moving in here: an unwinder that comes by in
 * the middle may be misled. Not saved: fcsr, signal mask.
 *
 * The jump goes through t2: one through ra or t0 counts as a return, and through any other it needs a landing pad
 * where those are checked.
 */
static inline __attribute__((always_inline)) void arch_switch_inline(void **save_sp, void *load_sp)
{
	register void **save __asm__("a0") = save_sp;
	register void *load __asm__("a1") = load_sp;

	__asm__ volatile("lla	t2, 1f\n\t"
			 "addi	sp, sp, -16\n\t"
			 "sd	s0, 0(sp)\n\t"
			 "sd	t2, 8(sp)\n\t"
			 "sd	sp, 0(a0)\n\t"
			 "mv	sp, a1\n\t"
			 "ld	t2, 8(sp)\n\t"
			 "ld	s0, 0(sp)\n\t"
			 "addi	sp, sp, 16\n\t"
			 "jr	t2\n"
			 "1:"
			 : "+r"(save), "+r"(load)
			 :
			 : "ra", "t0", "t1", "t2", "t3", "t4", "t5", "t6", "a2", "a3", "a4", "a5", "a6", "a7", "s1",
			 "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "ft0", "ft1", "ft2", "ft3",
			 "ft4", "ft5", "ft6", "ft7", "ft8", "ft9", "ft10", "ft11", "fa0", "fa1", "fa2", "fa3", "fa4",
			 "fa5", "fa6", "fa7", "fs0", "fs1", "fs2", "fs3", "fs4", "fs5", "fs6", "fs7", "fs8", "fs9",
			 "fs10", "fs11", "memory");
}

#endif
