// SPDX-License-Identifier: MIT
// waits: futex
#define FLAGS (CLONE_FS)
#define LWP_SUMMARY "raw clone, working directory and umask shared alone"
#include "lwp.c"
