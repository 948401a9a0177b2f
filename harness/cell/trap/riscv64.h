// SPDX-License-Identifier: MIT
#ifndef HARNESS_CELL_TRAP_H
#define HARNESS_CELL_TRAP_H

#include <stddef.h>
#include <ucontext.h>

/* NULL, or why a trapped call can't be read here. */
static inline const char *trap_missing(void)
{
	return NULL;
}

/* The number arrives in a7. */
static inline long trap_number(const ucontext_t *c)
{
	return c->uc_mcontext.__gregs[REG_A0 + 7];
}

/* Argument i, 0 to 5. */
static inline long trap_argument(const ucontext_t *c, int i)
{
	return c->uc_mcontext.__gregs[REG_A0 + i];
}

static inline void trap_return(ucontext_t *c, long result)
{
	c->uc_mcontext.__gregs[REG_A0] = result;
}

#endif
