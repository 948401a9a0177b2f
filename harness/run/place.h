// SPDX-License-Identifier: MIT
/* Which CPUs a run uses and how they are related, by hwloc. CPU numbers are the kernel's. */
#ifndef HARNESS_RUN_PLACE_H
#define HARNESS_RUN_PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../record.h"

struct place {
	char name[16];   /* same-pu, smt, same-l2, same-llc, same-numa, cross-numa, cross-package, p-to-e, free */
	int cpu[2];      /* the caller's and the others'; equal for same-pu; -1 for free */
	char missing[160]; /* empty, or why this place can't be had ("one CPU allowed") */
};

enum { FARTHER_MOST = 6 };

struct places {
	struct place same, other, free; /* one CPU; the nearest other CPU; unpinned */
	struct place farther[FARTHER_MOST]; /* of every other relation that this machine has to `same`, one CPU, nearest first */
	unsigned farthers;
	struct place compact, scattered; /* as many CPUs as a cell asks for; `cpu` is none of them: see place_spread */
	unsigned allowed;               /* CPUs that this process may use */
};

/* Chooses from the CPUs this process may use (never a count as an id): the one with the highest number that the kernel has
 * not been told to isolate from balancing is `same`, and `other` is the nearest to it: SMT sibling, same L2, same last-level
 * cache, same NUMA node, another. Where `wanted` names both there is none farther. `wanted` is the text of --cpus, "A" or "A,B", or NULL. 0, or 2 (usage: not allowed,
 * not a number, not online) with one clear line in error. A topology that is not this system's (HWLOC_SYNTHETIC,
 * HWLOC_XMLFILE) is refused with status 2, because binding to it does nothing. */
int place_choose(const char *wanted, struct places *places, char *error, size_t error_size);

/* The data caches of a CPU from the core outwards, in bytes; returns how many. After place_choose. */
size_t place_caches(int cpu, uint64_t *bytes, size_t most);

/* The CPUs of a cell that asks for n of those that this process may use: neighbours, or as far from each other as hwloc can
 * put them. Returns how many there are, n or fewer, the first being whoever asks'. After place_choose. */
size_t place_spread(bool scattered, size_t n, int32_t *cpu);

/* Adds the keys that hwloc knows (topology, caches, smt, cpus, cpus-used, affinity, isolated, hwloc) to the record. */
void place_describe(const struct places *places, struct record *r);

#endif
