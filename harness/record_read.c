// SPDX-License-Identifier: MIT
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "number.h"
#include "record_inside.h"

enum {
	CHUNK = 96 << 10, /* of the file in memory at once: whatever its size */
	BEFORE = 32,
};

struct reader {
	const char *path;
	char *error;
	size_t error_size;

	int file;
	char *chunk;
	size_t start, fill; /* what is left of it: from start to fill */
	bool ended;         /* nothing follows the chunk */

	size_t row;
	char *text;    /* the line, without its end */
	size_t length; /* of it */
	bool longer;   /* than READ_LINE: the rest is not in text */

	struct record *record;
	struct word *before[BEFORE]; /* the units of the line before, in its order: mostly this one's, too */
	struct words keys, units;    /* of the head, each once */
	bool ours;                   /* its `ctxbench` key was seen */
	bool body;                   /* past the head */
};

static bool refuse(struct reader *in, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool refuse(struct reader *in, const char *format, ...)
{
	char what[300];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof what, format, args);
	va_end(args);
	snprintf(in->error, in->error_size, "%s:%zu: %s", in->path, in->row, what);
	return false;
}

static bool refuse_foreign(struct reader *in)
{
	in->row = in->row ? in->row : 1;
	return refuse(in, RECORD_FOREIGN ", expected a line 'ctxbench: %d' before the first result", FORMAT);
}

/* What the file says, short and harmless on a terminal; valid until the next call. */
static const char *shown(const char *text)
{
	static char copy[44];

	snprintf(copy, sizeof copy, "%.40s%s", text, strnlen(text, 41) > 40 ? "..." : "");
	for (char *c = copy; *c; c++)
		if (record_control(*c) || (unsigned char)*c > 127)
			*c = '?';
	return copy;
}

/* -- from bytes to lines */

/* More of the file behind what is left, which moves to the chunk's beginning. */
static bool read_on(struct reader *in)
{
	ssize_t n;

	memmove(in->chunk, in->chunk + in->start, in->fill - in->start);
	in->fill -= in->start;
	in->start = 0;
	do
		n = read(in->file, in->chunk + in->fill, CHUNK - in->fill);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return refuse(in, "cannot be read: %s, expected a result file", strerror(errno));
	in->ended = !n;
	in->fill += (size_t)n;
	return true;
}

static bool check_nul(struct reader *in, const char *text, size_t length)
{
	if (!memchr(text, 0, length))
		return true;
	return in->ours ? refuse(in, "a NUL byte, expected text") : refuse_foreign(in);
}

static bool refuse_cut(struct reader *in)
{
	return in->ours ? refuse(in, "the file is cut, expected a newline after its last line") : refuse_foreign(in);
}

/* Of a line that is too long only READ_LINE bytes are kept, at the chunk's beginning; the rest is read and forgotten.
 */
static bool skip_rest(struct reader *in)
{
	const size_t kept = READ_LINE + 1;
	char *newline;

	memmove(in->chunk, in->chunk + in->start, in->fill - in->start);
	in->fill -= in->start;
	in->start = kept;
	while (!(newline = memchr(in->chunk + in->start, '\n', in->fill - in->start))) {
		if (!check_nul(in, in->chunk + in->start, in->fill - in->start))
			return false;
		in->start = in->fill = kept;
		ssize_t n = read(in->file, in->chunk + in->fill, CHUNK - in->fill);
		if (n < 0 && errno != EINTR)
			return refuse(in, "cannot be read: %s, expected a result file", strerror(errno));
		if (!n)
			return refuse_cut(in);
		in->fill += n > 0 ? (size_t)n : 0;
	}
	if (!check_nul(in, in->chunk + in->start, (size_t)(newline - in->chunk) - in->start))
		return false;
	in->start = (size_t)(newline - in->chunk) + 1;
	in->text = in->chunk;
	in->length = READ_LINE;
	in->longer = true;
	return true;
}

static bool find_line(struct reader *in, bool *end)
{
	size_t seen = 0;
	char *newline;

	while (!(newline = memchr(in->chunk + in->start + seen, '\n', in->fill - in->start - seen))) {
		seen = in->fill - in->start;
		if (!check_nul(in, in->chunk + in->start, seen))
			return false;
		if (seen > READ_LINE + 1)
			return skip_rest(in);
		if (!read_on(in))
			return false;
		*end = in->ended && !in->fill;
		if (in->ended)
			return *end || refuse_cut(in);
	}
	in->text = in->chunk + in->start;
	in->length = (size_t)(newline - in->text);
	in->start += in->length + 1;
	if (!check_nul(in, in->text, in->length))
		return false;
	in->longer = in->length > READ_LINE;
	in->length = in->longer ? READ_LINE : in->length;
	return true;
}

static bool next_line(struct reader *in, bool *end)
{
	in->row++;
	in->longer = false;
	if (!find_line(in, end) || *end)
		return *end;
	if (in->length && in->text[in->length - 1] == '\r')
		in->length--;
	if (in->row == 1 && in->length >= 3 && !memcmp(in->text, "\xef\xbb\xbf", 3)) {
		in->text += 3;
		in->length -= 3;
	}
	in->text[in->length] = '\0';
	return true;
}

/* -- from lines to words */

static bool blank(char c)
{
	return c == ' ' || c == '\t';
}

static char *skip_blanks(char *at)
{
	while (blank(*at))
		at++;
	return at;
}

/* Cuts the next word off and returns it, or NULL at the end of the line. */
static char *word(char **at, size_t *length)
{
	char *start = skip_blanks(*at), *end = start;

	while (*end && !blank(*end))
		end++;
	*at = end;
	*length = (size_t)(end - start);
	if (!*length)
		return NULL;
	if (*end)
		*(*at)++ = '\0';
	return start;
}

/* The whole text is a number. */
static bool number(const char *text, double *x)
{
	const char *end;

	return number_read(text, &end, x) && !*end;
}

/* Might eight characters have one below a blank, or DEL, among them? (Bit tricks: Anderson, "Determine if a word has a
 * byte less than n".) Tabs count here. */
static bool suspicious(const char *c)
{
	const uint64_t each = UINT64_C(0x0101010101010101), high = each * 0x80;
	uint64_t eight, del;

	memcpy(&eight, c, sizeof eight);
	del = eight ^ each * 127;
	return (((eight - each * ' ') & ~eight) | ((del - each) & ~del)) & high;
}

/* Beside tabs. */
static bool has_controls(const struct reader *in)
{
	size_t i = 0;

	while (i + sizeof(uint64_t) <= in->length && !suspicious(in->text + i))
		i += sizeof(uint64_t);
	for (; i < in->length; i++)
		if (record_control(in->text[i]) && in->text[i] != '\t')
			return true;
	return false;
}

/* -- the head */

static bool check_version(struct reader *in, const char *value)
{
	double version;

	if (!number(value, &version) || version < 1 || trunc(version) != version)
		return refuse(in, "format version '%s', expected %d", shown(value), FORMAT);
	if (version > FORMAT)
		return refuse(in, "format version %s is newer than this program, expected %d", shown(value), FORMAT);
	in->ours = true;
	return true;
}

/* The end of the key in `key: value`, or NULL where the line is none. A key may have colons inside. */
static char *key_end(char *text)
{
	if (!islower((unsigned char)*text))
		return NULL;
	for (char *c = text; *c && *c != ' ' && !record_control(*c); c++)
		if (*c == ':' && (!c[1] || blank(c[1])))
			return c;
	return NULL;
}

/* Is this the first time that a word is seen? */
static bool first(struct reader *in, struct words *table, const char *text)
{
	size_t before = table->count;

	words_add(table, in->record->store->arena, text, strlen(text));
	return table->count > before;
}

static bool known(const struct reader *in, const char *key)
{
	return words_find(&in->keys, key, strlen(key));
}

static bool read_key(struct reader *in, char *end)
{
	*end = '\0';
	if (in->body) /* of another program, unless it begins another file */
		return !known(in, in->text) ||
		       refuse(in, "key '%s' for the second time, expected each key once", shown(in->text));
	if (!first(in, &in->keys, in->text))
		return refuse(in, "key '%s' for the second time, expected each key once", shown(in->text));
	if (in->keys.count > MOST_KEYS)
		return refuse(in, "more than %d keys, expected fewer", MOST_KEYS);
	const char *value = record_add_key(in->record, in->text, skip_blanks(end + 1));
	return strcmp(in->text, "ctxbench") || check_version(in, value);
}

/* `Unit NAME PROPERTY=VALUE ...`; anything else that begins so is prose. */
static bool read_unit(struct reader *in)
{
	size_t length;
	bool text = !has_controls(in);
	char *at = in->text + strlen("Unit "), *unit = word(&at, &length), *equals = strchr(at, '=');

	if (!text || !unit || !equals || equals == at || strcspn(at, " \t") < (size_t)(equals - at))
		return true;
	in->body = true;
	if (!in->ours)
		return refuse_foreign(in);
	if (!first(in, &in->units, unit))
		return refuse(in, "unit '%s' for the second time, expected each unit once", shown(unit));
	if (in->units.count > MOST_KEYS)
		return refuse(in, "more than %d Unit lines, expected fewer", MOST_KEYS);
	record_unit(in->record, unit, at);
	return true;
}

/* -- results */

static struct word *known_unit(struct reader *in, size_t at, const char *unit, size_t length)
{
	struct record_store *s = in->record->store;
	struct word **before = at < BEFORE ? &in->before[at] : NULL, *known;

	if (before && *before && (*before)->length == length && !memcmp((*before)->text, unit, length))
		return *before;
	known = words_add(&s->units, s->arena, unit, length);
	if (before)
		*before = known;
	return known;
}

/* A number where a unit should be: what begins like one is looked at. */
static bool is_number(const char *text)
{
	double x;

	return (isdigit((unsigned char)*text) || strchr("+-.", *text)) && number(text, &x);
}

static bool read_value(struct reader *in, struct record_line *line, char **at)
{
	size_t length;
	char *value = word(at, &length), *unit;
	struct word *known;
	double x;

	if (!number(value, &x))
		return refuse(in, "'%s' is not a number, expected a finite one with a decimal point", shown(value));
	unit = word(at, &length);
	if (!unit || (*unit == 'r' && !strncmp(unit, "reason=", 7)) || is_number(unit))
		return refuse(in, "value %s has no unit, expected one after it", shown(value));
	if (x == 0 && record_never_zero(unit))
		return refuse(in, "a time of 0 %s, expected it left out", shown(unit));
	known = known_unit(in, line->values, unit, length);
	if (line->kind != RECORD_SAMPLES && known->mark == in->row)
		return refuse(in, "unit '%s' twice on one line, expected it once", shown(unit));
	known->mark = in->row;
	record_add_value(line, x, known->text);
	return true;
}

static bool at_reason(const char *at)
{
	return *at == 'r' && !strncmp(at, "reason=\"", 8);
}

static bool read_reason(struct reader *in, struct record_line *line, char *at)
{
	char *from = at + 8, *to = from, *reason = from;

	for (; *from && *from != '"'; from++) {
		if (*from == '\\' && from[1])
			from++;
		*to++ = *from;
	}
	if (!*from)
		return refuse(in, "the reason has no end, expected a closing quote");
	if (*skip_blanks(from + 1))
		return refuse(in, "'%s' after the reason, expected the end of the line", shown(skip_blanks(from + 1)));
	*to = '\0';
	line->reason = record_copy_text(in->record->store, reason);
	return true;
}

static bool read_count(struct reader *in, struct record_line *line, char **at)
{
	size_t length;
	char *count = word(at, &length);

	if (!count)
		return refuse(in, "the line ends after the name, expected a number of iterations");
	if (strspn(count, "0123456789") != length || !number(count, &line->n) || line->n > 1e15)
		return refuse(in, "'%s' iterations, expected a whole number from 0 to 1e15", shown(count));
	return true;
}

/* Of one that goes on, the lines follow each other. */
static bool read_bars(struct reader *in, const struct word *name, char *facts)
{
	struct record *r = in->record;
	struct record_line *line = r->lines ? &r->line[r->lines - 1] : NULL;
	const char *wrong;

	if (!line || line->kind != RECORD_HISTOGRAM || line->name != name->text) {
		line = record_add_line(r, RECORD_HISTOGRAM, name, 0);
		line->row = in->row;
		line->bars = record_owned(calloc(1, sizeof *line->bars));
	}
	wrong = bars_read(line->bars, facts);
	return !wrong || refuse(in, "%s, expected unit=ns sub=128 tick= n= sum= min= max= LOW:COUNT ...", wrong);
}

static bool check_bars(struct reader *in)
{
	const struct record *r = in->record;

	for (size_t i = 0; i < r->lines; i++) {
		const struct bars *b = r->line[i].bars;
		double n = 0;

		for (size_t j = 0; b && j < b->bars; j++)
			n += b->bar[j].count;
		in->row = r->line[i].row;
		if (b && n != b->n)
			return refuse(in, "a histogram of %.10g values with n=%.10g, expected as many", n, b->n);
	}
	return true;
}

static bool check_controls(struct reader *in)
{
	char *c = in->text;

	if (!has_controls(in))
		return true;
	while (!record_control(*c) || *c == '\t')
		c++;
	return refuse(in, "the control character 0x%02x, expected text", (unsigned char)*c);
}

static bool read_values(struct reader *in, struct record_line *line, char *at)
{
	bool has_reason = line->kind == RECORD_INVALID || line->kind == RECORD_MISSING;

	if (line->kind != RECORD_MISSING && !read_count(in, line, &at))
		return false;
	for (at = skip_blanks(at); *at && !at_reason(at); at = skip_blanks(at))
		if (line->kind == RECORD_MISSING)
			return refuse(in, "'%s', expected reason=\"...\"", shown(at));
		else if (!read_value(in, line, &at))
			return false;
	if (has_reason)
		return *at ? read_reason(in, line, at) : refuse(in, "no reason, expected reason=\"...\" at the end");
	if (*at)
		return refuse(in, "a reason, expected one on Invalid/ and Missing/ lines only");
	return line->values || refuse(in, "no value, expected VALUE UNIT after the number of iterations");
}

static bool read_line(struct reader *in, enum record_kind kind)
{
	struct record_store *s = in->record->store;
	char *at = in->text + strlen(record_prefix[kind]), *name;
	const struct word *known_name;
	struct record_line *line;
	size_t length;

	in->body = true;
	if (!in->ours)
		return refuse_foreign(in);
	if (in->longer)
		return refuse(in, "a line of more than %d bytes, expected at most %d", READ_LINE, WRITTEN_LINE);
	if (!check_controls(in))
		return false;
	name = word(&at, &length);
	if (!name)
		return refuse(in, "'%s' without a name, expected one", record_prefix[kind]);
	known_name = words_add(&s->names, s->arena, name, length);
	if (kind == RECORD_HISTOGRAM)
		return read_bars(in, known_name, at);
	line = record_add_line(in->record, kind, known_name, 0);
	line->row = in->row;
	return read_values(in, line, at);
}

/* One line of ours, or of anybody: then it is passed over. */
static bool read_any(struct reader *in)
{
	char *end;

	if (!strncmp(in->text, "Benchmark", 9) && isupper((unsigned char)in->text[9]))
		return read_line(in, RECORD_BENCHMARK);
	for (enum record_kind kind = RECORD_INVALID; kind <= RECORD_HISTOGRAM; kind++)
		if (!strncmp(in->text, record_prefix[kind], strlen(record_prefix[kind])))
			return read_line(in, kind);
	if (in->longer)
		return true;
	if (!strncmp(in->text, "Unit ", 5))
		return read_unit(in);
	end = key_end(in->text);
	return end ? read_key(in, end) : true;
}

static bool read_all(struct reader *in)
{
	for (bool end = false;;) {
		if (!next_line(in, &end))
			return false;
		if (end)
			break;
		if (!read_any(in))
			return false;
	}
	if (in->ours)
		return check_bars(in);
	in->row = 1;
	return refuse_foreign(in);
}

static struct record *read_record(struct reader *in)
{
	struct c_locale l = c_locale_enter();
	struct record *r = in->record = record_empty();

	r->path = arena_text(r->store->arena, in->path, strlen(in->path));
	in->chunk = record_owned(malloc(CHUNK));
	if (!read_all(in)) {
		record_free(r);
		r = NULL;
	}
	words_free(&in->keys);
	words_free(&in->units);
	free(in->chunk);
	c_locale_leave(l);
	return r;
}

struct record *record_read(const char *path, char *error, size_t error_size)
{
	struct reader in = { .path = path, .error = error, .error_size = error_size };
	struct record *r;

	in.file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (in.file < 0) {
		snprintf(error, error_size, "%s: cannot be read: %s, expected a result file", path, strerror(errno));
		return NULL;
	}
	r = read_record(&in);
	close(in.file);
	return r;
}
