// SPDX-License-Identifier: MIT
/*
 * A CPU's registers in sets, one for each extension that brings some: how to write to them, and how to hold values in
 * all of them over something that may switch. state/ARCH.S and state/ARCH.h; none.* elsewhere, whose list is empty.
 *
 * ARCH.h has STATE_SETS(SET), which is SET(name, begin, over_call, words) for every set, and for each of them
 *
 *	const char *state_missing_NAME(void)   NULL, or why there is none here: "this CPU has no AVX-512"
 *	void state_write_NAME(void)            writes to every register of the set that a callee need not keep
 *	void state_load_NAME(const void *from), state_store_NAME(void *to)      all of them; for the hold functions only
 *	size_t state_bytes_NAME(void)          that those two take
 *
 * and `begin` is what a context calls once before, state_nothing mostly; over_call: does a system call keep the set?
 */
#ifndef IMPLS_ARCH_STATE_H
#define IMPLS_ARCH_STATE_H

#include <stddef.h>
#include <stdint.h>

/* Every set as a new program finds it, with nothing in it that would have to be saved. */
void state_clean(void);
/* One more sticky flag of floating point ("inexact") than state_clean leaves. */
void state_stick(void);

static inline void state_nothing(void)
{
}

/* -- values in registers, before and after. Which `general` is which register, and who keeps it, ARCH.h says. */
enum { STATE_GENERAL_MOST = 32, STATE_SET_MOST = 16 << 10 };

struct registers {
	uint64_t general[STATE_GENERAL_MOST];
	unsigned char set[STATE_SET_MOST] __attribute__((aligned(64))); /* as load and store have it */
};

typedef void state_load(const void *from);
typedef void state_store(void *to);

/* Load all registers from `from`, and through `load` those of a set; then do something; then put all into `to`. */
void state_hold_spin(const struct registers *from, struct registers *to, state_load *, state_store *);
void state_hold_call(const struct registers *from, struct registers *to, state_load *, state_store *);
void state_hold_switch(const struct registers *from, struct registers *to, state_load *, state_store *);

/* What the first of them waits for to become other than 0; the second makes the system call that is in the registers,
 * and the third calls arch_switch with what is in them. */
extern uint32_t state_stop;

#endif
