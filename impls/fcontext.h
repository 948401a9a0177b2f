// SPDX-License-Identifier: MIT
/* What the switch of Boost.Context saves, which Boost.Fiber stands on. On x86 it keeps the control words, elsewhere
 * not. */
#ifndef IMPLS_FCONTEXT_H
#define IMPLS_FCONTEXT_H

#if defined __x86_64__ || defined __i386__
#define FCONTEXT_CAPS CAP_SAVES_FP
#define FCONTEXT_SAVES "callee-saved registers and the floating-point control words"
#else
#define FCONTEXT_CAPS 0
#define FCONTEXT_SAVES "callee-saved registers; not the floating-point control words"
#endif

#endif
