// SPDX-License-Identifier: MIT
/* The values on a bench's own axes: lists as they are written, words as this machine has it. */
#include "../harness/run/grid.h"
#include "tap.h"

#include <unistd.h>

static uint64_t value[GRID_MOST];

static bool ascending(size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (value[i - 1] >= value[i])
			return false;
	return n > 0;
}

static void lists(const struct places *p)
{
	size_t n = grid_values("0 64 4096", p, 0, value);
	ok(n == 3 && value[0] == 0 && value[1] == 64 && value[2] == 4096, "a list is taken as it is");
	n = grid_values("64 1 64 7", p, 0, value);
	ok(n == 3 && ascending(n) && value[2] == 64, "each once, in order");
	ok(grid_values("everything", p, 0, value) == 0, "a word that nobody knows has no values");
	char many[400] = "";
	for (int i = 0; i < 2 * GRID_MOST; i++)
		snprintf(many + strlen(many), sizeof many - strlen(many), "%d ", i);
	ok(grid_values(many, p, 0, value) == GRID_MOST && ascending(GRID_MOST), "no more than there is room for");
}

static void words(const struct places *p)
{
	uint64_t cache[8];
	size_t caches = place_caches(p->same.cpu[0], cache, 8), n = grid_values("caches", p, 0, value);
	ok(ascending(n) && value[0] == 0, "caches: from 0 upwards");
	ok(n <= 8 && value[n - 1] == (caches ? cache[caches - 1] : 0), "caches: to the last level's size");
	n = grid_values("cpus", p, 0, value);
	ok(ascending(n) && value[0] == 1 && value[n - 1] == p->allowed, "cpus: from one to all that are allowed");
	uint64_t most = caches ? 2 * cache[caches - 1] : 0;
	n = grid_values("contexts", p, 0, value);
	ok(n == 4 && ascending(n) && value[0] == 1 && value[3] == 16, "contexts: one to sixteen that touch nothing");
	n = grid_values("contexts", p, caches ? cache[caches - 1] : 0, value);
	ok(!caches || (n <= 2 && value[0] == 1), "contexts: of those that fill the last cache no more than two");
	n = grid_values("contexts", p, most / 4, value);
	ok(!caches || (n <= 3 && value[n - 1] * (most / 4) <= most), "contexts: together twice that cache at the most");
	n = grid_values("pair", p, 0, value);
	ok(n == 2 && value[0] == 1 && value[1] == 2, "pair: one context and two");
	ok(grid_values("pair", p, UINT64_MAX / 4, value) == 0, "pair: none that would take more memory than there is");
	n = grid_values("resident", p, 0, value);
	uint64_t memory = (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE);
	ok(ascending(n) && value[0] == 1 << 20 && value[n - 1] <= 1 << 30 && value[n - 1] <= memory / 4,
		"resident: from 1 MiB to 1 GiB or a quarter of the memory");
	static const char *const kinds[] = { "processes", "tasks", "threads", "touched-threads" };
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		n = grid_values(kinds[i], p, 0, value);
		ok(n == 0 || (ascending(n) && value[0] == 100 &&
				     value[n - 1] <= (strcmp(kinds[i], "threads") ? 10000 : 1000000)),
			"%s: from a hundred upwards", kinds[i]);
	}
	ok(grid_memory_most() > 0 && grid_memory_most() <= memory / 4, "no more than a quarter of the memory");
	n = grid_values("alive", p, 0, value);
	ok(ascending(n) && value[0] == 0 && value[n - 1] <= 10000, "alive: from none to ten thousand");
}

/* hwloc told to take another machine for this one: of the caches only the sizes are read. */
static void known_caches(void)
{
	static const uint64_t expected[] = { 0, 8 << 10, 32 << 10, 256 << 10, 1 << 20, 2 << 20, 8 << 20, 32 << 20 };
	struct places p;
	char error[256];
	setenv("HWLOC_SYNTHETIC", "package:1 l3:1(size=33554432) l2:64(size=1048576) l1d:1(size=32768) core:1 pu:1", 1);
	setenv("HWLOC_THISSYSTEM", "1", 1);
	if (place_choose(NULL, &p, error, sizeof error)) {
		skip("hwloc takes no other machine for this one here", "caches of a machine that is known");
		return;
	}
	size_t n = grid_values("caches", &p, 0, value);
	ok(n == 8 && !memcmp(value, expected, sizeof expected), "caches: L1/4, L1, L2/4, L2, LLC/16, LLC/4 and LLC");
	n = grid_values("contexts", &p, 8 << 20, value);
	ok(n && n <= 3 && value[n - 1] <= 4, "contexts: eight times 8 MiB is twice 32 MiB, sixteen times is more");
}

int main(void)
{
	struct places p;
	char error[256] = "";
	if (!ok(place_choose(NULL, &p, error, sizeof error) == 0, "a place: %s", error))
		return done();
	lists(&p);
	words(&p);
	known_caches();
	return done();
}
