// SPDX-License-Identifier: MIT
/*
 * Who removes what the kernel keeps beyond the end of its maker: a process apart from this one and its group, that
 * sleeps until the last of those that could use it is gone, by whatever death, and then removes all that it was told
 * of.
 */
#ifndef IMPLS_KEEPER_H
#define IMPLS_KEEPER_H

#include <errno.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { KEEPER_MOST = 4096 };

/* Its pipe ends when nobody holds the other side any more. */
static _Noreturn void keeper_main(int from, void (*remove)(int id))
{
	static int kept[KEEPER_MOST];
	int n = 0, id;
	while (read(from, &id, sizeof id) == sizeof id)
		kept[n++ % KEEPER_MOST] = id; /* of more than can be in use at once, the first are removed long since */
	for (int i = 0; i < n && i < KEEPER_MOST; i++)
		remove(kept[i]);
	_exit(0);
}

/* Twice removed, so that it is no child of this process, which counts its children. */
static int keeper_start(int to[2], void (*remove)(int id))
{
	if (pipe2(to, O_CLOEXEC))
		return -errno;
	pid_t pid = fork();
	if (pid == 0) {
		close(to[1]);
		if (setsid() < 0 || fork())
			_exit(0);
		keeper_main(to[0], remove);
	}
	int error = pid < 0 ? -errno : 0;
	close(to[0]);
	if (pid > 0)
		waitpid(pid, NULL, 0);
	if (error)
		close(to[1]);
	return error;
}

static int keeper_told_by[2] = { -1, -1 };

/* Before the first that is to be kept is made, so that between that and its being known there is next to no time. 0 or -errno. */
static int keeper_ready(void (*remove)(int id))
{
	int error = keeper_told_by[1] < 0 ? keeper_start(keeper_told_by, remove) : 0;
	if (error)
		keeper_told_by[1] = -1;
	return error;
}

/* From here on the keeper removes it when this process and all that it has made are gone. 0 or -errno. */
static int keeper_take(int id)
{
	return write(keeper_told_by[1], &id, sizeof id) == sizeof id ? 0 : -errno;
}

#endif
