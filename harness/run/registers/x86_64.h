// SPDX-License-Identifier: MIT
/* CPUID leaf 13 tells what XSAVE needs for what the kernel has turned on; XSAVES, by which Linux switches, leaves no
 * gaps. */
#include <cpuid.h>
#include <stdint.h>

enum { LEAF = 13, LEGACY = 512, COMPACTED = 1 << 3 };

/* XCR0, by bits; 0 without XSAVE. */
static uint64_t components(void)
{
	unsigned a, b, c, d;
	if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_OSXSAVE))
		return 0;
	__asm__ volatile("xgetbv" : "=a"(a), "=d"(d) : "c"(0));
	return (uint64_t)d << 32 | a;
}

static unsigned bytes_of(uint64_t on, unsigned first, unsigned last)
{
	unsigned a, b, c, d, sum = 0;
	for (unsigned i = first; i <= last; i++)
		if (on >> i & 1 && __get_cpuid_count(LEAF, i, &a, &b, &c, &d))
			sum += a;
	return sum;
}

static void registers_tell(struct record *r)
{
	unsigned a = 0, all = 0, compact = 0, c, d;
	uint64_t on = components();
	if (on) {
		__get_cpuid_count(LEAF, 0, &a, &all, &c, &d);
		__get_cpuid_count(LEAF, 1, &a, &compact, &c, &d);
	}
	bool compacted = on && a & COMPACTED && compact;
	set(r, "area", on ? (compacted ? compact : all) : LEGACY,
		compacted ? "by XSAVES"
		: on      ? "by XSAVE"
			  : "by FXSAVE");
	set(r, "fp", LEGACY, "");
	set(r, "avx", bytes_of(on, 2, 2), "");
	set(r, "avx512", bytes_of(on, 5, 7), "");
	set(r, "amx", bytes_of(on, 17, 18), "");
}
