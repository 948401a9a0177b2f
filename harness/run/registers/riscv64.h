// SPDX-License-Identifier: MIT
/* f0 to f31 with fcsr; and the vector registers, whose length only an instruction of theirs tells. */
#include <stdint.h>
#include <sys/auxv.h>

static void registers_tell(struct record *r)
{
	enum { FP = 32 * 8 + 4 };
	unsigned long length = 0;
	char words[64] = "";
	if (getauxval(AT_HWCAP) >> ('v' - 'a') & 1)
		__asm__ volatile("csrr %0, 0xc22" : "=r"(length)); /* vlenb */
	if (length)
		snprintf(words, sizeof words, "in vectors of %lu bits", 8 * length);
	set(r, "area", FP + 32 * (unsigned)length,
		length ? "floating-point and vector registers" : "floating-point registers");
	set(r, "fp", FP, "");
	set(r, "v", 32 * (unsigned)length, words);
}
