// SPDX-License-Identifier: MIT
/*
 * The program that is timed: executes one cell, told by one request and answering with raw numbers; libc only. Started
 * anew for every trial by run, which is the only one that has a use for it.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../../impls/arch/arch.h"
#include "clock.h"
#include "conformance.h"
#include "sharing.h"
#include "trial.h"

static int read_all(int fd, void *to, size_t bytes)
{
	for (char *at = to; bytes;) {
		ssize_t got = read(fd, at, bytes);
		if (got <= 0)
			return -1;
		at += got;
		bytes -= (size_t)got;
	}
	return 0;
}

static int write_all(int fd, const void *from, size_t bytes)
{
	for (const char *at = from; bytes;) {
		ssize_t put = write(fd, at, bytes);
		if (put < 0)
			return -1;
		at += put;
		bytes -= (size_t)put;
	}
	return 0;
}

/* -- whoever started us has died: take the whole group along, contexts that sleep for ever too. No libc: any of them
 * may run the handler. */
static void die_together(int signal)
{
	(void)signal;
	arch_syscall(SYS_kill, 0, SIGKILL, 0, 0, 0, 0);
}

static void follow_parent(pid_t parent)
{
	struct sigaction action = { .sa_handler = die_together };
	sigaction(SIGTERM, &action, NULL);
	prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0);
	if (getppid() != parent)
		_exit(EXIT_FAILURE);
}

/* -- what is in this program */
static void copy(char *to, size_t size, const char *from)
{
	snprintf(to, size, "%s", from ? from : "");
}

static struct entry entry_of(const struct impl *i)
{
	struct entry e = { .caps = i->caps };
	copy(e.impl, sizeof e.impl, i->name);
	copy(e.wait, sizeof e.wait, i->wait);
	copy(e.kind, sizeof e.kind, i->kind);
	copy(e.saves, sizeof e.saves, i->saves);
	copy(e.stack, sizeof e.stack, i->stack);
	copy(e.summary, sizeof e.summary, i->summary);
	copy(e.missing, sizeof e.missing, i->missing());
	copy(e.version, sizeof e.version, i->version && !*e.missing ? i->version() : NULL);
	e.per_spawn = i->per_spawn;
	e.per_handoff = i->per_handoff;
	e.per_mode = i->per_mode;
	e.per_yield = i->per_yield;
	e.check = -1;
	return e;
}

static struct entry entry_of_job(const struct impl *i, const struct job *j)
{
	struct entry e = entry_of(i);
	if (!*e.missing && j->missing)
		copy(e.missing, sizeof e.missing, j->missing());
	copy(e.job, sizeof e.job, j->name);
	copy(e.variant, sizeof e.variant, j->variant);
	copy(e.unit, sizeof e.unit, j->unit);
	copy(e.job_summary, sizeof e.job_summary, j->summary);
	e.needs = j->needs;
	e.ops = j->ops;
	e.handoffs = j->handoffs;
	e.spawns = j->spawns;
	e.modes = j->modes;
	e.yields = j->yields;
	e.each = j->each;
	e.batch = j->batch;
	e.settle_s = j->settle_s;
	e.turn_s = j->turn_s;
	e.turns_most = j->turns_most;
	e.samples_most = j->samples_most;
	e.trials_most = j->trials_most;
	for (unsigned axis = 0; axis < SCALES_MOST && j->scale[axis].name; axis++) {
		copy(e.scale[axis], sizeof e.scale[axis], j->scale[axis].name);
		copy(e.grid[axis], sizeof e.grid[axis], j->scale[axis].grid);
	}
	for (; e.readings < READINGS_MOST && j->readings && j->readings[e.readings].unit; e.readings++) {
		copy(e.reading[e.readings], sizeof e.reading[0], j->readings[e.readings].unit);
		e.reading_is_ticks[e.readings] = j->readings[e.readings].as == READ_TICKS;
	}
	e.has_parts = (uint8_t)j->has_parts;
	e.own = j->own;
	e.own_each = (uint32_t)j->own_each;
	return e;
}

static struct entry entry_of_check(const struct impl *i, unsigned check)
{
	struct entry e = entry_of(i);
	e.check = (int32_t)check;
	copy(e.check_name, sizeof e.check_name, conformance_name(i, check));
	return e;
}

/* Counts, or with `write` tells, every entry of this program. */
static uint32_t each_entry(int write, int *failed)
{
	uint32_t n = 0;
	struct entry e;
	for (const struct impl *const *i = __start_impls; i < __stop_impls; i++) {
		for (const struct job *const *j = (*i)->jobs; *j; j++, n++)
			if (write && (e = entry_of_job(*i, *j), write_all(ANSWER_FD, &e, sizeof e)))
				*failed = 1;
		for (unsigned c = 0; conformance_name(*i, c); c++, n++)
			if (write && (e = entry_of_check(*i, c), write_all(ANSWER_FD, &e, sizeof e)))
				*failed = 1;
	}
	return n;
}

static int list(struct answer *a)
{
	int failed = 0;
	a->count = each_entry(0, &failed);
	failed = write_all(ANSWER_FD, a, sizeof *a);
	each_entry(1, &failed);
	return failed;
}

/* -- conformance: one check by its number, or every one. */
static void conform(const struct request *r, struct answer *a)
{
	const struct impl *impl = trial_find_impl(r);
	int all = r->check < 0;
	unsigned first = all ? 0 : (unsigned)r->check;
	if (!impl || !conformance_name(impl, first)) {
		a->error = -ENOENT;
		return;
	}
	for (unsigned c = first; conformance_name(impl, c) && (all || c == first); c++) {
		const char *skip = impl->missing() ? impl->missing() : conformance_skipped(impl, c);
		const char *wrong = skip ? NULL : conformance_run(impl, c, r->rounds);
		if (skip && !all) {
			a->skipped = 1;
			copy(a->detail, sizeof a->detail, skip);
		}
		if (wrong) {
			a->error = -EBADE;
			copy(a->detail, sizeof a->detail, wrong);
			return;
		}
	}
}

/* With an argument it is the program that another cell runs as a context: it ends at once, with the status it is told.
 */
int main(int argc, char **argv)
{
	if (argc > 1)
		_exit(atoi(argv[1]));
	static struct request r;
	static struct answer a;
	double *samples = NULL;
	if (read_all(REQUEST_FD, &r, sizeof r) || r.protocol != PROTOCOL) {
		fputs("cell: executes one cell for `ctxbench run` and has no use by itself\n", stderr);
		return 2;
	}
	follow_parent(r.parent);
	a.protocol = PROTOCOL;
	switch (r.pass) {
	case PASS_LIST:
		return list(&a);
	case PASS_CLOCK:
		a.error = clock_choose(&a.clock);
		copy(a.detail, sizeof a.detail, a.error ? "every clock stands still" : NULL);
		break;
	case PASS_CONFORM:
		conform(&r, &a);
		break;
	case PASS_SHARING:
		a.error = sharing_look(trial_find_impl(&r), a.shares);
		break;
	default:
		trial_run(&r, &a, &samples);
	}
	int failed = write_all(ANSWER_FD, &a, sizeof a) ||
		     (samples && write_all(ANSWER_FD, samples, (a.count + 2 * (size_t)a.bars) * sizeof *samples));
	free(samples);
	return failed;
}
