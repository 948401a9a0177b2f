// SPDX-License-Identifier: MIT
// waits: futex
#define FLAGS (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM)
#define LWP_SUMMARY "clone-upto-thread, and semaphore undo shared: an lwp"
#include "lwp.c"
