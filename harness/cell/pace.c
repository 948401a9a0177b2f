// SPDX-License-Identifier: MIT
#include "pace.h"

#include "../../impls/arch/arch.h"
#include "clock.h"

/* Long enough for a coarse clock (a step of 42 ns is common on arm64), short beside a sample of 1 ms. */
enum { CHAIN = 64 * 256, BURST = 64 * 512 };

struct pace pace_now(const struct clock_facts *c)
{
	uint64_t begin = clock_read(c);
	arch_chain(CHAIN);
	uint64_t middle = clock_read(c);
	arch_burst(BURST);
	uint64_t end = clock_read(c);
	return (struct pace){ .add = (double)(middle - begin) / CHAIN, .burst = (double)(end - middle) / BURST };
}
