// SPDX-License-Identifier: MIT
/* The sets of riscv64. A system call gives up the vector registers. */
#ifndef IMPLS_ARCH_STATE_ARCH_H
#define IMPLS_ARCH_STATE_ARCH_H

#include <string.h>
#include <sys/auxv.h>

#include "../state.h"
#include "untold.h"

#define STATE_SETS(SET)                                                                                                \
	SET(fp, state_nothing, 1, "floating-point registers written to")                                               \
	SET(v, state_nothing, 0, "vector registers written to")

void state_write_fp(void);
void state_load_fp(const void *from);
void state_store_fp(void *to);
void state_write_v(void);
void state_load_v(const void *from);
void state_store_v(void *to);
size_t state_bytes_v(void); /* only where there are some */

static inline size_t state_bytes_fp(void)
{
	return 32 * 8 + 8; /* the last is fcsr */
}

static inline const char *state_missing_fp(void)
{
	return NULL;
}

static inline const char *state_missing_v(void)
{
	const unsigned long v = 1ul << ('v' - 'a');
	return getauxval(AT_HWCAP) & v ? NULL : "this CPU has no vector registers, or its kernel does not switch them";
}

/* -- the general registers: number n is xn. sp, gp and tp are not held: they are what all else is found by. */
enum { STATE_GENERAL = 32 };

#define STATE_NAMES                                                                                                    \
	{                                                                                                              \
		NULL, "ra", NULL, NULL, NULL, "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4", "a5", "a6",  \
			"a7", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6"     \
	}

/* As bits: what a callee keeps, what a system call changes, what a spin needs. */
enum {
	STATE_KEPT = 3 << 8 | 0x3ff << 18, /* s0, s1, s2 to s11 */
	STATE_CALL_CHANGES = 1 << 10,
	STATE_SPIN_CHANGES = (int)(1u << 30 | 1u << 31),
};

/* Where a system call has its number and arguments, and a procedure call its first two. */
enum { STATE_NUMBER = 17 };
static const unsigned state_call_argument[] = { 10, 11, 12, 13, 14, 15 };
static const unsigned state_argument[] = { 10, 11 };

/* Is byte i of the set `fp` one that a callee keeps, of fs0 to fs11, or of the control word? */
static inline int state_fp_kept(size_t i)
{
	size_t n = i / 8;
	return n >= 32 || n == 8 || n == 9 || (n >= 18 && n < 28);
}

/* Makes a pattern one that the registers of `fp` can hold: a control word of other than the usual rounding. */
static inline void state_fit_fp(unsigned char *set)
{
	const uint64_t control = 1 << 5 | 1;
	memcpy(set + 32 * 8, &control, sizeof control);
}

#endif
