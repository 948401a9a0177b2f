// SPDX-License-Identifier: MIT
#include "../harness/run/environment.h"
#include "../harness/run/cgroup.h"

#include <ftw.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tap.h"

/* Every key of results/README.md that environment.c answers for. */
static const char *const keys[] = { "host", "cpu", "microcode", "firmware", "registers.area", "kernel", "arch", "os",
	"cmdline", "preemption", "hz", "scheduler", "pti", "pcid", "hypervisor", "emulated", "clocksource",
	"frequency.driver", "frequency.governor", "frequency.boost", "idle.driver", "idle.governor", "idle.states",
	"thp", "aslr", "autogroup", "nice", "cgroup", "cgroup.cpu.max", "cgroup.pids.max", "rt-runtime", "nmi-watchdog",
	"libc", "compiler", "flags" };

/* -- a machine made of files, under a directory of its own */

static char root[PATH_MAX];

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *walk)
{
	(void)st;
	(void)type;
	(void)walk;
	return remove(path);
}

static void machine_remove(void)
{
	if (*root)
		nftw(root, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
	*root = '\0';
}

static void machine_new(void)
{
	const char *base = getenv("TMPDIR");
	machine_remove();
	snprintf(root, sizeof root, "%s/ctxbench.XXXXXX", base ? base : "/tmp");
	if (!mkdtemp(root)) {
		printf("Bail out! no directory for the tests: %s\n", root);
		exit(1);
	}
}

static void make_directories(char *path)
{
	for (char *slash = path + strlen(root) + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		mkdir(path, 0777);
		*slash = '/';
	}
}

static void put_bytes(const char *path, const void *bytes, size_t n)
{
	char full[2 * PATH_MAX];
	snprintf(full, sizeof full, "%s%s", root, path);
	make_directories(full);
	FILE *f = fopen(full, "w");
	if (!f || fwrite(bytes, 1, n, f) != n || fclose(f))
		diag("can't write %s", full);
}

static void put(const char *path, const char *text)
{
	put_bytes(path, text, strlen(text));
}

static struct record *described(void)
{
	struct record *r = record_new();
	environment_describe(r, root);
	return r;
}

static void is_key(const char *key, const char *expected, const char *what)
{
	struct record *r = described();
	is_string(record_get(r, key), expected, "%s: %s", key, what);
	record_free(r);
}

/* -- the tests */

static void this_machine(void)
{
	struct record *r = record_new();
	environment_describe(r, "");
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
		const char *value = record_get(r, keys[i]);
		ok(value && *value, "%s is set", keys[i]);
	}
	const char *host = record_get(r, "host");
	ok(host && !strpbrk(host, " \t\n"), "the host's name is one word");
	record_free(r);
}

static void nothing_is_there(void)
{
	static const char *const not_files[] = { "registers.area", "kernel", "arch", "hz", "scheduler", "preemption",
		"hypervisor", "emulated", "aslr", "nice", "container", "libc", "compiler", "flags" };
	machine_new();
	struct record *r = described();
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
		bool file = true;
		for (size_t j = 0; j < sizeof not_files / sizeof not_files[0]; j++)
			file = file && strcmp(keys[i], not_files[j]);
		if (file)
			is_string(record_get(r, keys[i]), "unknown", "without /proc and /sys %s is unknown", keys[i]);
	}
	for (size_t i = 0; i < r->keys; i++)
		if (!strncmp(r->key[i].key, "mitigations.", 12))
			ok(false, "no mitigation is made up: %s", r->key[i].key);
	record_free(r);
}

/* An area holds its sets, whatever they are. */
static void registers(void)
{
	struct record *r = record_new();
	environment_describe(r, "");
	unsigned long area = strtoul(record_get(r, "registers.area"), NULL, 10), sets = 0;
	for (size_t i = 0; i < r->keys; i++)
		if (!strncmp(r->key[i].key, "registers.", 10) && strcmp(r->key[i].key, "registers.area"))
			sets += strtoul(r->key[i].value, NULL, 10);
	ok(area >= sets, "registers.area: %lu bytes hold its sets' %lu", area, sets);
	if (!strcmp(record_get(r, "registers.area"), "unknown"))
		skip("no port for this CPU", "registers.fp");
	else
		ok(strtoul(record_get(r, "registers.fp"), NULL, 10) >= 256, "registers.fp: 32 of 8 bytes, or more");
	record_free(r);
}

static void cpu_names(void)
{
	machine_new();
	put("/proc/cpuinfo", "processor\t: 0\nBogoMIPS\t: 243.75\nFeatures\t: fp asimd\nCPU implementer\t: 0x41\n"
			     "CPU architecture: 8\nCPU variant\t: 0x3\nCPU part\t: 0xd0c\nCPU revision\t: 1\n\n");
	is_key("cpu", "CPU implementer 0x41, CPU part 0xd0c, CPU variant 0x3, CPU revision 1", "ARM has no model name");
	is_key("pcid", "unknown", "nor x86's flags");
	put_bytes("/proc/device-tree/model", "Some Board 4", sizeof "Some Board 4");
	is_key("cpu", "CPU implementer 0x41, CPU part 0xd0c, CPU variant 0x3, CPU revision 1 (Some Board 4)",
		"with its board");

	machine_new();
	put("/proc/cpuinfo", "");
	is_key("cpu", "unknown", "an empty cpuinfo");
	put("/sys/class/dmi/id/sys_vendor", "Maker\n");
	put("/sys/class/dmi/id/product_name", "Box 9\n");
	is_key("cpu", "Maker Box 9", "an empty cpuinfo, with DMI");

	machine_new();
	put("/proc/cpuinfo",
		"processor\t: 0\nhart\t\t: 0\nisa\t\t: rv64imafdc\nmmu\t\t: sv39\nuarch\t\t: sifive,u74-mc\n");
	is_key("cpu", "uarch sifive,u74-mc, isa rv64imafdc", "RISC-V");
}

static void many_processors(void)
{
	enum { PROCESSORS = 5000 };
	size_t size = PROCESSORS * 128, used = 0;
	char *text = malloc(size);

	machine_new();
	for (int i = 0; i < PROCESSORS; i++)
		used += (size_t)snprintf(text + used, size - used,
			"processor\t: %d\nmodel name\t: Big One\nflags\t\t: fpu pcid pti\nmicrocode\t: 0x%x\n\n", i,
			i ? 2 : 1);
	put("/proc/cpuinfo", text);
	free(text);
	struct record *r = described();
	is_string(record_get(r, "cpu"), "Big One", "5000 processors have a name");
	is_string(record_get(r, "microcode"), "0x1", "the first one's microcode");
	is_string(record_get(r, "pcid"), "yes", "a flag");
	is_string(record_get(r, "pti"), "yes", "the last flag");
	record_free(r);
}

static void firmware(void)
{
	machine_new();
	is_key("firmware", "unknown", "not told");
	put("/sys/class/dmi/id/bios_version", "2.19.1\n");
	is_key("firmware", "2.19.1", "without its date");
	put("/sys/class/dmi/id/bios_date", "12/12/2023\n");
	is_key("firmware", "2.19.1 (12/12/2023)", "with its date");
}

static void mitigations(void)
{
	machine_new();
	put("/sys/devices/system/cpu/vulnerabilities/meltdown", "Mitigation: PTI\n");
	put("/sys/devices/system/cpu/vulnerabilities/new_one", "Vulnerable: no microcode\n");
	put("/sys/devices/system/cpu/vulnerabilities/empty", "");
	is_key("mitigations.meltdown", "Mitigation: PTI", "its file");
	is_key("mitigations.new_one", "Vulnerable: no microcode", "one that nobody knew of");
	is_key("mitigations.empty", "unknown", "an empty file");
	is_key("pti", "yes", "told by meltdown's file where there are no flags");
	put("/sys/devices/system/cpu/vulnerabilities/meltdown", "Not affected\n");
	is_key("pti", "no", "not needed");
}

static void host_names(void)
{
	static const struct {
		const char *name, *expected;
	} host[] = { { "n17\n", "n17" }, { "a/b\n", "a/b" }, { "x y\n", "x\\x20y" }, { "-rf\n", "-rf" },
		{ "\n", "unknown" }, { "a\n\"b\n", "a\\x0a\"b" }, { "h\xc3\xb6lle\n", "h\\xc3\\xb6lle" },
		{ "\xff\n", "\\xff" }, { "a\\x20\n", "a\\x5cx20" } };
	machine_new();
	for (size_t i = 0; i < sizeof host / sizeof host[0]; i++) {
		put("/proc/sys/kernel/hostname", host[i].name);
		is_key("host", host[i].expected, "made printable");
	}
}

static void kernel_settings(void)
{
	machine_new();
	put("/sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n");
	is_key("thp", "madvise", "the chosen one");
	put("/sys/kernel/debug/sched/preempt", "none voluntary (full) lazy\n");
	is_key("preemption", "full", "the one in force");
	put("/proc/cmdline", "root=/dev/sda mitigations=off quiet isolcpus=3 -- secret=1 nosmt\n");
	is_key("cmdline", "mitigations=off isolcpus=3", "only what concerns the machine's speed, nothing of init's");
	put("/etc/os-release", "NAME=\"Some\"\nPRETTY_NAME=\"Some Linux 12 (name)\"\n");
	is_key("os", "Some Linux 12 (name)", "without quotes");
	put("/sys/kernel/sched_ext/state", "disabled\n");
	struct record *r = described();
	const char *scheduler = record_get(r, "scheduler");
	ok(scheduler && !strstr(scheduler, "sched_ext"), "sched_ext is off");
	record_free(r);
	put("/sys/kernel/sched_ext/state", "enabled\n");
	put("/sys/kernel/sched_ext/root/ops", "simple\n");
	is_key("scheduler", "sched_ext (simple)", "where it is loaded");
}

static void frequency_and_idling(void)
{
	char line[4097];
	machine_new();
	put("/sys/devices/system/cpu/cpufreq/policy0/scaling_governor", "");
	is_key("frequency.governor", "unknown", "an empty file");
	put("/sys/devices/system/cpu/cpufreq/policy0/scaling_governor", "performance\n");
	put("/sys/devices/system/cpu/cpufreq/policy1/scaling_governor", "performance\n");
	is_key("frequency.governor", "performance", "all alike");
	put("/sys/devices/system/cpu/cpufreq/policy8/scaling_governor", "powersave\n");
	is_key("frequency.governor", "performance, powersave", "not all alike");
	memset(line, 'x', sizeof line - 1);
	line[sizeof line - 1] = '\0';
	put("/sys/devices/system/cpu/cpufreq/policy0/scaling_governor", line);
	struct record *r = described();
	ok(record_get(r, "frequency.governor"), "a line of 4 KiB does no harm");
	record_free(r);

	put("/sys/devices/system/cpu/intel_pstate/no_turbo", "1\n");
	is_key("frequency.boost", "off", "no_turbo is 1");
	put("/sys/devices/system/cpu/cpufreq/boost", "1\n");
	is_key("frequency.boost", "on", "boost is 1");

	put("/sys/devices/system/cpu/cpu4/cpuidle/state0/name", "POLL\n");
	put("/sys/devices/system/cpu/cpu4/cpuidle/state1/name", "C1\n");
	put("/sys/devices/system/cpu/cpu4/cpuidle/state2/name", "C6\n");
	put("/sys/devices/system/cpu/cpu4/cpuidle/state2/disable", "1\n");
	put("/sys/devices/system/cpu/cpu5/cpuidle/state0/name", "POLL\n");
	is_key("idle.states", "POLL, C1, C6 off", "of the first CPU that has any");
}

static void cgroup_v2(void)
{
	char found[PATH_MAX];
	machine_new();
	put("/proc/self/cgroup", "0::/a/b\n");
	is_key("cgroup", "v2 /a/b", "version 2");
	is_key("cgroup.cpu.max", "unknown", "not mounted");
	put("/proc/self/mountinfo",
		"22 27 0:21 / /proc rw - proc proc rw\n"
		"41 31 0:38 / /sys/fs/cgroup rw,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate\n");
	is_key("cgroup.cpu.max", "max", "no limit anywhere");
	put("/sys/fs/cgroup/a/b/cpu.max", "max 100000\n");
	put("/sys/fs/cgroup/a/cpu.max", "150000 100000\n");
	is_key("cgroup.cpu.max", "150000 100000", "the limit of one above");
	put("/sys/fs/cgroup/a/b/cpu.max", "10000 20000\n");
	is_key("cgroup.cpu.max", "10000 20000", "the tightest by share, not by number");
	put("/sys/fs/cgroup/a/b/pids.max", "100\n");
	put("/sys/fs/cgroup/a/pids.max", "60\n");
	is_key("cgroup.pids.max", "60", "the tightest");
	cgroup_tasks_directory(root, found, sizeof found);
	ok(!strcmp(found, "/sys/fs/cgroup/a"), "and where it is set");
	ok(cgroup_memory_room(root) == UINT64_MAX, "memory without a limit");
	put("/sys/fs/cgroup/a/b/memory.max", "max\n");
	put("/sys/fs/cgroup/a/memory.max", "5000000\n");
	put("/sys/fs/cgroup/a/memory.current", "2000000\n");
	ok(cgroup_memory_room(root) == 3000000, "what the group above leaves of memory");
	cgroup_memory_directory(root, found, sizeof found);
	ok(!strcmp(found, "/sys/fs/cgroup/a"), "and which group that is");
	cgroup_memory_file(root, found, sizeof found);
	ok(!strcmp(found, ""), "no account of memory");
	put("/sys/fs/cgroup/a/b/memory.stat", "anon 4096\nkernel_stack 16384\n");
	cgroup_memory_file(root, found, sizeof found);
	ok(!strcmp(found, "/sys/fs/cgroup/a/b/memory.stat"), "the group's own account of memory");

	put("/proc/self/mountinfo", "41 31 0:38 /a/b /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
	put("/sys/fs/cgroup/pids.max", "7\n");
	is_key("cgroup.pids.max", "7", "in a container the mount is our own cgroup");
	put("/proc/self/cgroup", "0::/../x\n");
	is_key("cgroup.pids.max", "7", "a path out of what is mounted");
}

static void cgroup_v1(void)
{
	machine_new();
	put("/proc/self/cgroup", "4:memory:/m\n3:cpu,cpuacct:/c\n2:pids:/p\n1:cpuset:/\n0::/u\n");
	put("/proc/self/mountinfo", "1 0 0:1 / /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset\n"
				    "2 0 0:2 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n"
				    "3 0 0:3 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n"
				    "4 0 0:4 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n");
	put("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "-1\n");
	is_key("cgroup", "v1 cpu:/c pids:/p", "version 1");
	is_key("cgroup.cpu.max", "max", "-1 is no limit");
	put("/sys/fs/cgroup/cpu,cpuacct/c/cpu.cfs_quota_us", "50000\n");
	put("/sys/fs/cgroup/cpu,cpuacct/c/cpu.cfs_period_us", "100000\n");
	is_key("cgroup.cpu.max", "50000 100000", "quota and period are two files");
	put("/sys/fs/cgroup/pids/p/pids.max", "12\n");
	is_key("cgroup.pids.max", "12", "version 1");
	put("/proc/self/mountinfo", "5 0 0:5 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n");
	put("/sys/fs/cgroup/memory/m/memory.limit_in_bytes", "900\n");
	put("/sys/fs/cgroup/memory/m/memory.usage_in_bytes", "1000\n");
	ok(cgroup_memory_room(root) == 0, "no memory is left where more is used than may be");
	char found[PATH_MAX] = "x";
	cgroup_memory_file(root, found, sizeof found);
	ok(!strcmp(found, ""), "version 1 has no account of stacks and slab");
}

static void where_it_runs(void)
{
	machine_new();
	is_key("container", "none", "no mark of one");
	is_key("power", "unknown", "no supply");
	put("/sys/class/power_supply/BAT0/type", "Battery\n");
	put("/sys/class/power_supply/BAT0/online", "0\n");
	is_key("power", "unknown", "a battery alone says nothing");
	put("/sys/class/power_supply/AC/type", "Mains\n");
	put("/sys/class/power_supply/AC/online", "0\n");
	is_key("power", "battery", "unplugged");
	put("/sys/class/power_supply/AC/online", "1\n");
	is_key("power", "mains", "plugged in");
	put("/.dockerenv", "");
	is_key("container", "docker", "its mark");
	put("/run/systemd/container", "lxc\n");
	is_key("container", "lxc", "named");
	put("/proc/2/comm", "kthreadd\n");
	is_key("container", "none", "with the kernel's threads in sight");
	put("/proc/self/cgroup", "0::/\n");
	put("/proc/self/mountinfo", "41 31 0:38 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
	is_key("cgroup.memory.max", "max", "no limit");
	put("/sys/fs/cgroup/memory.max", "1000000\n");
	put("/sys/fs/cgroup/memory.current", "500000\n");
	is_key("cgroup.memory.max", "1000000", "the limit, not what it leaves");
	put("/proc/sys/kernel/perf_event_paranoid", "3\n");
	is_key("perf-event-paranoid", "3", "as it stands");
}

int main(void)
{
	this_machine();
	registers();
	nothing_is_there();
	cpu_names();
	many_processors();
	firmware();
	mitigations();
	host_names();
	kernel_settings();
	frequency_and_idling();
	cgroup_v2();
	cgroup_v1();
	where_it_runs();
	machine_remove();
	return done();
}
