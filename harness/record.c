// SPDX-License-Identifier: MIT
#include "record.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	FORMAT = 1,           /* the `ctxbench` key */
	WRITTEN_LINE = 60000, /* benchstat reads nothing of a file with a line of 65,536 bytes */
	READ_LINE = 65535,
	LONGEST_TEXT = 8000, /* of a key's value and a reason */
	MOST_KEYS = 4096,    /* looking up a key is linear */
};

static const char prefix[][11] = {
	[RECORD_BENCHMARK] = "Benchmark",
	[RECORD_INVALID] = "Invalid/",
	[RECORD_MISSING] = "Missing/",
	[RECORD_SAMPLES] = "Samples/",
	[RECORD_HISTOGRAM] = "Histogram/",
};

/* -- memory */

static void *owned(void *p)
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
	return owned(realloc(array, (count ? count * 2 : 1) * size));
}

static bool control(char c)
{
	return (unsigned char)c < ' ' || c == 127;
}

/* A word of the file: whatever would end it early, or is not there, becomes '_'. */
static char *copy_word(const char *text)
{
	char *copy = owned(strdup(*text ? text : "_"));

	for (char *c = copy; *c; c++)
		if (control(*c) || *c == ' ')
			*c = '_';
	return copy;
}

/* One printable line, without blanks at its ends, as a reader gets it back. */
static char *copy_text(const char *text)
{
	size_t length;
	char *copy;

	while (*text == ' ' || control(*text))
		if (!*text++)
			return owned(strdup(""));
	length = strnlen(text, LONGEST_TEXT);
	copy = owned(strndup(text, length));
	if (text[length])
		memcpy(copy + length - 3, "...", 3);
	for (char *c = copy; *c; c++)
		if (control(*c))
			*c = ' ';
	while (length && copy[length - 1] == ' ')
		copy[--length] = '\0';
	return copy;
}

/* -- making one */

static struct record *empty(void)
{
	return owned(calloc(1, sizeof(struct record)));
}

struct record *record_new(void)
{
	struct record *r = empty();
	char version[12];

	snprintf(version, sizeof version, "%d", FORMAT);
	record_set(r, "ctxbench", version);
	return r;
}

static void free_keys(struct record_key *key, size_t keys)
{
	for (size_t i = 0; i < keys; i++) {
		free(key[i].key);
		free(key[i].value);
	}
	free(key);
}

void record_free(struct record *r)
{
	if (!r)
		return;
	free_keys(r->key, r->keys);
	free_keys(r->unit, r->units);
	for (size_t i = 0; i < r->lines; i++) {
		struct record_line *line = &r->line[i];

		for (size_t v = 0; v < line->values; v++)
			free(line->value[v].unit);
		free(line->value);
		free(line->name);
		free(line->reason);
		if (line->bars)
			bars_free(line->bars);
		free(line->bars);
	}
	free(r->line);
	free(r->path);
	free(r);
}

static struct record_key *find_key(struct record_key *key, size_t keys, const char *name)
{
	for (size_t i = 0; i < keys; i++)
		if (!strcmp(key[i].key, name))
			return &key[i];
	return NULL;
}

static void set_key(struct record_key **key, size_t *keys, const char *name, const char *value)
{
	char *word = copy_word(name), *text = copy_text(value);
	struct record_key *k = find_key(*key, *keys, word);

	if (k) {
		free(word);
		free(k->value);
		k->value = text;
		return;
	}
	*key = room(*key, *keys, sizeof **key);
	(*key)[(*keys)++] = (struct record_key){ word, text };
}

void record_set(struct record *r, const char *key, const char *value)
{
	set_key(&r->key, &r->keys, key, value);
}

void record_unit(struct record *r, const char *unit, const char *properties)
{
	set_key(&r->unit, &r->units, unit, properties);
}

struct record_line *record_line(struct record *r, enum record_kind kind, const char *name, double n, const char *reason)
{
	struct record_line *line;

	r->line = room(r->line, r->lines, sizeof *r->line);
	line = &r->line[r->lines++];
	*line = (struct record_line){
		.kind = kind,
		.name = copy_word(name),
		.n = isfinite(n) && n > 0 ? trunc(n) : 0,
		.reason = reason ? copy_text(reason) : NULL,
	};
	return line;
}

void record_refuse(struct record *r, const char *name, const char *reason)
{
	for (size_t i = 0; i < r->lines; i++) {
		struct record_line *line = &r->line[i];

		if (line->kind != RECORD_BENCHMARK || strcmp(line->name, name))
			continue;
		line->kind = RECORD_INVALID;
		line->reason = copy_text(reason);
	}
}

/* A time that reads as a bare 0 was not resolved; it would make every ratio with it infinite. */
static bool never_zero(const char *unit)
{
	size_t length = strlen(unit);

	return !strncmp(unit, "ns/", 3) || (length >= 3 && !strcmp(unit + length - 3, "-ns")) ||
	       (length >= 5 && !strcmp(unit + length - 5, "ticks"));
}

static struct record_value *find_value(const struct record_line *line, const char *unit)
{
	for (size_t i = 0; i < line->values; i++)
		if (!strcmp(line->value[i].unit, unit))
			return &line->value[i];
	return NULL;
}

/* Only a Samples line may have one unit several times: elsewhere a reader could not tell which value is meant. */
void record_value(struct record_line *line, double x, const char *unit)
{
	struct record_value *same;
	char *word;

	if (!isfinite(x) || (x == 0 && never_zero(unit)))
		return;
	word = copy_word(unit);
	same = line->kind == RECORD_SAMPLES ? NULL : find_value(line, word);
	if (same) {
		free(word);
		same->x = x;
		return;
	}
	line->value = room(line->value, line->values, sizeof *line->value);
	line->value[line->values++] = (struct record_value){ x, word };
}

void record_bars(struct record_line *line, const struct bars *b)
{
	if (!line->bars)
		line->bars = owned(calloc(1, sizeof *line->bars));
	bars_merge(line->bars, b);
}

/* -- asking */

const char *record_get(const struct record *r, const char *key)
{
	struct record_key *k = find_key(r->key, r->keys, key);

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

/* -- numbers: printf and strtod follow the thread's locale, so files are written and read in the C locale */

struct c_locale {
	locale_t c, before;
};

static struct c_locale enter_c_locale(void)
{
	struct c_locale l = { .c = owned(newlocale(LC_ALL_MASK, "C", (locale_t)0)) };

	l.before = uselocale(l.c);
	return l;
}

static void leave_c_locale(struct c_locale l)
{
	uselocale(l.before);
	freelocale(l.c);
}

/* [+-] digits [. digits] [e [+-] digits], and nothing else that strtod would take: no nan, inf, hex or blanks. */
static bool number(const char *text, double *x)
{
	const char *c = text + (*text == '-' || *text == '+');
	size_t whole = strspn(c, "0123456789"), fraction = 0;

	c += whole;
	if (*c == '.') {
		fraction = strspn(++c, "0123456789");
		c += fraction;
	}
	if (!whole && !fraction)
		return false;
	if (*c == 'e' || *c == 'E') {
		c += 1 + (c[1] == '-' || c[1] == '+');
		if (!isdigit((unsigned char)*c))
			return false;
		c += strspn(c, "0123456789");
	}
	if (*c)
		return false;
	*x = strtod(text, NULL);
	return isfinite(*x);
}

/* -- writing */

static void print_quoted(FILE *out, const char *text)
{
	fputs(" reason=\"", out);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			fputc('\\', out);
		fputc(*text, out);
	}
	fputc('"', out);
}

static size_t print_start(FILE *out, const struct record_line *line, enum record_kind kind)
{
	int length = fprintf(out, "%s%s", prefix[kind], line->name);

	if (kind != RECORD_MISSING)
		length += fprintf(out, " %.0f", line->n);
	return (size_t)length;
}

static bool print_bars(FILE *out, const struct record_line *line)
{
	size_t size = strlen(line->name) + sizeof prefix[0];
	char *start = owned(malloc(size));
	int failed;

	snprintf(start, size, "%s%s", prefix[RECORD_HISTOGRAM], line->name);
	failed = line->bars && line->bars->bars ? bars_print(out, start, line->bars, WRITTEN_LINE) : 0;
	free(start);
	return !failed;
}

/* What does not fit into one line goes on in another of the same name. False: a name or unit is too long for that. */
static bool print_line(FILE *out, const struct record_line *line)
{
	/* a line that measured nothing is not a trial, and readers refuse one */
	bool nothing = line->kind == RECORD_BENCHMARK && !line->values;
	enum record_kind kind = nothing ? RECORD_INVALID : line->kind;
	bool has_reason = kind == RECORD_INVALID || kind == RECORD_MISSING;
	const char *reason = line->reason ? line->reason : nothing ? "no value" : "";
	size_t limit = has_reason ? WRITTEN_LINE - 2 * strlen(reason) - 16 : WRITTEN_LINE - 1, start, used;

	if (kind == RECORD_SAMPLES && !line->values)
		return true;
	if (kind == RECORD_HISTOGRAM)
		return print_bars(out, line);
	start = used = print_start(out, line, kind);
	for (size_t i = 0; kind != RECORD_MISSING && i < line->values; i++) {
		char text[32];
		/* + 0.0: there is no -0 in a file */
		size_t need = (size_t)snprintf(text, sizeof text, " %.6g ", line->value[i].x + 0.0) +
			      strlen(line->value[i].unit);

		if (start + need > limit)
			return false;
		if (used + need > limit) {
			if (has_reason)
				print_quoted(out, reason);
			fputc('\n', out);
			used = print_start(out, line, kind);
		}
		fprintf(out, "%s%s", text, line->value[i].unit);
		used += need;
	}
	if (has_reason)
		print_quoted(out, reason);
	fputc('\n', out);
	return start <= limit;
}

static bool print_record(FILE *out, const struct record *r)
{
	for (size_t i = 0; i < r->keys; i++) {
		const struct record_key *k = &r->key[i];

		if (strlen(k->key) + strlen(k->value) + 3 > WRITTEN_LINE)
			return false;
		fprintf(out, "%s:%s%s\n", k->key, *k->value ? " " : "", k->value);
	}
	for (size_t i = 0; i < r->units; i++) {
		const struct record_key *u = &r->unit[i];

		if (strlen(u->key) + strlen(u->value) + 7 > WRITTEN_LINE)
			return false;
		fprintf(out, "Unit %s %s\n", u->key, u->value);
	}
	for (size_t i = 0; i < r->lines; i++)
		if (!print_line(out, &r->line[i]))
			return false;
	return true;
}

/* The whole file in memory, so that a failing write(2) shows its own errno. 0 or -errno. */
static int print_text(const struct record *r, char **text, size_t *length)
{
	struct c_locale l = enter_c_locale();
	FILE *out = open_memstream(text, length);
	int err = out ? 0 : -ENOMEM;

	if (out && !print_record(out, r))
		err = -E2BIG;
	if (out && ferror(out))
		err = -ENOMEM;
	if (out && fclose(out) && !err)
		err = -ENOMEM;
	leave_c_locale(l);
	return err;
}

static int write_all(int fd, const char *text, size_t length)
{
	while (length) {
		ssize_t n = write(fd, text, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : -EIO;
		text += n;
		length -= (size_t)n;
	}
	return 0;
}

/* A device or a pipe (/dev/stdout, /dev/null) is written to as it is: renaming over it would replace it. */
static int write_through(const char *path, const char *text, size_t length)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY), err;

	if (fd < 0)
		return -errno;
	err = write_all(fd, text, length);
	if (close(fd) && !err)
		err = -errno;
	return err;
}

/* Creates PATH.PID-N.tmp, which no pattern for result files matches; mkstemp would take the rights of the group away.
 */
static int create_aside(const char *path, char *aside, size_t size)
{
	for (int try = 0; try < 100; try++) {
		int fd;

		snprintf(aside, size, "%s.%ld-%d.tmp", path, (long)getpid(), try);
		fd = open(aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		if (fd >= 0)
			return fd;
		if (errno != EEXIST)
			return -errno;
	}
	return -EEXIST;
}

/* -1 where the directory may be written to but not read: then its sync is left to the kernel. */
static int open_directory(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *name = owned(slash ? strndup(path, slash == path ? 1 : (size_t)(slash - path)) : strdup("."));
	int fd = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	free(name);
	return fd;
}

static int sync_directory(int directory)
{
	/* EINVAL: a file system that cannot */
	if (directory >= 0 && fsync(directory) && errno != EINVAL)
		return -errno;
	return 0;
}

static int write_aside(const char *path, const char *text, size_t length)
{
	size_t size = strlen(path) + 40;
	char *aside = owned(malloc(size));
	int fd = create_aside(path, aside, size), directory = -1, err = fd;

	if (fd < 0)
		goto out_name;
	directory = open_directory(path);
	err = write_all(fd, text, length);
	if (!err && fsync(fd))
		err = -errno;
	if (close(fd) && !err)
		err = -errno;
	if (!err && rename(aside, path))
		err = -errno;
	if (err)
		unlink(aside);
	else
		err = sync_directory(directory);
	if (directory >= 0)
		close(directory);
out_name:
	free(aside);
	return err;
}

int record_write(const struct record *r, const char *path)
{
	char *text = NULL, *target = realpath(path, NULL); /* a symbolic link stays one */
	size_t length = 0;
	struct stat st = { .st_mode = S_IFREG };
	int err = print_text(r, &text, &length);

	if (err)
		goto out;
	if (!stat(path, &st) && S_ISDIR(st.st_mode))
		err = -EISDIR;
	else if (!S_ISREG(st.st_mode))
		err = write_through(path, text, length);
	else
		err = write_aside(target ? target : path, text, length);
out:
	free(target);
	free(text);
	return err;
}

/* -- reading */

struct reader {
	const char *path;
	char *error;
	size_t error_size;

	FILE *file;
	size_t row;
	char text[READ_LINE + 1]; /* the line, without its end */
	bool longer;              /* than what fits into text */

	struct record *record;
	bool ours; /* its `ctxbench` key was seen */
	bool body; /* past the head */
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
	return refuse(in, "not a ctxbench result file, expected a line 'ctxbench: %d' before the first result", FORMAT);
}

/* What the file says, short and harmless on a terminal; valid until the next call. */
static const char *shown(const char *text)
{
	static char copy[44];

	snprintf(copy, sizeof copy, "%.40s%s", text, strlen(text) > 40 ? "..." : "");
	for (char *c = copy; *c; c++)
		if (control(*c) || (unsigned char)*c > 127)
			*c = '?';
	return copy;
}

static bool next_line(struct reader *in, bool *end)
{
	size_t length = 0;
	int c;

	in->row++;
	in->longer = false;
	while ((c = getc_unlocked(in->file)) != EOF && c != '\n') {
		if (!c)
			return in->ours ? refuse(in, "a NUL byte, expected text") : refuse_foreign(in);
		if (length < READ_LINE)
			in->text[length++] = (char)c;
		else
			in->longer = true;
	}
	*end = c == EOF && !length;
	if (ferror(in->file))
		return refuse(in, "cannot be read: %s, expected a result file", strerror(errno));
	if (c == EOF && length)
		return in->ours ? refuse(in, "the file is cut, expected a newline after its last line")
				: refuse_foreign(in);
	if (length && in->text[length - 1] == '\r')
		length--;
	in->text[length] = '\0';
	if (in->row == 1 && length >= 3 && !memcmp(in->text, "\xef\xbb\xbf", 3))
		memmove(in->text, in->text + 3, length - 2);
	return true;
}

static char *skip_blanks(char *at)
{
	return at + strspn(at, " \t");
}

/* Cuts the next word off and returns it, or NULL at the end of the line. */
static char *word(char **at)
{
	char *start = skip_blanks(*at);
	size_t length = strcspn(start, " \t");

	*at = start + length;
	if (!length)
		return NULL;
	if (**at)
		*(*at)++ = '\0';
	return start;
}

static bool check_version(struct reader *in, const char *value)
{
	double version;

	if (!number(value, &version) || version < 1 || trunc(version) != version)
		return refuse(in, "format version '%s', expected %d", shown(value), FORMAT);
	if (version > FORMAT)
		return refuse(in, "format version %.0f is newer than this program, expected %d", version, FORMAT);
	in->ours = true;
	return true;
}

/* The end of the key in `key: value`, or NULL where the line is none. A key may have colons inside. */
static char *key_end(char *text)
{
	char *c;

	if (!islower((unsigned char)*text))
		return NULL;
	for (c = text; *c && *c != ' ' && !control(*c); c++)
		if (*c == ':' && (!c[1] || c[1] == ' ' || c[1] == '\t'))
			return c;
	return NULL;
}

static bool read_key(struct reader *in, char *end)
{
	*end = '\0';
	if (record_get(in->record, in->text))
		return refuse(in, "key '%s' for the second time, expected each key once", shown(in->text));
	if (in->body) /* of another program */
		return true;
	if (in->record->keys == MOST_KEYS)
		return refuse(in, "more than %d keys, expected fewer", MOST_KEYS);
	record_set(in->record, in->text, skip_blanks(end + 1));
	if (!strcmp(in->text, "ctxbench"))
		return check_version(in, record_get(in->record, "ctxbench"));
	return true;
}

/* `Unit NAME PROPERTY=VALUE ...`; anything else that begins so is prose. */
static bool read_unit(struct reader *in)
{
	char *at = in->text + strlen("Unit "), *unit = word(&at), *equals = strchr(at, '=');

	if (!unit || !equals || equals == at || strcspn(at, " \t") < (size_t)(equals - at))
		return true;
	in->body = true;
	if (!in->ours)
		return refuse_foreign(in);
	if (find_key(in->record->unit, in->record->units, unit))
		return refuse(in, "unit '%s' for the second time, expected each unit once", shown(unit));
	record_unit(in->record, unit, at);
	return true;
}

static bool read_value(struct reader *in, struct record_line *line, char **at)
{
	char *value = word(at), *unit;
	double x, not_a_unit;

	if (!number(value, &x))
		return refuse(in, "'%s' is not a number, expected a finite one with a decimal point", shown(value));
	unit = word(at);
	if (!unit || !strncmp(unit, "reason=", 7) || number(unit, &not_a_unit))
		return refuse(in, "value %s has no unit, expected one after it", shown(value));
	if (x == 0 && never_zero(unit))
		return refuse(in, "a time of 0 %s, expected it left out", shown(unit));
	if (line->kind != RECORD_SAMPLES && find_value(line, unit))
		return refuse(in, "unit '%s' twice on one line, expected it once", shown(unit));
	record_value(line, x, unit);
	return true;
}

static bool at_reason(const char *at)
{
	return !strncmp(at, "reason=\"", 8);
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
	line->reason = copy_text(reason);
	return true;
}

static bool read_count(struct reader *in, struct record_line *line, char **at)
{
	char *count = word(at);

	if (!count)
		return refuse(in, "the line ends after the name, expected a number of iterations");
	if (strspn(count, "0123456789") != strlen(count) || !number(count, &line->n) || line->n > 1e15)
		return refuse(in, "'%s' iterations, expected a whole number from 0 to 1e15", shown(count));
	return true;
}

/* Of one that goes on, the lines follow each other. */
static bool read_bars(struct reader *in, char *name, char *facts)
{
	struct record *r = in->record;
	struct record_line *line = r->lines ? &r->line[r->lines - 1] : NULL;
	const char *wrong;

	if (!line || line->kind != RECORD_HISTOGRAM || strcmp(line->name, name)) {
		line = record_line(r, RECORD_HISTOGRAM, name, 0, NULL);
		line->row = in->row;
		line->bars = owned(calloc(1, sizeof *line->bars));
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
			return refuse(in, "a histogram of %.0f values with n=%.0f, expected as many", n, b->n);
	}
	return true;
}

static bool read_line(struct reader *in, enum record_kind kind)
{
	char *at = in->text + strlen(prefix[kind]), *name;
	bool has_reason = kind == RECORD_INVALID || kind == RECORD_MISSING;
	struct record_line *line;

	in->body = true;
	if (!in->ours)
		return refuse_foreign(in);
	if (in->longer)
		return refuse(in, "a line of more than %d bytes, expected at most %d", READ_LINE, WRITTEN_LINE);
	for (char *c = in->text; *c; c++)
		if (control(*c) && *c != '\t')
			return refuse(in, "the control character 0x%02x, expected text", (unsigned char)*c);
	name = word(&at);
	if (!name)
		return refuse(in, "'%s' without a name, expected one", prefix[kind]);
	if (kind == RECORD_HISTOGRAM)
		return read_bars(in, name, at);
	line = record_line(in->record, kind, name, 0, NULL);
	line->row = in->row;
	if (kind != RECORD_MISSING && !read_count(in, line, &at))
		return false;
	for (at = skip_blanks(at); *at && !at_reason(at); at = skip_blanks(at))
		if (kind == RECORD_MISSING)
			return refuse(in, "'%s', expected reason=\"...\"", shown(at));
		else if (!read_value(in, line, &at))
			return false;
	if (has_reason)
		return *at ? read_reason(in, line, at) : refuse(in, "no reason, expected reason=\"...\" at the end");
	if (*at)
		return refuse(in, "a reason, expected one on Invalid/ and Missing/ lines only");
	return line->values || refuse(in, "no value, expected VALUE UNIT after the number of iterations");
}

/* One line of ours, or of anybody: then it is passed over. */
static bool read_any(struct reader *in)
{
	char *end;

	if (!strncmp(in->text, "Benchmark", 9) && isupper((unsigned char)in->text[9]))
		return read_line(in, RECORD_BENCHMARK);
	for (enum record_kind kind = RECORD_INVALID; kind <= RECORD_HISTOGRAM; kind++)
		if (!strncmp(in->text, prefix[kind], strlen(prefix[kind])))
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

struct record *record_read(const char *path, char *error, size_t error_size)
{
	struct reader *in;
	struct c_locale l;
	struct record *r;
	FILE *file = fopen(path, "re");

	if (!file) {
		snprintf(error, error_size, "%s: cannot be read: %s, expected a result file", path, strerror(errno));
		return NULL;
	}
	l = enter_c_locale();
	in = owned(calloc(1, sizeof *in));
	*in = (struct reader){ .path = path, .error = error, .error_size = error_size, .file = file };
	r = in->record = empty();
	r->path = owned(strdup(path));
	if (!read_all(in)) {
		record_free(r);
		r = NULL;
	}
	free(in);
	fclose(file);
	leave_c_locale(l);
	return r;
}
