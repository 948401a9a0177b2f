// SPDX-License-Identifier: MIT
// waits: futex
#define PTHREAD_STACK STACK_FRESH
#define PTHREAD_SUMMARY "pthread with a stack of ours, mapped for each and unmapped after it"
#define PTHREAD_STACK_WORDS "64 KiB or the least that the C library allows, above a guard page, ours, fresh each time"
#include "pthread.c"
