// SPDX-License-Identifier: MIT
/*
 * What a port exports. A port is one assembly file, ARCH.S; none.c stands in on a CPU without one and says so through
 * arch_missing(). The context *is* a stack pointer and its first frame is built in assembly, so that C never sees a
 * register or an offset. Nothing here uses thread-local storage: a raw-clone LWP has its parent's.
 */
#ifndef IMPLS_ARCH_ARCH_H
#define IMPLS_ARCH_ARCH_H

#include <stdint.h>

/* NULL, or why there is no port: "no port for this CPU". Never freed. */
const char *arch_missing(void);

/* What guards the returns and jumps of this program, as far as a switch has to do with it: a set of enum arch_guard.
 * Never fails: what can't be asked here is off. guard.h says it in words. */
unsigned arch_guards(void);
enum arch_guard {
	ARCH_SHADOW_STACK = 1, /* a return must go where the shadow stack says, which no switch here changes */
	ARCH_MARKED_JUMPS = 2, /* an indirect jump must arrive at a marker, and a return address has none (aarch64) */
};

/* -- switching: store our stack pointer to *save_sp, continue on load_sp. Kept: what the ABI says a callee keeps, and
 *    that only; the floating-point control words are neither saved nor changed. */
void arch_switch(void **save_sp, void *load_sp);     /* ends in an indirect jump */
void arch_switch_ret(void **save_sp, void *load_sp); /* the same, ending in the CPU's return instruction */

void arch_switch_fpu(void **save_sp, void *load_sp); /* ends in a jump too; keeps the control words, each its own */

/* The stack pointer at which entry(arg) starts when switched to; `top` may have any alignment; entry must not return. */
void *arch_first_frame(void *top, void (*entry)(void *arg), void *arg);        /* for the first two */
void *arch_first_frame_fpu(void *top, void (*entry)(void *arg), void *arg);    /* entry has its maker's control words */
void *arch_first_frame_inline(void *top, void (*entry)(void *arg), void *arg); /* for arch/inline/ARCH.h */

/* -- the kernel, without libc. All return -errno on failure. */
long arch_syscall(long number, long a, long b, long c, long d, long e, long f);
/* The same instructions a second time, for whoever handles a trapped call; arch_untrapped_ip is the address that the
 * kernel reports for its system call (the instruction after it). */
long arch_untrapped(long number, long a, long b, long c, long d, long e, long f);
extern const char arch_untrapped_ip[];

/* clone(2). The child runs entry(arg) on the stack below `top` and ends by exit(2) when it returns.
 * child_tid serves CLONE_CHILD_SETTID and CLONE_CHILD_CLEARTID. Returns the child's tid. */
long arch_clone(unsigned long flags, void *top, void (*entry)(void *arg), void *arg, int *child_tid);

/* clone3(2) with a struct clone_args of `size` bytes, whose stack's end is aligned for a call. The child as above. */
long arch_clone3(const void *args, unsigned long size, void (*entry)(void *arg), void *arg);

/* -- time: the CPU's own counter, read without a serialising instruction that could trap in a virtual machine. */
uint64_t arch_ticks(void);
/* Returns once all loads before it have their values: a read of the counter after it is no earlier than what they saw. */
void arch_loaded(void);
/* Two loops whose speed tells what the core is doing: n dependent register-register additions (frequency only), and
 * n independent instructions (also a busy hyperthread next door). n is rounded up to a multiple of 64. */
void arch_chain(uint64_t n);
void arch_burst(uint64_t n);

/* -- floating point: put the control and sticky status words into their state at program start. */
void arch_fp_clean(void);
/* The control word's rounding direction, 0 (nearest) to 3, in the CPU's own code; the setter changes nothing else. */
unsigned arch_fp_rounding(void);
void arch_fp_set_rounding(unsigned direction);

/* -- conformance: fill every register that a callee must keep from `seed`, call(arg), and return how many of them came
 *    back changed. The caller's own registers are kept in any case. */
unsigned arch_clobbered(void (*call)(void *arg), void *arg, uint64_t seed);

#endif
