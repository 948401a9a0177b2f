// SPDX-License-Identifier: MIT
/* skynet on the scheduler of impl uthread. */
#include <stdlib.h>

#include "../../impls/library/uthreads.h"

typedef struct ut_thread *thread;

static inline void spawn(thread *t, ut_body *body, void *arg)
{
	if (ut_spawn(t, body, arg))
		abort();
}

static inline void join(thread t)
{
	ut_join(t);
}

#include "skynet.h"

int main(void)
{
	ut_begin();
	return skynet();
}
