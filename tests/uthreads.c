// SPDX-License-Identifier: MIT
/* The scheduler of impl uthread: who runs when, what waits for what, and stacks by the hundred thousand. */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../impls/library/uthreads.h"
#include "tap.h"

enum { THREADS = 20, ROUNDS = 500, MANY = 200000 };

static struct ut_thread *thread[MANY];

static void spawn_all(unsigned n, ut_body *body, void *arg)
{
	for (unsigned i = 0; i < n; i++)
		if (ut_spawn(&thread[i], body, arg))
			abort();
}

static void join_all(unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		ut_join(thread[i]);
}

/* -- the queue: what each does is a letter */
static char trace[64];

static void say(const char *letter)
{
	strncat(trace, letter, sizeof trace - strlen(trace) - 1);
}

static struct ut_thread *yields_once(void *arg)
{
	say(arg);
	ut_yield();
	say(arg);
	return NULL;
}

static struct ut_thread *names_next(void *arg)
{
	say("n");
	return *(struct ut_thread **)arg;
}

static struct ut_thread *hands_back(void *arg)
{
	say(arg);
	ut_handoff(&ut.first);
	say(arg);
	return &ut.first;
}

static struct ut_sem gate;

static struct ut_thread *waits_at_gate(void *arg)
{
	say(arg);
	ut_sem_wait(&gate);
	say(arg);
	return NULL;
}

static void queue(void)
{
	struct ut_thread *a, *b, *c;
	ut_spawn(&a, yields_once, "a");
	ut_spawn(&b, yields_once, "b");
	ut_yield();
	say("m");
	ut_yield();
	ut_join(a);
	ut_join(b);
	is_string(trace, "abmab", "yields go round in the order of the queue");

	*trace = 0;
	ut_spawn(&a, yields_once, "a");
	ut_spawn(&b, yields_once, "b");
	ut_spawn(&c, names_next, &b);
	ut_join(c);
	say("m");
	ut_join(a);
	ut_join(b);
	is_string(trace, "nbamab", "who is joined runs at once, whom it names runs next, who joins is ready then");

	*trace = 0;
	ut_spawn(&a, yields_once, "a");
	ut_spawn(&b, hands_back, "b");
	ut_handoff(b);
	say("m");
	ut_yield();
	ut_handoff(b);
	say("m");
	ut_join(a);
	ut_join(b);
	is_string(trace, "bmabma", "a hand-off goes where it is told to, past the queue");

	*trace = 0;
	ut_spawn(&a, waits_at_gate, "a");
	ut_spawn(&b, waits_at_gate, "b");
	ut_yield();
	say("m");
	ut_sem_post(&gate);
	ut_sem_post(&gate);
	ut_join(a);
	ut_join(b);
	is_string(trace, "abmab", "who blocks hands the CPU to the next, and those that wait are let through in order");
}

/* -- mutex: a yield inside, so that the others come while it is held */
static struct ut_mutex mutex;
static unsigned inside, most_inside, passed;

static struct ut_thread *locks(void *arg)
{
	(void)arg;
	for (unsigned i = 0; i < ROUNDS; i++) {
		ut_lock(&mutex);
		most_inside = ++inside > most_inside ? inside : most_inside;
		unsigned was = passed;
		ut_yield();
		passed = was + 1;
		inside--;
		ut_unlock(&mutex);
	}
	return NULL;
}

static void mutexes(void)
{
	spawn_all(THREADS, locks, NULL);
	join_all(THREADS);
	is_int(most_inside, 1, "one is inside a mutex");
	is_int(passed, THREADS * ROUNDS, "and all have been");
	ok(!mutex.owner && !mutex.waiters.first, "and nobody owns it or waits in the end");
}

/* -- semaphore */
static struct ut_sem three = { .count = 3 };

static struct ut_thread *enters(void *arg)
{
	(void)arg;
	for (unsigned i = 0; i < ROUNDS; i++) {
		ut_sem_wait(&three);
		most_inside = ++inside > most_inside ? inside : most_inside;
		passed++;
		ut_yield();
		inside--;
		ut_sem_post(&three);
	}
	return NULL;
}

static void semaphores(void)
{
	inside = most_inside = passed = 0;
	spawn_all(THREADS, enters, NULL);
	join_all(THREADS);
	is_int(most_inside, 3, "as many are inside as a semaphore lets in");
	is_int(passed, THREADS * ROUNDS, "and all have been");
	is_int((long long)three.count, 3, "and its count is what it was");
}

/* -- condition: a buffer of four between many who put and many who get */
static struct {
	struct ut_mutex mutex;
	struct ut_cond not_full, not_empty;
	unsigned item[4], items, begin, next;
	unsigned char got[THREADS * ROUNDS];
} buffer;

static struct ut_thread *puts_items(void *arg)
{
	(void)arg;
	for (unsigned i = 0; i < ROUNDS; i++) {
		ut_lock(&buffer.mutex);
		while (buffer.items == 4)
			ut_cond_wait(&buffer.not_full, &buffer.mutex);
		buffer.item[(buffer.begin + buffer.items++) % 4] = buffer.next++;
		ut_cond_signal(&buffer.not_empty);
		ut_unlock(&buffer.mutex);
	}
	return NULL;
}

static struct ut_thread *gets_items(void *arg)
{
	(void)arg;
	for (unsigned i = 0; i < ROUNDS; i++) {
		ut_lock(&buffer.mutex);
		while (!buffer.items)
			ut_cond_wait(&buffer.not_empty, &buffer.mutex);
		buffer.got[buffer.item[buffer.begin]]++;
		buffer.begin = (buffer.begin + 1) % 4;
		buffer.items--;
		ut_cond_signal(&buffer.not_full);
		ut_unlock(&buffer.mutex);
		if (i % 7 == 0)
			ut_yield();
	}
	return NULL;
}

static unsigned released;

static struct ut_thread *waits_for_all(void *arg)
{
	struct ut_cond *all = arg;
	ut_lock(&mutex);
	ut_cond_wait(all, &mutex);
	released++;
	ut_unlock(&mutex);
	return NULL;
}

static void conditions(void)
{
	unsigned once = 0;
	for (unsigned i = 0; i < THREADS; i++)
		if (ut_spawn(&thread[i], i % 2 ? puts_items : gets_items, NULL))
			abort();
	join_all(THREADS);
	for (unsigned i = 0; i < THREADS / 2 * ROUNDS; i++)
		once += buffer.got[i] == 1;
	is_int(once, THREADS / 2 * ROUNDS, "what is put is got once, past two conditions");

	static struct ut_cond all;
	spawn_all(THREADS, waits_for_all, &all);
	ut_yield();
	ut_cond_signal(&all);
	ut_yield();
	ut_yield();
	is_int(released, 1, "a signal lets one go on");
	ut_cond_broadcast(&all);
	join_all(THREADS);
	is_int(released, THREADS, "a broadcast all");
}

/* -- stacks */

/* Uses `bytes` of the stack, a page's quarter at a time. */
static __attribute__((noinline)) unsigned deep(size_t bytes)
{
	volatile char used[1024];
	used[0] = (char)bytes;
	return bytes > sizeof used ? deep(bytes - sizeof used) + (unsigned)used[0] : 0;
}

static size_t depth;
static unsigned awake;

static struct ut_thread *waits_then_goes_deep(void *arg)
{
	(void)arg;
	awake++;
	ut_sem_wait(&gate);
	if (!depth)
		return NULL;
	deep(depth);
	return &ut.first;
}

/* How a child of ours ends in which one of the threads uses that much of its stack: a signal, or 0. */
static int child_goes_deep(unsigned which, size_t bytes)
{
	int status = 0;
	pid_t pid = fork();
	if (pid == 0) {
		signal(SIGSEGV, SIG_DFL);
		close(STDERR_FILENO);
		depth = bytes;
		ut_handoff(thread[which]); /* past all that wait with it */
		_exit(0);
	}
	waitpid(pid, &status, 0);
	return WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
}

static long available_mib(void)
{
	char line[128];
	long kib = -1;
	FILE *f = fopen("/proc/meminfo", "re");
	while (f && fgets(line, sizeof line, f))
		if (sscanf(line, "MemAvailable: %ld", &kib) == 1)
			break;
	if (f)
		fclose(f);
	return kib / 1024;
}

static unsigned spawned;

static int spawn_many(unsigned most)
{
	int error = 0;
	for (spawned = awake = 0; spawned < most && !error; spawned += !error)
		error = ut_spawn(&thread[spawned], waits_then_goes_deep, NULL);
	ut_yield();
	return error;
}

static void join_many(void)
{
	for (unsigned i = 0; i < spawned; i++)
		ut_sem_post(&gate);
	join_all(spawned);
}

static void guards(void)
{
	ut_end();
	int error = spawn_many(THREADS);
	is_int(error ? error : (int)awake, THREADS, "a few threads alive");
	is_int(child_goes_deep(THREADS - 1, STACK_BYTES - 4096), 0, "a stack is as large as it is said to be");
	is_int(child_goes_deep(THREADS - 1, STACK_BYTES + 2048), SIGSEGV, "and below it is a guard");
	join_many();
}

static void many(void)
{
	static const char name[] = "200,000 threads alive at once";
	ut_end();
	if (available_mib() < 2048) {
		skip("less than 2 GiB of memory are available", name);
		return;
	}
	int error = spawn_many(MANY);
	if (error && ut.stacks.by_mprotect)
		skip("this kernel has no guards that take no mapping (Linux 6.13)", name);
	else
		is_int(error ? error : (int)awake, MANY, name);
	ok(child_goes_deep(0, STACK_BYTES + 2048) == SIGSEGV &&
			child_goes_deep(spawned - 1, STACK_BYTES + 2048) == SIGSEGV,
		"the first and the last have a guard %s", stacks_guard(&ut.stacks));
	join_many();
	ok(!spawn_many(spawned) && awake == spawned, "as many again, on stacks that were used before");
	join_many();
}

/* Without guards of the newer kind the mappings run out: that is an error, and what there is goes on. */
static void mappings(void)
{
	unsigned long most = 0;
	FILE *f = fopen("/proc/sys/vm/max_map_count", "re");
	if (!f || fscanf(f, "%lu", &most) != 1 || most > 80000) {
		skip("vm.max_map_count is too large to be reached here", "mappings run out");
		most = 0;
	}
	if (f)
		fclose(f);
	if (!most)
		return;
	ut_end();
	ut.stacks.by_mprotect = 1;
	int error = spawn_many((unsigned)most);
	is_int(error, -ENOMEM, "guards by mprotect: one too many is refused");
	ok(spawned > most / 2 - 2000 && spawned <= most / 2 && awake == spawned,
		"and %u are alive where vm.max_map_count is %lu", spawned, most);
	join_many();
}

int main(void)
{
	if (arch_missing())
		skip_all("%s", arch_missing());
	ut_begin();
	queue();
	mutexes();
	semaphores();
	conditions();
	guards();
	many();
	mappings();
	ut_end();
	return done();
}
