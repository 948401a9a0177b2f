// SPDX-License-Identifier: MIT
#ifndef HARNESS_CELL_TRAP_H
#define HARNESS_CELL_TRAP_H

#include <stddef.h>
#include <ucontext.h>

/* NULL, or why a trapped call can't be read here. */
static inline const char *trap_missing(void)
{
	return "no port for this CPU";
}

/* The rest is never called where trap_missing() has a reason. */
static inline long trap_number(const ucontext_t *c)
{
	(void)c;
	return -1;
}

static inline long trap_argument(const ucontext_t *c, int i)
{
	(void)c;
	(void)i;
	return 0;
}

static inline void trap_return(ucontext_t *c, long result)
{
	(void)c;
	(void)result;
}

#endif
