// SPDX-License-Identifier: MIT
/*
 * kernel-threads NAME COMMAND...: while the command runs, are the tasks of this name kernel threads? By PF_KTHREAD, by
 * their address space, and by what kthreadd's descendants ran in user mode, counted from kthreadd on.
 */
#include <dirent.h>
#include <errno.h>
#include <linux/perf_event.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { KTHREADD = 2 };
static const unsigned long kernel_thread = 0x00200000; /* PF_KTHREAD of the kernel's sched.h */

struct seen {
	unsigned long looks, kernel_threads, mappings;
};

static int count(int user)
{
	struct perf_event_attr attr = { .type = PERF_TYPE_HARDWARE,
		.size = sizeof attr,
		.config = PERF_COUNT_HW_INSTRUCTIONS,
		.exclude_kernel = user,
		.exclude_user = !user,
		.exclude_hv = 1,
		.inherit = 1 };
	long fd = syscall(SYS_perf_event_open, &attr, KTHREADD, -1, -1, PERF_FLAG_FD_CLOEXEC);
	return fd < 0 ? -errno : (int)fd;
}

static void tell_count(const char *what, int fd)
{
	uint64_t n = 0;
	if (fd < 0 || read(fd, &n, sizeof n) != sizeof n)
		printf("%s not-counted: %s\n", what, strerror(fd < 0 ? -fd : errno));
	else
		printf("%s %llu\n", what, (unsigned long long)n);
}

/* A file of /proc; "" where the task has gone meanwhile. */
static const char *text_of(const char *pid, const char *file)
{
	static char text[4096];
	char path[300];
	snprintf(path, sizeof path, "/proc/%s/%s", pid, file);
	FILE *f = fopen(path, "r");
	size_t n = f ? fread(text, 1, sizeof text - 1, f) : 0;
	if (f)
		fclose(f);
	text[n] = '\0';
	return text;
}

static void look(const char *name, struct seen *s)
{
	DIR *d = opendir("/proc");
	for (struct dirent *e; d && (e = readdir(d));) {
		char maps[64];
		const char *stat = text_of(e->d_name, "stat"), *begin = strchr(stat, '('), *end = strrchr(stat, ')');
		unsigned long flags = 0;
		if (!begin || !end || strncmp(begin + 1, name, strlen(name)))
			continue;
		if (sscanf(end + 1, " %*c %*d %*d %*d %*d %*d %lu", &flags) != 1)
			continue;
		snprintf(maps, sizeof maps, "%s", text_of(e->d_name, "maps"));
		s->looks++;
		s->kernel_threads += !!(flags & kernel_thread);
		s->mappings += *maps != '\0';
	}
	if (d)
		closedir(d);
}

int main(int argc, char **argv)
{
	struct seen s = { 0 };
	int status = 0;
	if (argc < 3) {
		fprintf(stderr, "usage: kernel-threads NAME COMMAND...\n");
		return 2;
	}
	int user = count(1), kernel = count(0);
	pid_t child = fork();
	if (!child) {
		dup2(STDERR_FILENO, STDOUT_FILENO); /* ours is to be read */
		execv(argv[2], argv + 2);
		_exit(127);
	}
	while (child > 0 && !waitpid(child, &status, WNOHANG)) {
		look(argv[1], &s);
		nanosleep(&(struct timespec){ .tv_nsec = 20000000 }, NULL);
	}
	tell_count("user", user);
	tell_count("kernel", kernel);
	printf("looks %lu\nPF_KTHREAD %lu\nwith-mappings %lu\nstatus %d\n", s.looks, s.kernel_threads, s.mappings,
		WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	return 0;
}
