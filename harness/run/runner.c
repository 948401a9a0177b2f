// SPDX-License-Identifier: MIT
#include "runner.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "now.h"

extern char **environ;

enum { PAD_MOST = 4096, FD_FLOOR = 10 };

static int signals = -1; /* a signalfd for those that end a run, and for SIGCHLD */
static int seen;
static uint64_t pad_state = 1;

/* -- signals */
static void open_signals(bool ending)
{
	sigset_t set;
	signal(SIGCHLD, SIG_DFL); /* ignored by whoever started us, it would take away what a trial died of */
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	if (ending) {
		sigaddset(&set, SIGINT);
		sigaddset(&set, SIGTERM);
		sigaddset(&set, SIGHUP);
	}
	sigprocmask(SIG_BLOCK, &set, NULL);
	signals = signalfd(signals, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

void runner_take_signals(void)
{
	open_signals(true);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* a result file over the limit is an error with a name, not a death */
}

void runner_leave_signals(void)
{
	sigset_t none;
	sigemptyset(&none);
	signal(SIGPIPE, SIG_DFL);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

int runner_signal(void)
{
	struct signalfd_siginfo info;
	while (signals >= 0 && read(signals, &info, sizeof info) == sizeof info)
		if (info.ssi_signo != SIGCHLD)
			seen = (int)info.ssi_signo;
	return seen;
}

/* -- starting */
void runner_seed(uint64_t seed)
{
	pad_state = seed | 1;
}

/* The environment and a variable of random size: where the stack begins must not be the same in every trial. */
static char **padded_environment(char *pad)
{
	size_t n = 0;
	while (environ[n])
		n++;
	char **copy = calloc(n + 2, sizeof *copy);
	if (!copy)
		abort();
	memcpy(copy, environ, n * sizeof *copy);
	pad_state = pad_state * 6364136223846793005u + 1442695040888963407u;
	size_t size = pad_state >> 33 & (PAD_MOST - 1);
	int used = sprintf(pad, "CTXBENCH_PAD=");
	memset(pad + used, 'x', size);
	pad[(size_t)used + size] = 0;
	copy[n] = pad;
	return copy;
}

/* Above the numbers that the child knows them by, so that one dup2 can't overwrite what the next one needs. */
static int pipe_above(int ends[2])
{
	int low[2];
	if (pipe2(low, O_CLOEXEC))
		return -1;
	for (int i = 0; i < 2; i++) {
		ends[i] = fcntl(low[i], F_DUPFD_CLOEXEC, FD_FLOOR);
		close(low[i]);
	}
	return ends[0] < 0 || ends[1] < 0 ? -1 : 0;
}

/* Shares this process's memory until it has become the trial: it leaves behind why it has not. */
static _Noreturn void become(const char *program, int request, int answer, char **environment, volatile int *error)
{
	char *const argv[] = { (char *)"cell", NULL };
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (!setpgid(0, 0) && dup2(request, REQUEST_FD) >= 0 && dup2(answer, ANSWER_FD) >= 0)
		execve(program, argv, environment);
	*error = errno;
	_exit(EXIT_FAILURE);
}

/* Not posix_spawn: it makes its child by clone3, and where a filter of old refuses that call libc asks for no other. */
static pid_t start(const char *program, int request, int answer, int *error)
{
	char pad[PAD_MOST + 32];
	char **environment = padded_environment(pad);
	volatile int failed = 0;
	pid_t pid = vfork();
	if (pid == 0)
		become(program, request, answer, environment, &failed);
	*error = pid < 0 ? errno : failed;
	if (pid > 0 && failed)
		waitpid(pid, NULL, 0);
	free(environment);
	return *error ? -1 : pid;
}

/* -- listening */
struct listener {
	char *text;
	size_t used, room;
};

static int listen_some(struct listener *l, int fd)
{
	if (l->used == l->room) {
		l->room = l->room ? 2 * l->room : 1 << 16;
		l->text = realloc(l->text, l->room);
		if (!l->text)
			abort();
	}
	ssize_t got = read(fd, l->text + l->used, l->room - l->used);
	if (got > 0)
		l->used += (size_t)got;
	return got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR));
}

static size_t wanted(const struct listener *l, int pass)
{
	size_t bytes = sizeof(struct answer);
	if (l->used < bytes)
		return bytes;
	const struct answer *a = (const struct answer *)l->text;
	if (a->protocol != PROTOCOL || a->error)
		return bytes;
	if (pass == PASS_LIST)
		return bytes + a->count * sizeof(struct entry);
	return bytes + (pass == PASS_TIME ? (a->count + 2 * (size_t)a->bars) * sizeof(double) : 0);
}

enum ended { ENDED_ANSWERED, ENDED_DIED, ENDED_HUNG, ENDED_ASKED };

/* Until the answer is whole, the trial is dead, its time is up, or somebody wants the run to end. The pipe's end alone
 * would not do: the trial's children hold it open when it dies. */
static enum ended listen_until(struct listener *l, int fd, pid_t pid, int pass, double seconds, int *status)
{
	double deadline = now_s() + seconds;
	bool dead = false;
	for (;;) {
		while (l->used < wanted(l, pass)) {
			size_t before = l->used;
			if (!listen_some(l, fd) || l->used == before)
				break;
		}
		if (l->used >= wanted(l, pass))
			return ENDED_ANSWERED;
		if (dead)
			return ENDED_DIED;
		if (runner_signal())
			return ENDED_ASKED;
		dead = waitpid(pid, status, WNOHANG) == pid;
		if (dead)
			continue; /* once more for what it said last */
		double left = deadline - now_s();
		if (left <= 0)
			return ENDED_HUNG;
		struct pollfd on[] = { { .fd = fd, .events = POLLIN }, { .fd = signals, .events = POLLIN } };
		poll(on, 2, (int)(left * 1000) + 1); /* and sleep meanwhile: the trial may have every CPU */
	}
}

/* -- judging */
static void describe_death(struct outcome *o, int status)
{
	if (WIFSIGNALED(status))
		snprintf(o->reason, sizeof o->reason, "killed by signal %d (%s)", WTERMSIG(status),
			strsignal(WTERMSIG(status)));
	else
		snprintf(o->reason, sizeof o->reason, "ended with status %d and no answer", WEXITSTATUS(status));
}

/* EINVAL too: no number above the floor is below the limit. */
static void describe_no_pipe(struct outcome *o)
{
	struct rlimit files = { 0 };
	getrlimit(RLIMIT_NOFILE, &files);
	snprintf(o->reason, sizeof o->reason, "no pipe: %s; RLIMIT_NOFILE=%llu",
		strerror(errno == EINVAL ? EMFILE : errno), (unsigned long long)files.rlim_cur);
}

static void describe_error(struct outcome *o)
{
	static const char *const stage[] = { "", "find", "pin to the CPU", "set the scheduling policy", "map the arena",
		"open the events", "make the contexts", "read the clock", "do its loop" };
	const struct answer *a = &o->answer;
	const char *what = (size_t)a->stage < sizeof stage / sizeof *stage ? stage[a->stage] : "";
	snprintf(o->reason, sizeof o->reason, "%s%s%s%s", *what ? "could not " : "", what, *what ? ": " : "",
		*a->detail ? a->detail : strerror(-a->error));
}

static void take_answer(struct outcome *o, struct listener *l, int pass)
{
	memcpy(&o->answer, l->text, sizeof o->answer);
	if (o->answer.protocol != PROTOCOL) {
		o->failed = true;
		snprintf(o->reason, sizeof o->reason, "the cell program is of another build: run `make`");
		return;
	}
	if (o->answer.error < 0 && pass != PASS_CONFORM) {
		o->failed = true;
		describe_error(o);
		return;
	}
	size_t rest = l->used - sizeof o->answer;
	void *follows = rest ? malloc(rest) : NULL;
	if (follows)
		memcpy(follows, l->text + sizeof o->answer, rest);
	if (pass == PASS_LIST)
		o->entry = follows;
	else
		o->sample = follows;
}

struct outcome runner_run(const char *program, const struct request *asked, double seconds)
{
	struct outcome o = { .failed = true };
	struct request r = *asked;
	int to[2], from[2], error, status = 0;
	if (signals < 0)
		open_signals(false);
	r.protocol = PROTOCOL;
	r.parent = getpid();
	if (pipe_above(to) || pipe_above(from)) {
		describe_no_pipe(&o);
		return o;
	}
	fcntl(from[0], F_SETFL, O_NONBLOCK);
	pid_t pid = start(program, to[0], from[1], &error);
	close(to[0]);
	close(from[1]);
	if (pid < 0) {
		snprintf(o.reason, sizeof o.reason, "could not start %s: %s", program, strerror(error));
		close(to[1]);
		close(from[0]);
		return o;
	}
	ssize_t told = write(to[1], &r, sizeof r);
	close(to[1]);
	struct listener l = { 0 };
	enum ended ended =
		told == (ssize_t)sizeof r ? listen_until(&l, from[0], pid, r.pass, seconds, &status) : ENDED_DIED;
	if (ended == ENDED_ANSWERED) {
		o.failed = false;
		take_answer(&o, &l, r.pass);
	}
	kill(-pid, SIGKILL);
	if (ended != ENDED_DIED || told != (ssize_t)sizeof r)
		waitpid(pid, &status, 0);
	if (ended == ENDED_DIED)
		describe_death(&o, status);
	if (ended == ENDED_HUNG)
		snprintf(o.reason, sizeof o.reason, "hung: no answer in %.0f s", seconds);
	o.interrupted = ended == ENDED_ASKED;
	if (o.interrupted)
		snprintf(o.reason, sizeof o.reason, "interrupted");
	close(from[0]);
	free(l.text);
	return o;
}

void outcome_free(struct outcome *o)
{
	free(o->sample);
	free(o->entry);
	o->sample = NULL;
	o->entry = NULL;
}
