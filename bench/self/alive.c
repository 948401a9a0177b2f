// SPDX-License-Identifier: MIT
/* alive THREADS: how much memory that many user threads of impl uthread take, all of which have run and wait. Prints
 * KiB a thread: what is resident and the tables of pages. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../impls/library/uthreads.h"

static struct ut_sem gate;
static unsigned long alive;

static struct ut_thread *waits(void *arg)
{
	(void)arg;
	alive++;
	ut_sem_wait(&gate);
	return NULL;
}

/* KiB of it in /proc/self/status. */
static double status(const char *key)
{
	char line[256];
	double kib = 0;
	FILE *f = fopen("/proc/self/status", "re");
	while (f && fgets(line, sizeof line, f))
		if (!strncmp(line, key, strlen(key)))
			kib = strtod(line + strlen(key), NULL);
	if (f)
		fclose(f);
	return kib;
}

static double taken(void)
{
	return status("VmRSS:") + status("VmPTE:");
}

int main(int argc, char **argv)
{
	unsigned long threads = argc > 1 ? strtoul(argv[1], NULL, 10) : 1;
	struct ut_thread *t;
	ut_begin();
	double before = taken();
	for (unsigned long i = 0; i < threads; i++) {
		int error = ut_spawn(&t, waits, NULL);
		if (error) {
			fprintf(stderr, "after %lu threads: %s; their guards are made %s\n", i, strerror(-error),
				stacks_guard(&ut.stacks));
			return EXIT_FAILURE;
		}
	}
	ut_yield();
	if (alive != threads)
		abort();
	printf("%.4f\n", (taken() - before) / (double)threads);
	return fflush(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}
