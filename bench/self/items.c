// SPDX-License-Identifier: MIT
/*
 * items WORKERS: seconds for independent items of about a microsecond of work, each a user thread of impl mn. How long
 * a microsecond is is found on the CPU before, by a chain of additions, and is the same for all numbers of workers
 * when it is given as a second argument. Prints the seconds and the length of the chain.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "../../impls/library/mn.h"

enum { ITEMS = 200000, AT_ONCE = 1000, ITEM_NS = 1000 };

static uint64_t chain;

static double now_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC_RAW, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static uint64_t chain_of_item(void)
{
	enum { LONG = 1 << 20, TRIES = 20 };
	double least = 1e300;
	for (int i = 0; i < TRIES; i++) {
		double begin = now_ns();
		arch_chain(LONG);
		double took = now_ns() - begin;
		least = took < least ? took : least;
	}
	return (uint64_t)(LONG * ITEM_NS / least);
}

static struct mn_thread *item(void *arg)
{
	(void)arg;
	arch_chain(chain);
	return NULL;
}

static void all_items(void)
{
	static struct mn_thread *t[AT_ONCE];
	for (unsigned done = 0; done < ITEMS; done += AT_ONCE) {
		for (unsigned i = 0; i < AT_ONCE; i++)
			if (mn_spawn(mn_self(), &t[i], item, NULL))
				abort();
		for (unsigned i = 0; i < AT_ONCE; i++)
			mn_join(mn_self(), t[i]);
	}
}

int main(int argc, char **argv)
{
	if (mn_begin(argc > 1 ? (unsigned)atoi(argv[1]) : 1))
		abort();
	chain = argc > 2 ? strtoull(argv[2], NULL, 10) : chain_of_item();
	all_items(); /* once for the stacks */
	double begin = now_ns();
	all_items();
	printf("%.6f %llu\n", (now_ns() - begin) / 1e9, (unsigned long long)chain);
	mn_end();
	return fflush(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}
