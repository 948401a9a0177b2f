// SPDX-License-Identifier: MIT
/*
 * items WORKERS: seconds for independent items of about a microsecond of work, each a user thread of impl mn; 200
 * others spawn and join 200 each. How long a microsecond is is found on the CPU before, by a chain of additions, and is
 * the same for all numbers of workers when it is given as a second argument. Prints the seconds and the chain's length.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "../../impls/library/mn.h"

enum { ITEMS = 40000, AT_ONCE = 200, ITEM_NS = 1000 };

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

/* The last is joined first: it is the one that runs here next, while others steal the first. */
static void all_of(unsigned n, mn_body *body)
{
	struct mn_thread *t[AT_ONCE];
	for (unsigned i = 0; i < n; i++)
		if (mn_spawn(mn_self(), &t[i], body, NULL))
			abort();
	for (unsigned i = n; i; i--)
		mn_join(mn_self(), t[i - 1]);
}

static struct mn_thread *some_items(void *arg)
{
	(void)arg;
	all_of(AT_ONCE, item);
	return NULL;
}

static void all_items(void)
{
	for (unsigned done = 0; done < ITEMS; done += AT_ONCE * AT_ONCE)
		all_of(AT_ONCE, some_items);
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
