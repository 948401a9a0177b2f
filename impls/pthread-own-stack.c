// SPDX-License-Identifier: MIT
// waits: futex
#define PTHREAD_STACK STACK_REUSED
#define PTHREAD_SUMMARY "pthread with a stack of ours, reused"
#define PTHREAD_STACK_WORDS "64 KiB or the least that the C library allows, above a guard page, ours, reused"
#include "pthread.c"
