// SPDX-License-Identifier: MIT
/*
 * The user threads' switch beside a plain C call of Boost.Context's jump_fcontext, in one process and in turns, from a
 * clean floating-point state: fcontext reloads MXCSR, which is slow for ever once its sticky flags differ between two
 * contexts. Linked with the very objects that `cell` is made of: what is timed here is their own loop.
 *
 * Prints a line for each: name, ns per switch (median).
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../harness/cell/impl.h"
#include "../../impls/arch/arch.h"

enum { SERIES_MOST = 8, SAMPLES = 301, SAMPLE_NS = 1000000, SWITCHES_A_TURN = 2, STACK_BYTES = 64 << 10 };

/* -- as in boost/context/detail/fcontext.hpp, which is C++ */
typedef void *fcontext;
struct transfer {
	fcontext from;
	void *data;
};
struct transfer jump_fcontext(fcontext to, void *data);
fcontext make_fcontext(void *top, size_t size, void (*body)(struct transfer));

static void fcontext_peer(struct transfer t)
{
	for (;;)
		t = jump_fcontext(t.from, NULL);
}

static int fcontext_loop(void *arena, uint64_t n)
{
	fcontext *peer = arena;
	struct transfer t = { .from = *peer };
	for (; n; n--)
		t = jump_fcontext(t.from, NULL);
	*peer = t.from;
	return 0;
}

/* -- a series of samples for each */
struct series {
	const char *name;
	int (*loop)(void *arena, uint64_t n);
	void *arena;
	uint64_t turns;
	double ns[SAMPLES]; /* of a switch */
};

static double timed_ns(const struct series *s, uint64_t turns)
{
	struct timespec begin, end;
	arch_fp_clean();
	clock_gettime(CLOCK_MONOTONIC_RAW, &begin);
	int error = s->loop(s->arena, turns);
	clock_gettime(CLOCK_MONOTONIC_RAW, &end);
	if (error) {
		fprintf(stderr, "%s: %s\n", s->name, strerror(-error));
		exit(EXIT_FAILURE);
	}
	return (double)(end.tv_sec - begin.tv_sec) * 1e9 + (double)(end.tv_nsec - begin.tv_nsec);
}

static void calibrate(struct series *s)
{
	for (s->turns = 1024; timed_ns(s, s->turns) < SAMPLE_NS;)
		s->turns *= 2;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static double median(double *x)
{
	qsort(x, SAMPLES, sizeof *x, by_size);
	return x[SAMPLES / 2];
}

static const struct job *switch_of(const struct impl *impl)
{
	for (const struct job *const *j = impl->jobs; *j; j++)
		if (!strcmp((*j)->name, "switch"))
			return *j;
	return NULL;
}

static size_t open_all(struct series *s)
{
	size_t n = 0;
	for (const struct impl *const *i = __start_impls; i < __stop_impls && n < SERIES_MOST - 1; i++) {
		const struct job *job = switch_of(*i);
		struct point p = { .seat = { -1, -1 } };
		if (!job || (*i)->missing())
			continue;
		p.arena = calloc(1, job->arena_bytes(&p));
		if (!p.arena || job->open(&p))
			abort();
		s[n++] = (struct series){ .name = (*i)->name, .loop = job->loop, .arena = p.arena };
	}
	static fcontext peer;
	char *stack = aligned_alloc(4096, STACK_BYTES);
	if (!stack)
		abort();
	peer = make_fcontext(stack + STACK_BYTES, STACK_BYTES, fcontext_peer);
	s[n++] = (struct series){ .name = "fcontext", .loop = fcontext_loop, .arena = &peer };
	return n;
}

int main(void)
{
	static struct series series[SERIES_MOST];
	size_t n = open_all(series);
	for (size_t i = 0; i < n; i++)
		calibrate(&series[i]);
	for (size_t sample = 0; sample < SAMPLES; sample++)
		for (size_t i = 0; i < n; i++)
			series[i].ns[sample] =
				timed_ns(&series[i], series[i].turns) / (double)(series[i].turns * SWITCHES_A_TURN);
	for (size_t i = 0; i < n; i++)
		printf("%s %.6g\n", series[i].name, median(series[i].ns));
	return fflush(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}
