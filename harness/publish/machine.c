// SPDX-License-Identifier: MIT
#include "machine.h"

#include <string.h>

static const char prefix[] = "mitigations.";

static void begin(struct sheet *sheet, const char *title, const char *first, const struct sources *s)
{
	sheet_begin(sheet, title);
	sheet_column(sheet, first, false);
	for (size_t i = 0; i < s->files; i++) {
		char head[8] = "here";

		if (s->files > 1)
			snprintf(head, sizeof head, "%c", (char)('A' + i));
		sheet_column(sheet, head, false);
	}
}

static bool any_has(const struct sources *s, const char *key)
{
	for (size_t i = 0; i < s->files; i++)
		if (record_get(s->cells[i]->record, key))
			return true;
	return false;
}

static void put_values(const struct sources *s, const char *key, struct sheet *sheet)
{
	for (size_t i = 0; i < s->files; i++) {
		const char *value = record_get(s->cells[i]->record, key);

		sheet_text(sheet, value ? value : "not told");
	}
}

/* The first of them are the card; from `kernel's command line` on it is for whoever wants to know more. */
static const struct {
	const char *key, *words;
} keys[] = { { "host", "host" }, { "date", "measured" }, { "cpu", "CPU" }, { "topology", "topology" },
	{ "caches", "caches of a CPU" }, { "smt", "hyperthreads" }, { "hypervisor", "hypervisor" },
	{ "emulated", "emulated" }, { "kernel", "Linux" }, { "os", "system" }, { "preemption", "preemption" },
	{ "scheduler", "scheduler" }, { "pti", "page-table isolation" }, { "frequency.governor", "frequency governor" },
	{ "idle.governor", "idle governor" }, { "clock", "clock" }, { "pmu", "hardware counters" },
	{ "libc", "C library" }, { "cmdline", "kernel's command line" }, { "microcode", "microcode" },
	{ "firmware", "firmware" }, { "hz", "timer, HZ" }, { "pcid", "PCID" },
	{ "clock.read-ns", "a read of the clock, ns" }, { "clocksource", "kernel's clock source" },
	{ "frequency.driver", "frequency driver" }, { "frequency.boost", "boost" }, { "idle.driver", "idle driver" },
	{ "idle.states", "idle states" }, { "thp", "transparent huge pages" }, { "aslr", "ASLR" },
	{ "cgroup.cpu.max", "CPU limit of the control group" }, { "registers.area", "register area, bytes" },
	{ "cpus-used", "CPUs used" }, { "isolated", "isolated CPUs" }, { "compiler", "compiler" },
	{ "flags", "its flags" }, { "version", "ctxbench" }, { "revision", "revision" }, { "method", "method" },
	{ "run", "run" }, { "trials", "trials a cell" }, { "seed", "seed" }, { "complete", "complete" },
	{ "stopped", "stopped" } };
enum { KEYS = sizeof keys / sizeof *keys, CARD = 18 };

void machine_sheet(const struct sources *s, bool first, struct sheet *sheet)
{
	begin(sheet, first ? "The machine" : "Kernel and run, by the file's keys", "key", s);
	for (size_t i = first ? 0 : CARD; i < (first ? CARD : KEYS); i++) {
		if (!any_has(s, keys[i].key))
			continue;
		sheet_row(sheet);
		sheet_text(sheet, keys[i].words);
		put_values(s, keys[i].key, sheet);
	}
}

/* -- mitigations */

/* What protection against it means for entering the kernel or switching; the kernel's admin-guide/hw-vuln. */
static const char *effect(const char *name)
{
	static const struct {
		const char *name, *effect;
	} table[] = {
		{ "gather_data_sampling", "slows gather loads down; a switch makes none" },
		{ "indirect_target_selection", "indirect branches and returns of the kernel take a detour" },
		{ "itlb_multihit", "of virtual machines' hosts only" },
		{ "l1tf", "page-table entries inverted, at no cost to a switch; hosts flush the L1 cache" },
		{ "mds", "buffers are cleared on each return to user mode" },
		{ "meltdown", "page tables are switched at each way into the kernel and out (page-table isolation)" },
		{ "mmio_stale_data", "buffers are cleared on each return to user mode, or for guests" },
		{ "old_microcode", "says that the microcode is not the newest known" },
		{ "reg_file_data_sampling", "buffers are cleared on each return to user mode" },
		{ "retbleed", "return prediction is untrained, or restricted, at each way into the kernel" },
		{ "spec_rstack_overflow",
			"returns in the kernel take a safe way, or prediction is flushed at each entry" },
		{ "spec_store_bypass", "loads wait for older stores where a task has asked for it" },
		{ "spectre_v1", "a fence or a mask at each way into the kernel" },
		{ "spectre_v2",
			"indirect calls of the kernel by retpoline or restricted; the return stack is filled at "
			"each switch, and between processes prediction may be flushed" },
		{ "srbds", "random number instructions wait; a switch makes none" },
		{ "tsa", "buffers are cleared on each return to user mode" },
		{ "tsx_async_abort", "buffers are cleared on each return to user mode" },
		{ "vmscape", "prediction is flushed when a guest leaves to its host's user mode" },
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (!strcmp(table[i].name, name))
			return table[i].effect;
	return "";
}

static bool affects_any(const struct sources *s, const char *key)
{
	for (size_t i = 0; i < s->files; i++) {
		const char *value = record_get(s->cells[i]->record, key);

		if (value && strcmp(value, "Not affected"))
			return true;
	}
	return false;
}

static bool in_an_earlier(const struct sources *s, size_t file, const char *key)
{
	for (size_t i = 0; i < file; i++)
		if (record_get(s->cells[i]->record, key))
			return true;
	return false;
}

void mitigations_sheet(const struct sources *s, struct sheet *sheet)
{
	begin(sheet, "Vulnerabilities that the CPU has, and what is done", "vulnerability", s);
	sheet_column(sheet, "what protection does to a switch", false);
	for (size_t i = 0; i < s->files; i++)
		for (size_t k = 0; k < s->cells[i]->record->keys; k++) {
			const char *key = s->cells[i]->record->key[k].key;

			if (strncmp(key, prefix, sizeof prefix - 1) || in_an_earlier(s, i, key) || !affects_any(s, key))
				continue;
			sheet_row(sheet);
			sheet_text(sheet, key + sizeof prefix - 1);
			put_values(s, key, sheet);
			sheet_text(sheet, effect(key + sizeof prefix - 1));
		}
}
