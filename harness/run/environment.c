// SPDX-License-Identifier: MIT
#include "environment.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cgroup.h"
#include "file.h"
#include "registers.h"

#ifdef __GLIBC__
#include <gnu/libc-version.h>
#endif
#if defined __x86_64__ || defined __i386__
#include <cpuid.h>
#endif

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

enum { TEXT = 4096 }; /* as long as a kernel command line may be */

/* What is asked more than once. */
struct source {
	const char *root;
	struct utsname system;
	char *cpuinfo; /* its beginning, from a line feed on; never NULL */
	char *config;  /* the kernel's, likewise; empty where it is not told */
};

/* -- reading files under the root */

/* At most `most` bytes of a stream behind a line feed, so that "\nkey" finds the first line too. */
static char *read_all(FILE *f, size_t most)
{
	char *text = malloc(most + 2);
	size_t n = 0;
	if (!text)
		abort();
	text[0] = '\n';
	if (f)
		n = fread(text + 1, 1, most, f);
	text[1 + n] = '\0';
	return text;
}

static void add_distinct(char *text, size_t size, const char *value)
{
	size_t used = strlen(text);
	const char *found = strstr(text, value);
	bool there = found && (found == text || found[-1] == ' ') && strchr(",", found[strlen(value)]);
	if (!there)
		snprintf(text + used, size - used, "%s%s", used ? ", " : "", value);
}

/* The first lines of all files that match, each once: CPUs need not all say the same. */
static void read_pattern(const char *root, const char *pattern, char *text, size_t size)
{
	char full[PATH_MAX], line[TEXT];
	glob_t found;

	snprintf(full, sizeof full, "%s%s", root, pattern);
	if (glob(full, 0, NULL, &found))
		return;
	for (size_t i = 0; i < found.gl_pathc; i++)
		if (file_line("", found.gl_pathv[i], line, sizeof line))
			add_distinct(text, size, line);
	globfree(&found);
}

/* The chosen one of "always [madvise] never". */
static void take_bracketed(char *text, char open, char close)
{
	char *begin = strchr(text, open), *end = begin ? strchr(begin, close) : NULL;
	if (!end)
		return;
	*end = '\0';
	memmove(text, begin + 1, (size_t)(end - begin));
}

/* -- the processor */

/* The value of the first "key : value" line. */
static bool cpuinfo_field(const struct source *s, const char *key, char *text, size_t size)
{
	size_t n = strlen(key);
	for (const char *line = s->cpuinfo; line; line = strchr(line + 1, '\n')) {
		const char *p = line + 1;
		if (strncmp(p, key, n))
			continue;
		p += n;
		p += strspn(p, " \t");
		if (*p != ':')
			continue;
		p++;
		p += strspn(p, " \t");
		snprintf(text, size, "%.*s", (int)strcspn(p, "\n"), p);
		return *text;
	}
	return false;
}

static bool has_flag(const struct source *s, const char *flag)
{
	char flags[TEXT];
	return cpuinfo_field(s, "flags", flags, sizeof flags) && file_has_word(flags, flag);
}

/* The name of the whole machine: on many ARM and RISC-V systems the only name there is. */
static bool machine_name(const struct source *s, char *text, size_t size)
{
	char vendor[128] = "", product[128] = "";
	if (file_line(s->root, "/proc/device-tree/model", text, size))
		return true;
	file_line(s->root, "/sys/class/dmi/id/sys_vendor", vendor, sizeof vendor);
	file_line(s->root, "/sys/class/dmi/id/product_name", product, sizeof product);
	snprintf(text, size, "%s%s%s", vendor, *vendor && *product ? " " : "", product);
	return *text;
}

static void tell_cpu(const struct source *s, char *text, size_t size)
{
	static const char *const name[] = { "model name", "Model Name", "cpu model", "cpu" };
	static const char *const part[] = { "CPU implementer", "CPU part", "CPU variant", "CPU revision", "mvendorid",
		"marchid", "uarch", "isa" };
	char value[512], machine[300];
	size_t used = 0;

	for (size_t i = 0; i < ARRAY_SIZE(name); i++)
		if (cpuinfo_field(s, name[i], text, size))
			return;
	for (size_t i = 0; i < ARRAY_SIZE(part); i++)
		if (cpuinfo_field(s, part[i], value, sizeof value))
			used += (size_t)snprintf(text + used, size - used, "%s%s %s", used ? ", " : "", part[i], value);
	if (machine_name(s, machine, sizeof machine))
		snprintf(text + used, size - used, used ? " (%s)" : "%s", machine);
}

static void tell_microcode(const struct source *s, char *text, size_t size)
{
	if (!cpuinfo_field(s, "microcode", text, size))
		read_pattern(s->root, "/sys/devices/system/cpu/cpu[0-9]*/microcode/version", text, size);
}

/* The machine's own: of equal boards with unequal firmware each has another speed. */
static void tell_firmware(const struct source *s, char *text, size_t size)
{
	char version[TEXT] = "", date[TEXT] = "";
	if (!file_line(s->root, "/sys/class/dmi/id/bios_version", version, sizeof version))
		return;
	bool dated = file_line(s->root, "/sys/class/dmi/id/bios_date", date, sizeof date) && *date;
	snprintf(text, size, dated ? "%s (%s)" : "%s", version, date);
}

static void tell_pti(const struct source *s, char *text, size_t size)
{
	char meltdown[256] = "";
	bool told = file_line(s->root, "/sys/devices/system/cpu/vulnerabilities/meltdown", meltdown, sizeof meltdown);
	if (has_flag(s, "pti") || strstr(meltdown, "PTI"))
		snprintf(text, size, "yes");
	else if (told)
		snprintf(text, size, "no");
}

static void tell_pcid(const struct source *s, char *text, size_t size)
{
	char flags[TEXT];
	if (cpuinfo_field(s, "flags", flags, sizeof flags))
		snprintf(text, size, "%s", file_has_word(flags, "pcid") ? "yes" : "no");
}

/* -- what is below the kernel */

#if defined __x86_64__ || defined __i386__
/* The twelve letters of a hypervisor's leaf; false where no hypervisor says that it is there. */
static bool cpuid_signature(unsigned leaf, char letters[13])
{
	unsigned a, b, c, d, present = 1u << 31;
	if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & present))
		return false;
	__cpuid(leaf, a, b, c, d);
	memcpy(letters, &b, 4);
	memcpy(letters + 4, &c, 4);
	memcpy(letters + 8, &d, 4);
	letters[12] = '\0';
	return true;
}

enum { HAS_CPUID = 1 };
#else
static bool cpuid_signature(unsigned leaf, char letters[13])
{
	(void)leaf;
	(void)letters;
	return false;
}

enum { HAS_CPUID = 0 };
#endif

/* Signatures as the vendors publish them. KVM may show Hyper-V's first and its own one step later. */
static const char *name_by_cpuid(void)
{
	static const struct {
		const char *letters, *name;
	} known[] = { { "KVMKVMKVM", "KVM" }, { "TCGTCGTCGTCG", "QEMU TCG" }, { "VMwareVMware", "VMware" },
		{ "XenVMMXenVMM", "Xen" }, { "VBoxVBoxVBox", "VirtualBox" }, { "bhyve bhyve ", "bhyve" },
		{ "ACRNACRNACRN", "ACRN" }, { " lrpepyh  vr", "Parallels" }, { "Microsoft Hv", "Hyper-V" } };
	static char letters[13];
	const unsigned first = 0x40000000, second = 0x40000100;

	if (cpuid_signature(second, letters) && !strcmp(letters, "KVMKVMKVM"))
		return "KVM";
	if (!cpuid_signature(first, letters))
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (!strcmp(letters, known[i].letters))
			return known[i].name;
	return isprint((unsigned char)letters[0]) ? letters : "unnamed";
}

static void tell_hypervisor(const struct source *s, char *text, size_t size)
{
	char vendor[128] = "";
	const char *name = name_by_cpuid();

	if (name)
		snprintf(text, size, "%s", name);
	else if (file_line(s->root, "/sys/hypervisor/type", text, size) ||
		 file_line(s->root, "/proc/device-tree/hypervisor/compatible", text, size))
		return;
	else if (HAS_CPUID)
		snprintf(text, size, "none");
	else if (file_line(s->root, "/sys/class/dmi/id/sys_vendor", vendor, sizeof vendor) && strstr(vendor, "QEMU"))
		snprintf(text, size, "QEMU");
}

/* A CPU of QEMU's own making has no implementer; on RISC-V no vendor, and QEMU's version for an architecture, far above
 * the numbers that are given out. */
static bool made_up(const struct source *s)
{
	char value[64] = "";

	if (cpuinfo_field(s, "CPU implementer", value, sizeof value))
		return !strtoul(value, NULL, 0);
	return cpuinfo_field(s, "mvendorid", value, sizeof value) && !strtoul(value, NULL, 0) &&
	       cpuinfo_field(s, "marchid", value, sizeof value) && strtoul(value, NULL, 0) >> 16;
}

/* A program for another CPU than the kernel's /proc/cpuinfo describes is being translated. A QEMU board alone may be
 * KVM's or interpreted: not told. */
static void tell_emulated(const struct source *s, char *text, size_t size)
{
	char value[256] = "";
	const char *name = name_by_cpuid();
	bool x86_kernel =
		cpuinfo_field(s, "vendor_id", value, sizeof value) && (strstr(value, "Intel") || strstr(value, "AMD"));
	bool translated = HAS_CPUID
				  ? cpuinfo_field(s, "model name", value, sizeof value) && strstr(value, "VirtualApple")
				  : x86_kernel;
	bool tree = file_line(s->root, "/proc/device-tree/compatible", value, sizeof value);
	bool board = tree && (strstr(value, "dummy-virt") || strstr(value, "riscv-virtio"));
	bool vendor = file_line(s->root, "/sys/class/dmi/id/sys_vendor", value, sizeof value);
	bool real = (tree && !board) || (vendor && !strstr(value, "QEMU"));

	if ((name && !strcmp(name, "QEMU TCG")) || translated || (!HAS_CPUID && made_up(s)))
		snprintf(text, size, "yes");
	else if (HAS_CPUID || real)
		snprintf(text, size, "no");
}

/* -- the kernel */

/* Printable in any terminal and file, and still told apart from every other name: odd bytes become \xNN. */
static void tell_host(const struct source *s, char *text, size_t size)
{
	char raw[256] = "";
	size_t used = 0;
	size_t n = 0;
	FILE *f = file_open(s->root, "/proc/sys/kernel/hostname");

	if (f) {
		n = fread(raw, 1, sizeof raw - 1, f);
		fclose(f);
		n -= n && raw[n - 1] == '\n'; /* only the last is the file's own */
	} else if (!*s->root) {
		n = (size_t)snprintf(raw, sizeof raw, "%s", s->system.nodename);
	}
	for (size_t i = 0; i < n && used + 5 < size; i++) {
		bool plain = raw[i] > ' ' && raw[i] < 0x7f && raw[i] != '\\';
		used += (size_t)snprintf(text + used, size - used, plain ? "%c" : "\\x%02x", (unsigned char)raw[i]);
	}
}

static void tell_kernel(const struct source *s, char *text, size_t size)
{
	snprintf(text, size, "%s", s->system.release);
}

static void tell_arch(const struct source *s, char *text, size_t size)
{
	snprintf(text, size, "%s", s->system.machine);
}

static void tell_os(const struct source *s, char *text, size_t size)
{
	static const char *const path[] = { "/etc/os-release", "/usr/lib/os-release" };
	static const char key[] = "PRETTY_NAME=";
	char line[512];

	for (size_t i = 0; !*text && i < ARRAY_SIZE(path); i++) {
		FILE *f = file_open(s->root, path[i]);
		while (f && fgets(line, sizeof line, f))
			if (!strncmp(line, key, strlen(key))) {
				const char *value = line + strlen(key) + strspn(line + strlen(key), "\"'");
				snprintf(text, size, "%.*s", (int)strcspn(value, "\"'\n"), value);
			}
		if (f)
			fclose(f);
	}
}

/* /proc/config.gz, unpacked by gzip, which every distribution has; where not, the configuration is just not told. */
static char *unpack_config(const char *root, size_t most)
{
	char *const arguments[] = { "gzip", "-dc", NULL };
	posix_spawn_file_actions_t actions;
	char path[PATH_MAX];
	int end[2];
	pid_t pid;

	snprintf(path, sizeof path, "%s/proc/config.gz", root);
	if (access(path, R_OK) || pipe2(end, O_CLOEXEC))
		return read_all(NULL, 0);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, path, O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, end[1], 1);
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	int failed = posix_spawnp(&pid, "gzip", &actions, NULL, arguments, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(end[1]);
	FILE *f = fdopen(end[0], "r");
	char *text = read_all(f, most);
	if (f)
		fclose(f);
	if (!failed)
		waitpid(pid, NULL, 0);
	return text;
}

static char *read_config(const char *root, const char *release)
{
	const size_t most = 1 << 20;
	char path[PATH_MAX];

	snprintf(path, sizeof path, "/boot/config-%s", release);
	FILE *f = file_open(root, path);
	if (!f)
		return unpack_config(root, most);
	char *text = read_all(f, most);
	fclose(f);
	return text;
}

static const char *configured_preemption(const struct source *s)
{
	static const struct {
		const char *line, *name;
	} known[] = { { "\nCONFIG_PREEMPT_NONE=y\n", "none" }, { "\nCONFIG_PREEMPT_VOLUNTARY=y\n", "voluntary" },
		{ "\nCONFIG_PREEMPT_LAZY=y\n", "lazy" }, { "\nCONFIG_PREEMPT=y\n", "full" } };
	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (strstr(s->config, known[i].line))
			return known[i].name;
	return NULL;
}

/* The mode in force where debugfs tells it; else what the command line, or the configuration, began with. */
static void tell_preemption(const struct source *s, char *text, size_t size)
{
	char line[TEXT] = "";
	char *argument = NULL;
	const char *version = s->system.version, *configured = configured_preemption(s);

	if (file_line(s->root, "/sys/kernel/debug/sched/preempt", text, size)) {
		take_bracketed(text, '(', ')');
		return;
	}
	if (file_line(s->root, "/proc/cmdline", line, sizeof line) && (argument = strstr(line, "preempt=")) &&
		(argument == line || argument[-1] == ' '))
		argument[strcspn(argument, " ")] = '\0';
	else
		argument = NULL;
	if (file_has_word(version, "PREEMPT_RT"))
		snprintf(text, size, "rt");
	else if (file_has_word(version, "PREEMPT_DYNAMIC"))
		snprintf(text, size, "%s (dynamic)",
			argument     ? argument + strlen("preempt=")
			: configured ? configured
				     : "unknown");
	else if (file_has_word(version, "PREEMPT"))
		snprintf(text, size, "full");
	else
		snprintf(text, size, "%s", configured ? configured : "none or voluntary");
}

/* The coarse clock moves once a tick: its resolution is HZ, of the running kernel, with no file to be missing.
 * (sysconf's clock tick is 100 on every kernel.) */
static void tell_hz(const struct source *s, char *text, size_t size)
{
	struct timespec tick;
	(void)s;
	if (clock_getres(CLOCK_MONOTONIC_COARSE, &tick) || tick.tv_sec ||
		tick.tv_nsec < 100000) /* an emulated kernel's */
		return;
	snprintf(text, size, "%ld", (1000000000 + tick.tv_nsec / 2) / tick.tv_nsec);
}

static void tell_scheduler(const struct source *s, char *text, size_t size)
{
	char state[32] = "", name[64] = "unnamed";
	int major = 0, minor = 0;

	if (file_line(s->root, "/sys/kernel/sched_ext/state", state, sizeof state) && !strcmp(state, "enabled")) {
		file_line(s->root, "/sys/kernel/sched_ext/root/ops", name, sizeof name);
		snprintf(text, size, "sched_ext (%s)", name);
	} else if (sscanf(s->system.release, "%d.%d", &major, &minor) == 2) {
		snprintf(text, size, "%s", major > 6 || (major == 6 && minor >= 6) ? "EEVDF" : "CFS");
	}
}

/* -- speed and idling */

static void tell_boost(const struct source *s, char *text, size_t size)
{
	char value[16];
	if (file_line(s->root, "/sys/devices/system/cpu/cpufreq/boost", value, sizeof value))
		snprintf(text, size, "%s", *value == '0' ? "off" : "on");
	else if (file_line(s->root, "/sys/devices/system/cpu/intel_pstate/no_turbo", value, sizeof value))
		snprintf(text, size, "%s", *value == '0' ? "on" : "off");
}

static void tell_idle_governor(const struct source *s, char *text, size_t size)
{
	if (!file_line(s->root, "/sys/devices/system/cpu/cpuidle/current_governor", text, size))
		file_line(s->root, "/sys/devices/system/cpu/cpuidle/current_governor_ro", text, size);
}

/* Those of the first CPU that has any: "POLL, C1, C6 off". */
static void tell_idle_states(const struct source *s, char *text, size_t size)
{
	char path[PATH_MAX], name[64], disabled[16];
	glob_t found;
	size_t used = 0, cpu_length = 0;

	snprintf(path, sizeof path, "%s/sys/devices/system/cpu/cpu[0-9]*/cpuidle/state*", s->root);
	if (glob(path, 0, NULL, &found))
		return;
	for (size_t i = 0; i < found.gl_pathc; i++) {
		const char *state = found.gl_pathv[i];
		if (!i)
			cpu_length = (size_t)(strrchr(state, '/') - state);
		if (strncmp(state, found.gl_pathv[0], cpu_length + 1))
			break;
		snprintf(path, sizeof path, "%s/name", state);
		if (!file_line("", path, name, sizeof name))
			continue;
		snprintf(path, sizeof path, "%s/disable", state);
		bool off = file_line("", path, disabled, sizeof disabled) && *disabled == '1';
		if (used < size)
			used += (size_t)snprintf(
				text + used, size - used, "%s%s%s", used ? ", " : "", name, off ? " off" : "");
	}
	globfree(&found);
}

/* -- what the kernel allows this process */

static void tell_thp(const struct source *s, char *text, size_t size)
{
	if (file_line(s->root, "/sys/kernel/mm/transparent_hugepage/enabled", text, size))
		take_bracketed(text, '[', ']');
}

static void tell_aslr(const struct source *s, char *text, size_t size)
{
	int current = personality(0xffffffff); /* asks, changes nothing */
	if (current >= 0 && current & ADDR_NO_RANDOMIZE)
		snprintf(text, size, "off for this process");
	else
		file_line(s->root, "/proc/sys/kernel/randomize_va_space", text, size);
}

static void tell_nice(const struct source *s, char *text, size_t size)
{
	(void)s;
	errno = 0;
	int nice_value = getpriority(PRIO_PROCESS, 0);
	if (!errno)
		snprintf(text, size, "%d", nice_value);
}

/* A laptop's clock depends on it. Batteries of mice and the like are of scope Device, and are no supply that is a
 * mains. */
static void tell_power(const struct source *s, char *text, size_t size)
{
	char path[PATH_MAX], value[64];
	glob_t found;

	snprintf(path, sizeof path, "%s/sys/class/power_supply/*", s->root);
	if (glob(path, 0, NULL, &found))
		return;
	for (size_t i = 0; i < found.gl_pathc && !*text; i++) {
		snprintf(path, sizeof path, "%s/type", found.gl_pathv[i]);
		if (!file_line("", path, value, sizeof value) || strcmp(value, "Mains"))
			continue;
		snprintf(path, sizeof path, "%s/online", found.gl_pathv[i]);
		if (file_line("", path, value, sizeof value))
			snprintf(text, size, "%s", *value == '0' ? "battery" : "mains");
	}
	globfree(&found);
}

/* Files that the makers of containers leave in them; a machine may have been made from such an image. There it sees the
 * kernel's own threads, which no container does that has process numbers of its own. */
static void tell_container(const struct source *s, char *text, size_t size)
{
	static const struct {
		const char *path, *name;
	} mark[] = { { "/run/.containerenv", "podman" }, { "/.dockerenv", "docker" },
		{ "/run/secrets/kubernetes.io", "kubernetes" }, { "/var/run/secrets/kubernetes.io", "kubernetes" } };
	char path[PATH_MAX], second[32] = "";

	snprintf(text, size, "none");
	if (file_line(s->root, "/proc/2/comm", second, sizeof second) && !strcmp(second, "kthreadd"))
		return;
	if (file_line(s->root, "/run/systemd/container", text, size))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(mark); i++) {
		snprintf(path, sizeof path, "%s%s", s->root, mark[i].path);
		if (!access(path, F_OK)) {
			snprintf(text, size, "%s", mark[i].name);
			return;
		}
	}
}

static void tell_memory_max(const struct source *s, char *text, size_t size)
{
	cgroup_memory_max(s->root, text, size);
}

static void tell_cgroup(const struct source *s, char *text, size_t size)
{
	cgroup_describe(s->root, text, size);
}

static void tell_cpu_max(const struct source *s, char *text, size_t size)
{
	cgroup_cpu_max(s->root, text, size);
}

static void tell_pids_max(const struct source *s, char *text, size_t size)
{
	cgroup_pids_max(s->root, text, size);
}

/* -- this build */

static void tell_libc(const struct source *s, char *text, size_t size)
{
	(void)s;
#ifdef __GLIBC__
	snprintf(text, size, "glibc %s", gnu_get_libc_version());
#else
	snprintf(text, size, "musl or other");
#endif
}

static void tell_compiler(const struct source *s, char *text, size_t size)
{
	(void)s;
#ifdef __clang__
	snprintf(text, size, "%s", __VERSION__); /* names itself */
#else
	snprintf(text, size, "gcc %s", __VERSION__);
#endif
}

#ifndef BUILD_FLAGS
#define BUILD_FLAGS "unknown"
#endif
#if !defined __OPTIMIZE__ || defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
enum { COMPARABLE = 0 };
#else
enum { COMPARABLE = 1 };
#endif

/* Not every sanitizer has a macro in every compiler, so the text is looked at too. */
static void tell_flags(const struct source *s, char *text, size_t size)
{
	(void)s;
	bool comparable = COMPARABLE && !strstr(BUILD_FLAGS, "-fsanitize");
	snprintf(text, size, "%s%s", BUILD_FLAGS, comparable ? "" : " (not for comparison)");
}

/* What a command line says of the machine's speed; what else stands there (disks, hosts, keys) is nobody's business. */
static bool concerns_us(const char *word)
{
	static const char *const begins[] = { "mitigations=", "nopti", "pti=", "nospectre", "spectre_", "spec_",
		"retbleed=", "srbds=", "l1tf=", "mds=", "mmio_stale_data=", "tsx",
		"gather_data_sampling=", "reg_file_data_sampling=", "nosmt", "isolcpus=", "nohz", "rcu_nocb",
		"rcutree.", "irqaffinity=", "preempt=", "threadirqs", "idle=", "intel_idle.", "processor.", "cpuidle",
		"haltpoll.", "intel_pstate=", "amd_pstate", "cpufreq.", "clocksource=", "tsc=", "notsc",
		"highres=", "skew_tick=", "transparent_hugepage=", "nokaslr",
		"randomize_kstack_offset=", "vsyscall=", "maxcpus=", "nr_cpus=", "numa_balancing=", "nomodule",
		"nowatchdog", "nmi_watchdog=", "audit=", "security=", "lsm=", "selinux=", "apparmor=", "debug_",
		"slub_debug", "slab_debug", "init_on_", "page_poison=", "kvm", "noautogroup", "psi=" };
	for (size_t i = 0; i < ARRAY_SIZE(begins); i++)
		if (!strncmp(word, begins[i], strlen(begins[i])))
			return true;
	return false;
}

static void tell_cmdline(const struct source *s, char *text, size_t size)
{
	char line[TEXT];
	size_t used = 0;
	if (!file_line(s->root, "/proc/cmdline", line, sizeof line))
		return;
	snprintf(text, size, "nothing that matters");
	for (char *rest = line, *word; (word = strsep(&rest, " "));) {
		if (!strcmp(word, "--"))
			break; /* what follows is for init */
		if (concerns_us(word) && used + strlen(word) + 2 < size)
			used += (size_t)snprintf(text + used, size - used, "%s%s", used ? " " : "", word);
	}
}

/* -- all of them, in the order of results/README.md; a path may be a pattern */

#define CPU "/sys/devices/system/cpu"
static const struct {
	const char *key, *path;
	void (*tell)(const struct source *s, char *text, size_t size); /* leaves text empty where nothing is told */
} table[] = {
	{ "host", NULL, tell_host },
	{ "cpu", NULL, tell_cpu },
	{ "microcode", NULL, tell_microcode },
	{ "firmware", NULL, tell_firmware },
	{ "kernel", NULL, tell_kernel },
	{ "arch", NULL, tell_arch },
	{ "os", NULL, tell_os },
	{ "cmdline", NULL, tell_cmdline },
	{ "preemption", NULL, tell_preemption },
	{ "hz", NULL, tell_hz },
	{ "scheduler", NULL, tell_scheduler },
	{ "pti", NULL, tell_pti },
	{ "pcid", NULL, tell_pcid },
	{ "hypervisor", NULL, tell_hypervisor },
	{ "emulated", NULL, tell_emulated },
	{ "container", NULL, tell_container },
	{ "clocksource", "/sys/devices/system/clocksource/clocksource0/current_clocksource", NULL },
	{ "frequency.driver", CPU "/cpufreq/policy*/scaling_driver", NULL },
	{ "frequency.governor", CPU "/cpufreq/policy*/scaling_governor", NULL },
	{ "frequency.boost", NULL, tell_boost },
	{ "power", NULL, tell_power },
	{ "idle.driver", CPU "/cpuidle/current_driver", NULL },
	{ "idle.governor", NULL, tell_idle_governor },
	{ "idle.states", NULL, tell_idle_states },
	{ "thp", NULL, tell_thp },
	{ "aslr", NULL, tell_aslr },
	{ "autogroup", "/proc/sys/kernel/sched_autogroup_enabled", NULL },
	{ "nice", NULL, tell_nice },
	{ "cgroup", NULL, tell_cgroup },
	{ "cgroup.cpu.max", NULL, tell_cpu_max },
	{ "cgroup.pids.max", NULL, tell_pids_max },
	{ "cgroup.memory.max", NULL, tell_memory_max },
	{ "rt-runtime", "/proc/sys/kernel/sched_rt_runtime_us", NULL },
	{ "perf-event-paranoid", "/proc/sys/kernel/perf_event_paranoid", NULL },
	{ "nmi-watchdog", "/proc/sys/kernel/nmi_watchdog", NULL },
	{ "io-uring-disabled", "/proc/sys/kernel/io_uring_disabled", NULL },
	{ "libc", NULL, tell_libc },
	{ "compiler", NULL, tell_compiler },
	{ "flags", NULL, tell_flags },
};

static void describe_mitigations(struct record *r, const char *root)
{
	char path[PATH_MAX], key[300], text[TEXT];
	struct dirent **entry;

	snprintf(path, sizeof path, "%s" CPU "/vulnerabilities", root);
	int n = scandir(path, &entry, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		snprintf(path, sizeof path, CPU "/vulnerabilities/%s", entry[i]->d_name);
		snprintf(key, sizeof key, "mitigations.%s", entry[i]->d_name);
		if (entry[i]->d_name[0] != '.')
			record_set(r, key, file_line(root, path, text, sizeof text) ? text : "unknown");
		free(entry[i]);
	}
	if (n >= 0)
		free(entry);
}

void environment_describe(struct record *r, const char *root)
{
	struct source s = { .root = root };
	char text[TEXT];

	uname(&s.system);
	FILE *f = file_open(root, "/proc/cpuinfo");
	s.cpuinfo = read_all(f, 1 << 16); /* the first processor's part is enough; there may be thousands */
	if (f)
		fclose(f);
	s.config = read_config(root, s.system.release);
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		text[0] = '\0';
		if (table[i].tell)
			table[i].tell(&s, text, sizeof text);
		else
			read_pattern(root, table[i].path, text, sizeof text);
		if (!strcmp(table[i].key, "pti")) {
			registers_describe(r);
			describe_mitigations(r, root);
		}
		record_set(r, table[i].key, *text ? text : "unknown");
	}
	free(s.cpuinfo);
	free(s.config);
}

void environment_host(const char *root, char *text, size_t size)
{
	struct source s = { .root = root };
	uname(&s.system);
	tell_host(&s, text, size);
}
