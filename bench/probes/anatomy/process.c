// SPDX-License-Identifier: MIT
/*
 * anatomy of one process, also by how much its maker holds in memory: a fork copies the page
 * tables of all of it, and huge pages have far fewer of them.
 */
#include <stdio.h>
#include <string.h>

#include "../../../harness/cell/verbs.h"
#define WAIT_SOURCE "waits/none.c"
#include "../../../impls/process.c"
#define CREATION_KERNEL 1
#include "creation.h"

#include <sys/mman.h>

/* One process measures one cell, so one piece of memory. */
static struct {
	char *base;
	size_t bytes; /* mapped: up to one huge page more, to begin at one */
} held;

static char why[200]; /* it could not be held so */

/* In bytes; where the kernel has none, any page will do. */
static size_t huge_page(void)
{
	size_t bytes = 0;
	FILE *f = fopen("/sys/kernel/mm/transparent_hugepage/hpage_pmd_size", "re");
	if (!f || fscanf(f, "%zu", &bytes) != 1)
		bytes = (size_t)sysconf(_SC_PAGESIZE);
	if (f)
		fclose(f);
	return bytes;
}

static void held_drop(void)
{
	if (held.base)
		munmap(held.base, held.bytes);
	held.base = NULL;
}

/* Of what is held, in bytes; the kernel's promise is read back, since it may have had none to give. */
static size_t held_in_huge_pages(const char *at)
{
	unsigned long long begin = 0, kib = 0, first, end;
	char line[512];
	FILE *f = fopen("/proc/self/smaps", "re");
	while (f && fgets(line, sizeof line, f)) {
		if (sscanf(line, "%llx-%llx ", &first, &end) == 2)
			begin = first;
		if (begin == (uintptr_t)at && sscanf(line, "AnonHugePages: %llu", &kib) == 1)
			break;
	}
	if (f)
		fclose(f);
	return (size_t)kib << 10;
}

static int held_take(uint64_t bytes, int huge)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), large = huge ? huge_page() : page;
	held.bytes = bytes + large;
	held.base = mmap(NULL, held.bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (held.base == MAP_FAILED) {
		held.base = NULL;
		return -errno;
	}
	char *at = (char *)(((uintptr_t)held.base + large - 1) / large * large);
	madvise(held.base, held.bytes, MADV_NOHUGEPAGE);
	if (huge)
		madvise(at, bytes, MADV_HUGEPAGE);
	for (uint64_t i = 0; i < bytes; i += page)
		((volatile char *)at)[i] = 1;
	size_t in_huge = huge ? held_in_huge_pages(at) : 0;
	if (!huge || in_huge >= bytes / 10 * 9)
		return 0;
	snprintf(why, sizeof why, "of %llu bytes asked for in huge pages the kernel gave %zu so",
		(unsigned long long)bytes, in_huge);
	held_drop();
	return -ENOMEM;
}

static int held_open(const struct point *p, int huge)
{
	int error = held_take(p->at[0], huge);
	if (!error) {
		error = creation_ready(p, 1);
		if (error)
			held_drop();
	}
	return error;
}

static int plain_open(const struct point *p)
{
	return held_open(p, 0);
}

static int huge_open(const struct point *p)
{
	return held_open(p, 1);
}

static void held_close(void *arena)
{
	creation_release(arena);
	held_drop();
}

static const char *held_why(void)
{
	return *why ? why : NULL;
}

static const char *huge_missing(void)
{
	static const char path[] = "/sys/kernel/mm/transparent_hugepage/enabled";
	char line[100] = "";
	FILE *f = fopen(path, "re");
	if (!f)
		return "this kernel has no transparent huge pages";
	int never = fgets(line, sizeof line, f) && strstr(line, "[never]");
	fclose(f);
	return never ? "transparent huge pages are off (/sys/kernel/mm/transparent_hugepage/enabled: never)" : NULL;
}

#define HELD(pages, grid, opens, seconds, ...)                                                                         \
	CREATION("the same, by a maker with so many bytes resident, in " pages " pages", opens, creation_loop,         \
		held_close, .variant = "pages=" pages, .scale = { { "resident", grid } }, .turns_most = 1,             \
		.turn_s = seconds, .samples_most = 12, __VA_ARGS__)

static const struct job anatomy = CREATION_ANATOMY, plain = HELD("plain", "resident", plain_open, 0.015),
			huge = HELD("huge", "resident-huge", huge_open, 0.001, .missing = huge_missing);
static const struct job *const jobs[] = { &anatomy, &plain, &huge, NULL };

static const struct impl probe = { .name = "process", .wait = "none", .jobs = jobs, .why = held_why, IMPL_TRAITS };
__attribute__((used, section("impls"))) static const struct impl *const entry = &probe;
