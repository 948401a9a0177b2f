// SPDX-License-Identifier: MIT
/*
 * In place of a port, on a CPU without one. It builds everywhere with libc alone and says so at run time through
 * arch_missing(): whoever asks first never meets the functions that abort.
 */
#include "arch.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

const char *arch_missing(void)
{
	return "no port for this CPU";
}

unsigned arch_guards(void)
{
	return 0;
}

/* -- switching */

void arch_switch(void **save_sp, void *load_sp)
{
	(void)save_sp;
	(void)load_sp;
	abort();
}

void arch_switch_ret(void **save_sp, void *load_sp)
{
	arch_switch(save_sp, load_sp);
}

void arch_switch_fpu(void **save_sp, void *load_sp)
{
	arch_switch(save_sp, load_sp);
}

void *arch_first_frame(void *top, void (*entry)(void *arg), void *arg)
{
	(void)top;
	(void)entry;
	(void)arg;
	return NULL;
}

void *arch_first_frame_fpu(void *top, void (*entry)(void *arg), void *arg)
{
	return arch_first_frame(top, entry, arg);
}

void *arch_first_frame_inline(void *top, void (*entry)(void *arg), void *arg)
{
	return arch_first_frame(top, entry, arg);
}

/* -- the kernel. libc's syscall() writes errno through thread-local storage: right here, where no raw clone exists. */

long arch_syscall(long number, long a, long b, long c, long d, long e, long f)
{
	long result = syscall(number, a, b, c, d, e, f);

	return result == -1 ? -errno : result;
}

long arch_untrapped(long number, long a, long b, long c, long d, long e, long f)
{
	return arch_syscall(number, a, b, c, d, e, f);
}

/* No system call has this address, and none can be trapped without a port. */
const char arch_untrapped_ip[] = "";

long arch_clone(unsigned long flags, void *top, void (*entry)(void *arg), void *arg, int *child_tid)
{
	(void)flags;
	(void)top;
	(void)entry;
	(void)arg;
	(void)child_tid;
	return -ENOSYS;
}

long arch_clone3(const void *args, unsigned long size, void (*entry)(void *arg), void *arg)
{
	(void)args;
	(void)size;
	(void)entry;
	(void)arg;
	return -ENOSYS;
}

/* -- time. A counter that stands still is a clock that the harness does not take. */

uint64_t arch_ticks(void)
{
	return 0;
}

void arch_loaded(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

/* Empty assembly keeps the compiler from folding the additions. */
void arch_chain(uint64_t n)
{
	unsigned long sum = 0, one = 1;

	for (uint64_t blocks = n / 64 + (n % 64 != 0); blocks; blocks--)
		for (int i = 0; i < 64; i++) {
			sum += one;
			__asm__ volatile("" : "+r"(sum), "+r"(one));
		}
}

void arch_burst(uint64_t n)
{
	unsigned long a = 1, b = 1, c = 1, d = 1;

	for (uint64_t blocks = n / 64 + (n % 64 != 0); blocks; blocks--)
		for (int i = 0; i < 64; i += 4) {
			a += a;
			b += b;
			c += c;
			d += d;
			__asm__ volatile("" : "+r"(a), "+r"(b), "+r"(c), "+r"(d));
		}
}

/* -- floating point: not by <fenv.h>, which may need a library beside libc. The direction stays the nearest. */

void arch_fp_clean(void)
{
}

unsigned arch_fp_rounding(void)
{
	return 0;
}

void arch_fp_set_rounding(unsigned direction)
{
	(void)direction;
}

/* -- conformance: nothing is known of the registers */

unsigned arch_clobbered(void (*call)(void *arg), void *arg, uint64_t seed)
{
	(void)seed;
	call(arg);
	return 0;
}
