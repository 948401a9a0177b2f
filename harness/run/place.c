// SPDX-License-Identifier: MIT
#include "place.h"

#include <ctype.h>
#include <errno.h>
#include <hwloc.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"

/* Nearest first: the order in which a partner is looked for. */
enum relation { SAME_PU, SMT, SAME_L2, SAME_LLC, SAME_NUMA, CROSS_NUMA, CROSS_PACKAGE, P_TO_E };
static const char *const relation_name[] = { "same-pu", "smt", "same-l2", "same-llc", "same-numa", "cross-numa",
	"cross-package", "p-to-e" };

/* Read once by place_choose and kept: by the time place_describe is called, the harness may have pinned itself, and
 * what it was allowed could no longer be asked. */
static struct machine {
	hwloc_topology_t topology;
	hwloc_bitmap_t online;
	hwloc_bitmap_t allowed;  /* online, and this process may use it */
	hwloc_bitmap_t isolated; /* the kernel balances nothing onto or off these */
} machine;

/* -- reading the machine */

static void machine_free(void)
{
	hwloc_bitmap_free(machine.online);
	hwloc_bitmap_free(machine.allowed);
	hwloc_bitmap_free(machine.isolated);
	if (machine.topology)
		hwloc_topology_destroy(machine.topology);
	machine = (struct machine){ 0 };
}

/* hwloc grows its masks until the kernel accepts them, which a plain cpu_set_t does not: there are machines with more
 * than 1024 CPUs. */
static void read_sets(void)
{
	hwloc_topology_t t = machine.topology;
	char list[4096];

	machine.online = hwloc_bitmap_dup(hwloc_topology_get_topology_cpuset(t));
	machine.allowed = hwloc_bitmap_alloc();
	machine.isolated = hwloc_bitmap_alloc();
	if (hwloc_get_cpubind(t, machine.allowed, HWLOC_CPUBIND_THREAD) < 0)
		hwloc_bitmap_copy(machine.allowed, hwloc_topology_get_allowed_cpuset(t));
	hwloc_bitmap_and(machine.allowed, machine.allowed, machine.online); /* a mask may name CPUs that do not exist */
	if (file_line("", "/sys/devices/system/cpu/isolated", list, sizeof list) && list[0])
		hwloc_bitmap_list_sscanf(machine.isolated, list);
}

/* Names the variable that makes hwloc tell of another machine, which is what the user can change. */
static const char *foreign_variable(void)
{
	static const char *const name[] = { "HWLOC_SYNTHETIC", "HWLOC_XMLFILE", "HWLOC_FSROOT", "HWLOC_CPUID_PATH",
		"HWLOC_THISSYSTEM", "HWLOC_COMPONENTS" };
	for (size_t i = 0; i < sizeof name / sizeof name[0]; i++)
		if (getenv(name[i]))
			return name[i];
	return "the environment";
}

static int machine_read(char *error, size_t size)
{
	machine_free();
	if (hwloc_topology_init(&machine.topology) < 0) {
		snprintf(error, size, "hwloc does not start: %s", strerror(errno));
		return 2;
	}
	/* with what is not allowed too, so that "not allowed" and "not online" can be told apart */
	hwloc_topology_set_flags(machine.topology, HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED);
	hwloc_topology_set_icache_types_filter(machine.topology, HWLOC_TYPE_FILTER_KEEP_ALL);
	if (hwloc_topology_load(machine.topology) < 0) {
		snprintf(error, size, "hwloc can't read this machine's topology: %s", strerror(errno));
		machine_free();
		return 2;
	}
	if (!hwloc_topology_is_thissystem(machine.topology)) {
		snprintf(error, size,
			"%s gives hwloc a topology that is not this machine's: binding would do nothing; unset it",
			foreign_variable());
		machine_free();
		return 2;
	}
	read_sets();
	return 0;
}

/* -- how two CPUs are related */

static hwloc_obj_t pu(int cpu)
{
	return hwloc_get_pu_obj_by_os_index(machine.topology, (unsigned)cpu);
}

static hwloc_obj_t ancestor(int cpu, hwloc_obj_type_t type)
{
	hwloc_obj_t o = pu(cpu);
	return o ? hwloc_get_ancestor_obj_by_type(machine.topology, type, o) : NULL;
}

static bool share(int a, int b, hwloc_obj_type_t type)
{
	hwloc_obj_t o = ancestor(a, type);
	return o && o == ancestor(b, type);
}

static hwloc_obj_t last_cache(int cpu)
{
	hwloc_obj_t last = NULL;
	for (hwloc_obj_t o = pu(cpu); o; o = o->parent)
		if (hwloc_obj_type_is_dcache(o->type))
			last = o;
	return last;
}

/* NUMA nodes hang beside the tree in hwloc 2, and several may cover one CPU (HBM): one in common is enough. */
static bool share_numa(int a, int b)
{
	hwloc_obj_t node = NULL;
	while ((node = hwloc_get_next_obj_by_type(machine.topology, HWLOC_OBJ_NUMANODE, node)))
		if (hwloc_bitmap_isset(node->cpuset, (unsigned)a) && hwloc_bitmap_isset(node->cpuset, (unsigned)b))
			return true;
	return hwloc_get_nbobjs_by_type(machine.topology, HWLOC_OBJ_NUMANODE) <= 1;
}

/* What hwloc says of the kind of core a CPU is in, or NULL. Kinds that differ in frequency only (favoured cores) are
 * the same core, so only these two attributes are asked. */
static const char *core_kind(int cpu)
{
	static const char *const attribute[] = { "CoreType", "LinuxCapacity" };
	const char *value = NULL;
	unsigned infos = 0;
	struct hwloc_info_s *info = NULL;
	hwloc_bitmap_t one = hwloc_bitmap_alloc();

	hwloc_bitmap_only(one, (unsigned)cpu);
	int kind = hwloc_cpukinds_get_by_cpuset(machine.topology, one, 0);
	hwloc_bitmap_free(one);
	if (kind < 0 || hwloc_cpukinds_get_info(machine.topology, (unsigned)kind, NULL, NULL, &infos, &info, 0) < 0)
		return NULL;
	for (size_t a = 0; !value && a < sizeof attribute / sizeof attribute[0]; a++)
		for (unsigned i = 0; i < infos; i++)
			if (!strcmp(info[i].name, attribute[a]))
				value = info[i].value;
	return value;
}

static enum relation relate(int a, int b)
{
	if (a == b)
		return SAME_PU;
	if (share(a, b, HWLOC_OBJ_CORE))
		return SMT;
	const char *kind_a = core_kind(a), *kind_b = core_kind(b);
	if (kind_a && kind_b && strcmp(kind_a, kind_b))
		return P_TO_E;
	if (share(a, b, HWLOC_OBJ_L2CACHE))
		return SAME_L2;
	if (last_cache(a) && last_cache(a) == last_cache(b))
		return SAME_LLC;
	if (ancestor(a, HWLOC_OBJ_PACKAGE) != ancestor(b, HWLOC_OBJ_PACKAGE))
		return CROSS_PACKAGE;
	return share_numa(a, b) ? SAME_NUMA : CROSS_NUMA;
}

/* -- choosing */

/* The highest number: CPU 0 has the most interrupts and the kernel's own housekeeping. */
static int default_cpu(void)
{
	hwloc_bitmap_t balanced = hwloc_bitmap_dup(machine.allowed);
	hwloc_bitmap_andnot(balanced, balanced, machine.isolated);
	int cpu = hwloc_bitmap_last(hwloc_bitmap_iszero(balanced) ? machine.allowed : balanced);
	hwloc_bitmap_free(balanced);
	return cpu;
}

/* -1 where no other CPU is allowed. An isolated CPU is taken only where there is no other: it was set apart for
 * somebody. */
static int nearest(int same)
{
	int best = -1, cpu;
	unsigned best_rank = UINT_MAX;
	hwloc_bitmap_foreach_begin(cpu, machine.allowed)
	{
		unsigned rank = (unsigned)relate(same, cpu);
		if (hwloc_bitmap_isset(machine.isolated, (unsigned)cpu))
			rank += P_TO_E + 1;
		if (cpu != same && rank <= best_rank) {
			best = cpu;
			best_rank = rank;
		}
	}
	hwloc_bitmap_foreach_end();
	return best;
}

/* The highest CPU that is so related to `same`, and not set apart; -1 where there is none. */
static int related(int same, enum relation wanted)
{
	int best = -1, cpu;
	hwloc_bitmap_foreach_begin(cpu, machine.allowed)
	{
		if (!hwloc_bitmap_isset(machine.isolated, (unsigned)cpu) && relate(same, cpu) == wanted)
			best = cpu;
	}
	hwloc_bitmap_foreach_end();
	return best;
}

/* What else there is beside the nearest. */
static void choose_farther(struct places *places)
{
	int same = places->same.cpu[0], other = places->other.cpu[1];
	for (enum relation r = SMT; r <= P_TO_E; r++) {
		int cpu = relate(same, other) == r ? -1 : related(same, r);
		if (cpu < 0 || places->farthers == FARTHER_MOST)
			continue;
		struct place *p = &places->farther[places->farthers++];
		*p = (struct place){ .cpu = { same, cpu } };
		strcpy(p->name, relation_name[r]);
	}
}

static char *list_text(hwloc_const_bitmap_t set)
{
	char *text = NULL;
	if (hwloc_bitmap_list_asprintf(&text, set) < 0)
		return NULL;
	return text;
}

/* 0, or 2 with a line that says what is allowed instead. */
static int check_cpu(unsigned long cpu, char *error, size_t size)
{
	bool exists = cpu <= INT_MAX;
	if (exists && hwloc_bitmap_isset(machine.allowed, (unsigned)cpu))
		return 0;
	bool online = exists && hwloc_bitmap_isset(machine.online, (unsigned)cpu);
	char *list = list_text(online ? machine.allowed : machine.online);
	snprintf(error, size, "--cpus: CPU %lu is not %s (%s: %s)", cpu, online ? "allowed for this process" : "online",
		online ? "allowed" : "online", list ? list : "unknown");
	free(list);
	return 2;
}

/* "A" or "A,B" into cpu; the second is -1 where none is given. */
static int parse_cpus(const char *wanted, int cpu[2], char *error, size_t size)
{
	const char *p = wanted;
	cpu[1] = -1;
	for (int i = 0; i < 2; i++) {
		char *end;
		unsigned long number = strtoul(p, &end, 10);
		bool last = *end == '\0';
		if (!isdigit((unsigned char)*p) || !(last || (*end == ',' && i == 0))) {
			snprintf(error, size, "--cpus: '%s' is not CPU numbers: expected A or A,B", wanted);
			return 2;
		}
		if (check_cpu(number, error, size))
			return 2;
		cpu[i] = (int)number;
		if (last)
			break;
		p = end + 1;
	}
	if (cpu[0] == cpu[1]) {
		snprintf(error, size, "--cpus: '%s' names one CPU twice: expected A or two different ones", wanted);
		return 2;
	}
	return 0;
}

int place_choose(const char *wanted, struct places *places, char *error, size_t error_size)
{
	int cpu[2] = { -1, -1 };

	int status = machine_read(error, error_size);
	if (!status && wanted)
		status = parse_cpus(wanted, cpu, error, error_size);
	if (status)
		return status;
	if (cpu[0] < 0)
		cpu[0] = default_cpu();
	if (cpu[0] < 0) {
		snprintf(error, error_size, "hwloc finds no CPU that this process may use");
		return 2;
	}
	bool both_given = cpu[1] >= 0;
	if (!both_given)
		cpu[1] = nearest(cpu[0]);

	*places = (struct places){
		.same = { .name = "same-pu", .cpu = { cpu[0], cpu[0] } },
		.other = { .name = "other", .cpu = { cpu[0], cpu[1] } },
		.free = { .name = "free", .cpu = { -1, -1 } },
		.compact = { .name = "compact", .cpu = { cpu[0], cpu[0] } },
		.scattered = { .name = "scattered", .cpu = { cpu[0], cpu[0] } },
		.allowed = (unsigned)hwloc_bitmap_weight(machine.allowed),
	};
	if (cpu[1] < 0) {
		strcpy(places->other.missing, "one CPU allowed");
		strcpy(places->free.missing, "one CPU allowed");
	} else {
		strcpy(places->other.name, relation_name[relate(cpu[0], cpu[1])]);
		if (!both_given)
			choose_farther(places);
	}
	return 0;
}

/* -- spreading */

/* Sets of CPUs, one of each of which is then taken. */
static size_t scatter(hwloc_topology_t t, unsigned n, int32_t *cpu)
{
	hwloc_obj_t root = hwloc_get_root_obj(t);
	hwloc_bitmap_t *set = calloc(n, sizeof *set);
	size_t seats = 0;

	if (set && !hwloc_distrib(t, &root, 1, set, n, INT_MAX, 0))
		for (; seats < n; seats++)
			cpu[seats] = hwloc_bitmap_first(set[seats]);
	for (size_t i = 0; set && i < n; i++)
		hwloc_bitmap_free(set[i]);
	free(set);
	return seats;
}

size_t place_spread(bool scattered, size_t n, int32_t *cpu)
{
	hwloc_topology_t t;
	size_t seats = 0;

	if (!machine.topology || hwloc_topology_dup(&t, machine.topology))
		return 0;
	if (!hwloc_topology_restrict(t, machine.allowed, 0)) {
		int most = hwloc_get_nbobjs_by_type(t, HWLOC_OBJ_PU);

		n = most > 0 && n > (size_t)most ? (size_t)most : n;
		if (scattered && n)
			seats = scatter(t, (unsigned)n, cpu);
		for (; !scattered && seats < n; seats++) /* in hwloc's order neighbours follow each other */
			cpu[seats] = (int32_t)hwloc_get_obj_by_type(t, HWLOC_OBJ_PU, (unsigned)seats)->os_index;
	}
	hwloc_topology_destroy(t);
	return seats;
}

/* -- describing */

static void set_list(struct record *r, const char *key, hwloc_const_bitmap_t set)
{
	char *text = list_text(set);
	record_set(r, key, text && *text ? text : "none");
	free(text);
}

static void set_count(struct record *r, const char *key, int count)
{
	char text[16];
	snprintf(text, sizeof text, "%d", count);
	record_set(r, key, text);
}

static void append(char *text, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));
static void append(char *text, size_t size, const char *format, ...)
{
	size_t used = strlen(text);
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text + used, size - used, format, arguments);
	va_end(arguments);
}

/* "2 packages, 4 NUMA nodes, 48 cores, 96 CPUs; kinds: 0-15 IntelCore, 16-23 IntelAtom" */
static void describe_topology(struct record *r)
{
	static const struct {
		hwloc_obj_type_t type;
		const char *one, *many;
	} level[] = { { HWLOC_OBJ_PACKAGE, "package", "packages" }, { HWLOC_OBJ_NUMANODE, "NUMA node", "NUMA nodes" },
		{ HWLOC_OBJ_CORE, "core", "cores" }, { HWLOC_OBJ_PU, "CPU", "CPUs" } };
	char text[1024] = "";

	for (size_t i = 0; i < sizeof level / sizeof level[0]; i++) {
		int n = hwloc_get_nbobjs_by_type(machine.topology, level[i].type);
		if (n > 0)
			append(text, sizeof text, "%s%d %s", *text ? ", " : "", n,
				n == 1 ? level[i].one : level[i].many);
	}
	int kinds = hwloc_cpukinds_get_nr(machine.topology, 0);
	for (int i = 0; kinds > 1 && i < kinds; i++) {
		hwloc_bitmap_t set = hwloc_bitmap_alloc();
		hwloc_cpukinds_get_info(machine.topology, (unsigned)i, set, NULL, NULL, NULL, 0);
		char *list = list_text(set);
		const char *kind = core_kind(hwloc_bitmap_first(set));
		append(text, sizeof text, "%s%s %s", i ? ", " : "; kinds: ", list ? list : "?",
			kind ? kind : "unnamed");
		free(list);
		hwloc_bitmap_free(set);
	}
	record_set(r, "topology", *text ? text : "unknown");
}

/* Copies hwloc's line with each amount of memory in whole GiB (below one, in 64 MiB): what a kernel keeps for itself is
 * another amount at each boot, and the machine is the same. */
static void round_memory(char *to, size_t size, const char *from)
{
	static const char key[] = "memory=";
	const char *at;
	size_t used = 0;

	while ((at = strstr(from, key)) && used < size) {
		char *end;
		unsigned long long bytes = strtoull(at + sizeof key - 1, &end, 10),
				   unit = bytes >> 30 ? 1ULL << 30 : 1ULL << 26;

		used += (size_t)snprintf(to + used, size - used, "%.*s%s%llu", (int)(at - from), from, key,
			(bytes + unit / 2) / unit * unit);
		from = end;
	}
	if (used < size)
		snprintf(to + used, size - used, "%s", from);
}

/* The whole machine in the one line from which hwloc makes it again and draws it; only where all of its parts are built
 * alike. */
static void describe_synthetic(struct record *r)
{
	char line[1024], text[1024];
	int n = hwloc_topology_export_synthetic(machine.topology, line, sizeof line, 0);

	if (n > 0 && (size_t)n < sizeof line)
		round_memory(text, sizeof text, line);
	record_set(r, "topology.synthetic", n > 0 && (size_t)n < sizeof line ? text : "unknown");
}

/* Those of the CPU measured on, from the core outwards: "L1d 32 KiB, L1i 32 KiB, L2 1024 KiB, L3 32768 KiB for 8 CPUs"
 */
static void describe_caches(struct record *r, int cpu)
{
	char text[512] = "", name[32];

	for (hwloc_obj_t o = pu(cpu); o; o = o->parent) {
		if (!hwloc_obj_type_is_cache(o->type) || !o->attr->cache.size) /* an emulator's may have no size */
			continue;
		int sharers = hwloc_bitmap_weight(o->cpuset);
		hwloc_obj_type_snprintf(name, sizeof name, o, 0);
		append(text, sizeof text, "%s%s %llu KiB", *text ? ", " : "", name,
			(unsigned long long)(o->attr->cache.size / 1024));
		if (sharers > 1)
			append(text, sizeof text, " for %d CPUs", sharers);
	}
	record_set(r, "caches", *text ? text : "unknown");
}

size_t place_caches(int cpu, uint64_t *bytes, size_t most)
{
	size_t n = 0;
	for (hwloc_obj_t o = pu(cpu); o && n < most; o = o->parent)
		if (hwloc_obj_type_is_dcache(o->type) && o->attr->cache.size)
			bytes[n++] = o->attr->cache.size;
	return n;
}

static void describe_smt(struct record *r, int cpu)
{
	char control[32] = "", text[64];
	hwloc_obj_t core = ancestor(cpu, HWLOC_OBJ_CORE);

	if (!core) {
		record_set(r, "smt", "unknown");
		return;
	}
	int threads = hwloc_bitmap_weight(core->cpuset);
	file_line("", "/sys/devices/system/cpu/smt/control", control, sizeof control);
	if (threads > 1)
		snprintf(text, sizeof text, "%d per core", threads);
	else
		snprintf(text, sizeof text, "%s", strstr(control, "off") ? "off" : "none");
	record_set(r, "smt", text);
}

void place_describe(const struct places *places, struct record *r)
{
	char used[128], error[256];
	int same = places->same.cpu[0], other = places->other.cpu[1];

	record_set(r, "hwloc", HWLOC_VERSION);
	if (!machine.topology && machine_read(error, sizeof error))
		return;
	set_count(r, "cpus", hwloc_bitmap_weight(machine.online));
	describe_topology(r);
	describe_synthetic(r);
	describe_caches(r, same);
	describe_smt(r, same);
	snprintf(used, sizeof used, other >= 0 ? "%d,%d" : "%d", same, other);
	for (unsigned i = 0; i < places->farthers; i++)
		append(used, sizeof used, ",%d", places->farther[i].cpu[1]);
	record_set(r, "cpus-used", used);
	set_list(r, "affinity", machine.allowed);
	set_list(r, "isolated", machine.isolated);
}
