// SPDX-License-Identifier: MIT
/* What an impl can do and what it costs, in terms that run and cell share. A job runs on an impl whose caps include its
 * needs. */
#ifndef HARNESS_CAPS_H
#define HARNESS_CAPS_H

enum cap {
	CAP_CREATE = 1 << 20,              /* contexts are made, run and joined */
	CAP_SPAWN = 1 << 0 | CAP_CREATE, /* and whoever made them goes on meanwhile */
	CAP_HANDOFF = 1 << 1,
	CAP_MODE = 1 << 2,
	CAP_YIELD = 1 << 3,    /* has a queue to go through */
	CAP_TWO_CPUS = 1 << 4, /* its contexts can sit on different CPUs and hand off across them */
	CAP_QUEUE = 1 << 5,    /* a user-level scheduler: a yield runs the next of the contexts that are ready */
	/* these say how an impl is to be judged, no job needs them */
	CAP_CALL_ONLY = 1 << 8,     /* the floor: one op is one procedure call and nothing is switched */
	CAP_KERNEL = 1 << 9,        /* scheduled by the kernel: every hand-off is a kernel switch */
	CAP_THREAD_GROUP = 1 << 10, /* an ended context's last switch is in nobody's count (a CLONE_THREAD task) */
	CAP_UNDIRECTED = 1 << 11,   /* the scheduler's queue picks who runs: a yield, not a switch */
	CAP_SAVES_FP = 1 << 12,     /* each context has floating-point control words of its own */
	/* libc or a library decides how many calls a spawn makes, or a hand-off or yield: reported, not asserted */
	CAP_LIBC_SPAWN = 1 << 13,
	CAP_LIBC_HANDOFF = 1 << 14,
	CAP_REMOTE = 1 << 15,      /* its contexts live outside this program: in another, or in the kernel */
	CAP_ACROSS_ONLY = 1 << 16, /* on one CPU it would only spin */
	CAP_WORKERS = 1 << 17,     /* how many LWPs carry its contexts is a point */
	CAP_PREEMPTED = 1 << 18,   /* on one CPU being handed back takes the CPU from the other, which does not give it up */
	CAP_TASKS_UNSEEN = 1 << 19, /* its tasks end without a system call, by which alone they can be counted */
	CAP_ALL_CPUS = 1 << 23, /* takes a list of CPUs and puts contexts on each */
	CAP_PROGRAM = 1 << 21, /* what it makes runs a program of its own and not the body that it is given */
	/* differs from another impl in its creation and in what it shares, or in a matter of one CPU: nothing else of it is
	 * measured */
	CAP_VARIANT = 1 << 22,
};

#define NOT_CLAIMED (-1)

/* Of one job: its own axes, and what it tells beside its time. */
enum { SCALES_MOST = 3, READINGS_MOST = 24 };

/* Who picks the context that runs next, in words. */
static inline const char *caps_scheduler(unsigned caps)
{
	return caps & CAP_CALL_ONLY                     ? "none: nothing is switched"
	       : caps & CAP_KERNEL                      ? "the kernel's"
	       : caps & CAP_QUEUE && caps & CAP_HANDOFF ? "in user mode: its own queue, or the context that is named"
	       : caps & CAP_QUEUE                       ? "in user mode: its own queue"
							: "none: every switch names who runs";
}

/* What one spawn with its join, one hand-off, one mode or one yield makes on one CPU under policy=batch. */
struct cost {
	double switches;   /* kernel switches; NOT_CLAIMED where others' tasks or the kernel's version have a part in it */
	double elsewhere;  /* of them, those of tasks outside of this program, which serve others too (struct impl's `tasks`) */
	double calls;      /* system calls */
	double tasks;      /* kernel tasks made */
	double migrations; /* moves of a task to another CPU */
};

#endif
