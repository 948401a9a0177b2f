// SPDX-License-Identifier: MIT
#include "sharing.h"

#include <string.h>

#include "runner.h"

static const char *const heads[SHARED_KINDS] = {
	[SHARED_MEMORY] = "memory",
	[SHARED_FILES] = "files",
	[SHARED_DIRECTORY] = "cwd",
	[SHARED_UMASK] = "umask",
	[SHARED_HANDLERS] = "handlers",
	[SHARED_PROCESS] = "process",
	[SHARED_UNDO] = "undo",
	[SHARED_IO] = "io",
};

enum { NAME_COLUMN = 20 };

/* One instance an impl, and the one that runs a program has no body that could change anything. */
static int is_asked(const struct registry *r, size_t i)
{
	const struct entry *e = &r->item[i].entry;
	if (!(e->caps & CAP_KERNEL) || !(e->caps & CAP_CREATE) || e->caps & (CAP_REMOTE | CAP_PROGRAM) || *e->missing)
		return 0;
	if (e->check < 0 || strcmp(e->wait, "none")) /* what has checks comes through the verbs */
		return 0;
	for (size_t j = 0; j < i; j++)
		if (r->item[j].entry.check >= 0 && !strcmp(r->item[j].entry.wait, "none") &&
			!strcmp(r->item[j].entry.impl, e->impl))
			return 0;
	return 1;
}

static int print_one(const struct registered *item, FILE *out)
{
	struct request q = { .pass = PASS_SHARING };
	snprintf(q.impl, sizeof q.impl, "%s", item->entry.impl);
	snprintf(q.wait, sizeof q.wait, "%s", item->entry.wait);
	struct outcome o = runner_run(item->program, &q, 10);
	int failed = o.failed || o.answer.error;
	fprintf(out, "%-*s", NAME_COLUMN, item->entry.impl);
	for (int i = 0; i < SHARED_KINDS && !failed; i++) {
		int8_t s = o.answer.shares[i];
		fprintf(out, "%s%-*s", i ? " " : "", i + 1 < SHARED_KINDS ? (int)strlen(heads[i]) : 0,
			s > 0    ? "yes"
			: s == 0 ? "-"
				 : "?");
	}
	fprintf(out, "%s\n", failed ? "could not be asked" : "");
	outcome_free(&o);
	return failed ? -1 : 0;
}

int sharing_print(const struct registry *r, FILE *out)
{
	int status = 0;
	fprintf(out, "%-*s", NAME_COLUMN, "");
	for (int i = 0; i < SHARED_KINDS; i++)
		fprintf(out, "%s%s", i ? " " : "", heads[i]);
	fputc('\n', out);
	for (size_t i = 0; i < r->items; i++)
		if (is_asked(r, i))
			status |= print_one(&r->item[i], out);
	return status;
}
