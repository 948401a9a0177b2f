// SPDX-License-Identifier: MIT
/* The sets of x86_64. Which there are the CPU tells, and which of them the kernel switches: XCR0, by bits. */
#ifndef IMPLS_ARCH_STATE_ARCH_H
#define IMPLS_ARCH_STATE_ARCH_H

#include <cpuid.h>
#include <string.h>
#include <sys/syscall.h>

#include "../arch.h"
#include "../state.h"

enum state_component { X87, SSE, AVX, OPMASK = 5, ZMM_HIGH, ZMM_16_TO_31, PKRU = 9, TILE_CONFIG = 17, TILE_DATA };

#define STATE_SETS(SET)                                                                                                \
	SET(fp, state_nothing, 1, "x87 and SSE written to")                                                            \
	SET(avx, state_nothing, 1, "AVX written to")                                                                   \
	SET(avx512, state_nothing, 1, "AVX-512 written to")                                                            \
	SET(amx, state_begin_amx, 1, "AMX tiles written to")

void state_write_fp(void);
void state_load_fp(const void *from);
void state_store_fp(void *to);
void state_write_avx(void);
void state_load_avx(const void *from);
void state_store_avx(void *to);
void state_write_avx512(void);
void state_load_avx512(const void *from);
void state_store_avx512(void *to);
void state_begin_amx(void); /* tiles have no size before they are given one */
void state_write_amx(void);
void state_load_amx(const void *from);
void state_store_amx(void *to);

static inline size_t state_bytes_fp(void)
{
	return 16 * 16 + 8 * 10 + 4 + 2; /* the last two are control words */
}

static inline size_t state_bytes_avx(void)
{
	return 16 * 32;
}

static inline size_t state_bytes_avx512(void)
{
	return 32 * 64 + 8 * 2;
}

static inline size_t state_bytes_amx(void)
{
	return 8 * 1024;
}

static inline uint64_t state_extended_control(unsigned which)
{
	unsigned low, high;
	__asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(which));
	return (uint64_t)high << 32 | low;
}

/* XCR0; 0 where the kernel switches none of what is beyond SSE. */
static inline uint64_t state_enabled(void)
{
	unsigned a, b, c, d;
	return __get_cpuid(1, &a, &b, &c, &d) && c & bit_OSXSAVE ? state_extended_control(0) : 0;
}

static inline int state_has(uint64_t components)
{
	return (state_enabled() & components) == components;
}

static inline const char *state_missing_fp(void)
{
	return NULL;
}

static inline const char *state_missing_avx(void)
{
	unsigned a, b, c, d;
	if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_AVX))
		return "this CPU has no AVX";
	return state_has(1 << SSE | 1 << AVX) ? NULL : "this kernel does not switch AVX registers";
}

static inline const char *state_missing_avx512(void)
{
	unsigned a, b, c, d;
	if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || !(b & bit_AVX512F))
		return "this CPU has no AVX-512";
	return state_has(1 << SSE | 1 << AVX | 1 << OPMASK | 1 << ZMM_HIGH | 1 << ZMM_16_TO_31)
		       ? NULL
		       : "this kernel does not switch AVX-512 registers";
}

/* Only who has asked gets them: a signal's frame becomes larger by 8 KiB. */
static inline const char *state_missing_amx(void)
{
	enum { ASK = 0x1023 /* ARCH_REQ_XCOMP_PERM */, AMX_TILE = 1 << 24 };
	unsigned a, b, c, d;
	if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || !(d & AMX_TILE))
		return "this CPU has no AMX";
	if (!state_has(1 << TILE_CONFIG | 1 << TILE_DATA))
		return "this kernel does not switch AMX registers";
	return arch_syscall(SYS_arch_prctl, ASK, TILE_DATA, 0, 0, 0, 0) ? "this process may not use AMX" : NULL;
}

/* Does the CPU tell in which sets it sees something that must be saved? Asked once: a virtual machine leaves itself for
 * CPUID. Then state_seen is which, and state_seen_bytes what they take. */
static inline int state_tells(void)
{
	enum { TELLS = 1 << 2 };
	unsigned a, b, c, d;
	return state_enabled() && __get_cpuid_count(13, 1, &a, &b, &c, &d) && a & TELLS;
}

static inline uint64_t state_seen(void)
{
	return state_extended_control(1);
}

static inline double state_seen_bytes(uint64_t seen)
{
	enum { X87_BYTES = 160, SSE_BYTES = 256, COMPONENTS = 63 };
	unsigned a, b, c, d;
	double bytes = (double)((seen >> X87 & 1) * X87_BYTES + (seen >> SSE & 1) * SSE_BYTES);
	for (unsigned i = AVX; i < COMPONENTS; i++)
		if (seen >> i & 1 && i != PKRU && __get_cpuid_count(13, i, &a, &b, &c, &d))
			bytes += a;
	return bytes;
}

/* -- the general registers, in the order of struct registers */
enum state_general { RAX, RCX, RDX, RBX, RSI, RDI, RBP, R8, R9, R10, R11, R12, R13, R14, R15, STATE_GENERAL };

#define STATE_NAMES                                                                                                    \
	{                                                                                                              \
		"rax", "rcx", "rdx", "rbx", "rsi", "rdi", "rbp", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"  \
	}

/* As bits: what a callee keeps, what a system call changes, what a spin needs. */
enum {
	STATE_KEPT = 1 << RBX | 1 << RBP | 1 << R12 | 1 << R13 | 1 << R14 | 1 << R15,
	STATE_CALL_CHANGES = 1 << RAX | 1 << RCX | 1 << R11,
	STATE_SPIN_CHANGES = 0,
};

/* Where a system call has its number and arguments, and a procedure call its first two. */
enum { STATE_NUMBER = RAX };
static const unsigned state_call_argument[] = { RDI, RSI, RDX, R10, R8, R9 };
static const unsigned state_argument[] = { RDI, RSI };

/* Is byte i of the set `fp` one that a callee keeps, or that no switch of ours looks after, a control word? */
static inline int state_fp_kept(size_t i)
{
	return i >= 16 * 16 + 8 * 10;
}

/* Makes a pattern one that the registers of `fp` can hold: control words of other than the usual rounding, all masked.
 */
static inline void state_fit_fp(unsigned char *set)
{
	const uint32_t mxcsr = 0x1f80 | 1 << 13 | 1 << 5;
	const uint16_t x87 = 0x037f | 1 << 10;
	memcpy(set + 16 * 16 + 8 * 10, &mxcsr, sizeof mxcsr);
	memcpy(set + 16 * 16 + 8 * 10 + sizeof mxcsr, &x87, sizeof x87);
}

#endif
