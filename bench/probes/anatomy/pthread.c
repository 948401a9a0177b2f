// SPDX-License-Identifier: MIT
/* anatomy of one pthread, whose stack is the library's. */
#include "../../../harness/cell/verbs.h"
#define WAIT_SOURCE "waits/none.c"
#include "../../../impls/pthread.c"
#define CREATION_KERNEL 1
#include "creation.h"

static const struct job anatomy = CREATION_ANATOMY, batch = CREATION_IN_BATCH,
			alive = CREATION_ALIVE("tasks are alive and asleep");
static const struct job *const jobs[] = { &anatomy, &batch, &alive, NULL };

static const struct impl probe = { .name = "pthread", .wait = "none", .jobs = jobs, IMPL_TRAITS };
__attribute__((used, section("impls"))) static const struct impl *const entry = &probe;
