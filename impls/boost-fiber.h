// SPDX-License-Identifier: MIT
/* Boost.Fiber is C++: what its C face may call. */
#ifndef IMPLS_BOOST_FIBER_H
#define IMPLS_BOOST_FIBER_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The pool that stacks come from, for all fibers from here on; 0 or -errno. */
int boost_fiber_begin(size_t stack_bytes);
void boost_fiber_end(void);
/* A fiber in the ready queue, to be joined once; *fiber is its handle. 0 or -errno. */
int boost_fiber_spawn(void **fiber, void (*entry)(void *arg), void *arg);
void boost_fiber_join(void **fiber);
void boost_fiber_yield(void);
/* A call that looks at who runs and switches nothing. */
int boost_fiber_self(void);
const char *boost_fiber_version(void);

#ifdef __cplusplus
}
#endif

#endif
