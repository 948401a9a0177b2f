// SPDX-License-Identifier: GPL-2.0 OR MIT
/* What the kernel has renamed since 5.10, under its newer name. */
#ifndef IMPLS_KTHREAD_SINCE_H
#define IMPLS_KTHREAD_SINCE_H

#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 17, 0)
#define kthread_complete_and_exit complete_and_exit
#endif

#endif
