// SPDX-License-Identifier: MIT
/*
 * cxx20's other half, the coroutines. One transfers to another by the handle that its awaiter returns: a jump where the
 * compiler makes a tail call of it, and a call that grows the stack where it does not, which is refused.
 */
#include "cxx20.h"

#include <cerrno>
#include <cstdlib>

const char *cxx20_compiler(void)
{
	return "C++ compiler " __VERSION__;
}

#ifdef __cpp_impl_coroutine
#include <coroutine>
#include <new>

using handle = std::coroutine_handle<>;

namespace
{

/* Ends by returning who runs next; nullptr: whoever joins it. Its frame is the C++ allocator's. */
struct task {
	struct promise_type {
		handle next;

		static task get_return_object_on_allocation_failure() noexcept
		{
			return { nullptr };
		}
		task get_return_object() noexcept
		{
			return { std::coroutine_handle<promise_type>::from_promise(*this) };
		}
		std::suspend_always initial_suspend() noexcept
		{
			return {};
		}
		auto final_suspend() noexcept
		{
			struct to_next {
				bool await_ready() noexcept
				{
					return false;
				}
				handle await_suspend(std::coroutine_handle<promise_type> ended) noexcept
				{
					return ended.promise().next;
				}
				void await_resume() noexcept
				{
				}
			};
			return to_next{};
		}
		void return_value(handle successor) noexcept
		{
			if (successor)
				next = successor;
		}
		void unhandled_exception() noexcept
		{
			std::abort();
		}
	};
	std::coroutine_handle<promise_type> self;
};

/* Stop here and run `to`. */
struct transfer {
	handle to;

	bool await_ready() noexcept
	{
		return false;
	}
	handle await_suspend(handle) noexcept
	{
		return to;
	}
	void await_resume() noexcept
	{
	}
};

/* Stop here until `child` has ended, and run it meanwhile. */
struct join {
	std::coroutine_handle<task::promise_type> child;

	bool await_ready() noexcept
	{
		return child.done();
	}
	handle await_suspend(handle self) noexcept
	{
		child.promise().next = self;
		return child;
	}
	void await_resume() noexcept
	{
	}
};

handle at(void *address)
{
	return handle::from_address(address);
}

/* Back to whoever resumed from outside of all coroutines. */
transfer leave()
{
	return { std::noop_coroutine() };
}

/* Keeps a coroutine that never ends, or says why there is none. */
int keep(void **where, task t)
{
	*where = t.self ? t.self.address() : nullptr;
	return t.self ? 0 : -ENOMEM;
}

void destroy(void **where)
{
	if (*where)
		at(*where).destroy();
	*where = nullptr;
}

} // namespace

/* -- a pair. None of the makers of coroutines is inlined: then the compiler could do without the frame. */
static __attribute__((noinline)) task pair_self(struct cxx20_pair *p)
{
	for (;;) {
		for (; p->turns; p->turns--)
			co_await transfer{ at(p->peer) };
		co_await leave();
	}
	co_return nullptr;
}

static __attribute__((noinline)) task pair_peer(struct cxx20_pair *p)
{
	for (;;) {
		p->peers++;
		co_await transfer{ at(p->self) };
	}
	co_return nullptr;
}

int cxx20_pair_open(struct cxx20_pair *p)
{
	int error = keep(&p->self, pair_self(p));
	if (!error)
		error = keep(&p->peer, pair_peer(p));
	if (error)
		cxx20_pair_close(p);
	return error;
}

void cxx20_pair_run(struct cxx20_pair *p, uint64_t turns)
{
	p->turns = turns;
	at(p->self).resume();
}

void cxx20_pair_close(struct cxx20_pair *p)
{
	destroy(&p->peer);
	destroy(&p->self);
}

/* -- a maker */
struct child {
	struct cxx20_maker *maker;
	handle self, helper;
	bool ended;
};

static __attribute__((noinline)) task child_helper(struct child *c)
{
	for (;;)
		co_await transfer{ c->self };
	co_return nullptr;
}

static __attribute__((noinline)) task child_body(struct cxx20_maker *m)
{
	m->ran++;
	co_return nullptr;
}

static __attribute__((noinline)) task child_with_detours(struct child *c)
{
	for (unsigned i = 0; i < c->maker->detours; i++)
		co_await transfer{ c->helper };
	c->maker->ran++;
	c->ended = true;
	co_return nullptr;
}

static __attribute__((noinline)) task maker_self(struct cxx20_maker *m)
{
	for (;;) {
		for (; m->turns; m->turns--) {
			task t = child_body(m);
			if (!t.self) {
				m->error = -ENOMEM;
				break;
			}
			co_await join{ t.self };
			t.self.destroy();
		}
		co_await leave();
	}
	co_return nullptr;
}

static __attribute__((noinline)) task maker_with_detours(struct cxx20_maker *m)
{
	for (;;) {
		for (; m->turns && !m->error; m->turns--) {
			struct child c = { m, nullptr, nullptr, false };
			task helper = child_helper(&c), t = child_with_detours(&c);
			c.self = t.self;
			c.helper = helper.self;
			if (t.self && helper.self)
				co_await join{ t.self };
			else
				m->error = -ENOMEM;
			m->early += !c.ended;
			if (t.self)
				t.self.destroy();
			if (helper.self)
				helper.self.destroy();
		}
		co_await leave();
	}
	co_return nullptr;
}

int cxx20_maker_open(struct cxx20_maker *m)
{
	return keep(&m->self, m->detours ? maker_with_detours(m) : maker_self(m));
}

int cxx20_maker_run(struct cxx20_maker *m, uint64_t turns)
{
	m->turns = turns;
	at(m->self).resume();
	return m->error;
}

void cxx20_maker_close(struct cxx20_maker *m)
{
	destroy(&m->self);
}

/* -- a ring. The first leaves after its rounds. */
enum { RING = 4 };

struct ring {
	void *c[RING];
	uint64_t rounds, hops, out_of_turn;
};

static __attribute__((noinline)) task ring_body(struct ring *r, unsigned index)
{
	for (uint64_t i = 0; index || i < r->rounds; i++) {
		r->out_of_turn += r->hops % RING != index;
		r->hops++;
		co_await transfer{ at(r->c[(index + 1) % RING]) };
	}
	co_await leave();
	co_return nullptr;
}

int cxx20_ring(uint64_t rounds, uint64_t *hops, uint64_t *out_of_turn)
{
	struct ring r = {};
	int error = 0;
	r.rounds = rounds;
	for (unsigned i = 0; i < RING && !error; i++)
		error = keep(&r.c[i], ring_body(&r, i));
	if (!error)
		at(r.c[0]).resume();
	for (unsigned i = 0; i < RING; i++)
		destroy(&r.c[i]);
	*hops = r.hops;
	*out_of_turn = r.out_of_turn;
	return error;
}

/* -- a chain */
struct chain {
	void *self, *first, *second;
	char *order;
};

static __attribute__((noinline)) task chain_body(struct chain *c, char mark, void **next)
{
	*c->order++ = mark;
	co_return at(*next);
}

static __attribute__((noinline)) task chain_self(struct chain *c)
{
	co_await transfer{ at(c->first) };
	*c->order++ = '0';
	co_await leave();
	co_return nullptr;
}

int cxx20_successor(char order[4])
{
	struct chain c = {};
	c.order = order;
	int error = keep(&c.self, chain_self(&c));
	if (!error)
		error = keep(&c.first, chain_body(&c, '1', &c.second));
	if (!error)
		error = keep(&c.second, chain_body(&c, '2', &c.self));
	if (!error)
		at(c.self).resume();
	destroy(&c.second);
	destroy(&c.first);
	destroy(&c.self);
	return error;
}

/* -- do transfers grow the stack? The peer sees the frame that it is resumed in. */
struct depth {
	void *self, *peer;
	char *first, *last;
};

static __attribute__((noinline)) task depth_self(struct depth *d)
{
	for (int i = 0; i < 64; i++)
		co_await transfer{ at(d->peer) };
	co_await leave();
	co_return nullptr;
}

static __attribute__((noinline)) task depth_peer(struct depth *d)
{
	for (;;) {
		d->last = static_cast<char *>(__builtin_frame_address(0));
		if (!d->first)
			d->first = d->last;
		co_await transfer{ at(d->self) };
	}
	co_return nullptr;
}

const char *cxx20_missing(void)
{
	struct depth d = {};
	if (!keep(&d.self, depth_self(&d)) && !keep(&d.peer, depth_peer(&d)))
		at(d.self).resume();
	destroy(&d.peer);
	destroy(&d.self);
	return d.first && d.first == d.last ? nullptr
					    : "as it was compiled, a transfer between coroutines grows the stack";
}

#else /* nothing of it is called once missing() has been asked */

const char *cxx20_missing(void)
{
	return "this C++ compiler has no coroutines of C++20";
}

int cxx20_pair_open(struct cxx20_pair *)
{
	return -ENOTSUP;
}

void cxx20_pair_run(struct cxx20_pair *, uint64_t)
{
}

void cxx20_pair_close(struct cxx20_pair *)
{
}

int cxx20_maker_open(struct cxx20_maker *)
{
	return -ENOTSUP;
}

int cxx20_maker_run(struct cxx20_maker *, uint64_t)
{
	return -ENOTSUP;
}

void cxx20_maker_close(struct cxx20_maker *)
{
}

int cxx20_ring(uint64_t, uint64_t *, uint64_t *)
{
	return -ENOTSUP;
}

int cxx20_successor(char *)
{
	return -ENOTSUP;
}
#endif
