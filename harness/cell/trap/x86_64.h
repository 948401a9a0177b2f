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

static inline long trap_number(const ucontext_t *c)
{
	return c->uc_mcontext.gregs[REG_RAX];
}

/* Argument i, 0 to 5. */
static inline long trap_argument(const ucontext_t *c, int i)
{
	static const int where[] = { REG_RDI, REG_RSI, REG_RDX, REG_R10, REG_R8, REG_R9 };
	return c->uc_mcontext.gregs[where[i]];
}

static inline void trap_return(ucontext_t *c, long result)
{
	c->uc_mcontext.gregs[REG_RAX] = result;
}

#endif
