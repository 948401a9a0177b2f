// SPDX-License-Identifier: MIT
// waits: futex
#define FLAGS (CLONE_SYSVSEM)
#define LWP_SUMMARY "raw clone, semaphore undo shared alone"
#include "lwp.c"
