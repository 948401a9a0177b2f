// SPDX-License-Identifier: MIT
/* counted CPU FILE COMMAND...: runs it on this CPU under SCHED_BATCH, as our cells of one CPU run, and writes into FILE
 * how many kernel switches it made, with all that it waited for. Its status is the command's. */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CPUS = 8192, CAN_NOT = 125 };

static int fail(const char *what)
{
	fprintf(stderr, "counted: %s: %s\n", what, strerror(errno));
	return CAN_NOT;
}

/* By system call: some C libraries have a function of this name that does nothing but fail. */
static int sit(int cpu)
{
	struct sched_param none = { 0 };
	cpu_set_t *set = CPU_ALLOC(CPUS);
	size_t bytes = CPU_ALLOC_SIZE(CPUS);
	if (!set)
		return -1;
	CPU_ZERO_S(bytes, set);
	CPU_SET_S((size_t)cpu, bytes, set);
	int error = sched_setaffinity(0, bytes, set);
	CPU_FREE(set);
	return error ? error : (int)syscall(SYS_sched_setscheduler, 0, SCHED_BATCH, &none);
}

static long switches_of_children(void)
{
	struct rusage u;
	return getrusage(RUSAGE_CHILDREN, &u) ? -1 : u.ru_nvcsw + u.ru_nivcsw;
}

int main(int argc, char **argv)
{
	int status = 0;
	if (argc < 4)
		return fputs("usage: counted CPU FILE COMMAND...\n", stderr), CAN_NOT;
	if (sit(atoi(argv[1])))
		return fail(argv[1]);
	FILE *out = fopen(argv[2], "we");
	if (!out)
		return fail(argv[2]);
	pid_t pid = fork();
	if (!pid) {
		execvp(argv[3], argv + 3);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return fail(argv[3]);
	fprintf(out, "%ld\n", switches_of_children());
	if (fclose(out))
		return fail(argv[2]);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
