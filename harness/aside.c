// SPDX-License-Identifier: MIT
#include "aside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void *owned(void *p)
{
	if (!p) {
		fputs("ctxbench: out of memory\n", stderr);
		exit(1);
	}
	return p;
}

/* Creates PATH.PID-N.tmp, which no pattern for result files matches; mkstemp would take the rights of the group away.
 */
static int create_aside(struct aside *a)
{
	size_t size = strlen(a->target) + 40;

	a->path = owned(malloc(size));
	for (int try = 0; try < 100; try++) {
		snprintf(a->path, size, "%s.%ld-%d.tmp", a->target, (long)getpid(), try);
		a->fd = open(a->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		if (a->fd >= 0)
			return 0;
		if (errno != EEXIST)
			return -errno;
	}
	return -EEXIST;
}

/* -1 where the directory may be written to but not read: then its sync is left to the kernel. */
static int open_directory(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *name = owned(slash ? strndup(path, slash == path ? 1 : (size_t)(slash - path)) : strdup("."));
	int fd = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	free(name);
	return fd;
}

static void release(struct aside *a)
{
	if (a->fd >= 0)
		close(a->fd);
	if (a->directory >= 0)
		close(a->directory);
	free(a->path);
	free(a->target);
	*a = (struct aside){ .fd = -1, .directory = -1 };
}

/* What could not be created has no file aside either. */
static int open_target(struct aside *a)
{
	struct stat st = { .st_mode = S_IFREG };
	int err;

	if (!stat(a->target, &st) && S_ISDIR(st.st_mode))
		return -EISDIR;
	if (!S_ISREG(st.st_mode)) {
		a->fd = open(a->target, O_WRONLY | O_CLOEXEC | O_NOCTTY);
		return a->fd < 0 ? -errno : 0;
	}
	err = create_aside(a);
	a->directory = err ? -1 : open_directory(a->target);
	return err;
}

int aside_open(struct aside *a, const char *path)
{
	char *real = realpath(path, NULL);
	int err;

	*a = (struct aside){ .target = real ? real : owned(strdup(path)), .fd = -1, .directory = -1 };
	err = open_target(a);
	if (err)
		release(a);
	return err;
}

int aside_write(struct aside *a, const char *text, size_t length)
{
	while (length) {
		ssize_t n = write(a->fd, text, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : -EIO;
		text += n;
		length -= (size_t)n;
	}
	return 0;
}

static int sync_directory(int directory)
{
	/* EINVAL: a file system that cannot */
	if (directory >= 0 && fsync(directory) && errno != EINVAL)
		return -errno;
	return 0;
}

int aside_commit(struct aside *a)
{
	int err = a->path && fsync(a->fd) ? -errno : 0;

	if (close(a->fd) && !err)
		err = -errno;
	a->fd = -1;
	if (a->path && !err && rename(a->path, a->target))
		err = -errno;
	if (err && a->path)
		unlink(a->path);
	if (!err)
		err = sync_directory(a->directory);
	release(a);
	return err;
}

void aside_drop(struct aside *a)
{
	if (a->path)
		unlink(a->path);
	release(a);
}
