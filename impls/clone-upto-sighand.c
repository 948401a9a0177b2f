// SPDX-License-Identifier: MIT
// waits: futex
#define FLAGS (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND)
#define LWP_SUMMARY "clone-vm-fs-files, and signal handlers shared"
#include "lwp.c"
