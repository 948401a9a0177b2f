// SPDX-License-Identifier: MIT
#include "judge.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "text.h"

const double judge_confidence = 0.95, judge_count_off = 0.005; /* counts are claimed to half a percent */

struct judgement judged(enum verdict verdict, const char *format, ...)
{
	struct judgement j = { .verdict = verdict };
	va_list args;

	va_start(args, format);
	vsnprintf(j.text, sizeof j.text, format, args);
	va_end(args);
	return j;
}

const char *judge_plural(double x)
{
	return fabs(x - 1) <= judge_count_off ? "" : "s";
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
		bool named =
			!strcmp(row->name, kind) || (!strcmp(row->name, "uthread") && !strcmp(kind, "user-thread"));
		/* one that is there for another bench alone would be judged on nothing */
		if (named && (row->turn || row->create))
			return row;
		/* impls are in order: first by kind, then by switch, those without one last */
		first = i < first ? i : first;
		n += row->turn && row->turn->state == CELL_VALID;
	}
	return first == all->impls ? NULL : &all->impl[first + (n ? (n - 1) / 2 : 0)];
}

struct page judge_page(const struct cells *all)
{
	return (struct page){
		.all = all,
		.user = typical(all, "user-thread"),
		.lwp = typical(all, "lwp"),
		.pthread = typical(all, "pthread"),
		.process = typical(all, "process"),
		.kernel_thread = typical(all, "kernel-thread"),
	};
}

const struct cell *judge_cell(const struct impl_row *row, enum what what)
{
	return !row ? NULL : what == TURN ? row->turn : row->create;
}

const struct impl_row *judge_dearest(const struct cells *all, const char *kind, enum what what)
{
	const struct impl_row *most = NULL;

	for (size_t i = 0; i < all->impls; i++) {
		const struct cell *c = judge_cell(&all->impl[i], what), *m = judge_cell(most, what);

		if (!strcmp(all->impl[i].kind, kind) && c && c->state == CELL_VALID && (!m || c->median > m->median))
			most = &all->impl[i];
	}
	return most;
}

/* -- may a number be made of it? */

bool judge_valid(const struct cell *c, const char *thing, const char *whose, struct judgement *j)
{
	char words[1200];

	if (!c)
		*j = judged(UNMEASURED, "no %s of %s in this file", thing, whose);
	else if (c->state != CELL_VALID)
		*j = judged(UNMEASURED, "%s %s: %s", c->bench, c->impl,
			c->state == CELL_MISSING ? c->reason : cell_words(c, words, sizeof words));
	return c && c->state == CELL_VALID;
}

bool judge_timed(const struct cell *c, const char *thing, const char *whose, struct judgement *j)
{
	if (!judge_valid(c, thing, whose, j))
		return false;
	if (!(c->median > 1e-6))
		*j = judged(UNMEASURED, "%s %s is within noise", c->bench, c->impl);
	else if (c->interval.coverage < judge_confidence)
		*j = judged(UNMEASURED, "%s %s has %zu trial%s, too few for a 95%% interval", c->bench, c->impl, c->n,
			judge_plural((double)c->n));
	else
		return true;
	return false;
}

bool judge_counted(const struct cell *c, const char *thing, const char *whose, const char *unit, struct judgement *j)
{
	if (!judge_valid(c, thing, whose, j))
		return false;
	if (cell_series(c, unit))
		return true;
	*j = judged(UNMEASURED, "%s is not counted for %s %s", unit, c->bench, c->impl);
	return false;
}

/* -- numbers */

struct interval judge_range(const struct cell *c, const char *unit)
{
	const struct series *s = cell_series(c, unit);
	struct interval i = { INFINITY, -INFINITY, 1 };

	for (size_t v = 0; v < s->n; v++) {
		i.low = fmin(i.low, s->x[v] / cell_per_op(c));
		i.high = fmax(i.high, s->x[v] / cell_per_op(c));
	}
	return i;
}

struct judgement judge_times(
	const struct cell *cheap, const char *whose, const struct cell *dear, const char *other, const char *thing)
{
	struct judgement j;
	struct interval i;
	char ratio[TEXT_NUMBER], low[TEXT_NUMBER], high[TEXT_NUMBER];

	if (!judge_timed(cheap, thing, whose, &j) || !judge_timed(dear, thing, other, &j))
		return j;
	i = stats_ratio_interval(cheap->x, cheap->n, dear->x, dear->n, judge_confidence, 1);
	if (!isfinite(i.low) || !isfinite(i.high))
		return judged(UNMEASURED, "within noise");
	return judged(i.low > 1 ? HOLDS : HOLDS_NOT, "%sx [%s, %s]", text_ratio(ratio, dear->median / cheap->median),
		text_ratio(low, i.low), text_ratio(high, i.high));
}

/* A time that may be below 0, as a difference may. */
static const char *signed_time(char *buffer, size_t size, double ns)
{
	char number[TEXT_NUMBER];

	snprintf(buffer, size, "%s%s", ns < 0 ? "-" : "", ns ? text_time(number, fabs(ns)) : "0 ns");
	return buffer;
}

struct judgement judge_user_half(const struct page *p)
{
	const struct cell *lwp = judge_cell(p->lwp, TURN), *thread = judge_cell(p->kernel_thread, TURN);
	char half[TEXT_NUMBER + 1], low[TEXT_NUMBER + 1], high[TEXT_NUMBER + 1];
	struct judgement j;
	struct interval i;

	if (!judge_timed(lwp, "switch", "an LWP", &j) || !judge_timed(thread, "switch", "a kernel thread", &j))
		return j;
	i = stats_difference_interval(thread->x, thread->n, lwp->x, lwp->n, judge_confidence, 1);
	return judged(i.low > 0 ? HOLDS : HOLDS_NOT, "%s [%s, %s]",
		signed_time(half, sizeof half, lwp->median - thread->median), signed_time(low, sizeof low, i.low),
		signed_time(high, sizeof high, i.high));
}
