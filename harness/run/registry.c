// SPDX-License-Identifier: MIT
#include "registry.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runner.h"

static void add_program(struct registry *r, const char *path, const struct entry *entry, size_t count)
{
	r->item = realloc(r->item, (r->items + count) * sizeof *r->item);
	if (!r->item)
		abort();
	for (size_t i = 0; i < count; i++)
		r->item[r->items++] = (struct registered){ .entry = entry[i], .program = strdup(path) };
}

int registry_load(struct registry *r, const char *directory, char *error, size_t error_size)
{
	static const char *const pattern[] = { "cell", "cell-*" };
	*r = (struct registry){ 0 };
	*error = 0;
	for (size_t p = 0; p < sizeof pattern / sizeof *pattern; p++) {
		char path[4096];
		glob_t found;
		snprintf(path, sizeof path, "%s/%s", directory, pattern[p]);
		if (glob(path, 0, NULL, &found))
			continue;
		for (size_t i = 0; i < found.gl_pathc; i++) {
			struct request request = { .pass = PASS_LIST };
			struct outcome o = runner_run(found.gl_pathv[i], &request, 10);
			if (o.failed)
				snprintf(error, error_size, "%s: %s", found.gl_pathv[i], o.reason);
			else
				add_program(r, found.gl_pathv[i], o.entry, o.answer.count);
			outcome_free(&o);
		}
		globfree(&found);
	}
	if (r->items && *error) /* what that one holds is missing, the others are measured all the same */
		fprintf(stderr, "ctxbench: %s\n", error);
	if (!r->items && !*error)
		snprintf(error, error_size, "no cell program in %s: build it with `make`", directory);
	return r->items ? 0 : -1;
}

void registry_free(struct registry *r)
{
	for (size_t i = 0; i < r->items; i++)
		free(r->item[i].program);
	free(r->item);
	*r = (struct registry){ 0 };
}
