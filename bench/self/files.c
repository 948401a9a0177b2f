// SPDX-License-Identifier: MIT
/*
 * files make DIRECTORY FILES LINES <HEAD: result files of that many machines, LINES trials in each, in a random order
 * of cells as a run writes them; the same every time. HEAD: the keys and units of a real one. files time COMMAND...:
 * runs it, its output thrown away; prints its seconds and the KiB that it had in memory at most.
 */
#include <fcntl.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { TRIALS = 10, BENCHES = 4 };

static const struct {
	const char *name, *unit;
	double ns, ops;
} benches[BENCHES] = { { "Switch", "ns/switch", 1200, 2 }, { "Create", "ns/op", 41000, 1 }, { "Mode", "ns/op", 90, 1 },
	{ "Spawn", "ns/op", 30000, 1 } };

static uint64_t state = 88172645463325252; /* xorshift64, Marsaglia 2003 */

static uint64_t chance(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	return state ^= state << 17;
}

/* About 1, a few percent off, sometimes more. */
static double spread(void)
{
	double x = (double)(chance() >> 11) / 9007199254740992.0;
	return 1 + 0.02 * (x - 0.5) + 0.1 * pow(x, 30);
}

static void write_trial(FILE *f, unsigned cell)
{
	unsigned kind = cell % BENCHES;
	double ns = benches[kind].ns * (1 + cell % 7 / 10.0) * spread();
	fprintf(f, "Benchmark%s/impl=made%u/wait=futex/policy=batch/place=same-pu %u", benches[kind].name,
		cell / BENCHES, 1u << (10 + chance() % 6));
	fprintf(f, " %.6g %s %.6g min-ns %.6g ticks %.6g ops", ns, benches[kind].unit, ns * 0.98, ns * 2.1,
		benches[kind].ops);
	fprintf(f, " %.6g switches/op 0 faults/op 0 migrations %.6g preempted/s", benches[kind].ops, 4 * spread());
	fprintf(f, " %.6g cpu%% 0 steal%% %.6g interrupts %.6g linear %.6g add-ns %.6g burst-ns\n",
		99 * spread() / 1.12, 30 * spread(), 2 * spread(), 0.33 * spread(), 0.07 * spread());
}

static int write_file(const char *path, unsigned number, unsigned lines, const char *head)
{
	unsigned *order = malloc(lines * sizeof *order);
	FILE *f = fopen(path, "we");
	const char *host = strstr(head, "\nhost: ");
	if (!f || !order || !host)
		return -1;
	for (unsigned i = 0; i < lines; i++) {
		unsigned j = (unsigned)(chance() % (i + 1));
		order[i] = order[j];
		order[j] = i;
	}
	fprintf(f, "%.*s\nhost: node%04u%s", (int)(host - head), head, number, host + 1 + strcspn(host + 1, "\n"));
	for (unsigned i = 0; i < lines; i++)
		write_trial(f, order[i] / TRIALS);
	free(order);
	return fclose(f);
}

static int make(const char *directory, unsigned files, unsigned lines)
{
	static char head[1 << 20];
	char path[4096];
	if (!fread(head, 1, sizeof head - 1, stdin))
		return EXIT_FAILURE;
	for (unsigned i = 0; i < files; i++) {
		snprintf(path, sizeof path, "%s/node%04u.txt", directory, i);
		if (write_file(path, i, lines, head)) {
			perror(path);
			return EXIT_FAILURE;
		}
	}
	return EXIT_SUCCESS;
}

static double seconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* vfork: a fork would take the longer, the more memory this has. */
static int time_command(char **command)
{
	int status, null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	struct rusage used;
	double begin = seconds();
	pid_t child = vfork();
	if (!child) {
		dup2(null, STDOUT_FILENO);
		execvp(*command, command);
		_exit(127);
	}
	if (child < 0 || wait4(child, &status, 0, &used) < 0) {
		perror(*command);
		return EXIT_FAILURE;
	}
	printf("%.6f %ld\n", seconds() - begin, used.ru_maxrss);
	return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
	if (argc == 5 && !strcmp(argv[1], "make"))
		return make(argv[2], (unsigned)atoi(argv[3]), (unsigned)atoi(argv[4]));
	if (argc > 2 && !strcmp(argv[1], "time"))
		return time_command(argv + 2);
	fputs("usage: files make DIRECTORY FILES LINES <HEAD, or files time COMMAND...\n", stderr);
	return 2;
}
