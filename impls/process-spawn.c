// SPDX-License-Identifier: MIT
/*
 * process-spawn: a process that runs another program, by posix_spawn: the cell program once more, with an argument, at
 * which it ends as soon as the C library is up. Nobody's body runs in there: that it is our program and has run shows
 * in the status that it ends with, another one each time. Created and joined is all it can be.
 */
#define IMPL_SHARES_VM 0
#include "seat.h"
#include "system.h"
#include WAIT_SOURCE

#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/wait.h>

struct ctx {
	struct wait wait;
	struct seat seat;
	pid_t pid;
	unsigned char status;
};

#include "task.h"

static inline int ctx_ready(struct ctx *c, int seat)
{
	return seat_take(&c->seat, seat);
}

static inline void ctx_release(struct ctx *c)
{
	(void)c;
}

static int spawn_program(pid_t *pid, unsigned char status)
{
	extern char **environ;
	char digits[] = { (char)('0' + status / 100), (char)('0' + status / 10 % 10), (char)('0' + status % 10), 0 };
	char *const argv[] = { (char *)"cell", digits, NULL };
	return -posix_spawn(pid, (const char *)getauxval(AT_EXECFN), NULL, NULL, argv, environ);
}

static inline int ctx_spawn(struct ctx *c, ctx_body *body, void *arg)
{
	(void)body;
	(void)arg;
	return spawn_program(&c->pid, ++c->status);
}

static inline void ctx_join(struct ctx *self, struct ctx *c)
{
	(void)self;
	int status = 0;
	if (waitpid(c->pid, &status, 0) != c->pid || !WIFEXITED(status) || WEXITSTATUS(status) != c->status)
		__builtin_trap(); /* another program, or one that was ended */
}

/* Under an emulator, or once it has been replaced, this program can't be started by its name. */
static const char *spawn_missing(void)
{
	static char why[96];
	static int asked;
	pid_t pid;
	int status = 0;
	if (asked++)
		return *why ? why : NULL;
	int error = spawn_program(&pid, 1);
	if (error)
		snprintf(why, sizeof why, "this program can't be started once more: %s", strerror(-error));
	else if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status) || WEXITSTATUS(status) != 1)
		snprintf(why, sizeof why, "this program, started once more, does not end as it is told to");
	return *why ? why : NULL;
}

/* How often a new program sleeps while it is brought in is the file system's business. */
#define IMPL_TRAITS                                                                                                    \
	.kind = "process", .saves = "all of user mode's registers and the address space, by the kernel",               \
	.stack = "a new program's", .summary = "posix_spawn of a program that ends at once",                           \
	.caps = CAP_CREATE | CAP_PROGRAM | CAP_KERNEL | CAP_SAVES_FP | CAP_LIBC_SPAWN, .missing = spawn_missing,       \
	.per_spawn = { .switches = NOT_CLAIMED, .tasks = 1 }
