// SPDX-License-Identifier: MIT
#include "../harness/run/audit.h"

#include "tap.h"

/* -- cells as the plan makes them: what is claimed is what a turn must make */
static const struct place one_cpu = { "same-pu", { 1, 1 }, "" }, two_cpus = { "same-llc", { 1, 0 }, "" },
			  unpinned = { "free", { -1, -1 }, "" };

static const struct entry lwp_entry = { .impl = "lwp", .caps = CAP_KERNEL | CAP_THREAD_GROUP, .ops = 2, .handoffs = 2 };
static const struct entry process_entry = { .impl = "process", .caps = CAP_KERNEL, .ops = 2, .handoffs = 2 };
static const struct entry user_entry = { .impl = "uthread-jmp", .ops = 2, .handoffs = 2 };
static const struct entry sleeping_entry = { .impl = "uthread", .ops = 1, .own = { .switches = 1 } };
static const struct entry told_nothing_entry = { .impl = "mn", .ops = 1, .own = { .switches = NOT_CLAIMED } };
static const struct entry remote_entry = { .caps = CAP_REMOTE, .ops = 2, .handoffs = 2 };
static const struct entry yield_entry = {
	.impl = "lwp", .wait = "yield", .caps = CAP_KERNEL | CAP_THREAD_GROUP | CAP_UNDIRECTED, .ops = 2, .handoffs = 2
};
static const struct entry create_entry = { .impl = "lwp",
	.caps = CAP_KERNEL | CAP_THREAD_GROUP,
	.ops = 1,
	.spawns = 1,
	.per_spawn = { .switches = 2, .calls = 3, .tasks = 1 } };
static const struct entry move_entry = { .caps = CAP_KERNEL | CAP_TWO_CPUS,
	.ops = 2,
	.own = { .switches = 4, .elsewhere = 2, .calls = 2, .migrations = 2 } };
static const struct entry stay_entry = { .caps = CAP_KERNEL | CAP_TWO_CPUS, .ops = 2, .own = { .calls = 2 } };

static struct cell cell_of(
	const struct entry *e, const struct place *place, const char *policy, double switches, double calls)
{
	return (struct cell){ .entry = e,
		.place = place,
		.policy = policy,
		.claimed_switches = switches,
		.claimed_calls = calls,
		.claimed_tasks = e->spawns * e->per_spawn.tasks,
		.at_most = place == &two_cpus };
}

/* -- answers as they were recorded: one trial of 10,000 turns in a tenth of a second, of nobody else */
static struct answer answer_of(double voluntary, double involuntary)
{
	return (struct answer){ .turns = 10000,
		.observed = { .voluntary = voluntary,
			.involuntary = involuntary,
			.wall_ns = 1e8,
			.cpu_ns = 0.99e8,
			.tasks = 2,
			.steal_ns = 0 } };
}

static void valid(const struct cell *c, const struct answer *a, const char *name)
{
	is_string(audit_time(c, a).refused, "", "%s: valid", name);
}

static void refused(const struct cell *c, const struct answer *a, const char *reason, const char *name)
{
	is_string(audit_time(c, a).refused, reason, "%s: refused", name);
}

static void switches(void)
{
	struct cell c = cell_of(&lwp_entry, &one_cpu, "batch", 2, 4),
		    process = cell_of(&process_entry, &one_cpu, "batch", 2, 4);
	struct answer a = answer_of(20000, 0);

	valid(&c, &a, "as many switches as claimed");
	is_double(audit_time(&c, &a).switches, 2, 0, "two a turn");
	is_double(audit_time(&c, &a).preempted, 0, 0, "none beyond them");
	valid(&process, &a, "the same of processes");
	a = answer_of(20099, 0);
	valid(&c, &a, "half a percent more");
	a = answer_of(19901, 0);
	valid(&c, &a, "half a percent fewer");
	a = answer_of(10000, 0);
	refused(&c, &a, "1.0000 voluntary switches/op counted, 2 claimed", "half of the switches");
	a = answer_of(0, 0);
	refused(&c, &a, "0.0000 voluntary switches/op counted, 2 claimed", "no switch at all");
	a = answer_of(19890, 0);
	refused(&c, &a, "1.9890 voluntary switches/op counted, 2 claimed",
		"a hundred and ten in twenty thousand fewer");
	/* what SCHED_OTHER makes of a pair, on a kernel whose SCHED_BATCH did the same */
	a = answer_of(11600, 8400);
	refused(&c, &a, "1.1600 voluntary switches/op counted, 2 claimed", "wake-up preemption under SCHED_BATCH");
	a = answer_of(100, 19900);
	refused(&c, &a, "0.0100 voluntary switches/op counted, 2 claimed", "nothing but preemptions");
	/* what groups do to a pair on Linux 6.18 while a task of another group waits for its share */
	a = answer_of(19020, 980);
	a.observed.cpu_ns = 1e8;
	valid(&c, &a, "a twentieth of the switches are preemptions");
	is_double(audit_time(&c, &a).preempted, 980, 0, "which is said");
	a = answer_of(18800, 1200);
	a.observed.cpu_ns = 1e8;
	refused(&c, &a, "1.8800 voluntary switches/op counted, 2 claimed", "more than a twentieth");
	a = answer_of(19020, 100);
	refused(&c, &a, "1.9020 voluntary switches/op counted, 2 claimed", "fewer switches than hand-offs");
	a = answer_of(100, 19900);
	a.observed.cpu_ns = 0.5e8;
	valid(&c, &a, "the same while somebody else has half of the CPU");
	a = answer_of(19820, 180);
	valid(&c, &a, "some waits spared by others");
	is_double(audit_time(&c, &a).preempted, 180, 0, "which is said");
	a = answer_of(40000, 0);
	refused(&c, &a, "4.0000 switches/op counted, 2 claimed", "twice as many");
	/* a ring of 4 under SCHED_OTHER on Linux 6.18: what was claimed for it was one a hop */
	a = answer_of(27800, 0);
	refused(&c, &a, "2.7800 switches/op counted, 2 claimed", "1.39 switches a hop");
	a = answer_of(19000, 0);
	a.turns = 10;
	refused(&c, &a, "1900.0000 switches/op counted, 2 claimed", "the turns of another trial");
}

static void preempted(void)
{
	struct cell batch = cell_of(&lwp_entry, &one_cpu, "batch", 2, 4),
		    other = cell_of(&lwp_entry, &one_cpu, "other", 2, 4);
	struct cell yield = cell_of(&yield_entry, &one_cpu, "batch", 2, 2);
	struct answer a = answer_of(20000, 12);

	valid(&batch, &a, "preempted a little");
	is_double(audit_time(&batch, &a).preempted, 12, 0, "and it says how often");
	valid(&other, &a, "preempted a little under SCHED_OTHER");
	/* nothing of the bench preempts there, so it was others; but a voluntary one is the bench's own */
	a = answer_of(20000, 5000);
	valid(&batch, &a, "others took the CPU all the time");
	is_double(audit_time(&batch, &a).preempted, 5000, 0, "which is said");
	a = answer_of(25000, 5000);
	refused(&batch, &a, "3.0000 switches/op counted, 2 claimed", "voluntary switches beyond the claim beside them");
	/* under SCHED_OTHER the bench's contexts preempt each other: more than others would is its own doing */
	a = answer_of(20000, 5000);
	refused(&other, &a, "2.5000 switches/op counted, 2 claimed", "wake-up preemption");
	is_double(audit_time(&other, &a).preempted, 5000, 0, "counted all the same");
	/* a yield is an involuntary switch */
	a = answer_of(0, 20000);
	valid(&yield, &a, "yields");
	a = answer_of(0, 25000);
	refused(&yield, &a, "2.5000 switches/op counted, 2 claimed", "yields beyond the claim");
	a = answer_of(0, 10000);
	refused(&yield, &a, "1.0000 switches/op counted, 2 claimed", "yields that came back at once");
}

static void user_threads(void)
{
	struct cell c = cell_of(&user_entry, &one_cpu, "batch", 0, 0);
	struct answer a = answer_of(0, 0);

	valid(&c, &a, "user threads without the kernel");
	a = answer_of(0, 300);
	valid(&c, &a, "user threads preempted by others");
	is_double(audit_time(&c, &a).preempted, 300, 0, "which is said");
	a = answer_of(2, 0);
	valid(&c, &a, "a stray one at the edges");
	a = answer_of(10000, 0);
	refused(&c, &a, "10000 voluntary kernel switches counted, none claimed", "user threads that sleep");

	c = cell_of(&sleeping_entry, &one_cpu, "batch", 1, -1);
	valid(&c, &a, "user threads of a bench that sleeps once a turn");
	is_double(audit_time(&c, &a).cpu, -1, 0, "whose share of the CPU means nothing");
	a = answer_of(9000, 0);
	refused(&c, &a, "9000 voluntary kernel switches counted, 10000 claimed", "where it does not always sleep");
	a = answer_of(11000, 0);
	refused(&c, &a, "11000 voluntary kernel switches counted, 10000 claimed", "or more often");
	c = cell_of(&told_nothing_entry, &one_cpu, "batch", -1, -1);
	valid(&c, &a, "a bench that does not claim how often");

	c = cell_of(&remote_entry, &one_cpu, "batch", 0, 0);
	a = answer_of(200, 0); /* of 20000 hand-offs in ten samples */
	a.turns_per_sample = 1000;
	valid(&c, &a, "another program's user threads, and the lines that tell them to run");
	a = answer_of(20000, 0);
	a.turns_per_sample = 1000;
	refused(&c, &a, "20000 voluntary kernel switches counted, none claimed", "another program's that sleep");
}

static void across_cpus(void)
{
	struct cell c = cell_of(&lwp_entry, &two_cpus, "other", 2, -1),
		    free_cell = cell_of(&lwp_entry, &unpinned, "other", -1, -1);
	struct answer a = answer_of(20000, 0);

	valid(&c, &a, "wakes that each put a CPU to sleep");
	a = answer_of(300, 0);
	valid(&c, &a, "wakes that find their partner awake");
	a = answer_of(20160, 0);
	refused(&c, &a, "2.0160 switches/op counted, at most 2 claimed", "wakes with more switches than hand-offs");
	is_double(audit_time(&c, &a).cpu, -1, 0, "no share of one CPU");
	a = answer_of(7, 31000);
	valid(&free_cell, &a, "unpinned nothing is claimed");
	is_double(audit_time(&free_cell, &a).switches, 3.1007, 1e-12, "and it is counted");
	is_double(audit_time(&free_cell, &a).preempted, -1, 0, "nor is it known what preempted whom");
}

/* At one real-time priority nobody preempts on waking either; and across CPUs no policy makes a wake out of what found
 * its partner awake. */
static void every_policy(void)
{
	struct cell fifo = cell_of(&lwp_entry, &one_cpu, "fifo", 2, 4),
		    wake = cell_of(&lwp_entry, &two_cpus, "batch", 2, -1),
		    real = cell_of(&lwp_entry, &two_cpus, "fifo", 2, -1);
	struct answer a = answer_of(20000, 0);

	valid(&fifo, &a, "SCHED_FIFO, as many switches as claimed");
	a = answer_of(11600, 8400);
	refused(&fifo, &a, "1.1600 voluntary switches/op counted, 2 claimed", "wake-up preemption under SCHED_FIFO");
	a = answer_of(300, 0);
	valid(&wake, &a, "wakes under SCHED_BATCH that find their partner awake");
	valid(&real, &a, "and under SCHED_FIFO");
	a = answer_of(20160, 0);
	refused(&wake, &a, "2.0160 switches/op counted, at most 2 claimed", "more switches than hand-offs");
	a = answer_of(20000, 5000);
	valid(&wake, &a, "others preempt what has its CPU to itself");
	is_double(audit_time(&wake, &a).preempted, 5000, 0, "which is said");
}

static void ended_tasks(void)
{
	struct cell c = cell_of(&create_entry, &one_cpu, "batch", 2, 3);
	struct answer a = answer_of(10000, 0);

	/* the last switch of a CLONE_THREAD task is in nobody's count: half of what is claimed is seen */
	valid(&c, &a, "the last switch of each ended task is added");
	is_double(audit_time(&c, &a).switches, 2, 0, "two a turn with it");
	is_double(audit_time(&c, &a).cpu, -1, 0, "with spawns the CPU time means nothing");
	a = answer_of(20000, 0);
	refused(&c, &a, "3.0000 switches/op counted, 2 claimed", "one more than that");
	a = answer_of(0, 0);
	refused(&c, &a, "1.0000 voluntary switches/op counted, 2 claimed", "a join that never slept");
}

static void misplaced(void)
{
	struct cell c = cell_of(&lwp_entry, &one_cpu, "batch", 2, 4),
		    free_cell = cell_of(&lwp_entry, &unpinned, "other", -1, -1);
	struct cell user = cell_of(&user_entry, &one_cpu, "batch", 0, 0);
	struct answer a = answer_of(20000, 0), still = answer_of(0, 0);

	a.observed.tasks = still.observed.tasks = 2;
	a.observed.misplaced = still.observed.misplaced = 1;
	a.observed.cpu_seen = still.observed.cpu_seen = 0;
	a.observed.cpu_wanted = still.observed.cpu_wanted = 1;
	refused(&c, &a, "a task ended on CPU 0, not on the CPU 1 it was pinned to", "a pin that did not hold");
	refused(&user, &still, "a task ended on CPU 0, not on the CPU 1 it was pinned to", "the same of user threads");
	valid(&free_cell, &a, "where nothing is pinned nothing is misplaced");
	a.observed.misplaced = a.observed.tasks = 0;
	refused(&c, &a, "where its tasks ran could not be read back from /proc", "a pin that nobody saw");
	a.observed.misplaced = 1;
	a.observed.voluntary = 10000;
	refused(&c, &a, "1.0000 voluntary switches/op counted, 2 claimed", "a wrong count goes first");
}

static void what_is_told(void)
{
	struct cell c = cell_of(&lwp_entry, &one_cpu, "batch", 2, 4);
	struct answer a = answer_of(20000, 0);

	a.observed.faults = 50;
	a.observed.steal_ns = 5e6;
	is_double(audit_time(&c, &a).faults, 0.005, 1e-15, "faults a turn");
	is_double(audit_time(&c, &a).steal, 5, 1e-12, "steal in percent of the time");
	is_double(audit_time(&c, &a).cpu, 99, 1e-12, "CPU time in percent of it");
	a.observed.steal_ns = a.observed.cpu_ns = a.observed.faults = -1;
	is_double(audit_time(&c, &a).faults, -1, 0, "faults not told");
	is_double(audit_time(&c, &a).steal, -1, 0, "steal not told");
	is_double(audit_time(&c, &a).cpu, -1, 0, "CPU time not told");
	valid(&c, &a, "what is not told is no fault");
	a.observed.voluntary = -1;
	is_double(audit_time(&c, &a).switches, -1, 0, "switches not told");
	refused(&c, &a, "its kernel switches could not be read back from /proc", "switches without a count");
}

/* -- system calls */
static struct answer counted(double calls, double tasks, double involuntary)
{
	struct answer a = answer_of(20000, involuntary);
	a.calls = calls;
	a.tasks = tasks;
	return a;
}

static void calls_are(const struct cell *c, struct answer a, const char *expected, const char *name)
{
	char text[256] = "left over";

	audit_calls(c, &a, text, sizeof text);
	is_string(text, expected, "%s", name);
}

static void calls(void)
{
	struct cell c = cell_of(&lwp_entry, &one_cpu, "batch", 2, 4),
		    user = cell_of(&user_entry, &one_cpu, "batch", 0, 0);
	struct cell create = cell_of(&create_entry, &one_cpu, "batch", 2, 3),
		    other = cell_of(&lwp_entry, &one_cpu, "other", 2, 4),
		    libc = cell_of(&create_entry, &one_cpu, "batch", 2, -1);
	struct cell yield = cell_of(&yield_entry, &one_cpu, "batch", 2, 2);

	calls_are(&c, counted(4, 0, 0), "", "four calls a turn of two hand-offs");
	calls_are(&c, counted(4.01, 0, 0), "", "a quarter of a percent more");
	calls_are(&c, counted(2, 0, 0), "2.0000 syscalls/op counted, 4 claimed", "half of the calls");
	calls_are(&c, counted(4.4, 0, 0), "4.4000 syscalls/op counted, 4 claimed", "a tenth more");
	/* a context preempted between its wake and its wait finds its turn come again and is spared the wait */
	calls_are(&c, counted(3.97, 0, 180), "", "spared waits that preemptions explain");
	calls_are(&c, counted(3.91, 0, 1000), "", "up to a twentieth of the switches");
	calls_are(&c, counted(3.8, 0, 4000), "3.8000 syscalls/op counted, 4 claimed", "no more of them");
	calls_are(&c, counted(3.9, 0, 500), "3.9000 syscalls/op counted, 4 claimed",
		"spared waits that they do not explain");
	calls_are(&c, counted(3.16, 0, 8400), "3.1600 syscalls/op counted, 4 claimed",
		"more of them than others can have made");
	calls_are(&other, counted(3.16, 0, 8400), "", "but under SCHED_OTHER the bench makes them itself");
	calls_are(
		&other, counted(3.16, 0, 4000), "3.1600 syscalls/op counted, 4 claimed", "one for each call there too");
	calls_are(&c, counted(4.1, 0, 1000), "4.1000 syscalls/op counted, 4 claimed",
		"preemptions explain no call too many");
	calls_are(&yield, counted(1.9, 0, 20000), "1.9000 syscalls/op counted, 2 claimed",
		"nor a yield that was not made");
	calls_are(&user, counted(0, 0, 0), "", "user threads: none");
	calls_are(&user, counted(0.0002, 0, 0), "", "a stray one at the edges");
	calls_are(
		&user, counted(1, 0, 0), "1.0000 syscalls/op counted, 0 claimed", "user threads that call the kernel");
	calls_are(&user, counted(0, 1, 0), "1.0000 tasks/op counted, 0 claimed", "user threads that are kernel tasks");
	calls_are(&libc, counted(10, 1, 0), "", "nothing claimed where libc decides");
	calls_are(&create, counted(3, 1, 0), "", "created: one task, three calls");
	calls_are(&create, counted(3, 2, 0), "2.0000 tasks/op counted, 1 claimed", "two tasks for one LWP");
	calls_are(&create, counted(3, 0, 0), "0.0000 tasks/op counted, 1 claimed", "none");
	calls_are(&create, counted(5, 1, 0), "5.0000 syscalls/op counted, 3 claimed", "five calls for one LWP");
	calls_are(&c, counted(-1, -1, 0), "", "not counted is not miscounted");
}

/* -- handed back by preemption; and where what surrounds a turn is untimed */
static void handed_back(void)
{
	static const struct entry worker = {
		.caps = CAP_KERNEL | CAP_THREAD_GROUP | CAP_PREEMPTED, .ops = 2, .handoffs = 2
	};
	struct entry sleeper = worker;
	struct cell c = cell_of(&worker, &one_cpu, "batch", 2, 1),
		    across = cell_of(&sleeper, &two_cpus, "other", 2, -1);
	struct answer a = answer_of(10000, 10000);

	valid(&c, &a, "half of the switches are forced, as claimed");
	a = answer_of(10000, 0);
	refused(&c, &a, "1.0000 switches/op counted, 2 claimed", "never handed back");
	a.observed.involuntary = 10000;
	a.calls = 0.5;
	calls_are(&c, a, "0.5000 syscalls/op counted, 1 claimed", "preemptions spare no call there");
	sleeper.batch = 1;
	a = answer_of(20000, 300000);
	valid(&across, &a, "preempted between the turns");
	is_double(audit_time(&across, &a).switches, 2, 0, "which are no switches of the turn");
	a = answer_of(30000, 0);
	refused(&across, &a, "3.0000 switches/op counted, at most 2 claimed", "a switch too many");
}

/* -- a task that moves itself, and the kernel thread that does it; the same call without a move */
static struct answer moves_of(double own, double elsewhere, double migrations)
{
	struct answer a = answer_of(own + elsewhere, 0);
	a.observed.elsewhere = elsewhere;
	a.observed.migrations = migrations;
	return a;
}

static void moves(void)
{
	struct cell c = cell_of(&move_entry, &two_cpus, "other", 4, 2),
		    stay = cell_of(&stay_entry, &two_cpus, "other", 0, 2);
	c.at_most = stay.at_most = false;
	c.claimed_elsewhere = c.claimed_migrations = 2;
	struct answer a = moves_of(20000, 20000, 20000);

	valid(&c, &a, "a switch into the kernel thread and out of it, a move");
	is_double(audit_time(&c, &a).migrations, 0, 0, "no migration beyond those claimed");
	a = moves_of(20000, 20080, 20000);
	valid(&c, &a, "the kernel thread serves others, too");
	a = moves_of(20000, 0, 20000);
	refused(&c, &a, "0.0000 switches-elsewhere/op counted, 2 claimed", "moves that no kernel thread made");
	a = moves_of(0, 20000, 20000);
	refused(&c, &a, "2.0000 switches/op counted, 4 claimed", "moves for which the task was not switched from");
	a = moves_of(20000, 20000, 10000);
	refused(&c, &a, "pinned tasks changed their CPU 10000 times, not as often as was claimed", "half of the moves");
	a = moves_of(20000, -1, 20000);
	refused(&c, &a, "the kernel thread's own switches could not be read from /proc", "a thread that can't be seen");
	a = moves_of(0, 20, 0);
	valid(&stay, &a, "the call without a move; others moved");
	a = moves_of(0, 20000, 0);
	refused(&stay, &a, "2.0000 switches-elsewhere/op counted, 0 claimed", "a control that moves");
	a = moves_of(0, 0, 1);
	refused(&stay, &a, "pinned tasks changed their CPU 1 times", "a control that was moved");
}

int main(void)
{
	handed_back();
	moves();
	switches();
	preempted();
	user_threads();
	across_cpus();
	every_policy();
	ended_tasks();
	misplaced();
	what_is_told();
	calls();
	return done();
}
