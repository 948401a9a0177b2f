// SPDX-License-Identifier: MIT
#include "sentences.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "block.h"
#include "grain.h"
#include "modeswitch.h"
#include "text.h"

/* -- times against times */

static struct judgement cheaper(const struct page *p, const struct impl_row *user, const char *whose, enum what what)
{
	return judge_times(judge_cell(user, what), whose, judge_cell(p->lwp, what), "an LWP",
		what == TURN ? "switch" : "creation");
}

struct judgement user_cheaper_to_create(const struct page *p)
{
	return cheaper(p, p->user, "a user thread", CREATE);
}

struct judgement dearest_cheaper_to_create(const struct page *p)
{
	return cheaper(p, judge_dearest(p->all, "user-thread", CREATE), "it", CREATE);
}

struct judgement user_cheaper_to_switch(const struct page *p)
{
	return cheaper(p, p->user, "a user thread", TURN);
}

struct judgement dearest_cheaper_to_switch(const struct page *p)
{
	return cheaper(p, judge_dearest(p->all, "user-thread", TURN), "it", TURN);
}

struct judgement process_dearer(const struct page *p)
{
	return judge_times(
		judge_cell(p->lwp, CREATE), "an LWP", judge_cell(p->process, CREATE), "a process", "creation");
}

struct judgement pthread_dearer(const struct page *p)
{
	return judge_times(
		judge_cell(p->lwp, CREATE), "an LWP", judge_cell(p->pthread, CREATE), "a pthread", "creation");
}

/* -- what a creation makes and takes */

static struct judgement tasks(const struct cell *create, const char *whose, double claimed)
{
	struct judgement j;
	struct interval i;
	char low[TEXT_NUMBER], high[TEXT_NUMBER];

	if (!judge_counted(create, "creation", whose, "tasks/op", &j))
		return j;
	i = judge_range(create, "tasks/op");
	text_fixed(low, i.low, 3);
	text_fixed(high, i.high, 3);
	return judged(i.low >= claimed - judge_count_off && i.high <= claimed + judge_count_off ? HOLDS : HOLDS_NOT,
		"%s%s%s tasks/op", low, strcmp(low, high) ? " to " : "", strcmp(low, high) ? high : "");
}

struct judgement lwp_makes_task(const struct page *p)
{
	return tasks(judge_cell(p->lwp, CREATE), "an LWP", 1);
}

struct judgement user_makes_none(const struct page *p)
{
	return tasks(judge_cell(p->user, CREATE), "a user thread", 0);
}

struct judgement creation_takes_modes(const struct page *p)
{
	const struct cell *create = judge_cell(p->lwp, CREATE);
	struct judgement j;
	char calls[TEXT_NUMBER], faults[TEXT_NUMBER];

	if (!judge_counted(create, "creation", "an LWP", "modesw/op", &j))
		return j;
	return judged(judge_range(create, "modesw/op").low >= 1 - judge_count_off ? HOLDS : HOLDS_NOT,
		"%s calls, %s faults", text_count(calls, cell_median(create, "syscalls/op")),
		text_count(faults, cell_median(create, "faults/op")));
}

static const struct cell *null_call(const struct page *p)
{
	for (size_t i = 0; i < p->all->cells; i++) {
		const struct cell *c = &p->all->cell[i];

		if (!strcmp(c->bench, "syscall") && !strcmp(c->points, "call=null") && c->state == CELL_VALID)
			return c;
	}
	return NULL;
}

/* Each mode switch taken as dear as a null system call. */
struct judgement modes_share(const struct page *p)
{
	const struct cell *create = judge_cell(p->lwp, CREATE), *call = null_call(p);
	struct judgement j;
	struct interval i;
	double modes;
	char share[TEXT_NUMBER], low[TEXT_NUMBER], high[TEXT_NUMBER];

	if (!judge_counted(create, "creation", "an LWP", "modesw/op", &j) ||
		!judge_timed(create, "creation", "an LWP", &j))
		return j;
	if (!call)
		return judged(UNMEASURED, "no valid null system call in this file");
	if (!judge_timed(call, "null call", "the ladder", &j))
		return j;
	modes = cell_median(create, "modesw/op");
	i = stats_ratio_interval(create->x, create->n, call->x, call->n, judge_confidence, 1);
	return judged(NUMBER_ONLY, "%s%% [%s, %s]", text_fixed(share, 100 * modes * call->median / create->median, 1),
		text_fixed(low, 100 * modes * i.low, 1), text_fixed(high, 100 * modes * i.high, 1));
}

/* -- what a switch takes. That it does not enter the kernel is known only where the calls are counted too. */

static struct judgement kernel_switches(const struct cell *turn, const char *whose, bool claimed)
{
	struct judgement j;
	struct interval switches, calls;
	double ops, medians[2];
	char text[2][TEXT_NUMBER];
	bool never;

	if (!judge_counted(turn, "switch", whose, "switches/op", &j) ||
		(!claimed && !judge_counted(turn, "switch", whose, "syscalls/op", &j)))
		return j;
	ops = cell_per_op(turn);
	switches = judge_range(turn, "switches/op");
	medians[0] = cell_median(turn, "switches/op") / ops;
	medians[1] = cell_median(turn, "syscalls/op") / ops;
	calls = cell_series(turn, "syscalls/op") ? judge_range(turn, "syscalls/op") : (struct interval){ 0 };
	never = switches.high <= judge_count_off && calls.high <= judge_count_off;
	text_count(text[0], medians[0]);
	text_count(text[1], medians[1]);
	if (isnan(medians[1]))
		return judged(switches.low >= 1 - judge_count_off ? HOLDS : HOLDS_NOT, "%s switch%s, calls not counted", text[0],
			*judge_plural(medians[0]) ? "es" : "");
	return judged((claimed ? switches.low >= 1 - judge_count_off : never) ? HOLDS : HOLDS_NOT,
		"%s switch%s, %s call%s", text[0], *judge_plural(medians[0]) ? "es" : "", text[1],
		judge_plural(medians[1]));
}

struct judgement lwp_switch_enters(const struct page *p)
{
	return kernel_switches(judge_cell(p->lwp, TURN), "an LWP", true);
}

struct judgement user_switch_does_not(const struct page *p)
{
	return kernel_switches(judge_cell(p->user, TURN), "a user thread", false);
}

/* A kernel thread's switch saves and loads the kernel's registers; what an LWP's takes beyond it is for those of its
 * user half, and for the way into the kernel and out of it that saves them. */
struct judgement lwp_keeps_both(const struct page *p)
{
	struct judgement j = judge_user_half(p);
	char text[JUDGED_TEXT];

	if (j.verdict == UNMEASURED)
		return j;
	snprintf(text, sizeof text, "user half %.1000s", j.text);
	return judged(j.verdict, "%s", text);
}

/* -- who shares what, as the run has found by changing it in one and looking from the other */

struct shares {
	int shared, told;      /* of so many things that could be seen */
	bool memory_and_files; /* the two that the textbook names: the address space and the resources */
	const char *words;     /* what is shared, and what is not */
};

static bool find_shares(const struct page *p, const char *impl, struct shares *s)
{
	char key[96], shared[400];
	const char *facts, *list;

	snprintf(key, sizeof key, "shares.%s", impl);
	facts = record_get(p->all->record, key);
	if (!facts || sscanf(facts, "%d of %d", &s->shared, &s->told) != 2 || !s->told)
		return false;
	list = strchr(facts, ':');
	snprintf(shared, sizeof shared, "%.*s", list ? (int)strcspn(list, ";") : 0, list ? list : "");
	s->memory_and_files = s->shared && strstr(shared, " memory") && strstr(shared, " files");
	s->words = facts;
	return true;
}

static struct judgement not_looked_at(const struct page *p, const struct impl_row *row, const char *whose)
{
	char key[96];
	const char *why;

	if (!row)
		return judged(UNMEASURED, "no %s in this file", whose);
	snprintf(key, sizeof key, "shares.%s", row->name);
	why = record_get(p->all->record, key);
	return judged(UNMEASURED, "what %s shares: %s", row->name, why ? why : "not looked at in this file");
}

struct judgement lwp_shares(const struct page *p)
{
	struct shares s;

	if (!p->lwp || !find_shares(p, p->lwp->name, &s))
		return not_looked_at(p, p->lwp, "LWP");
	return judged(s.memory_and_files ? HOLDS : HOLDS_NOT, "%s", s.words);
}

struct judgement process_does_not(const struct page *p)
{
	struct shares s;

	if (!p->process || !find_shares(p, p->process->name, &s))
		return not_looked_at(p, p->process, "process");
	return judged(s.shared ? HOLDS_NOT : HOLDS, "%s", s.words);
}

/* The ladder's first rung: what clone makes when it is asked to share nothing. */
static const struct impl_row *shares_nothing(const struct page *p)
{
	for (size_t i = 0; i < p->all->impls; i++) {
		const struct impl_row *row = &p->all->impl[i];
		struct shares s;

		if (row != p->process && row->create && find_shares(p, row->name, &s) && !s.shared)
			return row;
	}
	return NULL;
}

/* One task by one call, whether it shares all or nothing: a thread is a process that shares. */
struct judgement threads_are_processes(const struct page *p)
{
	const struct impl_row *nothing = shares_nothing(p);
	struct judgement j, alone, times;
	struct shares all;

	if (!p->lwp || !find_shares(p, p->lwp->name, &all))
		return not_looked_at(p, p->lwp, "LWP");
	if (!nothing)
		return judged(UNMEASURED, "no rung of the ladder that shares nothing in this file");
	j = tasks(judge_cell(p->lwp, CREATE), "an LWP", 1);
	alone = tasks(judge_cell(nothing, CREATE), nothing->name, 1);
	if (j.verdict == UNMEASURED)
		return j;
	if (alone.verdict == UNMEASURED)
		return alone;
	times = judge_times(
		judge_cell(p->lwp, CREATE), "an LWP", judge_cell(nothing, CREATE), nothing->name, "creation");
	return judged(j.verdict == HOLDS && alone.verdict == HOLDS && all.shared ? HOLDS : HOLDS_NOT,
		"one task each; sharing nothing %s", times.verdict == UNMEASURED ? "is not timed" : times.text);
}

/* -- kernel threads: facts about them that the run has looked up, not cells */

static const char *const kernel_thread_keys[] = { "task.kthreadd", "task.migration" };
enum { KERNEL_THREADS = sizeof kernel_thread_keys / sizeof *kernel_thread_keys };

/* Each must be one, without an address space, and never seen in user mode. */
struct judgement kernel_threads_never_user(const struct page *p)
{
	struct judgement j = judged(UNMEASURED, "no kernel thread was looked at in this file");
	unsigned long long user, kernel, users = 0, kernels = 0;

	for (size_t i = 0; i < KERNEL_THREADS; i++) {
		const char *key = kernel_thread_keys[i], *facts = record_get(p->all->record, key);
		const char *count = facts ? strstr(facts, "instructions: ") : NULL;

		if (!count)
			continue;
		if (strstr(facts, "PF_KTHREAD not shown") || strstr(facts, "address space: not shown"))
			return judged(UNMEASURED, "%s: %s", key, facts);
		if (!strstr(facts, "PF_KTHREAD yes") || !strstr(facts, "address space: none"))
			return judged(HOLDS_NOT, "%s: %s", key, facts);
		if (sscanf(count, "instructions: %llu in user mode, %llu", &user, &kernel) == 2) {
			users += user;
			kernels += kernel;
		} else if (!kernels) {
			j = judged(
				UNMEASURED, "no address space, but instructions %s", count + strlen("instructions: "));
		}
	}
	if (!kernels)
		return j;
	return judged(users ? HOLDS_NOT : HOLDS, "%llu of %llu instructions", users, users + kernels);
}

struct judgement kernel_threads_of_no_process(const struct page *p)
{
	size_t seen = 0;

	for (size_t i = 0; i < KERNEL_THREADS; i++) {
		const char *key = kernel_thread_keys[i], *facts = record_get(p->all->record, key);

		if (!facts || !strstr(facts, "process: "))
			continue;
		seen++;
		if (strstr(facts, "process: not shown") || strstr(facts, "address space: not shown"))
			return judged(UNMEASURED, "%s: %s", key, facts);
		if (!strstr(facts, "address space: none") || !strstr(facts, "process: none"))
			return judged(HOLDS_NOT, "%s: %s", key, facts);
	}
	if (!seen)
		return judged(UNMEASURED, "no kernel thread was looked at in this file");
	return judged(HOLDS, "%zu of %zu: no address space, no process", seen, seen);
}

/* -- what benches of their own tell */

static struct judgement no_cell_of(const char *bench)
{
	return judged(UNMEASURED, "no cell of %s in this file", bench);
}

/* Of a creation by its structure, as much of it as is done before anything is made. */
static struct judgement parameters(const struct page *p, enum parameters which)
{
	struct part part = modeswitch_parameters(p->all, which);
	struct judgement j;
	char text[3][TEXT_NUMBER];

	if (!part.before || !part.after)
		return no_cell_of("refuse");
	if (!judge_timed(part.before, "creation", "no impl", &j) || !judge_timed(part.after, "creation", "no impl", &j))
		return j;
	if (!(part.interval.low > 0))
		return judged(UNMEASURED, "within noise: %s at the most", text_time(text[0], part.interval.high));
	return judged(NUMBER_ONLY, "%s ns [%s, %s]", text_ratio(text[0], part.ns),
		text_ratio(text[1], part.interval.low), text_ratio(text[2], part.interval.high));
}

struct judgement parameters_copied(const struct page *p)
{
	return parameters(p, PARAMETERS_COPIED);
}

struct judgement parameters_checked(const struct page *p)
{
	return parameters(p, PARAMETERS_CHECKED);
}

/* Whether the others go on: they stand still where not a percent of their work is done. */
static struct judgement goes_on(const struct cells *all, enum block_lwps lwps)
{
	static const double STILL = 1;
	const struct cell *c = block_find(all, lwps);
	const struct series *s;
	struct interval i;
	char share[TEXT_NUMBER], low[TEXT_NUMBER], high[TEXT_NUMBER], carried[32] = "";

	if (!c)
		return no_cell_of("block");
	if (c->state != CELL_VALID)
		return judged(UNMEASURED, "%s %s: %s", c->bench, c->impl, c->reason);
	s = cell_series(c, block_share);
	if (!s)
		return judged(UNMEASURED, "%s is not told of %s %s", block_share, c->bench, c->impl);
	i = stats_median_interval(s->x, s->n, judge_confidence);
	if (i.coverage < judge_confidence)
		return judged(UNMEASURED, "%s %s has %zu trial%s, too few for a 95%% interval", c->bench, c->impl, s->n,
			judge_plural((double)s->n));
	if (lwps == BLOCK_SEVERAL_LWPS)
		snprintf(carried, sizeof carried, ", %u LWPs", block_lwps(c));
	return judged((lwps == BLOCK_ONE_LWP ? i.high < STILL : i.low >= STILL) ? HOLDS : HOLDS_NOT, "%s%% [%s, %s]%s",
		text_fixed(share, stats_median(s->x, s->n), 0), text_fixed(low, i.low, 0), text_fixed(high, i.high, 0),
		carried);
}

struct judgement one_lwp_stops_all(const struct page *p)
{
	return goes_on(p->all, BLOCK_ONE_LWP);
}

struct judgement several_lwps_go_on(const struct page *p)
{
	return goes_on(p->all, BLOCK_SEVERAL_LWPS);
}

/* Above the grain at which an LWP's switch takes one part in twenty of the time there is no more than that to be saved.
 */
struct judgement user_switching_pays(const struct page *p)
{
	const double share = 0.95;
	const struct cell *user = p->user ? grain_of(p->all, p->user->name) : NULL;
	const struct cell *lwp = p->lwp ? grain_of(p->all, p->lwp->name) : NULL;
	char below[TEXT_NUMBER + 1], low[TEXT_NUMBER], high[TEXT_NUMBER];

	if (!user || !lwp)
		return judged(UNMEASURED, "no valid grain of %s in this file", user ? "an LWP" : "a user thread");
	struct metg cheap = grain_metg(p->all, user, share), dear = grain_metg(p->all, lwp, share);
	if (isnan(cheap.centre) || isnan(dear.centre))
		return judged(UNMEASURED, "no valid grain of %s with its control",
			isnan(dear.centre) ? "an LWP" : "a user thread");
	if (fmin(cheap.interval.coverage, dear.interval.coverage) < judge_confidence)
		return judged(UNMEASURED, "grain has too few trials for a 95%% interval");
	return judged(cheap.interval.high < dear.interval.low ? HOLDS : HOLDS_NOT, "below %s of work [%s, %s]",
		grain_words(below, &dear), text_time(low, dear.interval.low), text_time(high, dear.interval.high));
}
