// SPDX-License-Identifier: MIT
/*
 * limit: how many contexts can be alive at once, and what stops the next. A probe: it goes on until the kernel refuses,
 * and asks /proc which of its limits is full.
 *
 * A limit that is this process's own, this user's or this control group's is really met. What all programs share is not
 * used up: of the machine's tasks half of what is left, of its memory a quarter, and of user threads no more than a
 * million; then it was us who stopped, and the text says so.
 */
#include <stdio.h>
#include <string.h>

#include "../../harness/cell/limits.h"
#include "../../harness/protocol.h"
#include "alive.h"

enum { USERS_MOST = 1000000 };

static struct {
	const struct alive_kind *kind;
	const char *tasks_path, *memory_group;
	uint64_t most, bytes_most, reached;
	char why_most[TEXT_SIZE], stopped_by[TEXT_SIZE];
} limit;

static size_t limit_kernel_bytes(const struct point *p)
{
	(void)p;
	limit.most = limits_tasks_half(limit.why_most, sizeof limit.why_most);
	return alive_bytes(limit.most);
}

static size_t limit_user_bytes(const struct point *p)
{
	(void)p;
	limit.most = USERS_MOST;
	snprintf(limit.why_most, sizeof limit.why_most, "of user threads no more are tried");
	return alive_bytes(limit.most);
}

static int limit_open(const struct point *p, const struct alive_kind *kind)
{
	limit.kind = kind;
	limit.tasks_path = p->tasks_path;
	limit.memory_group = p->memory_group;
	limit.bytes_most = p->bytes_most;
	return 0;
}

/* Makes one more until that fails or we end it; fills in why. */
static int limit_fill(struct alive *a)
{
	enum { LOOKED_AFTER = 256 };
	char of[TEXT_SIZE / 2];
	uint64_t available = limits_memory_available(limit.memory_group, NULL, 0);
	while (a->made < limit.most) {
		int error = alive_more(a);
		if (error == -ETIME)
			return error;
		if (error) {
			limits_name_full(error, limit.tasks_path, limit.stopped_by, sizeof limit.stopped_by);
			return 0;
		}
		if (a->made % LOOKED_AFTER == 0 &&
			limits_memory_available(limit.memory_group, of, sizeof of) + limit.bytes_most < available) {
			snprintf(limit.stopped_by, sizeof limit.stopped_by,
				"stopped by us at %llu: they have taken %llu MiB, a quarter of %s",
				(unsigned long long)a->made, (unsigned long long)limit.bytes_most >> 20, of);
			return 0;
		}
	}
	snprintf(limit.stopped_by, sizeof limit.stopped_by, "stopped by us at %llu: %.*s", (unsigned long long)a->made,
		TEXT_SIZE / 2, limit.why_most);
	return 0;
}

static int limit_loop(void *arena, uint64_t n)
{
	struct alive *a = arena;
	if (!n)
		return 0;
	alive_begin(a, limit.kind);
	int error = limit_fill(a);
	limit.reached = a->made;
	/* what was counted must have run */
	return error ? error : a->arrived == a->made ? 0 : -EPROTO;
}

static void limit_settle(void *arena)
{
	struct alive *a = arena;
	if (a->kind)
		alive_end(a);
	a->kind = NULL;
}

static void limit_read(void *arena, uint64_t turns, double *value)
{
	(void)arena;
	(void)turns;
	value[0] = (double)limit.reached;
}

static void limit_say(const void *arena, char *text, size_t size)
{
	(void)arena;
	snprintf(text, size, "%s", limit.stopped_by);
}

static void limit_close(void *arena)
{
	(void)arena;
}

static const struct reading limit_readings[] = { { "alive", READ_NUMBER }, { 0 } };

#define LIMIT(id, called, is, can, of_kind, bytes, tasks_each, seconds, why_missing)                                   \
	static int id##_open(const struct point *p)                                                                    \
	{                                                                                                              \
		return limit_open(p, &of_kind);                                                                        \
	}                                                                                                              \
	static const struct job id##_job = {                                                                           \
		ALIVE_JOB(limit),                                                                                      \
		.name = "limit",                                                                                       \
		.summary = "how many contexts can be alive at once, and what stops the next",                          \
		.own = { .switches = NOT_CLAIMED, .calls = NOT_CLAIMED, .tasks = tasks_each },                         \
		.turn_s = seconds,                                                                                     \
		.trials_most = 1,                                                                                      \
		.arena_bytes = bytes,                                                                                  \
		.open = id##_open,                                                                                     \
	};                                                                                                             \
	ALIVE_ENTRY(id, called, is, can, why_missing)

LIMIT(of_process, "process", "process", CAP_KERNEL, alive_process, limit_kernel_bytes, NOT_CLAIMED, 4,
	alive_missing_nowhere);
LIMIT(of_lwp, "lwp", "lwp", CAP_KERNEL | CAP_THREAD_GROUP, alive_lwp, limit_kernel_bytes, NOT_CLAIMED, 0.7,
	arch_missing);
LIMIT(of_pthread, "pthread", "pthread", CAP_KERNEL | CAP_THREAD_GROUP, alive_pthread, limit_kernel_bytes, NOT_CLAIMED,
	0.8, alive_missing_nowhere);
LIMIT(of_user, "uthread", "user-thread", 0, alive_user, limit_user_bytes, 0, 5, uthread_jmp_missing);
LIMIT(of_jmp, "uthread-jmp", "user-thread", 0, alive_jmp, limit_user_bytes, 0, 1.7, uthread_jmp_missing);
LIMIT(of_nothing, "null", "floor", CAP_CALL_ONLY, alive_null, limit_user_bytes, 0, 0.1, alive_missing_nowhere);
