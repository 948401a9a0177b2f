// SPDX-License-Identifier: MIT
/*
 * syscall: the ladder of the mode switch. A probe: it is compiled once, belongs to no impl, and may use libc, which the
 * templates in bench/ may not; the rungs call what a program would call. Here are those that copy nothing: the floor,
 * the way in and out, and what is checked before anything is done. The others are in the folder of this name.
 */
#include <linux/capability.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "syscall/rungs.h"

/* No kernel has a call of this number, and none may get one: negative numbers are the tracers'. */
enum { NO_SUCH_CALL = 0xfff };

/* -- the floor: in user mode */
static int nothing_open(const struct point *p)
{
	(void)p;
	return 0;
}

/* The loop that the others are; the barrier keeps the compiler from folding it. */
static int empty_loop(void *arena, uint64_t n)
{
	(void)arena;
	for (; n; n--)
		__asm__ volatile("");
	return 0;
}

static int counter_read_loop(void *arena, uint64_t n)
{
	(void)arena;
	for (; n; n--)
		arch_ticks();
	return 0;
}

static int vdso_loop(void *arena, uint64_t n)
{
	(void)arena;
	struct timespec t;
	for (; n; n--)
		clock_gettime(CLOCK_MONOTONIC, &t);
	return 0;
}

/* -- in and out, and little else */
static int null_loop(void *arena, uint64_t n)
{
	(void)arena;
	for (; n; n--)
		arch_syscall(SYS_getppid, 0, 0, 0, 0, 0, 0);
	return 0;
}

static int enosys_open(const struct point *p)
{
	return ask_open(p, (struct asked){ .number = NO_SUCH_CALL, .answer = -ENOSYS });
}

static int yield_open(const struct point *p)
{
	return ask_open(p, (struct asked){ .number = SYS_sched_yield });
}

/* A word that nobody waits on: the kernel computes its key, looks into one bucket and goes. */
struct woken {
	struct asked asked;
	uint32_t word;
};

static size_t woken_bytes(const struct point *p)
{
	(void)p;
	return sizeof(struct woken);
}

static int futex_wake_open(const struct point *p)
{
	struct woken *w = p->arena;
	return ask_open(
		p, (struct asked){ .number = SYSTEM_FUTEX, .argument = { (long)&w->word, FUTEX_WAKE_PRIVATE, 1 } });
}

/* What is to be done at a signal that nobody sends is changed, to what it is anyway. The kernel's structure, whose
 * largest on any CPU is smaller, is all zeros for that. */
struct installed {
	struct asked asked;
	char action[64];
};

static size_t installed_bytes(const struct point *p)
{
	(void)p;
	return sizeof(struct installed);
}

static int sigaction_open(const struct point *p)
{
	enum { SET_BYTES = 8 };
	struct installed *i = p->arena;
	return ask_open(p,
		(struct asked){ .number = SYS_rt_sigaction, .argument = { SIGUSR2, (long)i->action, 0, SET_BYTES } });
}

/* -- refused by a check */
static int bad_descriptor_open(const struct point *p)
{
	return ask_open(p, (struct asked){ .number = SYS_pwrite64, .argument = { -1 }, .answer = -EBADF });
}

static int bad_flag_open(const struct point *p)
{
	return ask_open(p, (struct asked){ .number = SYS_dup3, .argument = { 0, 1, 1 }, .answer = -EINVAL });
}

/* The length would be refused too, but only after the capability: whoever has it changes no host's name either. It is
 * taken out of the effective set, where it is in it, and kept in the permitted one. */
struct refused {
	struct asked asked;
	struct __user_cap_data_struct had[2];
};

static size_t refused_bytes(const struct point *p)
{
	(void)p;
	return sizeof(struct refused);
}

static struct __user_cap_header_struct this_task = { .version = _LINUX_CAPABILITY_VERSION_3 };

static void capability_close(void *arena)
{
	struct refused *r = arena;
	SYSTEM(SYS_capset, &this_task, r->had);
}

static int capability_open(const struct point *p)
{
	struct refused *r = p->arena;
	struct __user_cap_data_struct without[2];
	long error = SYSTEM(SYS_capget, &this_task, r->had);
	if (error)
		return (int)error;
	without[0] = r->had[0];
	without[1] = r->had[1];
	without[CAP_SYS_ADMIN / 32].effective &= ~(1u << CAP_SYS_ADMIN % 32);
	error = SYSTEM(SYS_capset, &this_task, without);
	if (error)
		return (int)error;
	error = ask_open(p, (struct asked){ .number = SYS_sethostname, .argument = { 0, -1 }, .answer = -EPERM });
	if (error)
		capability_close(r);
	return (int)error;
}

#define FLOOR(call, words, loops, ...)                                                                                 \
	RUNG(call, words, .arena_bytes = ask_bytes, .open = nothing_open, .loop = loops, .close = ask_close,           \
		__VA_ARGS__)
#define ASK(call, words, opens)                                                                                        \
	RUNG(call, words, .arena_bytes = ask_bytes, .open = opens, .loop = ask_loop, .close = ask_close,               \
		.own = { .calls = 1 })

static const struct job *const rungs[] = {
	FLOOR("empty-loop", "the ladder of the mode switch, from a loop around nothing upwards", empty_loop),
	FLOOR("clock-read", "the CPU's counter, read in user mode", counter_read_loop),
	FLOOR("vdso", "clock_gettime, answered in user mode", vdso_loop),
	FLOOR("null", "getppid: the kernel entered and left", null_loop, .own = { .calls = 1 }),
	ASK("enosys", "a call that no kernel has", enosys_open),
	ASK("yield", "sched_yield with nobody to yield to", yield_open),
	RUNG("futex-wake", "a futex wake that finds nobody", .arena_bytes = woken_bytes, .open = futex_wake_open,
		.loop = ask_loop, .close = ask_close, .own = { .calls = 1 }),
	RUNG("sigaction", "what is to be done at a signal, installed", .arena_bytes = installed_bytes,
		.open = sigaction_open, .loop = ask_loop, .close = ask_close, .own = { .calls = 1 }),
	ASK("bad-descriptor", "refused: a descriptor that is not open", bad_descriptor_open),
	ASK("bad-flag", "refused: a flag that does not exist", bad_flag_open),
	RUNG("capability", "refused: a capability that the caller has not", .arena_bytes = refused_bytes,
		.open = capability_open, .loop = ask_loop, .close = capability_close, .own = { .calls = 1 }),
	NULL,
};

LADDER(ladder, arch_missing, rungs);
