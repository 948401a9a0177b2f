// SPDX-License-Identifier: MIT
/*
 * refuse: a creation that the kernel turns down, at one stage after another. A probe: no template may make a call that
 * must fail. What lies between two stages is what the kernel does between them with the parameters of a creation, and
 * with nothing else: no task is made, no page, no lock taken. Needs neither counters nor root.
 *
 * The order of the stages is that of kernel/fork.c: clone3 looks at the size, copies the structure in, checks what was
 * copied field by field, then the flags, then the stack; copy_process() holds the flags against each other, and would
 * make the task.
 */
#include <sched.h>

#include "syscall/rungs.h"

/* Of our own: the headers of some C libraries have it longer, and some not at all. The first version, of 64 bytes,
 * which every kernel with this call takes. */
struct creation {
	uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
};

enum { STACK = 16384, LARGEST = 4096, SMALLER_THAN_ANY = sizeof(struct creation) - 8, NO_SIGNAL = 0x100 };
static const uint64_t NO_FLAG = 1ull << 62;

/* CLONE_PIDFD and CLONE_DETACHED, which the headers of some C libraries lack. */
enum { PIDFD = 0x1000, DETACHED = 0x400000 };

struct turned_down {
	struct asked asked;
	int tid; /* that of whoever would be made, were it not turned down */
	union {
		struct creation creation;
		unsigned char longest[LARGEST];
	};
	unsigned char stack[STACK] __attribute__((aligned(16)));
};

static size_t turned_down_bytes(const struct point *p)
{
	(void)p;
	return sizeof(struct turned_down);
}

/* What an LWP's creation gives, and nothing wrong with it yet. */
static struct creation *sound(const struct point *p)
{
	struct turned_down *t = p->arena;
	t->creation = (struct creation){
		.flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM |
			 CLONE_CHILD_CLEARTID,
		.child_tid = (uintptr_t)&t->tid,
		.stack = (uintptr_t)t->stack,
		.stack_size = STACK,
	};
	return &t->creation;
}

static void end_at_once(void *arg)
{
	(void)arg;
}

/* The first time with a stack and somewhere to go: should anybody be made after all, it ends. */
static int turn_down(const struct point *p, const void *args, unsigned long size, int error)
{
	long answer = arch_clone3(args, size, end_at_once, NULL);
	if (answer != -error)
		return answer < 0 ? (int)answer : -EPROTO;
	return ask_open(
		p, (struct asked){ .number = SYS_clone3, .argument = { (long)args, (long)size }, .answer = -error });
}

static int null_open(const struct point *p)
{
	struct asked *a = p->arena;
	a->number = SYS_getppid;
	return ask_open(p, (struct asked){ .number = SYS_getppid, .answer = ask(a) });
}

static int size_open(const struct point *p)
{
	return turn_down(p, sound(p), SMALLER_THAN_ANY, EINVAL);
}

/* The first field that is looked at once all have been copied. */
static int copied_open(const struct point *p)
{
	struct creation *c = sound(p);
	c->exit_signal = NO_SIGNAL;
	return turn_down(p, c, sizeof *c, EINVAL);
}

static int flags_open(const struct point *p)
{
	struct creation *c = sound(p);
	c->flags |= NO_FLAG;
	return turn_down(p, c, sizeof *c, EINVAL);
}

static int stack_open(const struct point *p)
{
	struct creation *c = sound(p);
	c->stack_size = 0;
	return turn_down(p, c, sizeof *c, EINVAL);
}

/* A thread can't be the first of a new PID namespace: of the flags that exclude each other, among the last to be held
 * against each other. */
static int combination_open(const struct point *p)
{
	struct creation *c = sound(p);
	c->flags |= CLONE_NEWPID;
	return turn_down(p, c, sizeof *c, EINVAL);
}

/* Longer than any kernel knows: what is too much must be zero, and its last byte is not. */
static int tail_open(const struct point *p)
{
	struct turned_down *t = p->arena;
	struct creation *c = sound(p);
	t->longest[LARGEST - 1] = 1;
	return turn_down(p, c, LARGEST, E2BIG);
}

static int pointer_open(const struct point *p)
{
	return turn_down(p, NULL, sizeof(struct creation), EFAULT);
}

/* The older call has its parameters in registers: nothing is copied. A filter can see them there, and containers'
 * refuse new namespaces; so these are two flags that exclude each other, and are held against each other last. */
static int clone_open(const struct point *p)
{
	struct turned_down *t = p->arena;
	unsigned long flags = (unsigned long)sound(p)->flags & ~(unsigned long)(CLONE_CHILD_CLEARTID | CLONE_THREAD);
	char *top = (char *)t->stack + STACK;
	flags |= PIDFD | DETACHED;
	long answer = arch_clone(flags, top, end_at_once, NULL, &t->tid);
	if (answer != -EINVAL)
		return answer < 0 ? (int)answer : -EPROTO;
	return ask_open(
		p, (struct asked){ .number = SYS_clone, .argument = { (long)flags, (long)top }, .answer = -EINVAL });
}

/* -- where they can't be made */
static const char *clone3_missing(void)
{
	if (arch_missing())
		return arch_missing();
	switch (-arch_clone3(NULL, sizeof(struct creation), end_at_once, NULL)) {
	case EFAULT:
		return NULL;
	case ENOSYS:
		return "clone3: ENOSYS: a kernel before 5.3, or a seccomp filter that says so";
	default:
		return "clone3: not the kernel's own answer to a bad pointer: a seccomp filter's";
	}
}

#define REFUSE(stage, words, opens)                                                                                    \
	&(const struct job)                                                                                            \
	{                                                                                                              \
		.name = "refuse", .variant = "stage=" stage, .summary = words, .unit = "op", .ops = 1,                 \
		.arena_bytes = turned_down_bytes, .open = opens, .loop = ask_loop, .close = ask_close,                 \
		.own = { .calls = 1 }, .makes_none = 1                                                                 \
	}

static const struct job *const older[] = {
	REFUSE("null", "no creation: the kernel entered and left, which every stage has in it", null_open),
	REFUSE("clone", "clone, its parameters in registers: flags that exclude each other", clone_open),
	NULL,
};

static const struct job *const stages[] = {
	REFUSE("size",
		"clone3 turned down, stage by stage; first at the size of its structure, of which nothing is copied",
		size_open),
	REFUSE("copied", "clone3: the structure copied, and its first field refused", copied_open),
	REFUSE("flags", "clone3: a flag that does not exist", flags_open),
	REFUSE("stack", "clone3: a stack of no size, looked at after the flags", stack_open),
	REFUSE("combination", "clone3: flags that exclude each other, looked at last", combination_open),
	REFUSE("tail", "clone3: 4 KiB, of which the unknown part must be zero and is not in its last byte", tail_open),
	REFUSE("pointer", "clone3: a structure where nothing can be read", pointer_open),
	NULL,
};

LADDER(by_registers, arch_missing, older);
LADDER(by_structure, clone3_missing, stages);
