// SPDX-License-Identifier: MIT
/* V0 to V31 with FPCR and FPSR; and SVE, whose length the kernel tells. */
#include <stdint.h>
#include <sys/prctl.h>

#ifndef PR_SVE_GET_VL
#define PR_SVE_GET_VL 51
#define PR_SVE_VL_LEN_MASK 0xffff
#endif

static void registers_tell(struct record *r)
{
	enum { FP = 32 * 16 + 2 * 4 };
	char words[64] = "";
	int told = prctl(PR_SVE_GET_VL);
	unsigned vector = told > 0 ? (unsigned)told & PR_SVE_VL_LEN_MASK : 0;
	/* 32 vectors; 16 predicates and the first-fault register, of a bit a byte */
	unsigned sve = 32 * vector + 17 * vector / 8;
	if (vector)
		snprintf(words, sizeof words, "in vectors of %u bits", 8 * vector);
	set(r, "area", FP + sve, sve ? "V and SVE registers" : "V registers");
	set(r, "fp", FP, "");
	set(r, "sve", sve, words);
}
