// SPDX-License-Identifier: MIT
/*
 * ctxbench anonymise: a result file without what tells whose it is: the host's name, users, paths, serial numbers and
 * addresses. What makes the machine comparable stays. Each thing that went is said once. Names of cells and units are
 * ours and stay; lines of other programs do not come along.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../say.h"
#include "export.h"

static const char nobody[] = "anonymous";

/* One distinct text that went, and how often. */
struct removed {
	const char *what;
	char *text;
	size_t times;
};

struct anonymiser {
	struct removed *removed;
	size_t size;
	char **word; /* owned: names of hosts and users, wherever they stand */
	size_t words;
};

static void *owned(void *p)
{
	if (!p)
		exit(complain(FAILED, "out of memory"));
	return p;
}

static char *copy_of(const char *text, size_t length)
{
	return owned(strndup(text, length));
}

static void note(struct anonymiser *a, const char *what, const char *text, size_t length)
{
	for (size_t i = 0; i < a->size; i++)
		if (strlen(a->removed[i].text) == length && !strncmp(a->removed[i].text, text, length)) {
			a->removed[i].times++;
			return;
		}
	a->removed = owned(realloc(a->removed, (a->size + 1) * sizeof *a->removed));
	a->removed[a->size++] = (struct removed){ what, copy_of(text, length), 1 };
}

static void add_word(struct anonymiser *a, const char *word, size_t length)
{
	/* in texts these are words like others, or name a system: "Debian GNU/Linux" is no user's */
	static const char *const nobodys[] = { "unknown", "none", "yes", "no", "anonymous", "root", "localhost", "user",
		"admin", "guest", "vm", "linux", "debian", "ubuntu", "fedora", "centos", "rocky", "alpine", "vagrant",
		"runner", "kernel", "cloud", "generic", "x86_64", "amd64", "aarch64", "arm64", "riscv64", NULL };

	for (size_t i = 0; nobodys[i]; i++)
		if (strlen(nobodys[i]) == length && !strncasecmp(nobodys[i], word, length))
			return;
	if (length < 2 || (length < 6 && strspn(word, "0123456789") >= length)) /* a number, not a name */
		return;
	a->word = owned(realloc(a->word, (a->words + 1) * sizeof *a->word));
	a->word[a->words++] = copy_of(word, length);
}

/* -- what is what: each gives the length of what must go at `at`, which begins at `text`, or 0 */

static bool word_char(char c)
{
	return isalnum((unsigned char)c) || c == '_' || (unsigned char)c > 127;
}

/* Is this no part of a longer word? vm of vm.max_map_count is. */
static bool stands_alone(const char *text, const char *at, size_t length)
{
	const char *end = at + length;

	return (at == text || !(word_char(at[-1]) ||
				      ((at[-1] == '.' || at[-1] == '-') && at > text + 1 && word_char(at[-2])))) &&
	       !word_char(*end) && !((*end == '.' || *end == '-') && word_char(end[1]));
}

/* Does a name stand at `at`? Also behind or before a hyphen, as in a kernel's 6.1.0-web01; but not vm of
 * vm.max_map_count, nor what is behind a dot. */
static bool is_name(const char *text, const char *at, size_t length)
{
	const char *end = at + length;

	return (at == text || !(word_char(at[-1]) || (at[-1] == '.' && at > text + 1 && word_char(at[-2])))) &&
	       !word_char(*end) && !(*end == '.' && word_char(end[1]));
}

/* The length of ".corp.example.com" at `at`. What is a file's version or a setting of the kernel's is no domain. */
static size_t domain(const char *at)
{
	size_t length = 0, last = 0;

	while (at[length] == '.' && isalpha((unsigned char)at[length + 1])) {
		last = length++;
		while (isalnum((unsigned char)at[length]) ||
			(at[length] == '-' && isalnum((unsigned char)at[length + 1])))
			length++;
	}
	return length - last < 3 || word_char(at[length]) || at[length] == '=' ? 0 : length;
}

static size_t known_word(const struct anonymiser *a, const char *text, const char *at)
{
	size_t longest = 0;

	for (size_t i = 0; i < a->words; i++) {
		size_t length = strlen(a->word[i]);

		if (strncasecmp(at, a->word[i], length))
			continue;
		length += domain(at + length);
		if (length > longest && is_name(text, at, length))
			longest = length;
	}
	return longest;
}

static size_t path_end(const char *at)
{
	return strcspn(at, " \t,;:=\"'<>()[]|");
}

/* The length of ~ or ~bob before a slash; 0: none. */
static size_t home(const char *at)
{
	size_t length = 1;

	if (*at != '~' || isdigit((unsigned char)at[1]))
		return 0;
	while (word_char(at[length]) || (length > 1 && at[length] && strchr(".-", at[length])))
		length++;
	return at[length] == '/' ? length : 0;
}

/* The length of C:\, or of the \\ before a server's name. */
static size_t drive(const char *at)
{
	if (isalpha((unsigned char)*at) && at[1] == ':' && at[2] == '\\')
		return 3;
	return at[0] == '\\' && at[1] == '\\' && word_char(at[2]) ? 2 : 0;
}

/* A path begins a word, or follows what introduces one: root=/dev/sda, cpu:/user.slice, -I/opt/x. Those of the kernel's
 * own files, and a lone /, are everybody's. */
static size_t path(const char *text, const char *at)
{
	const char *start = at;
	size_t length;

	if (drive(at))
		return at == text || !word_char(at[-1]) ? drive(at) + path_end(at + drive(at)) : 0;
	if (*at != '/' && !home(at))
		return 0;
	while (start > text && start[-1] != ' ')
		start--;
	if (at > text && !strchr(" =:,;\"'(<[|", at[-1]) &&
		!(*start == '-' && !memchr(start, '/', (size_t)(at - start))))
		return 0;
	length = path_end(at);
	return length < 2 || !strncmp(at, "/proc/", 6) || !strncmp(at, "/sys/", 5) ? 0 : length;
}

/* Groups of so many digits of base 16 (or, for 0, up to three decimal ones of at most 255), a separator between them.
 */
static size_t groups(const char *at, const int *digits, size_t n, char separator)
{
	const char *c = at;

	for (size_t i = 0; i < n; i++) {
		int length = 0, value = 0;

		if (i && *c++ != separator)
			return 0;
		for (; digits[i] ? isxdigit((unsigned char)c[length]) : isdigit((unsigned char)c[length]); length++)
			value = value > 999 ? value : value * 10 + (c[length] - '0');
		if (digits[i] ? length != digits[i] : !length || length > 3 || value > 255)
			return 0;
		c += length;
	}
	return (size_t)(c - at);
}

/* Has at least two colons; ::1 and :: are everybody's. Its zone, %eth0, goes with it. */
static size_t ipv6(const char *text, const char *at)
{
	size_t length = strspn(at, "0123456789abcdefABCDEF:."), zone = 0;
	char copy[INET6_ADDRSTRLEN];
	struct in6_addr number;

	if ((at > text && (word_char(at[-1]) || at[-1] == ':' || at[-1] == '.')) || length >= sizeof copy)
		return 0;
	while (length > 3 && (at[length - 1] == '.' || (at[length - 1] == ':' && at[length - 2] != ':')))
		length--; /* of the sentence */
	snprintf(copy, sizeof copy, "%.*s", (int)length, at);
	if (length < 4 || word_char(at[length]) || inet_pton(AF_INET6, copy, &number) != 1)
		return 0;
	if (at[length] == '%')
		for (zone = 1; word_char(at[length + zone]); zone++)
			;
	return length + zone;
}

/* A UUID, a MAC address, an IPv4 or IPv6 address, a machine-id. A revision's hash is of another length. */
static size_t number_of_one(const char *text, const char *at)
{
	static const int uuid[] = { 8, 4, 4, 4, 12 }, mac[] = { 2, 2, 2, 2, 2, 2 }, ipv4[] = { 0, 0, 0, 0 },
			 id[] = { 32 };
	size_t length = groups(at, uuid, 5, '-');

	if (!length)
		length = groups(at, mac, 6, ':');
	if (!length)
		length = groups(at, mac, 6, '-');
	if (!length)
		length = groups(at, ipv4, 4, '.');
	if (!length)
		length = groups(at, id, 1, 0);
	return length && stands_alone(text, at, length) ? length : ipv6(text, at);
}

/* user@host */
static size_t address(const char *text, const char *at)
{
	size_t user = 0, host = 0;

	if (at > text && word_char(at[-1]))
		return 0;
	while (word_char(at[user]) || (user && strchr(".+-", at[user]) && at[user]))
		user++;
	if (!user || at[user] != '@')
		return 0;
	while (word_char(at[user + 1 + host]) || (host && (at[user + 1 + host] == '.' || at[user + 1 + host] == '-')))
		host++;
	return host ? user + 1 + host : 0;
}

static size_t what_goes(
	const struct anonymiser *a, const char *text, const char *at, const char **what, const char **instead)
{
	size_t length = path(text, at);

	*what = "path";
	*instead = "PATH";
	if (length)
		return length;
	*what = "address";
	*instead = nobody;
	length = address(text, at);
	if (length)
		return length;
	*what = "number of one machine";
	length = number_of_one(text, at);
	if (length)
		return length;
	*what = "name";
	return known_word(a, text, at);
}

/* The text without all that; the caller frees it. */
static char *clean(struct anonymiser *a, const char *text)
{
	char *copy = NULL;
	size_t size = 0;
	FILE *out = owned(open_memstream(&copy, &size));

	for (const char *at = text; *at;) {
		const char *what, *instead;
		size_t length = what_goes(a, text, at, &what, &instead);

		if (length) {
			note(a, what, at, length);
			fputs(instead, out);
			at += length;
		} else {
			putc(*at++, out);
		}
	}
	fclose(out);
	return owned(copy);
}

/* -- whole keys */

/* Has this last part of a key, baseboard-serial or login-name, such a word in it? */
static bool has_telling_word(const char *part)
{
	static const char *const words[] = { "serial", "login", "user", "username", "hostname", "uuid", "email", NULL };

	for (const char *word = part; *word; word += strspn(word, "-_")) {
		size_t length = strcspn(word, "-_");

		for (size_t i = 0; words[i]; i++)
			if (strlen(words[i]) == length && !strncasecmp(words[i], word, length))
				return true;
		word += length;
	}
	return false;
}

/* Keys of which all of the value goes: their last part is one of these, or has such a word in it. */
static bool tells_who(const char *key)
{
	static const char *const names[] = { "host", "hostname", "node", "nodename", "domain", "user", "username",
		"login", "home", "serial", "uuid", "machine-id", "boot-id", "asset-tag", "mac", "ip", "email", NULL };
	const char *last = strrchr(key, '.'), *part = last ? last + 1 : key;

	for (size_t i = 0; names[i]; i++)
		if (!strcasecmp(part, names[i]))
			return true;
	return has_telling_word(part);
}

/* Of a host's name with its domain the first part is one, too, and a domain of several parts. */
static void learn_names(struct anonymiser *a, const struct record *r)
{
	for (size_t i = 0; i < r->keys; i++) {
		const char *value = r->key[i].value, *dot = strchr(value, '.');

		if (!tells_who(r->key[i].key) || strchr(value, ' '))
			continue;
		add_word(a, value, strlen(value));
		if (dot)
			add_word(a, value, (size_t)(dot - value));
		if (dot && strchr(dot + 1, '.'))
			add_word(a, dot + 1, strlen(dot + 1));
	}
}

/* The user of a home directory that a text has in it. */
static void learn_users(struct anonymiser *a, const char *text)
{
	static const char *const homes[] = { "/home/", "/Users/", "\\Users\\" };

	for (size_t i = 0; text && i < sizeof homes / sizeof *homes; i++)
		for (const char *at = text; (at = strstr(at, homes[i]));) {
			at += strlen(homes[i]);
			add_word(a, at, strcspn(at, "/\\ \t,;:\"'<>()[]|"));
		}
	for (const char *at = text; at && (at = strchr(at, '~')); at++)
		if (home(at) > 1 && path(text, at))
			add_word(a, at + 1, home(at) - 1);
}

static void learn(struct anonymiser *a, const struct record *r)
{
	learn_names(a, r);
	for (size_t i = 0; i < r->keys; i++)
		learn_users(a, r->key[i].value);
	for (size_t i = 0; i < r->lines; i++)
		learn_users(a, r->line[i].reason);
}

/* -- the file */

static void copy_key(struct anonymiser *a, struct record *to, const struct record_key *key)
{
	char *value;

	if (tells_who(key->key) && *key->value && strcmp(key->value, nobody)) {
		note(a, key->key, key->value, strlen(key->value));
		record_set(to, key->key, nobody);
		return;
	}
	value = clean(a, key->value);
	record_set(to, key->key, value);
	free(value);
}

static void copy_line(struct anonymiser *a, struct record *to, const struct record_line *line)
{
	char *reason = line->reason ? clean(a, line->reason) : NULL;
	struct record_line *copy = record_line(to, line->kind, line->name, line->n, reason);

	for (size_t i = 0; i < line->values; i++)
		record_value(copy, line->value[i].x, line->value[i].unit);
	if (line->bars)
		record_bars(copy, line->bars);
	free(reason);
}

static struct record *anonymous(struct anonymiser *a, const struct record *r)
{
	struct record *to = record_new();

	learn(a, r);
	for (size_t i = 0; i < r->keys; i++)
		copy_key(a, to, &r->key[i]);
	for (size_t i = 0; i < r->units; i++)
		record_unit(to, r->unit[i].key, r->unit[i].value);
	for (size_t i = 0; i < r->lines; i++)
		copy_line(a, to, &r->line[i]);
	return to;
}

static void tell(const struct anonymiser *a)
{
	for (size_t i = 0; i < a->size; i++)
		fprintf(stderr, "removed: %s '%s'%s\n", a->removed[i].what, a->removed[i].text,
			a->removed[i].times > 1 ? ", several times" : "");
	if (!a->size)
		fputs("removed: nothing, there was nothing to remove\n", stderr);
}

static void forget(struct anonymiser *a)
{
	for (size_t i = 0; i < a->size; i++)
		free(a->removed[i].text);
	for (size_t i = 0; i < a->words; i++)
		free(a->word[i]);
	free(a->removed);
	free(a->word);
}

int anonymise(const struct record *r, const char *out)
{
	struct anonymiser a = { 0 };
	struct record *to = anonymous(&a, r);
	int error = record_write(to, out);

	if (!error)
		tell(&a);
	record_free(to);
	forget(&a);
	return error ? complain(FAILED, "%s: %s", out, strerror(-error)) : OK;
}
