// SPDX-License-Identifier: MIT
// waits: futex
/*
 * pthread-uncached: pthread with the library's cache of stacks of no use. Its size is a setting of the environment,
 * read before the program begins; a stack that is larger than the cache may be is never kept in it.
 */
#include <features.h>
#ifdef __GLIBC__
#define PTHREAD_MISSING NULL
#else
#define PTHREAD_MISSING "this C library keeps no stacks of ended threads: pthread is without a cache already"
#endif
#define PTHREAD_STACK STACK_TOO_LARGE
#define PTHREAD_SUMMARY "pthread with a stack that the library does not keep"
#define PTHREAD_STACK_WORDS "64 MiB of address space, the library's, too large for its cache: fresh each time"
#include "pthread.c"
