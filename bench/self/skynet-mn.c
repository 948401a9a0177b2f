// SPDX-License-Identifier: MIT
/* skynet-mn WORKERS: skynet on the scheduler of impl mn. */
#include <stdlib.h>

#include "../../impls/library/mn.h"

typedef struct mn_thread *thread;

static inline void spawn(thread *t, mn_body *body, void *arg)
{
	if (mn_spawn(mn_self(), t, body, arg))
		abort();
}

static inline void join(thread t)
{
	mn_join(mn_self(), t);
}

#include "skynet.h"

int main(int argc, char **argv)
{
	if (mn_begin(argc > 1 ? (unsigned)atoi(argv[1]) : 1))
		abort();
	int status = skynet();
	mn_end();
	return status;
}
