// SPDX-License-Identifier: MIT
/* The sets of aarch64. SVE's registers are V0 to V31, longer; a system call gives up what is beyond 128 bits. */
#ifndef IMPLS_ARCH_STATE_ARCH_H
#define IMPLS_ARCH_STATE_ARCH_H

#include <string.h>
#include <sys/auxv.h>

#include "../state.h"
#include "untold.h"

#define STATE_SETS(SET)                                                                                                \
	SET(fp, state_nothing, 1, "V registers written to")                                                            \
	SET(sve, state_nothing, 0, "SVE registers written to")

void state_write_fp(void);
void state_load_fp(const void *from);
void state_store_fp(void *to);
void state_write_sve(void);
void state_load_sve(const void *from);
void state_store_sve(void *to);
size_t state_bytes_sve(void); /* only where there are some */

static inline size_t state_bytes_fp(void)
{
	return 32 * 16 + 2 * 8; /* the last two are FPCR and FPSR */
}

static inline const char *state_missing_fp(void)
{
	return NULL;
}

static inline const char *state_missing_sve(void)
{
	const unsigned long sve = 1ul << 22; /* HWCAP_SVE */
	return getauxval(AT_HWCAP) & sve ? NULL : "this CPU has no SVE, or its kernel does not switch it";
}

/* -- the general registers: number n is xn */
enum { STATE_GENERAL = 31 };

#define STATE_NAMES                                                                                                    \
	{                                                                                                              \
		"x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15",  \
			"x16", "x17", "x18", "x19", "x20", "x21", "x22", "x23", "x24", "x25", "x26", "x27", "x28",     \
			"x29", "x30"                                                                                   \
	}

/* As bits: what a callee keeps, what a system call changes, what a spin needs. */
enum {
	STATE_KEPT = 0x7ff << 19, /* x19 to x29 */
	STATE_CALL_CHANGES = 1 << 0,
	STATE_SPIN_CHANGES = 1 << 16 | 1 << 17,
};

/* Where a system call has its number and arguments, and a procedure call its first two. */
enum { STATE_NUMBER = 8 };
static const unsigned state_call_argument[] = { 0, 1, 2, 3, 4, 5 };
static const unsigned state_argument[] = { 0, 1 };

/* Is byte i of the set `fp` one that a callee keeps, the lower half of v8 to v15, or of a control word? */
static inline int state_fp_kept(size_t i)
{
	return i >= 32 * 16 || (i / 16 >= 8 && i / 16 < 16 && i % 16 < 8);
}

/* Makes a pattern one that the registers of `fp` can hold: control words of other than the usual rounding. */
static inline void state_fit_fp(unsigned char *set)
{
	const uint64_t control[] = { 1 << 22, 1 << 4 }; /* FPCR, FPSR */
	memcpy(set + 32 * 16, control, sizeof control);
}

#endif
