// SPDX-License-Identifier: MIT
/*
 * How many instructions a null system call takes: in user mode, in the kernel, and in sum, by three counters that start
 * and stop as one. The most frequent answer of many short samples: one in which the timer ticked is thousands longer.
 */
#include <linux/perf_event.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { SAMPLES = 400, CALLS = 100, USER = 0, KERNEL, BOTH, EVENTS };

static int count(int level, int leader)
{
	struct perf_event_attr attr = { .type = PERF_TYPE_HARDWARE,
		.size = sizeof attr,
		.config = PERF_COUNT_HW_INSTRUCTIONS,
		.disabled = leader < 0,
		.exclude_kernel = level == USER,
		.exclude_user = level == KERNEL,
		.exclude_hv = 1,
		.read_format = PERF_FORMAT_GROUP };
	long fd = syscall(SYS_perf_event_open, &attr, 0, -1, leader, PERF_FLAG_FD_CLOEXEC);
	if (fd < 0) {
		perror("not measured: perf_event_open");
		exit(69);
	}
	return (int)fd;
}

static void sample(int leader, int calls, uint64_t n[EVENTS])
{
	uint64_t read_back[1 + EVENTS] = { 0 };
	ioctl(leader, PERF_EVENT_IOC_RESET, PERF_IOC_FLAG_GROUP);
	ioctl(leader, PERF_EVENT_IOC_ENABLE, 0);
	for (int i = 0; i < calls; i++)
		syscall(SYS_getppid);
	ioctl(leader, PERF_EVENT_IOC_DISABLE, 0);
	if (read(leader, read_back, sizeof read_back) != sizeof read_back) {
		perror("not measured: read");
		exit(69);
	}
	memcpy(n, read_back + 1, sizeof read_back - sizeof *read_back);
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return (x > y) - (x < y);
}

static uint64_t mode(uint64_t *x, int *often)
{
	uint64_t found = 0;
	*often = 0;
	qsort(x, SAMPLES, sizeof *x, by_value);
	for (int i = 0, first = 0; i < SAMPLES; i++) {
		first = x[i] == x[first] ? first : i;
		if (i - first + 1 > *often) {
			*often = i - first + 1;
			found = x[i];
		}
	}
	return found;
}

int main(void)
{
	static uint64_t kernel[2][SAMPLES];
	uint64_t n[EVENTS], differ = 0, k[2];
	int leader = count(USER, -1), often[2];
	count(KERNEL, leader);
	count(BOTH, leader);
	for (int i = 0; i < SAMPLES; i++)
		for (int many = 0; many < 2; many++) {
			sample(leader, many ? CALLS : 0, n);
			kernel[many][i] = n[KERNEL];
			differ += n[USER] + n[KERNEL] != n[BOTH];
		}
	for (int many = 0; many < 2; many++)
		k[many] = mode(kernel[many], &often[many]);
	printf("kernel %.2f\n", (double)(k[1] - k[0]) / CALLS);
	printf("often %d %d\n", often[0], often[1]);
	printf("samples %d\n", SAMPLES);
	printf("sum-differs %llu\n", (unsigned long long)differ);
	printf("last %llu %llu %llu\n", (unsigned long long)n[USER], (unsigned long long)n[KERNEL],
		(unsigned long long)n[BOTH]);
	return 0;
}
