// SPDX-License-Identifier: MIT
/*
 * mutex: one that nobody else wants, locked and unlocked. Probes, because each library's mutex is its own and no verb:
 * a file for each, which includes an impl for what that says of itself. One turn is one lock and one unlock.
 */
#ifndef BENCH_PROBES_MUTEX_MUTEX_H
#define BENCH_PROBES_MUTEX_MUTEX_H

#include "../../../harness/cell/impl.h"

/* What the mutex guards: nothing that is kept in a register over the lock or the unlock. */
#define GUARDED() __asm__ volatile("" ::: "memory")

#define MUTEX(words, bytes, opens, loops, closes)                                                                      \
	{                                                                                                              \
		.name = "mutex", .summary = words, .unit = "op", .ops = 1, .arena_bytes = bytes, .open = opens,        \
		.loop = loops, .close = closes                                                                         \
	}

#endif
