// SPDX-License-Identifier: MIT
/*
 * Which tasks never run in user mode and belong to no process: shown of the kernel's own threads, of a worker that the kernel
 * makes for a process, of an LWP and of a process. Never by the user time in /proc, which is a guess from the timer's ticks.
 */
#ifndef HARNESS_RUN_KERNEL_ONLY_H
#define HARNESS_RUN_KERNEL_ONLY_H

#include <stdio.h>

#include "../record.h"

enum { KERNEL_ONLY_TASKS = 5, KERNEL_ONLY_TEXT = 160 };

struct kernel_only {
	struct kernel_only_task {
		const char *name;                   /* "kthreadd", "migration", "iou-sqp", "lwp", "process" */
		const char *words;                  /* what it is */
		char missing[KERNEL_ONLY_TEXT];     /* empty, or why there is none to look at */
		char flag[KERNEL_ONLY_TEXT];        /* PF_KTHREAD: "yes" or "no" */
		char space[KERNEL_ONLY_TEXT];       /* address space: "none", or how many mappings */
		char process[KERNEL_ONLY_TEXT];     /* whose it is: "none", "its own", "its maker's" */
		char instructions[KERNEL_ONLY_TEXT]; /* "0 in user mode, 123 in the kernel", or "not counted: reason" */
	} task[KERNEL_ONLY_TASKS];
};

/* Makes the last three, in a process that has ended when this returns; a twentieth of a second where counters count. */
void kernel_only_probe(struct kernel_only *k);

void kernel_only_describe(const struct kernel_only *k, struct record *r); /* a key each: task.NAME */
void kernel_only_print(const struct kernel_only *k, FILE *out);           /* as a table, 80 columns */

#endif
