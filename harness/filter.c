// SPDX-License-Identifier: MIT
#include "filter.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct term {
	char *key, *glob; /* glob with its commas, as it was typed */
};

struct filter {
	struct term *term;
	size_t terms;
};

struct parser {
	const char *const *keys;
	char *error;
	size_t error_size;
};

static const char blanks[] = " \t\n\r\v\f";

static void *owned(void *p)
{
	if (!p) {
		fputs("ctxbench: out of memory\n", stderr);
		exit(1);
	}
	return p;
}

static bool refuse(const struct parser *p, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool refuse(const struct parser *p, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(p->error, p->error_size, format, args);
	va_end(args);
	for (char *c = p->error; p->error_size && *c; c++)
		if ((unsigned char)*c < ' ' || *c == 127)
			*c = '?';
	return false;
}

static bool known(const char *const *keys, const char *key)
{
	for (; *keys; keys++)
		if (!strcmp(*keys, key))
			return true;
	return false;
}

static bool refuse_key(const struct parser *p, const char *term, const char *key)
{
	char list[200] = "";
	size_t used = 0;

	for (size_t i = 0; p->keys[i] && used < sizeof list; i++)
		used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", i ? ", " : "", p->keys[i]);
	return refuse(p, "unknown key '%s' in '%s', expected one of %s", key, term, list);
}

static bool has_empty_alternative(const char *glob)
{
	size_t length = strlen(glob);

	return !length || *glob == ',' || glob[length - 1] == ',' || strstr(glob, ",,");
}

static bool parse_term(const struct parser *p, struct term *t, const char *text)
{
	const char *equals = strchr(text, '=');

	if (!equals)
		return refuse(p, "'%s' has no '=', expected key=glob", text);
	t->key = owned(strndup(text, (size_t)(equals - text)));
	t->glob = owned(strdup(equals + 1));
	if (!known(p->keys, t->key))
		return refuse_key(p, text, t->key);
	if (has_empty_alternative(t->glob))
		return refuse(p, "nothing to match in '%s', expected a name or glob %s", text,
			*t->glob ? "on each side of a comma" : "after '='");
	return true;
}

struct filter *filter_parse(const char *text, const char *const *keys, char *error, size_t error_size)
{
	struct parser p = { keys, error, error_size };
	struct filter *f = owned(calloc(1, sizeof *f));

	for (text += strspn(text, blanks); *text; text += strspn(text, blanks)) {
		size_t length = strcspn(text, blanks);
		char *term = owned(strndup(text, length));
		bool good;

		f->term = owned(realloc(f->term, (f->terms + 1) * sizeof *f->term));
		f->term[f->terms] = (struct term){ NULL, NULL };
		good = parse_term(&p, &f->term[f->terms++], term);
		free(term);
		if (!good) {
			filter_free(f);
			return NULL;
		}
		text += length;
	}
	return f;
}

void filter_free(struct filter *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < f->terms; i++) {
		free(f->term[i].key);
		free(f->term[i].glob);
	}
	free(f->term);
	free(f);
}

/* fnmatch would give [ and \ a meaning and follow the locale. On a mismatch only the last star can take more. */
static bool glob_matches(const char *glob, const char *end, const char *text)
{
	const char *star = NULL, *resume = NULL;

	while (*text) {
		if (glob < end && *glob == '*') {
			star = ++glob;
			resume = text;
		} else if (glob < end && (*glob == '?' || *glob == *text)) {
			glob++;
			text++;
		} else if (star) {
			glob = star;
			text = ++resume;
		} else {
			return false;
		}
	}
	while (glob < end && *glob == '*')
		glob++;
	return glob == end;
}

static bool term_matches(const struct term *t, const char *value)
{
	for (const char *glob = t->glob;; glob++) {
		const char *end = glob + strcspn(glob, ",");
		bool any = end - glob == 1 && *glob == '*';

		if (value ? glob_matches(glob, end, value) : any)
			return true;
		if (!*end)
			return false;
		glob = end;
	}
}

bool filter_matches(
	const struct filter *f, const char *(*value)(const char *key, const void *context), const void *context)
{
	for (size_t i = 0; i < f->terms; i++)
		if (!term_matches(&f->term[i], value(f->term[i].key, context)))
			return false;
	return true;
}

size_t filter_terms(const struct filter *f)
{
	return f->terms;
}

const char *filter_term_key(const struct filter *f, size_t i)
{
	return f->term[i].key;
}

const char *filter_term_glob(const struct filter *f, size_t i)
{
	return f->term[i].glob;
}
