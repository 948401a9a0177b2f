// SPDX-License-Identifier: MIT
#include "../harness/filter.h"
#include "tap.h"

static const char *const keys[] = { "bench", "impl", "wait", "place", NULL };

/* A cell is pairs of key and value. */
static const char *value(const char *key, const void *context)
{
	for (const char *const *pair = context; *pair; pair += 2)
		if (!strcmp(*pair, key))
			return pair[1];
	return NULL;
}

static const char *const cell[] = { "bench", "switch", "impl", "uthread-jmp", "place", "same-pu", NULL };

static void matches(const char *text, bool expected)
{
	char error[200] = "";
	struct filter *f = filter_parse(text, keys, error, sizeof error);

	ok(f && filter_matches(f, value, cell) == expected, "'%s' %s", text, expected ? "holds" : "does not hold");
	if (!f)
		diag("%s", error);
	filter_free(f);
}

static void refused(const char *text, const char *expected)
{
	char error[400] = "";
	struct filter *f = filter_parse(text, keys, error, sizeof error);

	ok(!f, "'%s' is refused", text);
	is_string(error, expected, "and why");
	filter_free(f);
}

static void terms(void)
{
	char error[200];
	struct filter *f = filter_parse(" impl=lwp,uthread-*\t bench=switch ", keys, error, sizeof error);

	is_int(f ? (long long)filter_terms(f) : -1, 2, "two terms");
	if (f && filter_terms(f) == 2) {
		is_string(filter_term_key(f, 0), "impl", "key of the first");
		is_string(filter_term_glob(f, 0), "lwp,uthread-*", "glob of the first");
		is_string(filter_term_key(f, 1), "bench", "key of the second");
		is_string(filter_term_glob(f, 1), "switch", "glob of the second");
	}
	filter_free(f);
	f = filter_parse("", keys, error, sizeof error);
	is_int(f ? (long long)filter_terms(f) : -1, 0, "an empty text has no term");
	filter_free(f);
	filter_free(NULL);
}

/* Where every star of a glob may take any part of the text, a naive matcher never ends. */
static void long_glob(void)
{
	static char text[4000], glob[4000] = "impl=";
	const char *const long_cell[] = { "impl", text, NULL };
	char error[200];
	struct filter *f;

	memset(text, 'a', sizeof text - 1);
	for (size_t i = 5; i + 3 < sizeof glob; i += 2)
		memcpy(glob + i, "*a", 2);
	glob[sizeof glob - 3] = 'b';
	f = filter_parse(glob, keys, error, sizeof error);
	ok(f && !filter_matches(f, value, long_cell), "two thousand stars do not hang");
	filter_free(f);
}

int main(void)
{
	char tiny[8];

	matches("", true);
	matches("   ", true);
	matches("bench=switch", true);
	matches("bench=Switch", false);
	matches("bench=switch impl=uthread-jmp place=same-pu", true);
	matches("bench=switch impl=lwp", false);
	matches("impl=lwp,uthread-jmp", true);
	matches("impl=uthread-*", true);
	matches("impl=*", true);
	matches("impl=*jmp", true);
	matches("impl=u*d-*p", true);
	matches("impl=u*x*p", false);
	matches("impl=uthread-jm?", true);
	matches("impl=uthread-jmp?", false);
	matches("impl=uthread-jmp*", true);
	matches("impl=uthread", false);
	matches("impl=[a-z]*", false);
	matches("impl=lwp,pthread,*ret,process", false);
	matches("bench=switch\nimpl=uthread-jmp", true);
	matches("impl=uthread-* impl=*-ret", false);
	matches("wait=*", true);
	matches("wait=futex,*", true);
	matches("wait=**", false);
	matches("wait=none", false);
	matches("wait=?", false);

	refused("switch", "'switch' has no '=', expected key=glob");
	refused("bench=switch impl", "'impl' has no '=', expected key=glob");
	refused("imp=lwp", "unknown key 'imp' in 'imp=lwp', expected one of bench, impl, wait, place");
	refused("=lwp", "unknown key '' in '=lwp', expected one of bench, impl, wait, place");
	refused("Impl=lwp", "unknown key 'Impl' in 'Impl=lwp', expected one of bench, impl, wait, place");
	refused("impl=", "nothing to match in 'impl=', expected a name or glob after '='");
	refused("impl=lwp,", "nothing to match in 'impl=lwp,', expected a name or glob on each side of a comma");
	refused("impl=,lwp", "nothing to match in 'impl=,lwp', expected a name or glob on each side of a comma");
	refused("impl=a,,b", "nothing to match in 'impl=a,,b', expected a name or glob on each side of a comma");
	refused("im\033pl=a", "unknown key 'im?pl' in 'im?pl=a', expected one of bench, impl, wait, place");
	ok(!filter_parse("impl", keys, tiny, sizeof tiny) && strlen(tiny) == 7, "a short error buffer is not overrun");

	terms();
	long_glob();
	return done();
}
