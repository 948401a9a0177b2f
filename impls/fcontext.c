// SPDX-License-Identifier: MIT
// needs: boost/context/detail/fcontext.hpp boost/version.hpp
// links: -lboost_context
// kind: user-thread
/* fcontext: the switch that Boost.Context and Boost.Fiber are built on, called from C. */
#include <boost/version.hpp>

#include "fcontext.h"
#include "guard.h"

/* -- as in boost/context/detail/fcontext.hpp, which is C++ */
typedef void *fcontext_t;
struct fcontext_transfer {
	fcontext_t from;
	void *data;
};
struct fcontext_transfer jump_fcontext(fcontext_t to, void *data);
fcontext_t make_fcontext(void *top, size_t size, void (*entry)(struct fcontext_transfer));

struct fcontext {
	fcontext_t at;
	struct ctx *to; /* whom it has jumped to last: a new context learns so who it is */
};
typedef struct fcontext uthread_resume;
#include "uthread.h"

/* Where a context goes on is only known by the one that it has jumped to, who keeps it. */
static inline void fcontext_left(struct fcontext_transfer t)
{
	((struct ctx *)t.data)->resume.at = t.from;
}

static inline void uthread_switch(struct ctx *self, struct ctx *to)
{
	self->resume.to = to;
	fcontext_left(jump_fcontext(to->resume.at, self));
}

static void fcontext_main(struct fcontext_transfer t)
{
	fcontext_left(t);
	uthread_main(((struct ctx *)t.data)->resume.to);
}

static inline int uthread_begin(struct ctx *c, void (*entry)(void *c))
{
	(void)entry; /* fcontext_main calls it */
	c->resume.at = make_fcontext(stack_top(&c->stack), STACK_BYTES, fcontext_main);
	return 0;
}

static const char *fcontext_version(void)
{
	return "Boost " BOOST_LIB_VERSION;
}

#define IMPL_TRAITS                                                                                                    \
	UTHREAD_TRAITS, .caps = UTHREAD_CAPS | FCONTEXT_CAPS, .missing = guard_library_missing,                        \
			.version = fcontext_version, .summary = "jump_fcontext of Boost.Context",                      \
			.saves = FCONTEXT_SAVES
