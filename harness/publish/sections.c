// SPDX-License-Identifier: MIT
/* What stands in each chapter; the tables of it are made by cellsheet.c. */
#include "sections.h"

#include <string.h>

const struct section sections[] = {
	{ .id = "switch",
		.title = "Switch",
		.how = "Two contexts on one CPU hand it to each other by name, there and back; the time is of "
		       "one way. A context that the kernel schedules waits for its turn in one of several ways, "
		       "and wakes the other by it; a user thread's switch is a call. What is in the time is the "
		       "hand-off with all that the wait does; making the contexts and the clock are not. Policy "
		       "batch makes a hand-off exactly one kernel switch; other is what a program gets by "
		       "default, which may preempt on waking; unpinned (free) it is the scheduler's choice, and "
		       "a hand-off may also be a wake. The control is null, a procedure call.",
		.benches = "switch yield yield-alone",
		.figures = "places compare counters",
		.also = { "one-cpu%", "on one CPU" } },
	{ .id = "create",
		.title = "Creation",
		.how = "A context is made, runs an empty body and is joined (create), or is only made, and "
		       "joined outside of the clock (spawn). Stacks are reused unless the name says otherwise. "
		       "The rungs clone-* go from process to thread one shared thing at a time; what each shares "
		       "was found by changing it in one context and looking from the other, not taken from its "
		       "flags. Kernel tasks, calls and faults are per creation, and were counted in passes of "
		       "their own.",
		.benches = "create spawn",
		.figures = "sharing",
		.also = { "tasks/op", "tasks", "syscalls/op", "calls", "faults/op", "faults", "signals/op",
			"signals" } },
	{ .id = "anatomy",
		.title = "Anatomy of a creation and of a switch",
		.how = "The clock is read at each step by both sides: before and after the call, as the first "
		       "and the last thing that the new context does, and after the join. What the reads take is "
		       "off. The parts are held against the whole that the benches create and switch measured "
		       "with no clock inside; what is left is called unexplained and is spread over nothing.",
		.benches = "anatomy",
		.figures = "anatomy",
		.also = { "call-ns", "the call", "first-ns", "to its first instruction", "run-ns", "its body",
			"join-ns", "to the join's return", "wake-there-ns", "wake", "sleep-there-ns",
			"to the other's first" } },
	{ .id = "mode-switch",
		.title = "Mode switch",
		.how = "One crossing from user mode into the kernel and back, by a ladder of system calls, page "
		       "faults and signals that differ in one thing each: what is copied, how many pointers are "
		       "checked, which check refuses. Refused creations (refuse) stop at one stage after the "
		       "other and so show what copying and checking the parameters takes. The bench mode is the "
		       "empty crossing into whatever manages an implementation: the kernel, or the user-level "
		       "library, where it is a call.",
		.benches = "mode syscall refuse",
		.figures = "modeswitch",
		.also = { "syscalls/op", "calls", "faults/op", "faults" } },
	{ .id = "state",
		.title = "Registers",
		.how = "The switch once more, with register sets in use that not every program uses: before each "
		       "hand-off both contexts write to every register of a set, so that the kernel must save "
		       "and load it. The writes are in the time; the rows of null are the same loop without a "
		       "switch. Where the CPU tells it, in use is how many bytes it saw to be saved.",
		.benches = "state",
		.figures = "",
		.also = { "in-use-B", "in use" } },
	{ .id = "ring",
		.title = "Ring: what a switch does to caches",
		.how = "Contexts on one CPU hand it round, and each reads (ring), writes (ring-write) or reads "
		       "one line a page (ring-pages) of memory of its own when its turn comes. The time is of "
		       "one hop: the touching and the hand-off. The ring of one context touches as much and "
		       "hands off to nobody: it is the control, and what is more than that is what a switch "
		       "costs with all that follows from it. Contexts and control are those of lmbench (McVoy "
		       "and Staelin 1996), and ring-sizes has its sizes and numbers of contexts; direct and "
		       "indirect cost those of Li, Ding and Shen (2007).",
		.benches = "ring ring-write ring-pages ring-sizes",
		.figures = "ring direct-indirect" },
	{ .id = "grain",
		.title = "Grain: how small work may be",
		.how = "Two contexts on one CPU work for so many nanoseconds and hand over; the work is a chain "
		       "of additions that touches no memory and goes on with the other's result. One context "
		       "alone is the control. The time is of the work and one hand-off.",
		.benches = "grain",
		.figures = "" },
	{ .id = "wake",
		.title = "Wake on another CPU",
		.how = "A hand-off to a context on another CPU: nobody is switched to, a CPU leaves idle, so "
		       "that what the idle governor and the states do is in it. It is never in one row with a "
		       "switch. Where the partner spins, no CPU was idle. A task that moves itself (move) makes "
		       "a switch into the kernel's own thread and a wake elsewhere.",
		.benches = "wake",
		.figures = "wakes" },
	{ .id = "latency",
		.title = "Each single hand-off",
		.how = "Every hand-off timed by itself, from the read of the clock before the other is told to "
		       "the first thing that the other does, into a histogram of 128 steps an octave. After a "
		       "gap the CPU has been idle for so long. Quantiles that fewer than 100 values lie beyond "
		       "are not given. Every other eight turns go without a clock and are the control.",
		.benches = "latency wake-latency preempt",
		.figures = "latency",
		.also = { "p50-ns", "p50", "p90-ns", "p90", "p99-ns", "p99", "p99.9-ns", "p99.9", "max-ns", "longest",
			"slice-ns", "slice", "lost%", "lost" } },
	{ .id = "models",
		.title = "User threads over LWPs",
		.how = "What becomes of the others' work while one context sits in a blocking system call "
		       "(block): how fast they count then, in percent of before. On one LWP all stand still; on "
		       "several one LWP is lost. When every LWP is blocked, another is made, or woken, and runs "
		       "who is ready (relief). Pairs of contexts on as many CPUs as the name says switch among "
		       "themselves (spread).",
		.benches = "block relief spread",
		.also_first = true,
		.figures = "mn",
		.also = { "share%", "others go on at" } },
	{ .id = "memory",
		.title = "Memory, and how many there can be",
		.how = "What one of many contexts takes of the machine's memory while it is alive and does "
		       "nothing: resident in user mode, page tables, the kernel's stack and objects, and by how "
		       "much less memory was free. (The time is what making all of them took.) How many can be "
		       "alive at once (limit), until one more is refused, or until we stopped.",
		.benches = "memory limit",
		.also_first = true,
		.figures = "memory",
		.also = { "user-B/context", "user", "tables-B/context", "page tables", "kernel-stack-B/context",
			"kernel stack", "slab-B/context", "kernel objects", "free-B/context", "of free memory", "alive",
			"alive" } },
	{ .id = "published",
		.title = "What published tables have beside these",
		.how = "Workloads that published tables have and no other chapter: a lock and an unlock of a "
		       "mutex that nobody else wants (mutex); two user threads that signal each other by "
		       "conditions, one way, through their library's scheduler (signal-wait); from the call that "
		       "makes a context to its first instruction on another CPU, and the whole with its join "
		       "(start); a process that forks and becomes another program, or a shell that is told to "
		       "run it (exec); and work in user mode with a call after it, beside the same work and the "
		       "same call alone: what is more than both is what the call leaves behind (after-call).",
		.benches = "mutex signal-wait start exec after-call",
		.figures = "",
		.also = { "syscalls/op", "calls", "p50-ns", "p50", "p99-ns", "p99", "instructions:u/op", "instructions",
			"cycles:u/op", "cycles" } },
	{ .id = "others",
		.title = "Other benches",
		.how = "What these measure is not known to this version of the report: the name of each cell "
		       "says what its program says.",
		.figures = "" },
};
const size_t sections_count = sizeof sections / sizeof *sections;

/* Is it one of the words of a list with blanks? */
static bool among(const char *list, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = list; at && (at = strstr(at, word)); at += length)
		if ((at == list || at[-1] == ' ') && (!at[length] || at[length] == ' '))
			return length > 0;
	return false;
}

bool section_has_bench(const struct section *section, const char *bench)
{
	if (section->benches)
		return among(section->benches, bench);
	for (const struct section *other = sections; other < section; other++)
		if (section_has_bench(other, bench))
			return false;
	return true;
}

bool section_has_figure(const struct section *section, const char *figure)
{
	return among(section->figures, figure);
}

bool section_in(const struct section *section, const struct sources *s)
{
	for (size_t i = 0; i < s->files; i++)
		for (size_t c = 0; c < s->cells[i]->cells; c++)
			if (section_has_bench(section, s->cells[i]->cell[c].bench))
				return true;
	return false;
}

static bool first_of_bench(const struct sources *s, size_t file, size_t cell)
{
	const char *bench = s->cells[file]->cell[cell].bench;

	for (size_t i = 0; i <= file; i++)
		for (size_t c = 0; c < (i < file ? s->cells[i]->cells : cell); c++)
			if (!strcmp(s->cells[i]->cell[c].bench, bench))
				return false;
	return true;
}

/* The named ones in their order; those of the last section as they come. */
void section_benches(
	const struct section *section, const struct sources *s, void (*each)(const char *bench, void *to), void *to)
{
	const char *list = section->benches ? section->benches : "";
	char bench[32];

	for (size_t n; *list; list += n + (list[n] == ' ')) {
		n = strcspn(list, " ");
		snprintf(bench, sizeof bench, "%.*s", (int)n, list);
		each(bench, to);
	}
	for (size_t i = 0; i < s->files && !section->benches; i++)
		for (size_t c = 0; c < s->cells[i]->cells; c++)
			if (section_has_bench(section, s->cells[i]->cell[c].bench) && first_of_bench(s, i, c))
				each(s->cells[i]->cell[c].bench, to);
}
