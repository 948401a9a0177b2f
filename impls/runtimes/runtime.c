// SPDX-License-Identifier: MIT
/*
 * The face of another language's runtime, compiled once for each folder beside this file (-DIMPL_NAME,
 * -DTRAITS_SOURCE). Contexts and loops live in a program of that language, which is told `job n` by a line and answers
 * by one; what a line costs is t(0). What the templates say of themselves is taken from them, their functions are
 * replaced by lines.
 */
#include "harness/cell/verbs.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "unreached.h"

#include "benches.h"

#include TRAITS_SOURCE

/* -- what make has left: the program, or why there is none; beside this one */
enum { PATH_MOST = 4096, REASON = 160 };

static const char *path_of(const char *file)
{
	static char path[PATH_MOST];
	ssize_t got = readlink("/proc/self/exe", path, sizeof path - 128);
	char *name = got > 0 ? memrchr(path, '/', (size_t)got) : NULL;
	if (!name)
		return "";
	snprintf(name, 128, "/runtimes/%s/%s", IMPL_NAME, file);
	return path;
}

/* The first line of a file, or NULL. */
static const char *line_of(const char *file, char *text, size_t size)
{
	FILE *f = fopen(path_of(file), "re");
	char *got = f ? fgets(text, (int)size, f) : NULL;
	if (f)
		fclose(f);
	if (got)
		text[strcspn(text, "\n")] = 0;
	return got && *text ? text : NULL;
}

static const char *missing(void)
{
	static char text[REASON];
	char reason[REASON - 16];
	if (!access(path_of("run"), X_OK))
		return NULL;
	const char *why = line_of("missing", reason, sizeof reason);
	if (why)
		snprintf(text, sizeof text, "not built: %s", why);
	else
		snprintf(text, sizeof text, "not built: no runtimes/%s/run beside the cell program", IMPL_NAME);
	return text;
}

static const char *version(void)
{
	static char text[REASON];
	return line_of("version", text, sizeof text);
}

/* -- the program, while it runs */
enum { FD_FLOOR = 10, FD_MOST = 256 };

static pid_t program;
static int to_program = -1, from_program = -1;
static uint64_t made;        /* by its own count, as answered last */
static char trouble[REASON]; /* why the last line was not done; or empty */

static const char *why(void)
{
	return *trouble ? trouble : NULL;
}

/* Above the numbers that the program knows its ends by, so that one dup2 can't overwrite what the next one needs. */
static int pipe_above(int ends[2])
{
	int low[2];
	if (pipe2(low, O_CLOEXEC))
		return -errno;
	for (int i = 0; i < 2; i++) {
		ends[i] = fcntl(low[i], F_DUPFD_CLOEXEC, FD_FLOOR);
		close(low[i]);
	}
	return ends[0] < 0 || ends[1] < 0 ? -errno : 0;
}

/* CPU, policy and process group are inherited, and what counts in this process counts in it. It dies with us. */
static _Noreturn void become(pid_t parent, int in, int out, const char *path, const char *workers)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	signal(SIGPIPE, SIG_DFL);
	if (getppid() == parent && dup2(in, STDIN_FILENO) >= 0 && dup2(out, STDOUT_FILENO) >= 0) {
		for (int fd = STDERR_FILENO + 1; fd < FD_MOST; fd++)
			fcntl(fd, F_SETFD, FD_CLOEXEC);
		execl(path, path, workers, (char *)NULL);
	}
	_exit(127);
}

static int start(unsigned workers)
{
	int to[2], from[2], error = pipe_above(to);
	if (!error)
		error = pipe_above(from);
	if (error)
		return error;
	const char *path = path_of("run");
	char number[16];
	snprintf(number, sizeof number, "%u", workers ? workers : 1);
	signal(SIGPIPE, SIG_IGN); /* a write to one that has died is an error with a reason */
	pid_t parent = getpid();
	program = fork();
	if (program == 0)
		become(parent, to[0], from[1], path, number);
	close(to[0]);
	close(from[1]);
	to_program = to[1];
	from_program = from[0];
	return program < 0 ? -errno : 0;
}

/* Whoever says nothing more gets a second to end by itself. */
static int reap(int *status)
{
	for (int tries = 0; tries < 100; tries++) {
		if (waitpid(program, status, WNOHANG) == program)
			return 1;
		nanosleep(&(struct timespec){ .tv_nsec = 10000000 }, NULL);
	}
	kill(program, SIGKILL);
	waitpid(program, status, 0);
	return 0;
}

static void end(void)
{
	int status;
	close(to_program);
	if (program > 0)
		reap(&status);
	close(from_program);
	program = 0;
}

/* -- one line there, one back */
static int it_died(void)
{
	int status = 0, by_itself = program > 0 && reap(&status);
	program = 0;
	if (!by_itself)
		snprintf(trouble, sizeof trouble, "the program of " IMPL_NAME " has closed its output");
	else if (WIFSIGNALED(status))
		snprintf(trouble, sizeof trouble, "the program of " IMPL_NAME " was killed by signal %d (%s)",
			WTERMSIG(status), strsignal(WTERMSIG(status)));
	else
		snprintf(trouble, sizeof trouble, "the program of " IMPL_NAME " ended with status %d",
			WEXITSTATUS(status));
	return -EPIPE;
}

static int it_babbles(const char *job, uint64_t n, const char *answer)
{
	snprintf(trouble, sizeof trouble, "the program of " IMPL_NAME " answered '%.60s' to '%s %" PRIu64 "'", answer,
		job, n);
	return -EPROTO;
}

/* NULL where it died. Its answers are as long as what checks look at. */
static const char *answer_to(const char *job, uint64_t n)
{
	static char text[1 << 14];
	size_t used = 0, line = (size_t)snprintf(text, sizeof text, "%s %" PRIu64 "\n", job, n);
	if (program <= 0 || write(to_program, text, line) != (ssize_t)line)
		return NULL;
	do {
		ssize_t got = read(from_program, text + used, sizeof text - 1 - used);
		if (got <= 0)
			return NULL;
		used += (size_t)got;
	} while (text[used - 1] != '\n' && used < sizeof text - 1);
	text[used - 1] = 0;
	return text;
}

/* A line that is answered with one number, 0 where it is not: 0 or -errno. */
static int ask(const char *job, uint64_t n, uint64_t *number)
{
	*number = 0;
	if (*trouble)
		return -EPROTO;
	const char *answer = answer_to(job, n);
	if (!answer)
		return it_died();
	char *rest;
	errno = 0;
	*number = strtoull(answer, &rest, 10);
	int whole = *answer >= '0' && *answer <= '9' && !*rest && !errno;
	return whole ? 0 : it_babbles(job, n, answer);
}

/* -- the benches' functions */
static int begin(const struct point *p)
{
	*trouble = 0;
	return start(p->workers);
}

static const char *doing;
static uint64_t piled; /* up, and not settled yet */

static size_t bytes(const struct point *p)
{
	(void)p;
	return 1;
}

/* Contexts are made in the loop, and ended in it: what a job needs before its first turn is in t(0). */
static int remote_open(const struct point *p, const struct job *template)
{
	(void)p;
	doing = template->name;
	return ask(doing, 0, &made);
}

static int loop(void *arena, uint64_t n)
{
	(void)arena;
	piled += n;
	return ask(doing, n, &made);
}

/* What fails here, the next loop comes back with. */
static void settle(void *arena)
{
	(void)arena;
	if (piled)
		ask("settle", 0, &made);
	piled = 0;
}

static void close_job(void *arena)
{
	(void)arena;
}

static uint64_t bodies(const void *arena)
{
	(void)arena;
	return made;
}

/* The jobs that programs are written for; what else there is in bench/ is not asked of them. */
static const char *const spoken[] = { "create", "spawn", "switch", "yield", "yield-alone", "mode", NULL };

enum { PILE = 4096 }; /* contexts alive at once: so many that they take much longer than the line that asks for them */

static int remote_can(const struct job *template)
{
	const char *const *s = spoken;
	while (*s && strcmp(*s, template->name))
		s++;
	return *s != NULL;
}

static void remote_functions(struct job *j)
{
	j->arena_bytes = bytes;
	j->loop = loop;
	j->batch = j->batch ? PILE : 0;
	j->settle = j->settle ? settle : NULL;
	j->close = close_job;
	j->bodies = j->spawns + j->handoffs + j->yields ? bodies : NULL;
}

#include "../remote.h"

/* -- checks: it tells what it has seen, and we judge */
static const char *runs(const struct point *p, uint64_t rounds, int *error)
{
	(void)p;
	uint64_t before, after;
	if (ask("create", 0, &before))
		return trouble;
	for (uint64_t i = 0; i < 16; i++, before = after) {
		if (ask("create", rounds + i, &after))
			return trouble;
		if (after - before != rounds + i)
			return "the bodies that ran are not as many as were created";
	}
	*error = 0;
	return NULL;
}

static const char *joins(const struct point *p, uint64_t rounds, int *error)
{
	(void)p;
	uint64_t after_the_end;
	*error = 0;
	if (ask("join", rounds, &after_the_end))
		return trouble;
	return after_the_end == rounds ? NULL : "join came back before the context had ended";
}

enum { CONTEXTS = 4, ROUNDS = 100 };

/* Who ran, in order: each must be one of the four. Returns how many, or -1. */
static int order_of(const char *check, int who[CONTEXTS * ROUNDS])
{
	const char *answer = *trouble ? NULL : answer_to(check, ROUNDS);
	if (!answer) {
		it_died();
		return -1;
	}
	int n = 0;
	for (const char *at = answer; *(at += strspn(at, " ")); n++) {
		char *rest;
		long index = strtol(at, &rest, 10);
		if (rest == at || index < 0 || index >= CONTEXTS || n == CONTEXTS * ROUNDS) {
			it_babbles(check, ROUNDS, answer);
			return -1;
		}
		who[n] = (int)index;
		at = rest;
	}
	return n;
}

static const char *rings(const struct point *p, uint64_t rounds, int *error)
{
	(void)p;
	(void)rounds;
	int who[CONTEXTS * ROUNDS], n = order_of("ring", who);
	*error = 0;
	if (n < 0)
		return trouble;
	if (n != CONTEXTS * ROUNDS)
		return "the ring made another number of hops than was asked for";
	for (int i = 0; i < n; i++)
		if (who[i] != i % CONTEXTS)
			return "a context ran out of its turn";
	return NULL;
}

/* A scheduler may look into a second queue now and then, which puts somebody in front: none may be two rounds late. */
static const char *yields(const struct point *p, uint64_t rounds, int *error)
{
	(void)p;
	(void)rounds;
	int who[CONTEXTS * ROUNDS], n = order_of("round", who), last[CONTEXTS] = { 0 }, turns[CONTEXTS] = { 0 };
	int changes = 0;
	*error = 0;
	if (n < 0)
		return trouble;
	for (int i = 0; i < n; i++) {
		changes += i && who[i] != who[i - 1];
		if (i - last[who[i]] > 2 * CONTEXTS)
			return "a yield came back twice before another that was ready had run";
		last[who[i]] = i;
		turns[who[i]]++;
	}
	for (int i = 0; i < CONTEXTS; i++)
		if (turns[i] != ROUNDS)
			return "a context made another number of turns than was asked for";
	return changes * 10 < n * 9 ? "a yield ran nobody else" : NULL;
}

static const char *leaves_none(const struct point *p, uint64_t rounds, int *error)
{
	(void)p;
	uint64_t left;
	*error = 0;
	if (ask("left", rounds, &left))
		return trouble;
	return left ? "contexts that had been joined were left behind" : NULL;
}

static const char *pile_is_settled(const struct point *p, uint64_t rounds, int *error)
{
	(void)p;
	uint64_t before, after;
	*error = 0;
	if (ask("settle", 0, &before) || ask("spawn", rounds, &after) || ask("settle", 0, &after))
		return trouble;
	return after - before == rounds ? NULL : "of those that were spawned not all had run once they were settled";
}

static const struct check checks[] = {
	{ "a body runs once", CAP_SPAWN, runs, 0 },
	{ "join waits for the end", CAP_SPAWN, joins, 0 },
	{ "all that were spawned have run when they are settled", CAP_SPAWN, pile_is_settled, 0 },
	{ "as many as were created have ended, none is left", CAP_SPAWN, leaves_none, 0 },
	{ "hand-offs go round a ring in order", CAP_SPAWN | CAP_HANDOFF, rings, 0 },
	{ "yields go round all that are ready", CAP_SPAWN | CAP_QUEUE, yields, 0 },
	{ .name = NULL },
};

static const struct impl face = {
	.name = IMPL_NAME,
	.wait = "none",
	RUNTIME_TRAITS,
	/* how many calls its runtime makes is its own affair */
	.caps = CAP_REMOTE | CAP_LIBC_SPAWN | CAP_LIBC_HANDOFF | (RUNTIME_CAPS),
	.missing = missing,
	.version = version,
	.begin = begin,
	.end = end,
	.why = why,
	.jobs = remote_jobs,
	.checks = checks,
};

__attribute__((used, section("impls"))) static const struct impl *const entry = &face;
