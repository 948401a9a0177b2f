// SPDX-License-Identifier: MIT
// waits: futex
/* lwp-clone3: lwp by clone3, which takes a structure and knows versions of it by their size; here the first, of 64
 * bytes. */
#include <errno.h>
#include <stdint.h>

#include "arch/arch.h"
#include "stack.h"

/* Of our own: the headers of some C libraries have it longer, and some not at all. */
struct clone3_args {
	uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
};

enum { CLONE3_EXIT_SIGNAL = 0xff }; /* where clone has it, among the flags */

static inline long lwp_clone3(unsigned long flags, void *top, void (*entry)(void *arg), void *arg, int *child_tid)
{
	struct clone3_args args = { .flags = flags & ~(unsigned long)CLONE3_EXIT_SIGNAL,
		.exit_signal = flags & CLONE3_EXIT_SIGNAL,
		.child_tid = (uintptr_t)child_tid,
		.stack = (uintptr_t)top - STACK_BYTES,
		.stack_size = STACK_BYTES };
	return arch_clone3(&args, sizeof args, entry, arg);
}

/* Asked with no structure at all, a kernel that has the call looks at the size first and then fails to read it. */
static const char *clone3_missing(void)
{
	switch (-arch_clone3(NULL, sizeof(struct clone3_args), NULL, NULL)) {
	case EFAULT:
		return NULL;
	case ENOSYS:
		return "clone3: ENOSYS: a kernel before 5.3, or a seccomp filter that says so";
	case EPERM:
	case EACCES:
		return "clone3: EPERM: refused, by a seccomp filter (an old container's profile?)";
	case EINVAL:
		return "clone3: EINVAL: 64 bytes, the size of its first version, are too few for whoever answers here";
	case E2BIG:
		return "clone3: E2BIG: 64 bytes, the size of its first version, are too many for whoever answers here";
	default:
		return "clone3: an answer that no kernel gives: a seccomp filter's";
	}
}

#define LWP_CLONE lwp_clone3
#define LWP_MISSING clone3_missing()
#define LWP_SUMMARY "lwp by clone3, everything shared, no libc"
#include "lwp.c"
