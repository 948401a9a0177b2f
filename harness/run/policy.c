// SPDX-License-Identifier: MIT
#include "policy.h"

#include <errno.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int policy_number(const char *name)
{
	return !strcmp(name, "fifo") ? SCHED_FIFO : !strcmp(name, "batch") ? SCHED_BATCH : SCHED_OTHER;
}

/* By system call: musl's functions of these names do nothing but fail. In a child, so that nothing has to be put back.
 * 0 or an errno. */
static int try_policy(int policy)
{
	int status;
	pid_t child = fork();
	if (!child) {
		struct sched_param param = { .sched_priority = (int)syscall(SYS_sched_get_priority_min, policy) };
		_exit(syscall(SYS_sched_setscheduler, 0, policy, &param) ? errno : 0);
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		return errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : EINTR;
}

/* Who has the right and is refused all the same, is refused by something else. */
static void explain(int error, char *text, size_t size)
{
	struct rlimit priority;
	bool entitled = !geteuid() || (!getrlimit(RLIMIT_RTPRIO, &priority) && priority.rlim_cur > 0);
	snprintf(text, size, "SCHED_FIFO is refused: %s (%s)", strerror(error),
		error != EPERM ? "errno of sched_setscheduler"
		: entitled     ? "a cgroup without real-time runtime, or a container without CAP_SYS_NICE"
			       : "it takes CAP_SYS_NICE, or RLIMIT_RTPRIO of 1 or more");
}

const char *policy_missing(const char *name)
{
	static char text[160];
	static bool tried;
	if (strcmp(name, "fifo")) /* the others need no privilege */
		return "";
	if (!tried) {
		int error = try_policy(SCHED_FIFO);
		if (error)
			explain(error, text, sizeof text);
		tried = true;
	}
	return text;
}
