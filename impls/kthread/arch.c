// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * In place of a port, as impls/arch/none.c is in user mode. The checks in conform.c that look at registers name these;
 * the module refuses to run them, since a kernel thread has no floating point, and its other registers are the kernel's
 * own.
 */
#include "impls/arch/arch.h"

unsigned arch_clobbered(void (*call)(void *arg), void *arg, uint64_t seed)
{
	call(arg);
	return 0;
}

unsigned arch_fp_rounding(void)
{
	return 0;
}

void arch_fp_set_rounding(unsigned direction)
{
}
