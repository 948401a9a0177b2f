// SPDX-License-Identifier: MIT
// waits: futex
#define FLAGS (CLONE_FILES)
#define LWP_SUMMARY "raw clone, descriptors shared alone"
#include "lwp.c"
