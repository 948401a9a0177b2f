// SPDX-License-Identifier: MIT
#include "grid.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "../protocol.h"
#include "cgroup.h"
#include "file.h"

struct grid {
	uint64_t *value;
	size_t values;
	uint64_t before;
};

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return (x > y) - (x < y);
}

static void add(struct grid *g, uint64_t value)
{
	if (g->values < GRID_MOST)
		g->value[g->values++] = value;
}

static void sort_each_once(struct grid *g)
{
	size_t kept = 0;
	qsort(g->value, g->values, sizeof *g->value, by_value);
	for (size_t i = 0; i < g->values; i++)
		if (!kept || g->value[i] != g->value[kept - 1])
			g->value[kept++] = g->value[i];
	g->values = kept;
}

static void add_list(struct grid *g, const char *list)
{
	char *rest;
	for (uint64_t x = strtoull(list, &rest, 10); rest != list; x = strtoull(list, &rest, 10)) {
		add(g, x);
		list = rest;
	}
}

/* A machine with one cache has its L1 for last level too, one without any only the 0. */
static void add_caches(struct grid *g, const struct places *p)
{
	uint64_t cache[8];
	size_t caches = place_caches(p->same.cpu[0], cache, sizeof cache / sizeof *cache);
	add(g, 0);
	for (size_t i = 0; i < caches; i++) {
		bool last = i > 0 && i + 1 == caches;
		if (last)
			add(g, cache[i] / 16);
		if (i < 2 || last)
			add(g, cache[i] / 4);
		if (i < 2 || last)
			add(g, cache[i]);
	}
}

static void add_cpus(struct grid *g, const struct places *p)
{
	unsigned most = p->allowed < SEATS_MOST ? p->allowed : SEATS_MOST; /* as many as a request names */
	for (unsigned n = 1; n < most; n *= 2)
		add(g, n);
	add(g, most);
}

static uint64_t memory_available(void)
{
	unsigned long long kib = 0;
	char line[256];
	FILE *f = fopen("/proc/meminfo", "re");
	while (f && !kib && fgets(line, sizeof line, f))
		sscanf(line, "MemAvailable: %llu", &kib);
	if (f)
		fclose(f);
	uint64_t of_group = cgroup_memory_room("");
	return kib * 1024 < of_group ? kib * 1024 : of_group;
}

uint64_t grid_memory_most(void)
{
	return memory_available() / 4;
}

/* One answer for all cells of a plan: a value in one is a value in all. */
static uint64_t planned_memory_most(void)
{
	static uint64_t most;
	if (!most)
		most = grid_memory_most();
	return most;
}

/* Two of which each fills the last level's cache drive each other out of it; more would only take longer. */
static void add_contexts_upto(struct grid *g, const struct places *p, unsigned count)
{
	uint64_t cache[8], memory = planned_memory_most();
	size_t caches = place_caches(p->same.cpu[0], cache, sizeof cache / sizeof *cache);
	uint64_t most = caches && 2 * cache[caches - 1] < memory ? 2 * cache[caches - 1] : memory;
	static const uint64_t contexts[] = { 1, 2, 4, 16 };
	for (size_t i = 0; i < sizeof contexts / sizeof *contexts && contexts[i] <= count; i++)
		if (contexts[i] * g->before <= most)
			add(g, contexts[i]);
}

static void add_contexts(struct grid *g, const struct places *p)
{
	add_contexts_upto(g, p, 16);
}

static void add_pair(struct grid *g, const struct places *p)
{
	add_contexts_upto(g, p, 2);
}

static void add_resident(struct grid *g, const struct places *p)
{
	(void)p;
	for (uint64_t bytes = 1 << 20; bytes <= 1 << 30 && bytes <= planned_memory_most(); bytes *= 4)
		add(g, bytes);
}

/* Those that a whole number of huge pages makes. */
static void add_resident_huge(struct grid *g, const struct places *p)
{
	char text[64] = "";
	uint64_t page = file_line("", "/sys/kernel/mm/transparent_hugepage/hpage_pmd_size", text, sizeof text)
				? strtoull(text, NULL, 10)
				: 0;
	size_t kept = 0;
	add_resident(g, p);
	for (size_t i = 0; i < g->values; i++)
		if (page && g->value[i] % page == 0)
			g->value[kept++] = g->value[i];
	g->values = kept;
}

static uint64_t least_limit_on_tasks(void)
{
	char text[64] = "max";
	struct rlimit mine;
	uint64_t least = UINT64_MAX;
	if (!getrlimit(RLIMIT_NPROC, &mine) && mine.rlim_cur != RLIM_INFINITY)
		least = mine.rlim_cur;
	cgroup_pids_max("", text, sizeof text);
	if (isdigit((unsigned char)*text) && strtoull(text, NULL, 10) < least)
		least = strtoull(text, NULL, 10);
	for (int i = 0; i < 2; i++)
		if (file_line("", i ? "/proc/sys/kernel/pid_max" : "/proc/sys/kernel/threads-max", text, sizeof text) &&
			strtoull(text, NULL, 10) < least)
			least = strtoull(text, NULL, 10);
	return least;
}

static void add_alive(struct grid *g, const struct places *p)
{
	static const uint64_t alive[] = { 0, 100, 10000 };
	(void)p;
	for (size_t i = 0; i < sizeof alive / sizeof *alive; i++)
		if (alive[i] <= least_limit_on_tasks() / 4 * 3)
			add(g, alive[i]);
}

/* -- contexts that are alive, by what one takes at the most: on the safe side, for a trial that takes more than its
 * share ends */
struct population {
	const char *word;
	uint64_t most;
	uint64_t bytes; /* each */
	bool is_task;
	unsigned mappings; /* each */
};

static const struct population populations[] = {
	{ "processes", 10000, 256 << 10, true, 0 },
	{ "tasks", 10000, 64 << 10, true, 2 },
	{ "threads", 1000000, 5 << 10, false, 0 },
	{ "touched-threads", 10000, 80 << 10, false, 2 },
};

/* Guards that are marks in the page table, and take no mapping, are newer than 6.12. */
static bool guards_are_marks(void)
{
	enum { GUARD_INSTALL = 102 };
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	void *one = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	bool are = one != MAP_FAILED && !madvise(one, page, GUARD_INSTALL);
	if (one != MAP_FAILED)
		munmap(one, page);
	return are;
}

static bool lives(const struct population *p, uint64_t n)
{
	char text[64];
	unsigned mappings = p->mappings || guards_are_marks() ? p->mappings : 2;
	uint64_t bytes = p->bytes * (uint64_t)sysconf(_SC_PAGESIZE) / 4096;
	bool told = file_line("", "/proc/sys/vm/max_map_count", text, sizeof text);
	return n <= p->most && n * bytes <= planned_memory_most() &&
	       (!p->is_task || n <= least_limit_on_tasks() / 4 * 3) &&
	       (!told || n * mappings <= strtoull(text, NULL, 10) / 4 * 3);
}

static void add_population(struct grid *g, const struct population *p)
{
	static const uint64_t alive[] = { 100, 1000, 10000, 1000000 };
	for (size_t i = 0; i < sizeof alive / sizeof *alive; i++)
		if (lives(p, alive[i]))
			add(g, alive[i]);
}

static const struct {
	const char *word;
	void (*add)(struct grid *, const struct places *);
} words[] = {
	{ "caches", add_caches },
	{ "contexts", add_contexts },
	{ "pair", add_pair },
	{ "cpus", add_cpus },
	{ "resident", add_resident },
	{ "resident-huge", add_resident_huge },
	{ "alive", add_alive },
};

size_t grid_values(const char *grid, const struct places *places, uint64_t before, uint64_t value[GRID_MOST])
{
	struct grid g = { .value = value, .before = before };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (!strcmp(words[i].word, grid))
			words[i].add(&g, places);
	for (size_t i = 0; i < sizeof populations / sizeof *populations; i++)
		if (!strcmp(populations[i].word, grid))
			add_population(&g, &populations[i]);
	if (isdigit((unsigned char)*grid))
		add_list(&g, grid);
	sort_each_once(&g);
	return g.values;
}
