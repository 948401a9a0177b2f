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

static struct outcome ask(const struct registered *item)
{
	struct request q = { .pass = PASS_SHARING };
	snprintf(q.impl, sizeof q.impl, "%s", item->entry.impl);
	snprintf(q.wait, sizeof q.wait, "%s", item->entry.wait);
	return runner_run(item->program, &q, 10);
}

static int print_one(const struct registered *item, FILE *out)
{
	struct outcome o = ask(item);
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

/* Appends the names of the kinds that are so, after a word for them; nothing where there are none. Returns how many. */
static int name_kinds(const int8_t *shares, int so, const char *before, char *text, size_t size)
{
	int n = 0;
	for (int i = 0; i < SHARED_KINDS; i++) {
		size_t used = strlen(text);
		if ((shares[i] > 0) - (shares[i] < 0) != so)
			continue;
		snprintf(text + used, size - used, "%s %s", n ? "," : before, heads[i]);
		n++;
	}
	return n;
}

/* "7 of 8: memory, files ...; not io". */
static void describe_one(const struct registered *item, struct record *record)
{
	struct outcome o = ask(item);
	char key[64], kinds[300] = "", text[340];
	snprintf(key, sizeof key, "shares.%s", item->entry.impl);
	if (o.failed || o.answer.error) {
		record_set(record, key, o.failed ? o.reason : "could not be asked");
	} else if (!o.interrupted) {
		int shared = name_kinds(o.answer.shares, 1, ":", kinds, sizeof kinds);
		int alone = name_kinds(o.answer.shares, 0, "; not", kinds, sizeof kinds);
		name_kinds(o.answer.shares, -1, "; not told:", kinds, sizeof kinds);
		snprintf(text, sizeof text, "%d of %d%s", shared, shared + alone, kinds);
		record_set(record, key, text);
	}
	outcome_free(&o);
}

void sharing_describe(const struct registry *r, bool (*wanted)(const void *context, const char *impl),
	const void *context, struct record *record)
{
	for (size_t i = 0; i < r->items; i++)
		if (is_asked(r, i) && wanted(context, r->item[i].entry.impl))
			describe_one(&r->item[i], record);
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
