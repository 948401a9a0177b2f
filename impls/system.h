// SPDX-License-Identifier: MIT
/* System calls as the impls and waits make them: through the port, without libc and so without its errno. */
#ifndef IMPLS_SYSTEM_H
#define IMPLS_SYSTEM_H

#include <errno.h>
#include <linux/futex.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>

#include "arch/arch.h"

/* Missing arguments are 0. A pointer goes in as it is. */
#define SYSTEM(number, ...) SYSTEM_(number, ##__VA_ARGS__, 0, 0, 0, 0, 0, 0)
#define SYSTEM_(number, a, b, c, d, e, f, ...)                                                                         \
	arch_syscall(number, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))

#ifdef SYS_futex
#define SYSTEM_FUTEX SYS_futex
#else /* a 32-bit time_t never existed there */
#define SYSTEM_FUTEX SYS_futex_time64
#endif

#endif
