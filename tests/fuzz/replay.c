// SPDX-License-Identifier: MIT
/* replay FILE...: each once through what the fuzzer calls. Prints how many there were. */
#include <stdio.h>

#include "fuzz.h"

static uint8_t data[1 << 24];

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		FILE *f = fopen(argv[i], "re");

		if (!f) {
			perror(argv[i]);
			return 1;
		}
		LLVMFuzzerTestOneInput(data, fread(data, 1, sizeof data, f));
		fclose(f);
	}
	printf("%d\n", argc - 1);
	return 0;
}
