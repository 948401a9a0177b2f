// SPDX-License-Identifier: MIT
/* Any text as a filter expression: parsed, or refused with one line; what was parsed says of every cell whether it
 * matches. */
#include <string.h>

#include "../../harness/filter.h"
#include "fuzz.h"

static const char *const keys[] = { "bench", "impl", "wait", "policy", "place", "bytes", NULL };

/* The context is one text for all keys but the last, which no cell has. */
static const char *value(const char *key, const void *context)
{
	return strcmp(key, "bytes") ? context : NULL;
}

static void check(const char *text)
{
	static const char *const values[] = { "", "lwp", "uthread-jmp", "a*b?c", "lwp,lwp" };
	char error[300] = "";
	struct filter *f = filter_parse(text, keys, error, sizeof error);

	MUST(f ? !*error : *error && !strchr(error, '\n'), "no filter and not one line, or both");
	if (!f)
		return;
	for (size_t i = 0; i < filter_terms(f); i++)
		MUST(*filter_term_key(f, i) && filter_term_glob(f, i), "a term without key or text");
	for (size_t i = 0; i < sizeof values / sizeof *values; i++)
		MUST(filter_matches(f, value, values[i]) || filter_terms(f), "without a term not all match");
	filter_free(f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	MUST(text, "out of memory");
	memcpy(text, data, size);
	text[size] = '\0';
	check(text);
	free(text);
	return 0;
}
