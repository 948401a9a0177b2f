// SPDX-License-Identifier: MIT
// waits: futex
#define FLAGS (CLONE_VM)
#define LWP_SUMMARY "raw clone, memory shared alone"
#include "lwp.c"
