// SPDX-License-Identifier: MIT
#include "limits.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>

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
