// SPDX-License-Identifier: MIT
/* What libFuzzer calls, and tests/fuzz/replay.c with the corpus. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What must hold of any input: else the fuzzer keeps it. */
#define MUST(holds, what)                                                                                              \
	do {                                                                                                           \
		if (!(holds)) {                                                                                        \
			fprintf(stderr, "%s: %s\n", __func__, what);                                                   \
			abort();                                                                                       \
		}                                                                                                      \
	} while (0)

#endif
