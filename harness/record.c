// SPDX-License-Identifier: MIT
#include "record.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record_inside.h"

const char record_prefix[][11] = {
	[RECORD_BENCHMARK] = "Benchmark",
	[RECORD_INVALID] = "Invalid/",
	[RECORD_MISSING] = "Missing/",
	[RECORD_SAMPLES] = "Samples/",
	[RECORD_HISTOGRAM] = "Histogram/",
};

/* -- memory */

void *record_owned(void *p)
{
	if (!p) {
		fputs("ctxbench: out of memory\n", stderr);
		exit(1);
	}
	return p;
}

/* Room for one more; the capacity is the next power of two, so that it need not be kept. */
static void *room(void *array, size_t count, size_t size)
{
	if (count & (count - 1))
		return array;
	return record_owned(realloc(array, (count ? count * 2 : 1) * size));
}

bool record_control(char c)
{
	return (unsigned char)c < ' ' || c == 127;
}

/* A word of the file: whatever would end it early, or is not there, becomes '_'. The caller frees it. */
static char *clean_word(const char *text)
{
	char *copy = record_owned(strdup(*text ? text : "_"));

	for (char *c = copy; *c; c++)
		if (record_control(*c) || *c == ' ')
			*c = '_';
	return copy;
}

static struct word *word_of(struct record_store *s, struct words *table, const char *text)
{
	char *clean = clean_word(text);
	struct word *word = words_add(table, s->arena, clean, strlen(clean));

	free(clean);
	return word;
}

const char *record_copy_text(struct record_store *s, const char *text)
{
	size_t length;
	char *copy;

	while (*text == ' ' || record_control(*text))
		if (!*text++)
			return "";
	length = strnlen(text, LONGEST_TEXT);
	copy = arena_text(s->arena, text, length);
	if (text[length])
		memcpy(copy + length - 3, "...", 3);
	for (char *c = copy; *c; c++)
		if (record_control(*c))
			*c = ' ';
	while (length && copy[length - 1] == ' ')
		copy[--length] = '\0';
	return copy;
}

/* -- making one */

struct record *record_empty(void)
{
	struct record *r = record_owned(calloc(1, sizeof *r));

	r->store = record_owned(calloc(1, sizeof *r->store));
	r->store->arena = arena_new();
	return r;
}

struct record *record_new(void)
{
	struct record *r = record_empty();
	char version[12];

	snprintf(version, sizeof version, "%d", FORMAT);
	record_set(r, "ctxbench", version);
	return r;
}

void record_free(struct record *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->lines; i++) {
		if (r->line[i].bars)
			bars_free(r->line[i].bars);
		free(r->line[i].bars);
	}
	words_free(&r->store->names);
	words_free(&r->store->units);
	arena_free(r->store->arena);
	free(r->store);
	free(r->key);
	free(r->unit);
	free(r->line);
	free(r);
}

struct record_key *record_find_key(struct record_key *key, size_t keys, const char *name)
{
	for (size_t i = 0; i < keys; i++)
		if (!strcmp(key[i].key, name))
			return &key[i];
	return NULL;
}

static void append_key(
	struct record_store *s, struct record_key **key, size_t *keys, const char *name, const char *value)
{
	*key = room(*key, *keys, sizeof **key);
	(*key)[(*keys)++] = (struct record_key){ arena_text(s->arena, name, strlen(name)), value };
}

const char *record_add_key(struct record *r, const char *key, const char *value)
{
	const char *text = record_copy_text(r->store, value);

	append_key(r->store, &r->key, &r->keys, key, text);
	return text;
}

static void set_key(struct record_store *s, struct record_key **key, size_t *keys, const char *name, const char *value)
{
	char *word = clean_word(name);
	const char *text = record_copy_text(s, value);
	struct record_key *k = record_find_key(*key, *keys, word);

	if (k)
		k->value = text;
	else
		append_key(s, key, keys, word, text);
	free(word);
}

void record_set(struct record *r, const char *key, const char *value)
{
	set_key(r->store, &r->key, &r->keys, key, value);
}

void record_unit(struct record *r, const char *unit, const char *properties)
{
	set_key(r->store, &r->unit, &r->units, unit, properties);
}

struct record_line *record_add_line(struct record *r, enum record_kind kind, const struct word *name, double n)
{
	struct record_line *line;

	r->line = room(r->line, r->lines, sizeof *r->line);
	line = &r->line[r->lines++];
	*line = (struct record_line){
		.kind = kind, .name = name->text, .name_index = name->index, .n = n, .store = r->store
	};
	r->names = r->store->names.count;
	return line;
}

struct record_line *record_line(struct record *r, enum record_kind kind, const char *name, double n, const char *reason)
{
	const struct word *word = word_of(r->store, &r->store->names, name);
	struct record_line *line = record_add_line(r, kind, word, isfinite(n) && n > 0 ? trunc(n) : 0);

	line->reason = reason ? record_copy_text(r->store, reason) : NULL;
	return line;
}

void record_refuse(struct record *r, const char *name, const char *reason)
{
	const char *text = record_copy_text(r->store, reason);

	for (size_t i = 0; i < r->lines; i++) {
		struct record_line *line = &r->line[i];

		if (line->kind != RECORD_BENCHMARK || strcmp(line->name, name))
			continue;
		line->kind = RECORD_INVALID;
		line->reason = text;
	}
}

bool record_never_zero(const char *unit)
{
	size_t length = strlen(unit);

	return !strncmp(unit, "ns/", 3) || (length >= 3 && !strcmp(unit + length - 3, "-ns")) ||
	       (length >= 5 && !strcmp(unit + length - 5, "ticks"));
}

static struct record_value *find_value(const struct record_line *line, const char *unit)
{
	for (size_t i = 0; i < line->values; i++)
		if (line->value[i].unit == unit || !strcmp(line->value[i].unit, unit))
			return &line->value[i];
	return NULL;
}

/* The capacity is the next power of two, as of the arrays. */
void record_add_value(struct record_line *line, double x, const char *unit)
{
	size_t was = line->values, size = sizeof *line->value;

	if (!(was & (was - 1)))
		line->value = arena_grow(line->store->arena, line->value, was * size, (was ? 2 * was : 1) * size);
	line->value[line->values++] = (struct record_value){ x, unit };
}

/* Only a Samples line may have one unit several times: elsewhere a reader could not tell which value is meant. */
void record_value(struct record_line *line, double x, const char *unit)
{
	struct record_value *same;
	const char *word;

	if (!isfinite(x) || (x == 0 && record_never_zero(unit)))
		return;
	word = word_of(line->store, &line->store->units, unit)->text;
	same = line->kind == RECORD_SAMPLES ? NULL : find_value(line, word);
	if (same)
		same->x = x;
	else
		record_add_value(line, x, word);
}

void record_bars(struct record_line *line, const struct bars *b)
{
	if (!line->bars)
		line->bars = record_owned(calloc(1, sizeof *line->bars));
	bars_merge(line->bars, b);
}

/* -- asking */

const char *record_get(const struct record *r, const char *key)
{
	struct record_key *k = record_find_key(r->key, r->keys, key);

	return k ? k->value : NULL;
}

bool record_find(const struct record_line *line, const char *unit, double *x)
{
	struct record_value *v = find_value(line, unit);

	if (v)
		*x = v->x;
	return v;
}

/* "YieldAlone/..." to "yield-alone". */
static const char *kebab(const char *name, char *buffer, size_t size)
{
	size_t used = 0;

	for (const char *c = name; *c && *c != '/'; c++) {
		if (used + 3 > size)
			return NULL;
		if (isupper((unsigned char)*c) && c != name)
			buffer[used++] = '-';
		buffer[used++] = (char)tolower((unsigned char)*c);
	}
	if (!used)
		return NULL;
	buffer[used] = '\0';
	return buffer;
}

const char *record_part(const char *name, const char *part, char *buffer, size_t size)
{
	size_t length = strlen(part);

	if (!strcmp(part, "bench"))
		return kebab(name, buffer, size);
	while ((name = strchr(name, '/'))) {
		size_t value;

		name++;
		if (strncmp(name, part, length) || name[length] != '=')
			continue;
		name += length + 1;
		value = strcspn(name, "/");
		if (value >= size)
			return NULL;
		memcpy(buffer, name, value);
		buffer[value] = '\0';
		return buffer;
	}
	return NULL;
}

void record_bench_name(const char *bench, char *buffer, size_t size)
{
	size_t used = 0;
	bool capital = true;

	if (!size)
		return;
	for (; *bench && used + 1 < size; bench++) {
		if (*bench == '-') {
			capital = true;
			continue;
		}
		buffer[used++] = (char)(capital ? toupper((unsigned char)*bench) : *bench);
		capital = false;
	}
	buffer[used] = '\0';
}

/* -- numbers */

struct c_locale c_locale_enter(void)
{
	struct c_locale l = { .c = record_owned(newlocale(LC_ALL_MASK, "C", (locale_t)0)) };

	l.before = uselocale(l.c);
	return l;
}

void c_locale_leave(struct c_locale l)
{
	uselocale(l.before);
	freelocale(l.c);
}
