// SPDX-License-Identifier: MIT
/* The control groups of this process, version 1 or 2, wherever they are mounted; files are read under `root` (see file.h). */
#ifndef HARNESS_RUN_CGROUP_H
#define HARNESS_RUN_CGROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* "v2 /path" or "v1 cpu:/path pids:/path". Each of these leaves text alone where nothing is told. */
void cgroup_describe(const char *root, char *text, size_t size);

/* The tightest limit of this group and all above it: "max", or "QUOTA PERIOD" in microseconds; "max" or a number of tasks. */
void cgroup_cpu_max(const char *root, char *text, size_t size);
void cgroup_pids_max(const char *root, char *text, size_t size);

/* The directory of the group whose pids.max that is, or "". */
void cgroup_tasks_directory(const char *root, char *path, size_t size);

/* Bytes of memory that this group and all above it may still take; UINT64_MAX where no limit is told. */
uint64_t cgroup_memory_room(const char *root);

/* The limit itself of the one that leaves least: "max" or bytes. */
void cgroup_memory_max(const char *root, char *text, size_t size);

/* The directory of the group that leaves the least of it, or "". */
void cgroup_memory_directory(const char *root, char *path, size_t size);

/* The file in which version 2 tells what its memory is used for (memory.stat), or "". */
void cgroup_memory_file(const char *root, char *path, size_t size);

/* The file in which the kernel counts how often this process's CPU quota stopped it (the group's cpu.stat), or "". */
void cgroup_throttle_file(char *path, size_t size);

#endif
