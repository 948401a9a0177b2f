// SPDX-License-Identifier: MIT
/* start of one LWP. */
#include "../../harness/cell/verbs.h"
#define WAIT_SOURCE "waits/none.c"
#include "../../impls/lwp.c"

#include "start/task.h"

static const struct impl probe = { .name = "lwp", .wait = "none", .jobs = jobs, IMPL_TRAITS };
__attribute__((used, section("impls"))) static const struct impl *const entry = &probe;
