// SPDX-License-Identifier: MIT
// waits: futex
#define FLAGS (0)
#define LWP_SUMMARY "raw clone, nothing shared"
#include "lwp.c"
