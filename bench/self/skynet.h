// SPDX-License-Identifier: MIT
/*
 * skynet: a tree of ten of threads with a million leaves, each of which returns its number to who spawned it; the sum
 * goes up to the root. Included by a file that says before how a thread is spawned and joined:
 *
 *	typedef ... *thread;		a thread's body returns NULL of it
 *	void spawn(thread *t, thread (*body)(void *arg), void *arg)
 *	void join(thread t)
 *
 * Prints the seconds that it took, from the root's spawn to its join.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { LEAVES = 1000000, CHILDREN = 10 };

struct node {
	uint64_t number, leaves; /* first leaf below it, and how many; then the sum in `number` */
};

static thread grow(void *arg)
{
	struct node *n = arg, child[CHILDREN];
	thread t[CHILDREN];
	if (n->leaves == 1)
		return NULL;
	for (unsigned i = 0; i < CHILDREN; i++) {
		child[i].leaves = n->leaves / CHILDREN;
		child[i].number = n->number + i * child[i].leaves;
		spawn(&t[i], grow, &child[i]);
	}
	n->number = 0;
	for (unsigned i = 0; i < CHILDREN; i++) {
		join(t[i]);
		n->number += child[i].number;
	}
	return NULL;
}

static int skynet(void)
{
	struct timespec begin, end;
	struct node root = { .number = 0, .leaves = LEAVES };
	thread t;
	clock_gettime(CLOCK_MONOTONIC_RAW, &begin);
	spawn(&t, grow, &root);
	join(t);
	clock_gettime(CLOCK_MONOTONIC_RAW, &end);
	if (root.number != (uint64_t)LEAVES * (LEAVES - 1) / 2) {
		fprintf(stderr, "skynet: the sum is wrong\n");
		return EXIT_FAILURE;
	}
	printf("%.6f\n", (double)(end.tv_sec - begin.tv_sec) + (double)(end.tv_nsec - begin.tv_nsec) / 1e9);
	return fflush(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}
