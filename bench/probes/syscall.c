// SPDX-License-Identifier: MIT
/*
 * syscall: the ladder of the mode switch, first rungs. A probe: it is compiled once, belongs to no impl, and may use
 * libc, which the templates in bench/ may not; the rungs call what a program would call.
 */
#include <errno.h>
#include <sys/syscall.h>
#include <time.h>

#include "../../harness/cell/impl.h"
#include "../../impls/arch/arch.h"

/* No kernel has a call of this number, and none may get one: negative numbers are the tracers'. */
enum { NO_SUCH_CALL = 0xfff };

static size_t syscall_bytes(const struct point *p)
{
	(void)p;
	return 1;
}

static int syscall_open(const struct point *p)
{
	(void)p;
	return 0;
}

/* A sandbox may answer it with another error, and sooner: that would be measured instead. */
static int enosys_open(const struct point *p)
{
	(void)p;
	long answer = arch_syscall(NO_SUCH_CALL, 0, 0, 0, 0, 0, 0);
	return answer == -ENOSYS ? 0 : answer < 0 ? (int)answer : -EPROTO;
}

static void syscall_close(void *arena)
{
	(void)arena;
}

/* The loop that the others are; the barrier keeps the compiler from folding it. */
static int empty_loop(void *arena, uint64_t n)
{
	(void)arena;
	for (; n; n--)
		__asm__ volatile("");
	return 0;
}

static int counter_read_loop(void *arena, uint64_t n)
{
	(void)arena;
	for (; n; n--)
		arch_ticks();
	return 0;
}

static int vdso_loop(void *arena, uint64_t n)
{
	(void)arena;
	struct timespec t;
	for (; n; n--)
		clock_gettime(CLOCK_MONOTONIC, &t);
	return 0;
}

static int null_loop(void *arena, uint64_t n)
{
	(void)arena;
	for (; n; n--)
		arch_syscall(SYS_getppid, 0, 0, 0, 0, 0, 0);
	return 0;
}

static int enosys_loop(void *arena, uint64_t n)
{
	(void)arena;
	for (; n; n--)
		arch_syscall(NO_SUCH_CALL, 0, 0, 0, 0, 0, 0);
	return 0;
}

#define RUNG(call, words, opens, loops, ...)                                                                           \
	&(const struct job)                                                                                            \
	{                                                                                                              \
		.name = "syscall", .variant = "call=" call, .summary = words, .unit = "op", .ops = 1,                  \
		.arena_bytes = syscall_bytes, .open = opens, .loop = loops, .close = syscall_close, __VA_ARGS__        \
	}

static const struct job *const rungs[] = {
	RUNG("empty-loop", "a loop around nothing", syscall_open, empty_loop),
	RUNG("clock-read", "the CPU's counter, read in user mode", syscall_open, counter_read_loop),
	RUNG("vdso", "clock_gettime, answered in user mode", syscall_open, vdso_loop),
	RUNG("null", "getppid: the kernel entered and left", syscall_open, null_loop, .own = { .calls = 1 }),
	RUNG("enosys", "a call that no kernel has", enosys_open, enosys_loop, .own = { .calls = 1 }),
	NULL,
};

static const char *syscall_missing(void)
{
	return arch_missing();
}

static const struct impl probe = {
	.name = "null",
	.wait = "none",
	.kind = "floor",
	.saves = "nothing",
	.stack = "none: its caller's",
	.summary = "a procedure call",
	.caps = CAP_CALL_ONLY,
	.missing = syscall_missing,
	.jobs = rungs,
};

__attribute__((used, section("impls"))) static const struct impl *const entry = &probe;
