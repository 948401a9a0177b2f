// SPDX-License-Identifier: MIT
// waits: futex
#define FLAGS (CLONE_VM | CLONE_FS | CLONE_FILES)
#define LWP_SUMMARY "clone-vm, and descriptors, directory, umask shared"
#include "lwp.c"
