// SPDX-License-Identifier: MIT
/*
 * memory: what a context takes of the machine's memory while it is alive and does nothing. A probe: it reads files of
 * /proc, and how long it takes is of no interest.
 *
 * One turn makes as many contexts as the point says; when all have run and wait, what is taken is read and held against
 * what was taken before the first. What is this process's alone is exact; what the kernel keeps it tells for all
 * programs together, so that others are in it, and impl null, which makes nothing, shows how much of that there is.
 */
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../harness/cell/limits.h"
#include "alive.h"

struct taken {
	double user;         /* resident, and written by nobody else */
	double tables;       /* of pages, for user mode */
	double kernel_stack; /* the rest: of all programs */
	double slab;         /* the kernel's objects: what describes a task, its files, signals, mappings */
	double free;
};

static struct {
	const struct alive_kind *kind;
	uint64_t contexts;
	const char *group_file; /* the control group's memory.stat, or "" */
	const char *group;      /* the directory of the one that leaves least */
	uint64_t bytes_most, available;
	struct taken before, each;
} memory;

/* -- reading */
/* The number behind `key` in a file of lines "key number"; NaN where there is none. */
static double number_of(const char *path, const char *key)
{
	char line[256];
	double x = NAN;
	size_t length = strlen(key);
	FILE *f = fopen(path, "re");
	while (f && isnan(x) && fgets(line, sizeof line, f))
		if (!strncmp(line, key, length) && (line[length] == ' ' || line[length] == '\t'))
			x = strtod(line + length, NULL);
	if (f)
		fclose(f);
	return x;
}

static double kib_of(const char *path, const char *key)
{
	return number_of(path, key) * 1024;
}

/* A control group's counts are of fewer programs than the machine's. */
static int group_tells(void)
{
	return *memory.group_file && !isnan(number_of(memory.group_file, "kernel_stack")) &&
	       !isnan(number_of(memory.group_file, "slab"));
}

/* The kernel counts for each CPU by itself and adds up now and then; root may ask for it to be done now. */
static void add_up(void)
{
	char byte;
	int fd = open("/proc/sys/vm/stat_refresh", O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		(void)!read(fd, &byte, 1);
		close(fd);
	}
}

/* Bytes of the objects in use: what ended tasks leave behind stays with the caches for a while, and is taken from there
 * again, so that the memory of the caches says too little. Root's to read; else NaN. */
static double objects_in_use(void)
{
	char line[512];
	double sum = NAN, active, bytes;
	FILE *f = fopen("/proc/slabinfo", "re");
	while (f && fgets(line, sizeof line, f))
		if (sscanf(line, "%*s %lf %*u %lf", &active, &bytes) == 2)
			sum = (isnan(sum) ? 0 : sum) + active * bytes;
	if (f)
		fclose(f);
	return sum;
}

static void read_kernel(struct taken *t)
{
	add_up();
	static const char machine[] = "/proc/meminfo";
	int group = group_tells();
	t->kernel_stack = group ? number_of(memory.group_file, "kernel_stack") : kib_of(machine, "KernelStack:");
	t->slab = group ? number_of(memory.group_file, "slab") : objects_in_use();
	if (isnan(t->slab))
		t->slab = kib_of(machine, "Slab:");
	t->free = kib_of(machine, "MemFree:");
}

/* Of this process: anonymous memory alone, for the arena is shared. */
static void read_own(struct taken *t)
{
	t->user = kib_of("/proc/self/status", "RssAnon:");
	t->tables = kib_of("/proc/self/status", "VmPTE:");
}

/* Of a process that is a context, all that it alone has is the context's. Of some, spread over all. */
static void read_processes(const struct alive *a, struct taken *each)
{
	enum { LOOKED_AT = 32 };
	uint64_t some = a->made < LOOKED_AT ? a->made : LOOKED_AT;
	char path[64];
	each->user = each->tables = 0;
	for (uint64_t i = 0; i < some; i++) {
		int pid = a->one[i * a->made / some].pid;
		snprintf(path, sizeof path, "/proc/%d/smaps_rollup", pid);
		each->user += (kib_of(path, "Private_Clean:") + kib_of(path, "Private_Dirty:")) / (double)some;
		snprintf(path, sizeof path, "/proc/%d/status", pid);
		each->tables += kib_of(path, "VmPTE:") / (double)some;
	}
}

static void memory_look(const struct alive *a)
{
	const struct taken *before = &memory.before;
	struct taken now, *each = &memory.each;
	double n = (double)a->made;
	read_kernel(&now);
	read_own(&now);
	each->user = (now.user - before->user) / n;
	each->tables = (now.tables - before->tables) / n;
	each->kernel_stack = (now.kernel_stack - before->kernel_stack) / n;
	each->slab = (now.slab - before->slab) / n;
	each->free = (before->free - now.free) / n;
	if (memory.kind == &alive_process)
		read_processes(a, each);
}

/* -- the job */
static size_t memory_bytes(const struct point *p)
{
	return alive_bytes(p->at[0]);
}

static int memory_open(const struct point *p, const struct alive_kind *kind)
{
	memory.kind = kind;
	memory.contexts = p->at[0];
	memory.group_file = p->memory_path;
	memory.bytes_most = p->bytes_most;
	memory.group = p->memory_group;
	memory.available = limits_memory_available(memory.group, NULL, 0);
	read_kernel(&memory.before); /* the first reading takes memory itself */
	read_own(&memory.before);
	read_kernel(&memory.before);
	return isnan(memory.before.user) || isnan(memory.before.free) ? -ENODATA : 0;
}

/* No more than is ours to take, whatever the plan expected. */
static int memory_left(void)
{
	return limits_memory_available(memory.group, NULL, 0) + memory.bytes_most > memory.available;
}

static int memory_loop(void *arena, uint64_t n)
{
	enum { LOOKED_AFTER = 256 };
	struct alive *a = arena;
	int error = 0;
	if (!n)
		return 0;
	alive_begin(a, memory.kind);
	for (uint64_t i = 0; i < memory.contexts && !error; i++) {
		error = alive_more(a);
		if (!error && i % LOOKED_AFTER == 0 && !memory_left())
			error = -ENOMEM;
	}
	return error;
}

/* Also after an error: nothing is left behind. */
static void memory_settle(void *arena)
{
	struct alive *a = arena;
	if (!a->made)
		return;
	if (a->made == memory.contexts)
		memory_look(a);
	alive_end(a);
}

static void memory_read(void *arena, uint64_t turns, double *value)
{
	const struct taken *each = &memory.each;
	(void)arena;
	(void)turns;
	value[0] = each->user;
	value[1] = each->tables;
	value[2] = each->kernel_stack;
	value[3] = each->slab;
	value[4] = each->free;
}

static void memory_say(const void *arena, char *text, size_t size)
{
	(void)arena;
	const char *slab = isnan(objects_in_use()) ? "Slab" : "objects in slabinfo";
	snprintf(text, size, "user: %s; tables: VmPTE; kernel-stack: %s; slab: %s; free: MemFree",
		memory.kind == &alive_process ? "private in smaps_rollup" : "RssAnon",
		group_tells() ? "the cgroup's" : "the machine's KernelStack", group_tells() ? "the cgroup's" : slab);
}

static void memory_close(void *arena)
{
	(void)arena;
}

static const struct reading memory_readings[] = {
	{ "user-B/context", READ_NUMBER },
	{ "tables-B/context", READ_NUMBER },
	{ "kernel-stack-B/context", READ_NUMBER },
	{ "slab-B/context", READ_NUMBER },
	{ "free-B/context", READ_NUMBER },
	{ 0 },
};

/* -- one of them for each kind. What a turn makes is for each of its contexts; how libc makes a stack, and what reading
 * takes, is nobody's claim. */
#define MEMORY(id, called, is, can, of_kind, values, tasks_each, seconds_each, why_missing)                            \
	static int id##_open(const struct point *p)                                                                    \
	{                                                                                                              \
		return memory_open(p, &of_kind);                                                                       \
	}                                                                                                              \
	static const struct job id##_job = {                                                                           \
		ALIVE_JOB(memory),                                                                                     \
		.name = "memory",                                                                                      \
		.summary = "what one of many contexts takes of memory, in user mode and in the kernel",                \
		.own = { .switches = NOT_CLAIMED, .calls = NOT_CLAIMED, .tasks = tasks_each },                         \
		.own_each = 1,                                                                                         \
		.turn_s = seconds_each,                                                                                \
		.trials_most = 3,                                                                                      \
		.scale = { { "contexts", values } },                                                                   \
		.arena_bytes = memory_bytes,                                                                           \
		.open = id##_open,                                                                                     \
	};                                                                                                             \
	ALIVE_ENTRY(id, called, is, can, why_missing)

MEMORY(of_process, "process", "process", CAP_KERNEL, alive_process, "processes", 1, 250e-6, alive_missing_nowhere);
MEMORY(of_lwp, "lwp", "lwp", CAP_KERNEL | CAP_THREAD_GROUP, alive_lwp, "tasks", 1, 40e-6, arch_missing);
MEMORY(of_pthread, "pthread", "pthread", CAP_KERNEL | CAP_THREAD_GROUP, alive_pthread, "tasks", 1, 45e-6,
	alive_missing_nowhere);
MEMORY(of_user, "uthread", "user-thread", 0, alive_user, "threads", 0, 5e-6, uthread_jmp_missing);
MEMORY(of_jmp, "uthread-jmp", "user-thread", 0, alive_jmp, "touched-threads", 0, 50e-6, uthread_jmp_missing);
MEMORY(of_nothing, "null", "floor", CAP_CALL_ONLY, alive_null, "100 1000 10000", 0, 1e-6, alive_missing_nowhere);
