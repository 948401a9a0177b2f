// SPDX-License-Identifier: MIT
/*
 * The kernel module and its face. What is missing is told from files, shown here under a folder of our own; what the
 * module answers is asked where it is loaded, and skipped where it is not.
 */
#include <dirent.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>

#include "../impls/kthread/missing.h"
#include "tap.h"

/* -- what both sides take for granted of the structs */
static void sizes(void)
{
	is_int(sizeof(struct ctxbench_open), 112, "struct ctxbench_open has no padding");
	is_int(sizeof(struct ctxbench_check), 312, "struct ctxbench_check has no padding");
	is_int(sizeof(struct ctxbench_tasks), 4 + 4 * CTXBENCH_TASKS, "struct ctxbench_tasks has no padding");
	is_int(sizeof(struct ctxbench_counts), 24, "struct ctxbench_counts has no padding");
	is_int(_IOC_SIZE(CTXBENCH_LOOP), 8, "a loop is told its turns in 64 bits");
}

/* -- what is missing, on machines of our own making */
static char root[64], module[128];

static char *under(const char *path)
{
	static char whole[512];
	snprintf(whole, sizeof whole, "%s%s", root, path);
	return whole;
}

static void put(const char *path, const char *text)
{
	char *whole = under(path);
	for (char *slash = whole + strlen(root) + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = 0;
		mkdir(whole, 0755);
		*slash = '/';
	}
	FILE *f = fopen(whole, "w");
	if (!f || fputs(text, f) < 0 || fclose(f))
		abort();
}

static void says(const char *expected, const char *when)
{
	int fd;
	is_string(missing_under(root, module, &fd), expected, "%s", when);
	if (fd >= 0)
		close(fd);
}

/* From the first thing that stops to the last: each is mended, and the next shows. */
static void sentences(void)
{
	strcpy(root, "/tmp/ctxbench-kthread-XXXXXX");
	if (!mkdtemp(root))
		abort();
	snprintf(module, sizeof module, "%s/ctxbench.ko", root);
	says("this kernel takes no modules: built without CONFIG_MODULES", "no /proc/modules");
	put("/proc/modules", "");
	put("/proc/sys/kernel/osrelease", "6.1.0-9-amd64\n");
	put("/proc/sys/kernel/modules_disabled", "1\n");
	put("/proc/self/status", "Name:\tcell\nCapBnd:\t00000000a80425fb\n");
	put("/sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
	put("/sys/module/module/parameters/sig_enforce", "Y\n");
	says("no module may be loaded until the next boot: kernel.modules_disabled=1", "modules_disabled");
	put("/proc/sys/kernel/modules_disabled", "0\n");
	says("no module may be loaded here: CAP_SYS_MODULE is taken away, as in a container", "in a container");
	put("/proc/self/status", "Name:\tcell\nCapBnd:\t000001ffffffffff\n");
	says("no unsigned module may be loaded: the kernel is locked down", "locked down");
	put("/sys/kernel/security/lockdown", "[none] integrity confidentiality\n");
	says("no unsigned module may be loaded: module.sig_enforce=1", "signatures enforced");
	put("/sys/module/module/parameters/sig_enforce", "N\n");
	says("module not built: install linux-headers-6.1.0-9-amd64, make kthread && sudo insmod "
	     "build/kthread/ctxbench.ko",
		"no headers");
	put("/lib/modules/6.1.0-9-amd64/build/Makefile", "");
	says("module not loaded: make kthread && sudo insmod build/kthread/ctxbench.ko", "headers");
	put("/ctxbench.ko", "");
	char built[300];
	snprintf(built, sizeof built, "module not loaded: sudo insmod %s", module);
	says(built, "built");
	put("/sys/module/ctxbench/srcversion", "");
	says("the module is loaded, but this /dev has no ctxbench, as in a container", "loaded, no device");
	put("/dev/ctxbench", "");
	says("the loaded module is of another build: sudo rmmod ctxbench, then make kthread && sudo insmod "
	     "build/kthread/ctxbench.ko",
		"a device that speaks otherwise");
	chmod(under("/dev/ctxbench"), 0600);
	chmod(root, 0755);
	if (geteuid() == 0 && seteuid(65534) == 0) {
		says("its device is root's alone: sudo", "not root");
		if (seteuid(0))
			abort();
	} else {
		skip("we are not root", "not root");
	}
}

static void remove_root(void)
{
	char command[128];
	snprintf(command, sizeof command, "rm -rf %s", root);
	if (system(command))
		diag("%s is left over", root);
}

/* -- the module, where it is loaded */
static struct ctxbench_open opening(const char *wait, const char *job)
{
	struct ctxbench_open o = { .protocol = CTXBENCH_PROTOCOL, .bytes = sizeof o, .seat = { -1, -1 } };
	snprintf(o.wait, sizeof o.wait, "%s", wait);
	snprintf(o.job, sizeof o.job, "%s", job);
	return o;
}

static struct ctxbench_check checking(const char *wait, const char *check, __u32 rounds)
{
	struct ctxbench_check c = { .protocol = CTXBENCH_PROTOCOL, .bytes = sizeof c, .seat = { -1, -1 } };
	snprintf(c.wait, sizeof c.wait, "%s", wait);
	snprintf(c.check, sizeof c.check, "%s", check);
	c.rounds = rounds;
	return c;
}

static int session(void)
{
	return open("/dev/" CTXBENCH_DEVICE, O_RDWR | O_CLOEXEC);
}

static int answer(int fd, unsigned long call, void *arg)
{
	return ioctl(fd, call, arg) ? errno : 0;
}

static int loop(int fd, __u64 turns)
{
	return answer(fd, CTXBENCH_LOOP, &turns);
}

static int opened(int fd, const char *wait, const char *job, int seat)
{
	struct ctxbench_open o = opening(wait, job);
	o.seat[0] = seat;
	return answer(fd, CTXBENCH_OPEN, &o);
}

static void refuses_opens(int fd)
{
	struct ctxbench_open o = opening("wake", "switch");
	o.protocol++;
	is_int(answer(fd, CTXBENCH_OPEN, &o), EPROTO, "another protocol is refused");
	o = opening("wake", "switch");
	o.bytes--;
	is_int(answer(fd, CTXBENCH_OPEN, &o), EPROTO, "a struct of another size is refused");
	o = opening("wake", "switch");
	memset(o.variant, 'x', sizeof o.variant);
	is_int(answer(fd, CTXBENCH_OPEN, &o), EINVAL, "a name without an end is refused");
	o = opening("wake", "switch");
	o.seat[1] = 1 << 30;
	is_int(answer(fd, CTXBENCH_OPEN, &o), EINVAL, "a CPU that is not there is refused");
	is_int(opened(fd, "sleep", "switch", -1), ENOENT, "a wait that it has not is not found");
	is_int(opened(fd, "wake", "swatch", -1), ENOENT, "a bench that it has not is not found");
	is_int(opened(fd, "wake", "mode", -1), EOPNOTSUPP, "a bench for verbs that kernel threads lack is refused");
	is_int(opened(fd, "none", "switch", -1), EOPNOTSUPP, "a hand-off without a wait is refused");
	is_int(answer(fd, CTXBENCH_OPEN, (void *)1), EFAULT, "a struct that is not there is refused");
	is_int(answer(fd, _IO('x', 99), NULL), ENOTTY, "a call that it has not is refused");
}

static void refuses_the_rest(int fd)
{
	struct ctxbench_tasks t;
	struct ctxbench_counts n;
	struct ctxbench_check c = checking("wake", "it sings", 10);
	is_int(loop(fd, 1), ENOTCONN, "no loop before an open");
	is_int(answer(fd, CTXBENCH_SETTLE, NULL), ENOTCONN, "no settle before an open");
	is_int(answer(fd, CTXBENCH_CLOSE, NULL), ENOTCONN, "no close before an open");
	is_int(answer(fd, CTXBENCH_TASKS_NOW, &t), ENOTCONN, "no tasks before an open");
	is_int(answer(fd, CTXBENCH_COUNTS, &n), ENOTCONN, "no counts before an open");
	is_int(answer(fd, CTXBENCH_CHECK, &c), ENOENT, "a check that it has not is not found");
	c = checking("wake", "join waits for the end", 0);
	is_int(answer(fd, CTXBENCH_CHECK, &c), EINVAL, "a check of no rounds is refused");
	c = checking("wake", "join waits for the end", 1 << 30);
	is_int(answer(fd, CTXBENCH_CHECK, &c), EINVAL, "a check without an end is refused");
	c = checking("wake", "callee-saved registers survive", 10);
	is_int(answer(fd, CTXBENCH_CHECK, &c), EOPNOTSUPP, "a check that looks at registers is refused");
	is_int(opened(fd, "none", "spawn", -1), 0, "a spawn is opened");
	is_int(opened(fd, "none", "spawn", -1), EBUSY, "and no second bench in one session");
	is_int(loop(fd, 10), 0, "ten turns");
	is_int(loop(fd, 7), EINVAL, "a batch of more than it bears is refused");
	is_int(answer(fd, CTXBENCH_SETTLE, NULL), 0, "settled");
	is_int(loop(fd, 16), 0, "it bears sixteen again");
	is_int(answer(fd, CTXBENCH_CLOSE, NULL), 0, "closed with all of them alive");
	is_int(opened(fd, "wake", "switch", -1), 0, "another bench, another wait");
	is_int(loop(fd, 1ull << 33), EINVAL, "turns without an end are refused");
	is_int(answer(fd, CTXBENCH_CLOSE, NULL), 0, "closed");
}

/* -- who runs it */
static long number_in(const char *file, int tid, const char *key)
{
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/%s", tid, file);
	const char *at = strstr(missing_text("", path, 1), key);
	return at ? strtol(at + strlen(key), NULL, 10) : -1;
}

static bool alive(int tid)
{
	char path[64];
	snprintf(path, sizeof path, "/proc/%d", tid);
	return !access(path, F_OK);
}

/* An ended kernel thread stays listed for a moment. */
static bool gone(int tid)
{
	for (int tries = 0; alive(tid) && tries < 500; tries++)
		usleep(10000);
	return !alive(tid);
}

static unsigned flags_of(int tid)
{
	char path[64];
	unsigned flags = 0;
	snprintf(path, sizeof path, "/proc/%d/stat", tid);
	const char *at = strrchr(missing_text("", path, 1), ')');
	return at && sscanf(at + 2, "%*c %*d %*d %*d %*d %*d %u", &flags) == 1 ? flags : 0;
}

static void is_kernel_thread(int tid, int cpu)
{
	enum { PF_KTHREAD = 0x00200000 };
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/maps", tid);
	ok(flags_of(tid) & PF_KTHREAD, "task %d has PF_KTHREAD", tid);
	ok(!*missing_text("", path, 1), "and no address space");
	is_int(number_in("status", tid, "Cpus_allowed_list:"), cpu, "and is bound to its CPU");
}

static long switches(int tid)
{
	return number_in("status", tid, "\nvoluntary_ctxt_switches:");
}

static void counts_hand_offs(int fd, const char *wait)
{
	enum { TURNS = 5000 };
	struct ctxbench_tasks t = { 0 };
	struct ctxbench_counts before, after;
	struct sched_param none = { 0 };
	int cpu = sched_getcpu();
	is_int(opened(fd, wait, "switch", cpu), 0, "switch by %s, on one CPU", wait);
	is_int(answer(fd, CTXBENCH_TASKS_NOW, &t), 0, "its tasks");
	is_int(t.count, 2, "are the driver and its peer");
	for (unsigned i = 0; i < 2; i++) {
		is_kernel_thread(t.tid[i], cpu);
		is_int(syscall(SYS_sched_setscheduler, t.tid[i], SCHED_BATCH, &none), 0, "it takes a policy");
	}
	loop(fd, 10);
	answer(fd, CTXBENCH_COUNTS, &before);
	long driver = switches(t.tid[0]), peer = switches(t.tid[1]);
	is_int(loop(fd, TURNS), 0, "so many turns");
	answer(fd, CTXBENCH_COUNTS, &after);
	is_int((long long)(after.done - before.done), 2 * TURNS, "are twice as many hand-offs");
	long idle = (long)(after.idle_voluntary - before.idle_voluntary);
	/* a preemption by somebody else spares a voluntary switch */
	ok(labs(switches(t.tid[0]) - driver - idle - TURNS) < TURNS / 50, "the driver switched once a turn");
	ok(labs(switches(t.tid[1]) - peer - TURNS) < TURNS / 50, "and so did the peer");
	is_int(answer(fd, CTXBENCH_CLOSE, NULL), 0, "closed");
	ok(gone(t.tid[0]) && gone(t.tid[1]), "and both are gone");
}

static void passes_checks(int fd, const char *wait)
{
	static const char *const names[] = { "a body runs once, on an aligned stack", "join waits for the end",
		"hand-offs go round a ring in order", "an ended body's successor runs next" };
	for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
		struct ctxbench_check c = checking(wait, names[i], 100);
		int error = answer(fd, CTXBENCH_CHECK, &c);
		if (error == EOPNOTSUPP && !strcmp(wait, "none"))
			skip("it waits for no turn", "%s: %s", wait, names[i]);
		else if (!ok(!error && !*c.wrong, "%s: %s", wait, names[i]))
			diag("%s, %s", strerror(error), c.wrong);
	}
}

/* -- what is created and joined leaves nothing */
static unsigned contexts_alive(void)
{
	unsigned n = 0;
	DIR *d = opendir("/proc");
	for (struct dirent *e; d && (e = readdir(d));) {
		char path[300];
		snprintf(path, sizeof path, "/proc/%s/comm", e->d_name);
		n += atoi(e->d_name) > 0 && !strcmp(missing_text("", path, 0), "ctxbench-ctx");
	}
	if (d)
		closedir(d);
	return n;
}

static void leaves_nothing(int fd)
{
	enum { CREATED = 2000 };
	struct ctxbench_tasks t = { 0 };
	struct ctxbench_counts c = { 0 };
	is_int(opened(fd, "none", "create", -1), 0, "create");
	is_int(loop(fd, CREATED), 0, "so many turns");
	answer(fd, CTXBENCH_COUNTS, &c);
	is_int((long long)c.done, CREATED, "are as many bodies");
	answer(fd, CTXBENCH_TASKS_NOW, &t);
	is_int(t.count, 1, "and the driver alone is left of the session");
	for (int tries = 0; contexts_alive() && tries < 500; tries++)
		usleep(10000);
	is_int(contexts_alive(), 0, "and of the contexts none");
	is_int(answer(fd, CTXBENCH_CLOSE, NULL), 0, "closed");
}

/* -- ends before its time */
static void on_alarm(int signal)
{
	(void)signal;
}

static void ends_by_signal(int fd)
{
	struct sigaction action = { .sa_handler = on_alarm, .sa_flags = SA_RESTART };
	struct itimerval soon = { .it_value = { .tv_usec = 100000 } };
	sigaction(SIGALRM, &action, NULL);
	is_int(opened(fd, "wake", "switch", -1), 0, "a loop without an end");
	setitimer(ITIMER_REAL, &soon, NULL);
	is_int(loop(fd, 1ull << 32), EINTR, "ends by a signal");
	is_int(loop(fd, 100), 0, "and the session goes on");
	is_int(answer(fd, CTXBENCH_CLOSE, NULL), 0, "closed");
}

static void ends_with_its_process(void)
{
	struct ctxbench_tasks *t = mmap(NULL, sizeof *t, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status = 0;
	pid_t child = fork();
	if (!child) {
		int fd = session();
		opened(fd, "completion", "switch", -1);
		answer(fd, CTXBENCH_TASKS_NOW, t);
		loop(fd, 1ull << 32);
		_exit(1);
	}
	while (!__atomic_load_n(&t->count, __ATOMIC_ACQUIRE))
		usleep(10000);
	usleep(100000);
	is_int(syscall(SYS_delete_module, CTXBENCH_DEVICE, O_NONBLOCK) ? errno : 0, EAGAIN,
		"a loop runs: no unloading");
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	ok(WIFSIGNALED(status), "the caller is killed in the middle of a loop");
	ok(gone(t->tid[0]) && gone(t->tid[1]), "and its kernel threads are gone");
}

static void is_roots_alone(void)
{
	int status = 0;
	if (!fork())
		_exit(setuid(65534) ? 0 : session() < 0 ? errno : 0);
	wait(&status);
	is_int(WEXITSTATUS(status), EACCES, "nobody else may open it");
}

static void asks_the_module(void)
{
	int fd, other;
	const char *missing = missing_under("", "", &fd);
	if (missing) {
		skip(missing, "what the module answers");
		return;
	}
	refuses_opens(fd);
	refuses_the_rest(fd);
	static const char *const waits[] = { "none", "wake", "completion", "waitqueue" };
	for (unsigned i = 0; i < sizeof waits / sizeof *waits; i++) {
		passes_checks(fd, waits[i]);
		if (i)
			counts_hand_offs(fd, waits[i]);
	}
	leaves_nothing(fd);
	other = session();
	is_int(opened(fd, "wake", "switch", -1), 0, "a session");
	is_int(opened(other, "waitqueue", "switch", -1), 0, "and another at the same time");
	is_int(loop(other, 100) + loop(fd, 100), 0, "both loop");
	close(other);
	is_int(answer(fd, CTXBENCH_CLOSE, NULL), 0, "and end");
	ends_by_signal(fd);
	close(fd);
	ends_with_its_process();
	is_roots_alone();
}

int main(void)
{
	sizes();
	sentences();
	remove_root();
	asks_the_module();
	return done();
}
