// SPDX-License-Identifier: MIT
// waits: futex
#define FLAGS (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD)
#define LWP_SUMMARY "clone-upto-sighand, of one thread group: a thread"
#include "lwp.c"
