// SPDX-License-Identifier: MIT
/*
 * after-call: what a system call leaves behind in the user mode that goes on after it. So many steps of work that
 * lives on caches and on guesses of its branches, then one call, over and over; the same work without a call, and the
 * same call without work (work=0), are the controls. A probe, because it calls the kernel. After FlexSC (Soares and
 * Stumm, OSDI 2010), which held the instructions per cycle in user mode against how often a program calls pwrite.
 */
#include <sys/mman.h>
#include <unistd.h>

#include "../../harness/cell/impl.h"
#include "../../impls/system.h"

enum { WORDS = 4096, WRITTEN = 4096 }; /* 32 KiB: what a first-level cache holds, if nobody else takes of it */

struct after_call {
	uint64_t steps, x; /* x: the work goes on from where it was */
	int descriptor;
	uint64_t word[WORDS];
	char written[WRITTEN];
};

/* Each step reads where the one before it points, and branches by what it found. */
static inline uint64_t work(uint64_t *word, uint64_t steps, uint64_t x)
{
	for (; steps; steps--) {
		uint64_t found = word[x % WORDS];
		if (found & 1)
			x += found;
		else
			x ^= found >> 1;
		__asm__ volatile("" : "+r"(x));
	}
	return x;
}

static int none_loop(void *arena, uint64_t n)
{
	struct after_call *a = arena;
	for (; n; n--)
		a->x = work(a->word, a->steps, a->x);
	return 0;
}

static int null_loop(void *arena, uint64_t n)
{
	struct after_call *a = arena;
	for (; n; n--) {
		a->x = work(a->word, a->steps, a->x);
		SYSTEM(SYS_getppid);
	}
	return 0;
}

static int pwrite_loop(void *arena, uint64_t n)
{
	struct after_call *a = arena;
	long other = 0;
	for (; n; n--) {
		a->x = work(a->word, a->steps, a->x);
		other |= SYSTEM(SYS_pwrite64, a->descriptor, a->written, WRITTEN) ^ WRITTEN;
	}
	return other ? -EPROTO : 0;
}

static size_t after_call_bytes(const struct point *p)
{
	(void)p;
	return sizeof(struct after_call);
}

/* at[0]: steps. The words are those of an old generator: they only have to be without a pattern. */
static int after_call_open(const struct point *p)
{
	struct after_call *a = p->arena;
	uint64_t x = 1;
	a->steps = p->at[0];
	for (int i = 0; i < WORDS; i++) {
		x = x * 6364136223846793005u + 1442695040888963407u;
		a->word[i] = x >> 16;
	}
	a->descriptor = -1;
	return 0;
}

static int pwrite_open(const struct point *p)
{
	struct after_call *a = p->arena;
	int error = after_call_open(p);
	a->descriptor = (int)syscall(SYS_memfd_create, "written", 0);
	return a->descriptor < 0 ? -errno : error;
}

static void after_call_close(void *arena)
{
	struct after_call *a = arena;
	if (a->descriptor >= 0)
		close(a->descriptor);
}

#define AFTER(which, words, opens, loops, many)                                                                        \
	&(const struct job)                                                                                            \
	{                                                                                                              \
		.name = "after-call", .variant = "call=" which, .summary = words, .unit = "op", .ops = 1,              \
		.own = { .calls = many }, .scale = { { "work", "0 1000 10000 100000" } },                              \
		.arena_bytes = after_call_bytes, .open = opens, .loop = loops, .close = after_call_close               \
	}

static const struct job *const jobs[] = {
	AFTER("none", "work in user mode, with no system call in between", after_call_open, none_loop, 0),
	AFTER("null", "the same with a getppid in between", after_call_open, null_loop, 1),
	AFTER("pwrite", "the same with a pwrite of 4 KiB to memory in between", pwrite_open, pwrite_loop, 1),
	NULL,
};

static const struct impl probe = {
	.name = "null",
	.wait = "none",
	.kind = "floor",
	.saves = "nothing",
	.stack = "none: its caller's",
	.summary = "a procedure call",
	.caps = CAP_CALL_ONLY,
	.missing = arch_missing,
	.jobs = jobs,
};
__attribute__((used, section("impls"))) static const struct impl *const entry = &probe;
