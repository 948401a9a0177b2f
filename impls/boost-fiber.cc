// SPDX-License-Identifier: MIT
/*
 * boost-fiber's other half. Stacks come from Boost's pooled_fixedsize_stack, the allocator of its own that keeps them;
 * what describes a fiber lies on its stack. A fiber that has ended goes back to the pool when the library's dispatcher
 * has come round.
 */
#include "boost-fiber.h"

#include <boost/fiber/all.hpp>
#include <boost/version.hpp>
#include <cerrno>
#include <memory>
#include <new>

using boost::fibers::fiber;
static_assert(sizeof(fiber) <= sizeof(void *), "a fiber is a pointer");

static std::unique_ptr<boost::fibers::pooled_fixedsize_stack> stacks;

/* What the library throws, as C says it. */
template <typename Call> static int caught(Call call)
{
	try {
		call();
		return 0;
	} catch (const std::bad_alloc &) {
		return -ENOMEM;
	} catch (...) {
		return -EAGAIN;
	}
}

int boost_fiber_begin(size_t stack_bytes)
{
	return caught([=] { stacks = std::make_unique<boost::fibers::pooled_fixedsize_stack>(stack_bytes); });
}

void boost_fiber_end(void)
{
	stacks.reset();
}

int boost_fiber_spawn(void **place, void (*entry)(void *arg), void *arg)
{
	return caught([=] { new (place) fiber(boost::fibers::launch::post, std::allocator_arg, *stacks, entry, arg); });
}

void boost_fiber_join(void **place)
{
	fiber *f = std::launder(reinterpret_cast<fiber *>(place));
	f->join();
	f->~fiber();
}

void boost_fiber_yield(void)
{
	boost::this_fiber::yield();
}

int boost_fiber_self(void)
{
	return boost::fibers::context::active() != nullptr;
}

const char *boost_fiber_version(void)
{
	return "Boost " BOOST_LIB_VERSION ", round_robin";
}
