// SPDX-License-Identifier: MIT
/* start of one pthread. */
#include "../../../harness/cell/verbs.h"
#define WAIT_SOURCE "waits/none.c"
#include "../../../impls/pthread.c"

#include "task.h"

static const struct impl probe = { .name = "pthread", .wait = "none", .jobs = jobs, IMPL_TRAITS };
__attribute__((used, section("impls"))) static const struct impl *const entry = &probe;
