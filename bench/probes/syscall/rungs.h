// SPDX-License-Identifier: MIT
/*
 * What the rungs of the ladder of the mode switch have in common, and the refused creations with them: one system call
 * with its arguments, made over and over, and held each time against the answer it must give. A rung that the kernel
 * answers otherwise, sooner or by a filter, would measure something else and fails instead.
 */
#ifndef BENCH_PROBES_SYSCALL_RUNGS_H
#define BENCH_PROBES_SYSCALL_RUNGS_H

#include "../../../harness/cell/impl.h"
#include "../../../impls/system.h"

/* First in the arena of every rung that has ask_loop for its loop. */
struct asked {
	long number, argument[6], answer;
};

static inline long ask(const struct asked *a)
{
	const long *x = a->argument;
	return arch_syscall(a->number, x[0], x[1], x[2], x[3], x[4], x[5]);
}

/* Into the arena, and once for trial. 0, or -errno where the answer is another. */
static inline int ask_open(const struct point *p, struct asked asked)
{
	struct asked *a = p->arena;
	*a = asked;
	long answer = ask(a);
	return answer == a->answer ? 0 : answer < 0 ? (int)answer : -EPROTO;
}

static inline int ask_loop(void *arena, uint64_t n)
{
	const struct asked a = *(const struct asked *)arena;
	long other = 0;
	for (; n; n--)
		other |= ask(&a) ^ a.answer;
	return other ? -EPROTO : 0;
}

static inline size_t ask_bytes(const struct point *p)
{
	(void)p;
	return sizeof(struct asked);
}

static inline void ask_close(void *arena)
{
	(void)arena;
}

/* One job. */
#define RUNG(call, words, ...)                                                                                         \
	&(const struct job)                                                                                            \
	{                                                                                                              \
		.name = "syscall", .variant = "call=" call, .summary = words, .unit = "op", .ops = 1, __VA_ARGS__      \
	}

/* Jobs that can be measured wherever `says`() returns NULL: they belong to no impl, and stand beside the floor. */
#define LADDER(id, says, rungs)                                                                                        \
	static const struct impl id = {                                                                                \
		.name = "null",                                                                                        \
		.wait = "none",                                                                                        \
		.kind = "floor",                                                                                       \
		.saves = "nothing",                                                                                    \
		.stack = "none: its caller's",                                                                         \
		.summary = "a procedure call",                                                                         \
		.caps = CAP_CALL_ONLY,                                                                                 \
		.missing = says,                                                                                       \
		.jobs = rungs,                                                                                         \
	};                                                                                                             \
	__attribute__((used, section("impls"))) static const struct impl *const id##_entry = &id

#endif
