// SPDX-License-Identifier: MIT
#include "conformance.h"

#include <dirent.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../../impls/arch/arch.h"
#include "limits.h"

enum {
	ARENA_BYTES = 1 << 20,
	CONTEXTS = 4, /* of a check, at the most */
	WARM = 64,
	TEMPLATE_ROUNDS_MOST = 1000, /* what the verbs do wrong shows soon; only what leaks needs more */
	KERNEL_ROUNDS_MOST = 250,    /* of what the kernel makes, which takes a thousand times as long */
};

/* The job that spawns and joins in its loop and does nothing else. */
static const struct job *create_job_of(const struct impl *impl)
{
	for (const struct job *const *j = impl->jobs; *j; j++)
		if ((*j)->spawns && !(*j)->handoffs && !(*j)->batch)
			return *j;
	return NULL;
}

/* -- ten thousand created and joined leave nothing behind */
struct footprint {
	long tasks, descriptors, mappings, kib;
};

static long entries_of(const char *path)
{
	long n = 0;
	DIR *d = opendir(path);
	while (d && readdir(d))
		n++;
	if (d)
		closedir(d);
	return n;
}

/* What is mapped, line by line. Not the kernel's sums, in which an emulator counts as well. */
static void add_mappings(struct footprint *f)
{
	char line[512];
	unsigned long begin, end;
	FILE *maps = fopen("/proc/self/maps", "re");
	while (maps && fgets(line, sizeof line, maps)) {
		if (sscanf(line, "%lx-%lx ", &begin, &end) != 2)
			continue;
		f->mappings++;
		f->kib += (long)((end - begin) >> 10);
	}
	if (maps)
		fclose(maps);
}

static struct footprint footprint_now(void)
{
	struct footprint f = { .tasks = entries_of("/proc/self/task"), .descriptors = entries_of("/proc/self/fd") };
	add_mappings(&f);
	return f;
}

static int grew(const struct footprint *a, const struct footprint *b)
{
	return b->tasks > a->tasks || b->descriptors > a->descriptors || b->mappings > a->mappings || b->kib > a->kib;
}

/* A program takes as long as ten of anything else. And where a turn is waited for, what creates is that of the instance
 * that waits for none, which is asked in full. */
static uint64_t rounds_to_leak(const struct impl *impl, uint64_t rounds)
{
	int waits = impl->caps & CAP_KERNEL && impl->caps & CAP_HANDOFF;
	return impl->caps & CAP_PROGRAM || waits ? rounds / 10 : rounds;
}

static const char *leaks_nothing(const struct impl *impl, const struct point *p, uint64_t rounds, int *error)
{
	const struct job *create = create_job_of(impl);
	if ((*error = create->open(p)) || (*error = create->loop(p->arena, WARM)))
		return "a spawn failed";
	struct footprint before = footprint_now(), after;
	if ((*error = create->loop(p->arena, rounds_to_leak(impl, rounds))))
		return "a spawn failed";
	/* an ended task stays listed for a moment after it has been joined */
	for (int tries = 0; after = footprint_now(), grew(&before, &after) && tries < 100; tries++)
		nanosleep(&(struct timespec){ .tv_nsec = 10000000 }, NULL);
	if (waitpid(-1, NULL, WNOHANG | __WALL) != -1 || errno != ECHILD)
		return "a child was left unreaped";
	create->close(p->arena);
	if (after.tasks > before.tasks)
		return "tasks were left behind";
	if (after.descriptors > before.descriptors)
		return "descriptors were left behind";
	return grew(&before, &after) ? "memory was left behind" : NULL;
}

/* -- where the kernel makes no task, the spawn says so */
static int refuse_new_tasks(void)
{
#define REFUSE(number)                                                                                                 \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (number), 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EAGAIN)
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		REFUSE(SYS_clone),
		REFUSE(SYS_clone3),
#ifdef SYS_fork
		REFUSE(SYS_fork),
		REFUSE(SYS_vfork),
#endif
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { .len = sizeof filter / sizeof *filter, .filter = filter };
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) ? -errno
													      : 0;
}

static const char *refused_spawn_is_error(const struct impl *impl, const struct point *p, uint64_t rounds, int *error)
{
	(void)rounds;
	const struct job *create = create_job_of(impl);
	if ((*error = create->open(p)))
		return "a context could not be made ready";
	if (refuse_new_tasks())
		return NULL; /* no filter to be had: nothing can be shown, and a trial would fail by itself */
	return create->loop(p->arena, 1) == -EAGAIN ? NULL : "a refused spawn did not come back as -EAGAIN";
}

/* -- one numbering for both kinds */
static const struct {
	const char *name;
	const char *(*run)(const struct impl *impl, const struct point *p, uint64_t rounds, int *error);
} more[] = {
	{ "created and joined, nothing is left", leaks_nothing },
	{ "a refused spawn comes back as an error", refused_spawn_is_error },
};

enum { MORE = sizeof more / sizeof *more };

static unsigned template_checks(const struct impl *impl)
{
	unsigned n = 0;
	while (impl->checks[n].name)
		n++;
	return n;
}

const char *conformance_name(const struct impl *impl, unsigned check)
{
	unsigned templates = impl->checks ? template_checks(impl) : 0;
	if (!impl->checks || check >= templates + MORE)
		return NULL;
	return check < templates ? impl->checks[check].name : more[check - templates].name;
}

const char *conformance_skipped(const struct impl *impl, unsigned check)
{
	if (impl->caps & CAP_CALL_ONLY)
		return "a procedure call: no context is made";
	unsigned templates = template_checks(impl);
	if (check >= templates && impl->caps & CAP_REMOTE)
		return "its contexts live outside of this program";
	unsigned needs = check < templates ? impl->checks[check].needs : CAP_CREATE;
	if (check < templates && impl->caps & CAP_PROGRAM)
		return "runs a program of its own, no body";
	if (needs & ~impl->caps & (CAP_SPAWN & ~CAP_CREATE))
		return "its maker sleeps until it has ended";
	if (needs & ~impl->caps & CAP_SAVES_FP)
		return "keeps no floating-point control words";
	if (needs & ~impl->caps & CAP_QUEUE)
		return "has no queue of its own";
	if (needs & ~impl->caps & CAP_HANDOFF && impl->caps & CAP_QUEUE)
		return "its queue says who runs";
	if (needs & ~impl->caps & CAP_HANDOFF)
		return "waits for no turn";
	if (needs & ~impl->caps)
		return "is not able to";
	if (check < templates && impl->checks[check].looks_at_registers && impl->caps & CAP_REMOTE)
		return "its registers can't be looked at from this program";
	if (check < templates && impl->checks[check].looks_at_registers && arch_missing())
		return arch_missing();
	if (check == templates + MORE - 1 && !(impl->caps & CAP_KERNEL))
		return "the kernel has no part in its spawn";
	if (check == templates + MORE - 1 && prctl(PR_GET_SECCOMP, 0, 0, 0, 0) < 0)
		return "no seccomp filter to be had here";
	return NULL;
}

static const char *with_cause(const struct impl *impl, const char *wrong, int error)
{
	static char text[TEXT_SIZE];
	limits_explain(&impl->per_context, CONTEXTS, error, text, sizeof text);
	if (!*text)
		snprintf(text, sizeof text, "%s: %s", wrong, strerror(-error));
	return text;
}

const char *conformance_run(const struct impl *impl, unsigned check, uint64_t rounds)
{
	struct point p = { .seat = { -1, -1 }, .workers = impl->caps & CAP_WORKERS ? 1 : 0 };
	p.arena = mmap(NULL, ARENA_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (p.arena == MAP_FAILED)
		return "no memory for the arena";
	static char short_of[TEXT_SIZE];
	if (limits_suffice(&impl->per_context, CONTEXTS, short_of, sizeof short_of))
		return short_of;
	unsigned templates = template_checks(impl);
	uint64_t most = impl->caps & CAP_KERNEL ? KERNEL_ROUNDS_MOST : TEMPLATE_ROUNDS_MOST;
	uint64_t fewer = rounds < most ? rounds : most;
	int error = impl->begin ? impl->begin(&p) : 0;
	const char *wrong = error               ? "it could not begin"
			    : check < templates ? impl->checks[check].run(&p, fewer, &error)
						: more[check - templates].run(impl, &p, rounds, &error);
	if (impl->end && !wrong)
		impl->end();
	munmap(p.arena, ARENA_BYTES);
	return wrong && error ? with_cause(impl, wrong, error) : wrong;
}
