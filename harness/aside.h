// SPDX-License-Identifier: MIT
/*
 * A file that is whole under its name or not there: written aside, synced, renamed. A symbolic link stays one; a device
 * or a pipe (/dev/stdout, /dev/null) is written to as it is, since renaming over it would replace it.
 */
#ifndef HARNESS_ASIDE_H
#define HARNESS_ASIDE_H

#include <stddef.h>

struct aside {
	char *target; /* owned: where it goes in the end */
	char *path;   /* owned: where it is until then; NULL where it is written through */
	int fd, directory;
};

/* All return 0 or -errno. Whatever was opened must be committed or dropped. */
int aside_open(struct aside *a, const char *path);
int aside_write(struct aside *a, const char *text, size_t length);
int aside_commit(struct aside *a); /* on failure nothing is left of it */
void aside_drop(struct aside *a);

#endif
