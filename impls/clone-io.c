// SPDX-License-Identifier: MIT
// waits: futex
#define FLAGS (CLONE_IO)
#define LWP_SUMMARY "raw clone, I/O context shared alone"
#include "lwp.c"
