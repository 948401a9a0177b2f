// SPDX-License-Identifier: MIT
#ifndef IMPLS_ARCH_INLINE_H
#define IMPLS_ARCH_INLINE_H

#include <stddef.h>

/* NULL, or why the inline switch can't be used in this build. */
static inline const char *arch_inline_missing(void)
{
#ifdef __APX_F__
	return "the inline switch does not know the registers of APX";
#else
	return NULL;
#endif
}

#ifdef __AVX512F__
#define ARCH_INLINE_VECTORS                                                                                            \
	"zmm0", "zmm1", "zmm2", "zmm3", "zmm4", "zmm5", "zmm6", "zmm7", "zmm8", "zmm9", "zmm10", "zmm11", "zmm12",     \
		"zmm13", "zmm14", "zmm15", "zmm16", "zmm17", "zmm18", "zmm19", "zmm20", "zmm21", "zmm22", "zmm23",     \
		"zmm24", "zmm25", "zmm26", "zmm27", "zmm28", "zmm29", "zmm30", "zmm31", "k0", "k1", "k2", "k3", "k4", "k5",  \
		"k6", "k7"
#else
#define ARCH_INLINE_VECTORS                                                                                            \
	"xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12",     \
		"xmm13", "xmm14", "xmm15"
#endif

/*
 * The switch of arch.h with every register but rsp declared changed: the compiler keeps what is live here, and that
 * only. rbp is kept by hand, since it can't be declared where it is the frame pointer.
 *
 * The compiler may hold locals in the 128 bytes below rsp (the red zone), so nothing is pushed before stepping over
 * them. It knows nothing of the stack pointer moving in here: an unwinder that comes by in the middle may be misled.
 * Not saved: MXCSR, x87 control word, signal mask, TLS base.
 *
 * `notrack`, because the resume address needs no endbr64 then.
 */
static inline __attribute__((always_inline)) void arch_switch_inline(void **save_sp, void *load_sp)
{
	__asm__ volatile("add	$-128, %%rsp\n\t"
			 "lea	1f(%%rip), %%rcx\n\t"
			 "push	%%rcx\n\t"
			 "push	%%rbp\n\t"
			 "mov	%%rsp, (%%rdi)\n\t"
			 "mov	%%rsi, %%rsp\n\t"
			 "pop	%%rbp\n\t"
			 "pop	%%rcx\n\t"
			 "notrack jmp *%%rcx\n"
			 "1:\n\t"
			 "sub	$-128, %%rsp"
			 : "+D"(save_sp), "+S"(load_sp)
			 :
			 : "rax", "rbx", "rcx", "rdx", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15",
			 ARCH_INLINE_VECTORS, "st", "st(1)", "st(2)", "st(3)", "st(4)", "st(5)", "st(6)", "st(7)", "cc",
			 "memory");
}

#undef ARCH_INLINE_VECTORS

#endif
