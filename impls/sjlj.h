// SPDX-License-Identifier: MIT
/*
 * User threads by the C library's setjmp and longjmp. C has no way to set one up on another stack; the kernel has: a
 * signal whose handler runs on an alternate stack. The handler leaves a jump buffer there and returns; nobody else
 * uses that stack, so a longjmp goes back into the handler's frame. That is done once a stack, outside the clock: a
 * spawn jumps there anew. Included by the impls that differ in what is saved: each says before what SJLJ_SET(buffer)
 * and SJLJ_JUMP(buffer) are, and sjlj_buffer.
 */
#include <setjmp.h>
#include <signal.h>
#include <string.h>

#include "guard.h"

struct sjlj {
	sjlj_buffer now, first; /* where it goes on; where it starts */
};
typedef struct sjlj uthread_resume;

#define ctx_ready uthread_ready
#include "uthread.h"
#undef ctx_ready

static inline void uthread_switch(struct ctx *self, struct ctx *to)
{
	if (!SJLJ_SET(self->resume.now))
		SJLJ_JUMP(to->resume.now);
}

/* -- the first frame. One LWP carries them all and makes one stack at a time. */
static struct ctx *volatile sjlj_making;

/* Its frame stays where it is when it has returned, and is gone back into for each spawn. */
static __attribute__((noinline)) void sjlj_frame(struct ctx *c)
{
	if (SJLJ_SET(c->resume.first))
		uthread_main(c);
}

static void sjlj_on_stack(int signal)
{
	(void)signal;
	struct ctx *c = sjlj_making;
	char here;
	const char *low = (char *)stack_top(&c->stack) - STACK_BYTES;
	if (&here < low || &here >= low + STACK_BYTES)
		return; /* the kernel did not do as it was told */
	sjlj_frame(c);
	sjlj_making = NULL;
}

/* The signal comes before the call returns, whatever the mask was; handler, mask and alternate stack are put back. No
 * signal is blocked in the handler but those that were: sigsetjmp keeps them. */
static int sjlj_signal(struct ctx *c)
{
	stack_t alternate = { .ss_sp = (char *)stack_top(&c->stack) - STACK_BYTES, .ss_size = STACK_BYTES }, before;
	struct sigaction action = { .sa_handler = sjlj_on_stack, .sa_flags = SA_ONSTACK | SA_NODEFER }, old;
	sigset_t one, mask;
	sigemptyset(&one);
	sigaddset(&one, SIGUSR1);
	sjlj_making = c;
	if (sigaltstack(&alternate, &before))
		return -errno;
	sigaction(SIGUSR1, &action, &old);
	sigprocmask(SIG_UNBLOCK, &one, &mask);
	raise(SIGUSR1);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	sigaction(SIGUSR1, &old, NULL);
	sigaltstack(&before, NULL);
	return sjlj_making ? -ENOTSUP : 0;
}

static inline int ctx_ready(struct ctx *c, int seat)
{
	int error = uthread_ready(c, seat);
	if (!error)
		error = sjlj_signal(c);
	if (error)
		ctx_release(c);
	return error;
}

static inline int uthread_begin(struct ctx *c, void (*entry)(void *c))
{
	(void)entry; /* sjlj_frame calls it */
	memcpy(&c->resume.now, &c->resume.first, sizeof c->resume.now);
	return 0;
}

static const char *sjlj_missing(void)
{
	return guard_says(arch_guards(), ARCH_SHADOW_STACK);
}
