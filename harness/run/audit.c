// SPDX-License-Identifier: MIT
#include "audit.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* How far a count may be off: half a percent, and a stray one at the edges of what is counted. */
static const double tolerance = 0.005, strays = 2;

/*
 * How many preemptions others can be blamed for, where they can't be told from the bench's own: on a machine that is
 * not busy one in two milliseconds takes the CPU and gives it back.
 */
static const double preemptions_per_ns = 1 / 2e6;

/*
 * A preemption that falls between a context's wake and its wait spares it the wait. Others can have caused so many of
 * those as fit into the time for which they had the CPU, a microsecond each at the least, and a few in passing. What
 * wake-up preemption does between the contexts of the bench takes no time from them, and comes a hundred times as
 * often.
 */
static const double spared_per_ns = 2 / 1e6, least_stay_ns = 1000;

/*
 * And where tasks are scheduled in groups (sessions, cgroups), Linux from 6.17 on preempts at every wake for as long as
 * another group has a task in the queue that has used up its share: nobody else runs, but one context goes on for the
 * other without the wait between them. Seen: none of 180 trials without groups, 60 of 66 with them beside a task that
 * is busy now and then, in 2 to 15 % of their switches. Up to this share of the switches claimed it is contamination,
 * and told.
 */
static const double spared_by_group = 0.05;

static double spared(const struct observed *o, double claimed_switches)
{
	double theirs = o->cpu_ns >= 0 ? fmax(o->wall_ns - o->cpu_ns, 0) : 0;
	double by_others = spared_per_ns * o->wall_ns + theirs / least_stay_ns;
	return fmin(o->involuntary, fmax(by_others, spared_by_group * claimed_switches));
}

static double per_turn(double total, const struct answer *a)
{
	return total < 0 ? -1 : total / (double)a->turns;
}

static void refuse(struct audit *v, double counted, const char *what, double claimed, const char *bound)
{
	snprintf(v->refused, sizeof v->refused, "%.4f %s counted, %s%g claimed", counted, what, bound, claimed);
}

/* Under SCHED_BATCH, or under SCHED_FIFO at one priority, no context of a bench preempts another on waking, so all that
 * its verbs claim is given up voluntarily, and every involuntary switch is contamination, however many there are. */
static bool all_voluntary(const struct cell *c)
{
	return strcmp(c->policy, "other") && !c->at_most && !(c->entry->caps & (CAP_UNDIRECTED | CAP_PREEMPTED));
}

/* Tasks outside of the program that serve others too, now and then: a claim of none is one of few beside the turns. */
static void judge_elsewhere(const struct cell *c, const struct answer *a, struct audit *v)
{
	double claimed = c->claimed_elsewhere, slack = tolerance * fmax(claimed, 1) + strays / (double)a->turns;
	if (v->elsewhere < 0 && claimed > 0)
		snprintf(
			v->refused, sizeof v->refused, "the kernel thread's own switches could not be read from /proc");
	else if (v->elsewhere >= 0 && fabs(v->elsewhere - claimed) > slack)
		refuse(v, v->elsewhere, "switches-elsewhere/op", claimed, "");
}

static void judge_voluntary(const struct cell *c, const struct answer *a, double ended, struct audit *v)
{
	const struct observed *o = &a->observed;
	double claimed = c->claimed_switches * (double)a->turns, given_up = o->voluntary + ended;
	double slack = tolerance * claimed + strays;
	v->preempted = o->involuntary;
	if (given_up > claimed + slack)
		refuse(v, v->switches, "switches/op", c->claimed_switches, "");
	else if (given_up + spared(o, claimed) < claimed - slack)
		refuse(v, given_up / (double)a->turns, "voluntary switches/op", c->claimed_switches, "");
}

static void judge_switches(const struct cell *c, const struct answer *a, struct audit *v)
{
	const struct observed *o = &a->observed;
	double others = (c->entry->caps & CAP_REMOTE) ? 0 : fmax(v->elsewhere, 0) - fmax(c->claimed_elsewhere, 0);
	double claimed = c->claimed_switches * (double)a->turns, counted = (v->switches - others) * (double)a->turns;
	double slack = tolerance * claimed + strays, excess = fmax(counted - claimed, 0);
	/* where each context has a CPU of its own, whoever preempts it is none of them */
	double explained = c->at_most ? o->involuntary : fmin(o->involuntary, preemptions_per_ns * o->wall_ns);
	v->preempted = fmin(excess, o->involuntary);
	if (!c->at_most && counted < claimed - slack)
		refuse(v, v->switches, "switches/op", c->claimed_switches, "");
	else if (excess > slack + explained)
		refuse(v, v->switches, "switches/op", c->claimed_switches, c->at_most ? "at most " : "");
}

/* Each loop, those of no turns too, is told to another program and answered by it, about twenty a sample: two switches
 * each, a few more where the line goes through threads of that program's, and as many for what disturbs them. */
static const double told_a_sample = 160;

/* What the kernel schedules not is switched without it: it may be preempted, but never gives its CPU up, unless the
 * bench itself asks for that. Another program's runtime has LWPs of its own beside the contexts, which come and go a
 * little.
 */
static void judge_user(const struct cell *c, const struct answer *a, struct audit *v)
{
	const struct entry *e = c->entry;
	double verbs = (double)(e->handoffs + e->spawns + e->yields) * (double)a->turns;
	double samples = a->turns_per_sample ? (double)a->turns / (double)a->turns_per_sample : 1;
	bool remote = e->caps & CAP_REMOTE;
	double claimed = e->own.switches * (double)a->turns, counted = a->observed.voluntary;
	double slack = strays + tolerance * claimed + (remote ? tolerance * verbs + told_a_sample * samples : 0);
	v->preempted = a->observed.involuntary;
	/* over several workers, the library parks those that have nothing to do */
	if (c->workers > 1 || e->own.switches == NOT_CLAIMED)
		return;
	if (claimed > 0 && fabs(counted - claimed) > slack)
		snprintf(v->refused, sizeof v->refused, "%.0f voluntary kernel switches counted, %.0f claimed", counted,
			claimed);
	else if (counted > claimed + slack)
		snprintf(
			v->refused, sizeof v->refused, "%.0f voluntary kernel switches counted, none claimed", counted);
}

struct audit audit_time(const struct cell *c, const struct answer *a)
{
	const struct observed *o = &a->observed;
	const struct entry *e = c->entry;
	bool one_cpu = !strcmp(c->place->name, "same-pu"), pinned = c->place->cpu[0] >= 0;
	bool told = o->voluntary >= 0 && o->involuntary >= 0;
	/* of those that a spawn takes where contexts are made elsewhere, the new one's own would be the least part */
	bool all_seen = told && !(e->spawns && e->caps & CAP_REMOTE && e->per_spawn.switches == NOT_CLAIMED);
	/* where every turn is followed by something untimed, what is forced on a task falls there, nearly all of it */
	double forced = e->batch == 1 ? 0 : o->involuntary;
	double moves = c->claimed_migrations * (double)a->turns;
	double ended = e->caps & CAP_THREAD_GROUP ? (double)e->spawns * (double)a->turns : 0;
	struct audit v = {
		.switches = all_seen ? per_turn(o->voluntary + forced + ended, a) : -1,
		.faults = per_turn(o->faults, a),
		.elsewhere = per_turn(o->elsewhere, a),
		.migrations = o->migrations < 0 ? -1 : o->migrations - moves,
		.preempted = -1,
		/* the kernel's last work for a task that ends is in no task's time, and a bench that sleeps leaves its
		 * CPU idle: then the share means nothing */
		.cpu = one_cpu && !(e->spawns && e->caps & CAP_KERNEL) && e->own.switches == 0 && o->cpu_ns >= 0 &&
				       o->wall_ns > 0
			       ? 100 * o->cpu_ns / o->wall_ns
			       : -1,
		.steal = o->steal_ns >= 0 && o->wall_ns > 0 ? 100 * o->steal_ns / o->wall_ns : -1,
	};
	if (!told)
		snprintf(v.refused, sizeof v.refused, "its kernel switches could not be read back from /proc");
	else if (!(e->caps & CAP_KERNEL))
		judge_user(c, a, &v);
	else if (c->claimed_switches >= 0 && all_voluntary(c))
		judge_voluntary(c, a, ended, &v);
	else if (c->claimed_switches >= 0)
		judge_switches(c, a, &v);
	if (!*v.refused && c->claimed_elsewhere >= 0 && !(e->caps & CAP_REMOTE))
		judge_elsewhere(c, a, &v);
	if (!*v.refused && pinned && e->handoffs && e->caps & CAP_KERNEL && o->tasks < 1)
		snprintf(v.refused, sizeof v.refused, "where its tasks ran could not be read back from /proc");
	if (!*v.refused && pinned && o->migrations >= 0 && fabs(o->migrations - moves) > tolerance * moves)
		snprintf(v.refused, sizeof v.refused, "pinned tasks changed their CPU %.0f times%s", o->migrations,
			moves > 0 ? ", not as often as was claimed" : "");
	if (!*v.refused && pinned && o->misplaced)
		snprintf(v.refused, sizeof v.refused, "a task ended on CPU %d, not on the CPU %d it was pinned to",
			o->cpu_seen, o->cpu_wanted);
	return v;
}

/*
 * A context that is preempted between its wake and its wait finds, when it goes on, that its turn has come again, and
 * is spared the wait: each call that is missing must be explained by one involuntary switch. Under SCHED_OTHER the
 * scheduler does it to most turns, under SCHED_BATCH only somebody else's task can. A queue that picks who runs
 * switches so by its nature, and there it explains nothing.
 */
static double spared_calls(const struct cell *c, const struct answer *a)
{
	const struct observed *o = &a->observed;
	bool directed = c->entry->caps & CAP_KERNEL && !(c->entry->caps & (CAP_UNDIRECTED | CAP_PREEMPTED));
	double claimed = c->claimed_switches * (double)a->turns;
	double waits = all_voluntary(c) ? spared(o, claimed) : o->involuntary;
	return directed && waits > 0 ? waits / (double)a->turns : 0;
}

void audit_calls(const struct cell *c, const struct answer *a, char *refused, size_t size)
{
	*refused = 0;
	if (a->calls < 0)
		return; /* not counted is not miscounted: the line says why */
	double tasks = c->claimed_tasks;
	double slack = tolerance * c->claimed_calls + strays / (double)a->turns;
	bool too_many = a->calls > c->claimed_calls + slack,
	     too_few = a->calls + spared_calls(c, a) < c->claimed_calls - slack;
	if (c->claimed_calls >= 0 && (too_many || too_few))
		snprintf(refused, size, "%.4f syscalls/op counted, %g claimed", a->calls, c->claimed_calls);
	else if (a->tasks >= 0 && tasks >= 0 && fabs(a->tasks - tasks) > tolerance * tasks)
		snprintf(refused, size, "%.4f tasks/op counted, %g claimed", a->tasks, tasks);
}
