// SPDX-License-Identifier: MIT
/*
 * The textbook's sentences on light-weight processes, judged by one result file. A sentence holds only if the whole
 * interval of its number is on its side.
 */
#include "analyse.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "cells.h"
#include "text.h"

enum verdict { HOLDS, HOLDS_NOT, UNMEASURED, NUMBER_ONLY, VERDICTS };
enum { SENTENCE = 38, VERDICT = 19, REASON = 1300 };
static const double CONFIDENCE = 0.95, COUNT_OFF = 0.005; /* counts are claimed to half a percent */

/* The number with its interval, or the reason why there is none. */
struct judgement {
	enum verdict verdict;
	char text[REASON];
};

/* What is judged, and on whom; an impl is NULL where the file has none of its kind. */
struct page {
	FILE *out; /* NULL: only count */
	size_t count[VERDICTS];
	const struct cells *all;
	const struct impl_row *user, *lwp, *pthread, *process;
};

static struct judgement judged(enum verdict verdict, const char *format, ...) __attribute__((format(printf, 2, 3)));
static struct judgement judged(enum verdict verdict, const char *format, ...)
{
	struct judgement j = { .verdict = verdict };
	va_list args;

	va_start(args, format);
	vsnprintf(j.text, sizeof j.text, format, args);
	va_end(args);
	return j;
}

static void say(struct page *page, const char *sentence, struct judgement j)
{
	static const char *const word[] = { [HOLDS] = "holds", [HOLDS_NOT] = "does not hold here", [NUMBER_ONLY] = "" };
	char line[REASON + 16];

	page->count[j.verdict]++;
	if (!page->out)
		return;
	text_cell(page->out, sentence, SENTENCE);
	if (j.verdict == UNMEASURED) {
		snprintf(line, sizeof line, " not measured: %s", j.text);
		fputc(' ', page->out);
		text_wrap(page->out, SENTENCE + 1, SENTENCE + 3, line);
		return;
	}
	fputc(' ', page->out);
	text_cell(page->out, word[j.verdict], VERDICT - 1);
	fputc(' ', page->out);
	text_wrap(page->out, SENTENCE + VERDICT + 1, SENTENCE + VERDICT + 1, j.text);
}

/* -- on whom: of a kind the impl that is named as it (a user thread, for short), else the middle one by what its switch
 * takes */

static const struct impl_row *typical(const struct cells *all, const char *kind)
{
	size_t first = all->impls, n = 0;

	for (size_t i = 0; i < all->impls; i++) {
		const struct impl_row *row = &all->impl[i];

		if (strcmp(row->kind, kind))
			continue;
		if (!strcmp(row->name, kind) || (!strcmp(row->name, "uthread") && !strcmp(kind, "user-thread")))
			return row;
		/* impls are in order: first by kind, then by switch, those without one last */
		first = i < first ? i : first;
		n += row->turn && row->turn->state == CELL_VALID;
	}
	return first == all->impls ? NULL : &all->impl[first + (n ? (n - 1) / 2 : 0)];
}

enum what { TURN, CREATE };

static const struct cell *cell_for(const struct impl_row *row, enum what what)
{
	return !row ? NULL : what == TURN ? row->turn : row->create;
}

static const struct impl_row *dearest(const struct cells *all, const char *kind, enum what what)
{
	const struct impl_row *most = NULL;

	for (size_t i = 0; i < all->impls; i++) {
		const struct cell *c = cell_for(&all->impl[i], what), *m = cell_for(most, what);

		if (!strcmp(all->impl[i].kind, kind) && c && c->state == CELL_VALID && (!m || c->median > m->median))
			most = &all->impl[i];
	}
	return most;
}

/* -- may a number be made of it? */

static const char *plural(double x)
{
	return fabs(x - 1) <= COUNT_OFF ? "" : "s";
}

static bool valid(const struct cell *c, const char *whose, enum what what, struct judgement *j)
{
	char words[1200];

	if (!c)
		*j = judged(UNMEASURED, "no %s of %s in this file", what == TURN ? "switch" : "creation", whose);
	else if (c->state != CELL_VALID)
		*j = judged(UNMEASURED, "%s %s: %s", c->bench, c->impl,
			c->state == CELL_MISSING ? c->reason : cell_words(c, words, sizeof words));
	return c && c->state == CELL_VALID;
}

/* For a sentence on times. */
static bool timed(const struct cell *c, const char *whose, enum what what, struct judgement *j)
{
	if (!valid(c, whose, what, j))
		return false;
	if (!(c->median > 1e-6))
		*j = judged(UNMEASURED, "%s %s is within noise", c->bench, c->impl);
	else if (c->interval.coverage < CONFIDENCE)
		*j = judged(UNMEASURED, "%s %s has %zu trial%s, too few for a 95%% interval", c->bench, c->impl, c->n,
			plural((double)c->n));
	else
		return true;
	return false;
}

/* For a sentence on counts, which need no trials but one. */
static bool counted(const struct cell *c, const char *whose, enum what what, const char *unit, struct judgement *j)
{
	if (!valid(c, whose, what, j))
		return false;
	if (cell_series(c, unit))
		return true;
	*j = judged(UNMEASURED, "%s is not counted for %s %s", unit, c->bench, c->impl);
	return false;
}

static struct interval range(const struct cell *c, const char *unit)
{
	const struct series *s = cell_series(c, unit);
	struct interval i = { INFINITY, -INFINITY, 1 };

	for (size_t v = 0; v < s->n; v++) {
		i.low = fmin(i.low, s->x[v] / cell_per_op(c));
		i.high = fmax(i.high, s->x[v] / cell_per_op(c));
	}
	return i;
}

/* -- times against times */

static struct judgement times(
	const struct cell *cheap, const char *whose, const struct cell *dear, const char *other, enum what what)
{
	struct judgement j;
	struct interval i;
	char ratio[TEXT_NUMBER], low[TEXT_NUMBER], high[TEXT_NUMBER];

	if (!timed(cheap, whose, what, &j) || !timed(dear, other, what, &j))
		return j;
	i = stats_ratio_interval(cheap->x, cheap->n, dear->x, dear->n, CONFIDENCE, 1);
	if (!isfinite(i.low) || !isfinite(i.high))
		return judged(UNMEASURED, "within noise");
	return judged(i.low > 1 ? HOLDS : HOLDS_NOT, "%sx [%s, %s]", text_ratio(ratio, dear->median / cheap->median),
		text_ratio(low, i.low), text_ratio(high, i.high));
}

static void say_user_is_cheaper(struct page *p, const char *sentence, enum what what)
{
	const struct impl_row *most = dearest(p->all, "user-thread", what);
	char also[64];

	say(p, sentence, times(cell_for(p->user, what), "a user thread", cell_for(p->lwp, what), "an LWP", what));
	if (!most || most == p->user)
		return;
	snprintf(also, sizeof also, "  also the dearest, %s", most->name);
	say(p, also, times(cell_for(most, what), "it", cell_for(p->lwp, what), "an LWP", what));
}

/* -- counts */

static struct judgement tasks(const struct cell *create, const char *whose, double claimed)
{
	struct judgement j;
	struct interval i;
	char low[TEXT_NUMBER], high[TEXT_NUMBER];

	if (!counted(create, whose, CREATE, "tasks/op", &j))
		return j;
	i = range(create, "tasks/op");
	text_fixed(low, i.low, 3);
	text_fixed(high, i.high, 3);
	return judged(i.low >= claimed - COUNT_OFF && i.high <= claimed + COUNT_OFF ? HOLDS : HOLDS_NOT,
		"%s%s%s tasks/op", low, strcmp(low, high) ? " to " : "", strcmp(low, high) ? high : "");
}

static struct judgement mode_switches(const struct cell *create)
{
	struct judgement j;
	char calls[TEXT_NUMBER], faults[TEXT_NUMBER];

	if (!counted(create, "an LWP", CREATE, "modesw/op", &j))
		return j;
	return judged(range(create, "modesw/op").low >= 1 - COUNT_OFF ? HOLDS : HOLDS_NOT, "%s calls, %s faults",
		text_count(calls, cell_median(create, "syscalls/op")),
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
static struct judgement mode_share(const struct page *p, const struct cell *create)
{
	const struct cell *call = null_call(p);
	struct judgement j;
	struct interval i;
	double modes;
	char share[TEXT_NUMBER], low[TEXT_NUMBER], high[TEXT_NUMBER];

	if (!counted(create, "an LWP", CREATE, "modesw/op", &j) || !timed(create, "an LWP", CREATE, &j))
		return j;
	if (!call)
		return judged(UNMEASURED, "no valid null system call in this file");
	if (!timed(call, "a system call", CREATE, &j))
		return j;
	modes = cell_median(create, "modesw/op");
	i = stats_ratio_interval(create->x, create->n, call->x, call->n, CONFIDENCE, 1);
	return judged(NUMBER_ONLY, "%s%% [%s, %s]", text_fixed(share, 100 * modes * call->median / create->median, 1),
		text_fixed(low, 100 * modes * i.low, 1), text_fixed(high, 100 * modes * i.high, 1));
}

/* Does a switch enter the kernel? That it does not is known only where the calls are counted too. */
static struct judgement kernel_switches(const struct cell *turn, const char *whose, bool claimed)
{
	struct judgement j;
	struct interval switches, calls;
	double ops, medians[2];
	char text[2][TEXT_NUMBER];
	bool never;

	if (!counted(turn, whose, TURN, "switches/op", &j) ||
		(!claimed && !counted(turn, whose, TURN, "syscalls/op", &j)))
		return j;
	ops = cell_per_op(turn);
	switches = range(turn, "switches/op");
	medians[0] = cell_median(turn, "switches/op") / ops;
	medians[1] = cell_median(turn, "syscalls/op") / ops;
	calls = cell_series(turn, "syscalls/op") ? range(turn, "syscalls/op") : (struct interval){ 0 };
	never = switches.high <= COUNT_OFF && calls.high <= COUNT_OFF;
	text_count(text[0], medians[0]);
	text_count(text[1], medians[1]);
	return judged((claimed ? switches.low >= 1 - COUNT_OFF : never) ? HOLDS : HOLDS_NOT, "%s switch%s, %s call%s",
		text[0], *plural(medians[0]) ? "es" : "", text[1], plural(medians[1]));
}

/* -- kernel threads: facts about them that the run has looked up, not cells */

/* The kernel's own threads, as the file has them: each must be one, without an address space, and never seen in user
 * mode. */
static struct judgement kernel_threads(const struct record *r)
{
	static const char *const key[] = { "task.kthreadd", "task.migration" };
	struct judgement j = judged(UNMEASURED, "no kernel thread was looked at in this file");
	unsigned long long user, kernel, users = 0, kernels = 0;

	for (size_t i = 0; i < sizeof key / sizeof *key; i++) {
		const char *facts = record_get(r, key[i]), *count = facts ? strstr(facts, "instructions: ") : NULL;

		if (!count)
			continue;
		if (strstr(facts, "PF_KTHREAD not shown") || strstr(facts, "address space: not shown"))
			return judged(UNMEASURED, "%s: %s", key[i], facts);
		if (!strstr(facts, "PF_KTHREAD yes") || !strstr(facts, "address space: none"))
			return judged(HOLDS_NOT, "%s: %s", key[i], facts);
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

/* -- the page */

static void put_head(const struct page *p)
{
	const struct record *r = p->all->record;
	const char *host = record_get(r, "host");
	char machine[600], line[1000];

	if (!p->out)
		return;
	snprintf(line, sizeof line, "The textbook on light-weight processes, on %s (%s)", host ? host : "unknown host",
		machine_words(r, machine, sizeof machine));
	text_wrap(p->out, 0, 2, line);
	if (!record_is(r, "complete", "yes"))
		text_wrap(p->out, 0, 2, "complete: no: this run was stopped before its end");
	snprintf(line, sizeof line,
		"judged on %s as user thread, %s as LWP, %s as pthread, %s as process; x: times as dear, [95%% "
		"interval]",
		p->user ? p->user->name : "nothing", p->lwp ? p->lwp->name : "nothing",
		p->pthread ? p->pthread->name : "nothing", p->process ? p->process->name : "nothing");
	text_wrap(p->out, 0, 2, line);
	fputc('\n', p->out);
}

static void say_all(struct page *p)
{
	const struct cell *create = cell_for(p->lwp, CREATE);

	say_user_is_cheaper(p, "User thread cheaper to create than LWP", CREATE);
	say_user_is_cheaper(p, "User thread cheaper to switch than LWP", TURN);
	say(p, "Process dearer to create than an LWP",
		times(create, "an LWP", cell_for(p->process, CREATE), "a process", CREATE));
	say(p, "Pthread dearer: its library's own work",
		times(create, "an LWP", cell_for(p->pthread, CREATE), "a pthread", CREATE));
	say(p, "Creating an LWP makes a kernel task", tasks(create, "an LWP", 1));
	say(p, "  creating a user thread does not", tasks(cell_for(p->user, CREATE), "a user thread", 0));
	say(p, "Creating an LWP takes mode switches", mode_switches(create));
	say(p, "  their share of the whole creation", mode_share(p, create));
	say(p, "Switching an LWP enters the kernel", kernel_switches(cell_for(p->lwp, TURN), "an LWP", true));
	say(p, "  switching a user thread does not", kernel_switches(cell_for(p->user, TURN), "a user thread", false));
	say(p, "Kernel threads are never in user mode", kernel_threads(p->all->record));
}

int verdicts_print(const struct record *r, int brief, FILE *out)
{
	struct cells *all = cells_group(r);
	struct page page = {
		.out = brief ? NULL : out,
		.all = all,
		.user = typical(all, "user-thread"),
		.lwp = typical(all, "lwp"),
		.pthread = typical(all, "pthread"),
		.process = typical(all, "process"),
	};

	put_head(&page);
	say_all(&page);
	if (brief)
		fprintf(out, "textbook: %zu sentences hold, %zu do not, %zu not measured: ctxbench verdicts\n",
			page.count[HOLDS], page.count[HOLDS_NOT], page.count[UNMEASURED]);
	else
		fprintf(out, "\n%zu hold, %zu do not, %zu not measured\n", page.count[HOLDS], page.count[HOLDS_NOT],
			page.count[UNMEASURED]);
	cells_free(all);
	return 0;
}
