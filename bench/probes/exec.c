// SPDX-License-Identifier: MIT
/*
 * exec: a process forks, the child becomes another program, and that ends at once; its parent waits for it. A probe,
 * because the program is no body that a verb could run. The program is the cell program once more, which ends as told
 * when the C library is up; by way of a shell, `sh -c` with its name. After lmbench's lat_proc (McVoy and Staelin
 * 1996).
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../harness/cell/impl.h"

extern char **environ;

static size_t exec_bytes(const struct point *p)
{
	(void)p;
	return sizeof(unsigned char);
}

static const char *program_name(void)
{
	return (const char *)getauxval(AT_EXECFN);
}

static void become_program(char *digits)
{
	char *const argv[] = { (char *)"cell", digits, NULL };
	execve(program_name(), argv, environ);
}

/* The name is the shell's $0: no character of it is read as the shell's. */
static void become_shell(char *digits)
{
	char *const argv[] = { (char *)"sh", (char *)"-c", (char *)"\"$0\" \"$1\"", (char *)program_name(), digits,
		NULL };
	execve("/bin/sh", argv, environ);
}

/* It is our program that has run if it ends with the status that it was told. 0 or -errno. */
static int exec_one(void (*become)(char *digits), unsigned char status)
{
	char digits[4];
	int ended = 0;
	snprintf(digits, sizeof digits, "%03d", status);
	pid_t pid = fork();
	if (pid < 0)
		return -errno;
	if (!pid) {
		become(digits);
		_exit(status ^ 1);
	}
	if (waitpid(pid, &ended, 0) != pid)
		return -errno;
	return WIFEXITED(ended) && WEXITSTATUS(ended) == status ? 0 : -ENOEXEC;
}

static int exec_many(void *arena, uint64_t n, void (*become)(char *digits))
{
	unsigned char *status = arena;
	int error = 0;
	for (; n && !error; n--)
		error = exec_one(become, ++*status);
	return error;
}

static int program_loop(void *arena, uint64_t n)
{
	return exec_many(arena, n, become_program);
}

static int shell_loop(void *arena, uint64_t n)
{
	return exec_many(arena, n, become_shell);
}

static int program_open(const struct point *p)
{
	return exec_many(p->arena, 1, become_program);
}

static int shell_open(const struct point *p)
{
	return exec_many(p->arena, 1, become_shell);
}

static void exec_close(void *arena)
{
	(void)arena;
}

/* Under an emulator, or once it has been replaced, this program can't be started by its name. */
static const char *program_missing(void)
{
	static const char *why;
	static int asked;
	if (!asked++ && exec_one(become_program, 1))
		why = "this program can't be started once more";
	return why;
}

static const char *nothing_missing(void)
{
	return NULL;
}

static const char *shell_missing(void)
{
	return access("/bin/sh", X_OK) ? "there is no /bin/sh" : program_missing();
}

/* Whether a shell forks once more is its own business; how often a new program sleeps while it is brought in, the file
 * system's. */
#define EXEC(way, words, opens, loops, why, makes)                                                                     \
	&(const struct job)                                                                                            \
	{                                                                                                              \
		.name = "exec", .variant = "through=" way, .summary = words, .unit = "op", .ops = 1,                   \
		.own = { .switches = NOT_CLAIMED, .calls = NOT_CLAIMED, .tasks = makes }, .missing = why,              \
		.arena_bytes = exec_bytes, .open = opens, .loop = loops, .close = exec_close                           \
	}

static const struct job *const jobs[] = {
	EXEC("exec", "fork, become a program that ends at once, wait for it", program_open, program_loop,
		program_missing, 1),
	EXEC("shell", "the same by a shell that is given the program's name", shell_open, shell_loop, shell_missing,
		NOT_CLAIMED),
	NULL,
};

/* CAP_PROGRAM: a filter that counts the calls would be inherited by a program that knows nothing of it. */
static const struct impl probe = {
	.name = "process",
	.wait = "none",
	.kind = "process",
	.saves = "all of user mode's registers and the address space, by the kernel",
	.stack = "a copy of its parent's, copied on write",
	.summary = "fork, nothing shared but what is mapped shared",
	.caps = CAP_KERNEL | CAP_PROGRAM,
	.missing = nothing_missing,
	.jobs = jobs,
};
__attribute__((used, section("impls"))) static const struct impl *const entry = &probe;
