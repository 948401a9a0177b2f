// SPDX-License-Identifier: MIT
#include "limits.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* A descriptor for whatever else is opened meanwhile: a file of /proc, or one half of what libc opens in pairs. */
enum { SPARE = 3 };

/* A queue of one message of one byte, as the kernel counts it: the message, a pointer to it and the nodes that it may
 * need. */
enum { QUEUE_BYTES = 256 };

static unsigned long long soft_limit(int of)
{
	struct rlimit r = { 0 };
	return getrlimit(of, &r) ? 0 : (unsigned long long)r.rlim_cur;
}

/* Descriptors in use, up to `most`: those above the limit count too, but are in nobody's way. */
static unsigned long descriptors_open(unsigned long most)
{
	unsigned long n = 0;
	for (unsigned long fd = 0; fd < most; fd++)
		n += fcntl((int)fd, F_GETFD) >= 0;
	return n;
}

static int descriptors_suffice(unsigned long more, char *text, size_t size)
{
	enum { LOOKED_AT = 1024 };
	struct rlimit r;
	if (!more || getrlimit(RLIMIT_NOFILE, &r))
		return 0;
	unsigned long wanted = descriptors_open(LOOKED_AT) + more + SPARE;
	if (r.rlim_cur != RLIM_INFINITY && r.rlim_cur < wanted) {
		r.rlim_cur = r.rlim_max == RLIM_INFINITY || r.rlim_max > wanted ? wanted : r.rlim_max;
		setrlimit(RLIMIT_NOFILE, &r);
	}
	if (soft_limit(RLIMIT_NOFILE) >= wanted)
		return 0;
	snprintf(text, size, "the contexts need %lu descriptors, %lu in all; RLIMIT_NOFILE is %llu at the most", more,
		wanted, (unsigned long long)r.rlim_max);
	return -EMFILE;
}

static int user_limit_suffices(int of, const char *name, const char *what, unsigned long need, char *text, size_t size)
{
	if (soft_limit(of) >= need) /* how much of it others of this user have taken is not told */
		return 0;
	snprintf(text, size, "%lu %s are needed; %s is %llu", need, what, name, soft_limit(of));
	return -EAGAIN;
}

/* The number in its column, from 0, in a file of numbers; -1 where there is none. */
static long number_in(const char *path, int column)
{
	long x = -1;
	FILE *f = fopen(path, "re");
	for (int i = 0; f && i <= column; i++)
		if (fscanf(f, "%ld", &x) != 1)
			x = -1;
	if (f)
		fclose(f);
	return x;
}

enum { SETS = 3 }; /* kernel.sem: semaphores a set, in all, operations a call, sets */

static int sets_suffice(unsigned long need, char *text, size_t size)
{
	long most = need ? number_in("/proc/sys/kernel/sem", SETS) : -1;
	if (most < 0 || (unsigned long)most >= need)
		return 0;
	snprintf(text, size, "%lu System V semaphore sets are needed; kernel.sem allows %ld", need, most);
	return -ENOSPC;
}

int limits_suffice(const struct needs *one, unsigned contexts, char *text, size_t size)
{
	unsigned long n = contexts;
	int error = descriptors_suffice(n * one->descriptors, text, size);
	if (!error && one->signals)
		error = user_limit_suffices(
			RLIMIT_SIGPENDING, "RLIMIT_SIGPENDING", "pending signals", n * one->signals, text, size);
	if (!error && one->queues)
		error = user_limit_suffices(RLIMIT_MSGQUEUE, "RLIMIT_MSGQUEUE", "bytes for message queues",
			n * one->queues * QUEUE_BYTES, text, size);
	return error ? error : sets_suffice(n * one->semaphores, text, size);
}

void limits_explain(const struct needs *one, unsigned contexts, int error, char *text, size_t size)
{
	*text = 0;
	if (one->queues && (error == -EMFILE || error == -ENOSPC))
		snprintf(text, size,
			"%u message queues are needed beside those in use; RLIMIT_MSGQUEUE is %llu bytes, "
			"fs.mqueue.queues_max %ld",
			contexts * one->queues, soft_limit(RLIMIT_MSGQUEUE),
			number_in("/proc/sys/fs/mqueue/queues_max", 0));
	else if (one->semaphores && error == -ENOSPC)
		snprintf(text, size, "%u System V semaphore sets are needed beside those in use; kernel.sem allows %ld",
			contexts * one->semaphores, number_in("/proc/sys/kernel/sem", SETS));
}

/* -- what is full */
/* The number behind `key` in a file of such lines; 0 where there is none. */
static uint64_t number_behind(const char *path, const char *key)
{
	char line[256];
	unsigned long long x = 0;
	FILE *f = fopen(path, "re");
	while (f && fgets(line, sizeof line, f))
		if (!strncmp(line, key, strlen(key)) && sscanf(line + strlen(key), " %llu", &x) == 1)
			break;
	if (f)
		fclose(f);
	return x;
}

/* Version 2 has the first of a pair of names, version 1 the second. -1: no such file, or no limit in it. */
static long number_of_group(const char *group, const char *name, const char *older)
{
	char path[512];
	snprintf(path, sizeof path, "%s/%s", group, name);
	if (access(path, F_OK))
		snprintf(path, sizeof path, "%s/%s", group, older);
	return number_in(path, 0);
}

uint64_t limits_memory_available(const char *group, char *text, size_t size)
{
	uint64_t machine = number_behind("/proc/meminfo", "MemAvailable:") * 1024;
	long most = *group ? number_of_group(group, "memory.max", "memory.limit_in_bytes") : -1;
	long used = *group ? number_of_group(group, "memory.current", "memory.usage_in_bytes") : -1;
	uint64_t left = most < 0 || used < 0 ? UINT64_MAX : most > used ? (uint64_t)(most - used) : 0;
	if (left < machine && text)
		snprintf(text, size, "what cgroup.memory.max=%ld leaves", most);
	else if (text)
		snprintf(text, size, "the memory available");
	return left < machine ? left : machine;
}

/* Of the whole machine: the number behind the slash in "0.20 0.18 0.12 1/80 11206". */
static uint64_t tasks_alive(void)
{
	unsigned long long n = 0;
	FILE *f = fopen("/proc/loadavg", "re");
	if (f && fscanf(f, "%*s %*s %*s %*u/%llu", &n) != 1)
		n = 0;
	if (f)
		fclose(f);
	return n;
}

static uint64_t mappings_of_ours(void)
{
	uint64_t n = 0;
	FILE *f = fopen("/proc/self/maps", "re");
	for (int c; f && (c = getc(f)) != EOF;)
		n += c == '\n';
	if (f)
		fclose(f);
	return n;
}

/* What all programs of this kernel share. */
static const struct shared_limit {
	const char *name, *path;
	unsigned kept; /* of it, what the kernel gives to nobody */
} shared_limits[] = {
	{ "kernel.threads-max", "/proc/sys/kernel/threads-max", 0 },
	{ "kernel.pid_max", "/proc/sys/kernel/pid_max", 300 }, /* numbers below 300 are given once, while it boots */
};
enum { SHARED_LIMITS = sizeof shared_limits / sizeof *shared_limits };

uint64_t limits_tasks_half(char *text, size_t size)
{
	uint64_t least = UINT64_MAX, alive = tasks_alive();
	for (int i = 0; i < SHARED_LIMITS; i++) {
		long most = number_in(shared_limits[i].path, 0);
		uint64_t taken = alive + shared_limits[i].kept, left = most > (long)taken ? (uint64_t)most - taken : 0;
		if (most < 0 || left >= least)
			continue;
		least = left;
		snprintf(text, size, "half of what %s=%ld leaves, which all programs share", shared_limits[i].name,
			most);
	}
	if (least == UINT64_MAX)
		snprintf(text, size, "the kernel does not tell how many there may be");
	return least == UINT64_MAX ? 1000 : least / 2;
}

static int mappings_full(char *text, size_t size)
{
	enum { A_STACK = 3 }; /* mappings that one stack more would take */
	long most = number_in("/proc/sys/vm/max_map_count", 0);
	if (most < 0 || mappings_of_ours() + A_STACK < (uint64_t)most)
		return 0;
	snprintf(text, size, "vm.max_map_count=%ld", most);
	return 1;
}

static int group_full(const char *directory, char *text, size_t size)
{
	char path[512];
	if (!*directory)
		return 0;
	snprintf(path, sizeof path, "%s/pids.max", directory);
	long most = number_in(path, 0);
	snprintf(path, sizeof path, "%s/pids.current", directory);
	long now = number_in(path, 0);
	if (most < 0 || now < most)
		return 0;
	snprintf(text, size, "cgroup.pids.max=%ld", most);
	return 1;
}

static int shared_full(char *text, size_t size)
{
	uint64_t alive = tasks_alive();
	for (int i = 0; i < SHARED_LIMITS; i++) {
		long most = number_in(shared_limits[i].path, 0);
		if (most < 0 || alive + shared_limits[i].kept + 1 < (uint64_t)most)
			continue;
		snprintf(text, size, "%s=%ld", shared_limits[i].name, most);
		return 1;
	}
	return 0;
}

/* Which does not hold for root. How many tasks a user has is nowhere told, so this is named when no other is full. */
static int user_full(char *text, size_t size)
{
	unsigned long long most = soft_limit(RLIMIT_NPROC);
	if (!geteuid() || most == (unsigned long long)RLIM_INFINITY)
		return 0;
	snprintf(text, size, "RLIMIT_NPROC=%llu", most);
	return 1;
}

static int address_space_full(char *text, size_t size)
{
	enum { A_SLAB = 80 << 20 }; /* what stacks are cut from */
	unsigned long long most = soft_limit(RLIMIT_AS), now = number_behind("/proc/self/status", "VmSize:") * 1024;
	if (most == (unsigned long long)RLIM_INFINITY || now + A_SLAB < most)
		return 0;
	snprintf(text, size, "RLIMIT_AS=%llu", most);
	return 1;
}

/* Only under the strict policy is what is promised bounded by a number. */
static int promises_full(char *text, size_t size)
{
	enum { STRICT = 2 };
	if (number_in("/proc/sys/vm/overcommit_memory", 0) != STRICT)
		return 0;
	snprintf(text, size, "vm.overcommit_memory=2, CommitLimit=%" PRIu64 " KiB",
		number_behind("/proc/meminfo", "CommitLimit:"));
	return 1;
}

/* A thread library says EAGAIN to both: no task and no stack. */
void limits_name_full(int error, const char *tasks_path, char *text, size_t size)
{
	if (mappings_full(text, size) || address_space_full(text, size))
		return;
	if (error == -EAGAIN &&
		(group_full(tasks_path, text, size) || shared_full(text, size) || user_full(text, size)))
		return;
	if (promises_full(text, size))
		return;
	snprintf(text, size, "%s, and no limit was found to be full", strerror(-error));
}
