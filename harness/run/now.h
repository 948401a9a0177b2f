// SPDX-License-Identifier: MIT
/* Seconds on CLOCK_MONOTONIC: for deadlines and progress, never for a measurement. */
#ifndef HARNESS_RUN_NOW_H
#define HARNESS_RUN_NOW_H

#include <time.h>

static inline double now_s(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

#endif
