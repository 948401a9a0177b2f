// SPDX-License-Identifier: MIT
#include "cgroup.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "file.h"

/* Where one controller's files of this process are. */
struct hierarchy {
	bool v2;
	char path[1024];           /* as /proc/self/cgroup says it */
	char top[1024], own[2048]; /* directories: of the mount and of this process */
};

/* The process's path in the hierarchy that has the controller: a version 1 line that names it, else version 2's "0::".
 */
static bool find_cgroup_path(const char *root, const char *controller, struct hierarchy *h)
{
	char line[1200];
	bool found = false;
	FILE *f = file_open(root, "/proc/self/cgroup");

	while (f && fgets(line, sizeof line, f)) {
		char *controllers = strchr(line, ':'), *path = controllers ? strchr(controllers + 1, ':') : NULL;
		if (!path)
			continue;
		*path++ = '\0';
		path[strcspn(path, "\n")] = '\0';
		bool v2 = !controllers[1];
		if (!v2 && !file_has_word(controllers + 1, controller))
			continue;
		if (found && v2)
			continue;
		h->v2 = v2;
		snprintf(h->path, sizeof h->path, "%s", path);
		found = true;
	}
	if (f)
		fclose(f);
	return found;
}

/* mountinfo: id parent device PART POINT options ... - TYPE source OPTIONS. In a container PART may be part of the
 * path, and a path that leads out of what is mounted ("/../x") is the mount itself. */
static bool find_cgroup_mount(const char *root, const char *controller, struct hierarchy *h)
{
	char line[4096], part[1024], point[1024], type[32], options[256];
	bool found = false;
	FILE *f = file_open(root, "/proc/self/mountinfo");

	while (f && !found && fgets(line, sizeof line, f)) {
		const char *tail = strstr(line, " - ");
		if (sscanf(line, "%*s %*s %*s %1023s %1023s", part, point) != 2 || !tail ||
			sscanf(tail, " - %31s %*s %255s", type, options) != 2)
			continue;
		if (strcmp(type, h->v2 ? "cgroup2" : "cgroup") || (!h->v2 && !file_has_word(options, controller)))
			continue;
		const char *rest = h->path;
		size_t n = strcmp(part, "/") ? strlen(part) : 0;
		bool inside = !strncmp(rest, part, n) && (!rest[n] || rest[n] == '/') && strncmp(rest, "/..", 3);
		rest = inside ? rest + n : "";
		snprintf(h->top, sizeof h->top, "%s", point);
		snprintf(h->own, sizeof h->own, "%s%s", point, strcmp(rest, "/") ? rest : "");
		found = true;
	}
	if (f)
		fclose(f);
	return found;
}

static bool find_hierarchy(const char *root, const char *controller, struct hierarchy *h)
{
	memset(h, 0, sizeof *h);
	return find_cgroup_path(root, controller, h) && find_cgroup_mount(root, controller, h);
}

void cgroup_describe(const char *root, char *text, size_t size)
{
	struct hierarchy cpu = { 0 }, pids = { 0 };
	if (!find_cgroup_path(root, "cpu", &cpu))
		return;
	if (cpu.v2)
		snprintf(text, size, "v2 %s", cpu.path);
	else if (find_cgroup_path(root, "pids", &pids))
		snprintf(text, size, "v1 cpu:%s pids:%s", cpu.path, pids.path);
	else
		snprintf(text, size, "v1 cpu:%s", cpu.path);
}

/* "limit" and, for CPU time, "period" of one directory; false where it sets none. */
static bool read_limit(const char *root, const struct hierarchy *h, const char *directory, bool cpu, long long limit[2])
{
	char path[3000], text[64];

	limit[1] = 1;
	snprintf(path, sizeof path, "%s/%s", directory, !cpu ? "pids.max" : h->v2 ? "cpu.max" : "cpu.cfs_quota_us");
	if (!file_line(root, path, text, sizeof text) || sscanf(text, "%lld %lld", &limit[0], &limit[1]) < 1 ||
		limit[0] < 0)
		return false;
	if (!cpu || h->v2)
		return limit[1] > 0;
	snprintf(path, sizeof path, "%s/cpu.cfs_period_us", directory);
	return file_line(root, path, text, sizeof text) && sscanf(text, "%lld", &limit[1]) == 1 && limit[1] > 0;
}

/* From a group to the one above; false at the top. */
static bool go_up(struct hierarchy *h)
{
	if (strlen(h->own) <= strlen(h->top))
		return false;
	*strrchr(h->own, '/') = '\0';
	return true;
}

/* A limit of any cgroup above holds too: the tightest is the one in force, and `directory` (or NULL) is where it is
 * set. */
static bool find_tightest(const char *root, bool cpu, long long tightest[2], char *directory, size_t size)
{
	struct hierarchy h;
	long long limit[2];

	if (!find_hierarchy(root, cpu ? "cpu" : "pids", &h))
		return false;
	do
		if (read_limit(root, &h, h.own, cpu, limit) &&
			(tightest[0] < 0 ||
				(double)limit[0] / (double)limit[1] < (double)tightest[0] / (double)tightest[1])) {
			memcpy(tightest, limit, sizeof limit);
			if (directory)
				snprintf(directory, size, "%s", h.own);
		}
	while (go_up(&h));
	return true;
}

static void tell_limit(const char *root, bool cpu, char *text, size_t size)
{
	long long tightest[2] = { -1, 1 };

	if (!find_tightest(root, cpu, tightest, NULL, 0))
		return;
	if (tightest[0] < 0)
		snprintf(text, size, "max");
	else
		snprintf(text, size, cpu ? "%lld %lld" : "%lld", tightest[0], tightest[1]);
}

void cgroup_cpu_max(const char *root, char *text, size_t size)
{
	tell_limit(root, true, text, size);
}

void cgroup_pids_max(const char *root, char *text, size_t size)
{
	tell_limit(root, false, text, size);
}

void cgroup_tasks_directory(const char *root, char *path, size_t size)
{
	long long tightest[2] = { -1, 1 };
	*path = '\0';
	find_tightest(root, false, tightest, path, size);
}

/* -- memory */
/* Version 1 has no word for it, only as many whole pages as a long holds. */
static const uint64_t NO_LIMIT = 1ull << 60;

static bool read_bytes(const char *root, const char *directory, const char *name, uint64_t *bytes)
{
	char path[3000], text[64];
	unsigned long long x;

	snprintf(path, sizeof path, "%s/%s", directory, name);
	if (!file_line(root, path, text, sizeof text) || sscanf(text, "%llu", &x) != 1)
		return false;
	*bytes = x;
	return true;
}

/* Of this group and all above it, what the one leaves that leaves least; `directory` (or NULL) is that one's. */
static uint64_t least_memory(const char *root, char *directory, size_t size)
{
	struct hierarchy h;
	uint64_t most, used, room = UINT64_MAX;

	if (!find_hierarchy(root, "memory", &h))
		return room;
	do
		if (read_bytes(root, h.own, h.v2 ? "memory.max" : "memory.limit_in_bytes", &most) &&
			read_bytes(root, h.own, h.v2 ? "memory.current" : "memory.usage_in_bytes", &used)) {
			uint64_t left = most > used ? most - used : 0;
			if (left >= room)
				continue;
			room = left;
			if (directory)
				snprintf(directory, size, "%s", h.own);
		}
	while (go_up(&h));
	return room;
}

uint64_t cgroup_memory_room(const char *root)
{
	return least_memory(root, NULL, 0);
}

void cgroup_memory_directory(const char *root, char *path, size_t size)
{
	*path = '\0';
	least_memory(root, path, size);
}

void cgroup_memory_max(const char *root, char *text, size_t size)
{
	struct hierarchy h;
	char directory[2048] = "";
	uint64_t most;

	if (!find_hierarchy(root, "memory", &h))
		return;
	uint64_t room = least_memory(root, directory, sizeof directory);
	if (*directory && room < NO_LIMIT &&
		read_bytes(root, directory, h.v2 ? "memory.max" : "memory.limit_in_bytes", &most))
		snprintf(text, size, "%llu", (unsigned long long)most);
	else
		snprintf(text, size, "max");
}

void cgroup_memory_file(const char *root, char *path, size_t size)
{
	struct hierarchy h;
	char line[64];
	*path = '\0';
	if (!find_hierarchy(root, "memory", &h) || !h.v2)
		return;
	snprintf(path, size, "%s/memory.stat", h.own);
	if (!file_line(root, path, line, sizeof line))
		*path = '\0';
}

void cgroup_throttle_file(char *path, size_t size)
{
	struct hierarchy h;
	*path = '\0';
	if (find_hierarchy("", "cpu", &h))
		snprintf(path, size, "%s/cpu.stat", h.own);
	if (access(path, R_OK))
		*path = '\0';
}
