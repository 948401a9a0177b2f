// SPDX-License-Identifier: MIT
/* In place of a file on a CPU's registers: builds everywhere. Whoever asks arch_missing() first never meets abort. */
#include <stdlib.h>

#include "../state.h"

uint32_t state_stop;

void state_clean(void)
{
}

void state_stick(void)
{
}

void state_hold_spin(const struct registers *from, struct registers *to, state_load *load, state_store *store)
{
	(void)from;
	(void)to;
	(void)load;
	(void)store;
	abort();
}

void state_hold_call(const struct registers *from, struct registers *to, state_load *load, state_store *store)
{
	state_hold_spin(from, to, load, store);
}

void state_hold_switch(const struct registers *from, struct registers *to, state_load *load, state_store *store)
{
	state_hold_spin(from, to, load, store);
}
