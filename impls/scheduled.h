// SPDX-License-Identifier: MIT
/*
 * User threads behind a library that has a scheduler: its queue says who runs. Included after struct ctx by the impls
 * that can't hand the CPU to a context by name.
 */
static inline void ctx_adopt(struct ctx *c)
{
	(void)c;
}

static inline void ctx_await(struct ctx *self)
{
	(void)self; /* whoever runs has been chosen */
}

static inline void ctx_handoff(struct ctx *self, struct ctx *to)
{
	(void)self;
	(void)to;
	__builtin_trap(); /* CAP_HANDOFF is not claimed */
}

#define SCHEDULED_TRAITS .kind = "user-thread"
/* how many calls a library makes, of the C library's and so of the kernel's, is its business */
#define SCHEDULED_CAPS (CAP_SPAWN | CAP_MODE | CAP_YIELD | CAP_QUEUE | CAP_LIBC_SPAWN | CAP_LIBC_HANDOFF)
