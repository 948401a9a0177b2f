// SPDX-License-Identifier: MIT
#include "progress.h"

#include <stdio.h>
#include <unistd.h>

#include "now.h"

static const double terminal_every = 0.1, plain_every = 5; /* seconds between two lines */

void progress_begin(struct progress *p, size_t total, double expected_s, bool quiet)
{
	double now = now_s();
	*p = (struct progress){ .total = total,
		.quiet = quiet,
		.expected = expected_s,
		.begin = now,
		.said = now,
		.terminal = isatty(STDERR_FILENO) };
}

/* From the plan at first, more and more from what has been seen. */
static double seconds_left(const struct progress *p, double now)
{
	double share = (double)p->done / (double)p->total, seen = now - p->begin;
	double total = share > 0 ? share * (seen / share) + (1 - share) * p->expected : p->expected;
	return total > seen ? total - seen : 0;
}

void progress_step(struct progress *p, const char *doing)
{
	double now = now_s();
	p->done++;
	if (p->quiet || now - p->said < (p->terminal ? terminal_every : plain_every))
		return;
	p->said = now;
	double left = seconds_left(p, now);
	if (p->terminal)
		fprintf(stderr, "\r\033[K%3.0f %%  %2d:%02d left  %.56s", 100 * (double)p->done / (double)p->total,
			(int)left / 60, (int)left % 60, doing);
	else
		fprintf(stderr, "%zu of %zu steps, %.0f s left\n", p->done, p->total, left);
}

void progress_end(struct progress *p)
{
	if (p->terminal && !p->quiet)
		fputs("\r\033[K", stderr);
}
