// SPDX-License-Identifier: MIT
#include "events.h"

#include <errno.h>
#include <math.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

struct reading {
	uint64_t value, enabled, running;
};

int events_open(struct events *e, const struct request *r, int maker)
{
	e->count = 0;
	for (uint32_t i = 0; i < r->events; i++) {
		struct perf_event_attr attr = r->event[i];
		int cpu = r->event_cpu[i];
		e->fd[i] = (int)syscall(SYS_perf_event_open, &attr, cpu < 0 ? maker : -1, cpu, -1, PERF_FLAG_FD_CLOEXEC);
		if (e->fd[i] < 0) {
			int error = -errno;
			events_close(e);
			return error;
		}
		e->count++;
	}
	return 0;
}

void events_close(struct events *e)
{
	while (e->count)
		close(e->fd[--e->count]);
}

static struct reading read_event(int fd)
{
	struct reading now = { 0 };
	if (read(fd, &now, sizeof now) != sizeof now)
		now = (struct reading){ 0 };
	return now;
}

/* PERF_EVENT_IOC_RESET would keep what ended children left in the sum: differences of readings do not. */
void events_begin(struct events *e)
{
	for (uint32_t i = 0; i < e->count; i++) {
		struct reading now = read_event(e->fd[i]);
		e->begin[i] = (double)now.value;
		e->enabled[i] = now.enabled;
		e->running[i] = now.running;
	}
	for (uint32_t i = 0; i < e->count; i++)
		ioctl(e->fd[i], PERF_EVENT_IOC_ENABLE, 0);
}

void events_end(struct events *e, double *count)
{
	for (uint32_t i = 0; i < e->count; i++)
		ioctl(e->fd[i], PERF_EVENT_IOC_DISABLE, 0);
	for (uint32_t i = 0; i < e->count; i++) {
		struct reading now = read_event(e->fd[i]);
		uint64_t enabled = now.enabled - e->enabled[i], running = now.running - e->running[i];
		int whole = running > 0 && running == enabled; /* else it was multiplexed, or never ran: not a value */
		count[i] += whole ? (double)now.value - e->begin[i] : NAN;
	}
}
