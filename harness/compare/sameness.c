// SPDX-License-Identifier: MIT
#include "sameness.h"

#include <stdlib.h>
#include <string.h>

#include "../analyse/text.h"

enum { KEY_NAME = 21, KEY_FIRST = 8, LINE = 20000 };

/* Heaviest first; `NAME.` stands for all that begin so. What a sentence says is the mechanism, not its size. */
static const struct weight {
	const char *key, *sentence;
} weights[] = {
	{ "emulated", "An interpreted CPU has no times of its own" },
	{ "arch", "Another instruction set: other registers to save, other ways into the kernel" },
	{ "hypervisor", "Under a hypervisor page faults, timers and wakes of another CPU may leave the guest" },
	{ "cpu", "Another processor: its speed, caches and way into the kernel differ" },
	{ "frequency.driver", "Who sets the core's speed: every time follows it" },
	{ "frequency.governor", "How fast the core runs under so short a load: every time follows it" },
	{ "frequency.boost", "A boosted core is faster, and less evenly so" },
	{ "mitigations.", "A mitigation makes entries into the kernel dearer, or returns and indirect jumps" },
	{ "pti", "With page-table isolation every entry into the kernel changes the page table" },
	{ "pcid", "Without it a change of address space flushes the TLB" },
	{ "smt", "What runs on the other hyperthread takes a share of the core" },
	{ "preemption", "It decides where the kernel may switch, and what its locks cost" },
	{ "kernel", "Another kernel: another scheduler and other paths into it" },
	{ "cmdline", "Parameters that the kernel was started with change what it does on each entry" },
	{ "scheduler", "Another scheduler picks who runs next, and by other rules" },
	{ "hz", "The timer's tick interrupts long measurements more or less often" },
	{ "microcode", "Microcode carries mitigations of its own" },
	{ "clock", "Another clock: what a read of it costs and how fine it steps" },
	{ "clocksource", "The kernel's own time keeping, in timers and in clock reads by system call" },
	{ "flags", "Other compiler flags: the loops and the user-level switches are other code" },
	{ "compiler", "Another compiler: the loops and the user-level switches are other code" },
	{ "libc", "Creation and waits of pthreads and fork are libc's code" },
	{ "version", "Another version of this suite" },
	{ "revision", "The suite was built from other sources" },
	{ "method", "Another method measures something else" },
	{ "idle.", "What an idle CPU sleeps in is what a wake has to leave" },
	{ "isolated", "Isolated CPUs are disturbed less" },
	{ "cpus-used", "Other CPUs were used: how they are related decides what a wake costs" },
	{ "affinity", "Fewer CPUs were allowed" },
	{ "cpus", "More CPUs: longer looks for an idle one" },
	{ "topology", NULL },
	{ "caches", "What a switch leaves behind is refilled from other caches" },
	{ "thp", "Huge pages make page faults fewer and dearer, and copying an address space cheaper" },
	{ "cgroup", "Control groups account for each switch, and may limit" },
	{ "cgroup.", "A limit throttles, or refuses what is to be created" },
	{ "autogroup", "Each session is a group of its own to the scheduler" },
	{ "stack-kib", "Another size of stacks: their mapping and first touch" },
	{ "firmware", NULL },
	{ "host", NULL },
};
enum { WEIGHTS = sizeof weights / sizeof *weights };

/* What every run has of its own, what the head says anyway, and what is told of an impl. */
static const char *const own[] = { "complete", "stopped", "date", "host", "run", "seed", "seconds", "trials", "samples",
	"ctxbench", "counters", "aa.", "clock.", "impl.", "shares.", "task.", "memory.", "limit.", "not-counted.",
	NULL };

static bool names(const char *pattern, const char *key)
{
	size_t length = strlen(pattern);

	return pattern[length - 1] == '.' ? !strncmp(pattern, key, length) : !strcmp(pattern, key);
}

bool sameness_own(const char *key)
{
	for (const char *const *o = own; *o; o++)
		if (names(*o, key))
			return true;
	return false;
}

size_t sameness_weight(const char *key)
{
	for (size_t i = 0; i < WEIGHTS; i++)
		if (names(weights[i].key, key))
			return i;
	return SAMENESS_NONE;
}

const char *sameness_sentence(const char *key)
{
	size_t i = sameness_weight(key);

	return i < WEIGHTS ? weights[i].sentence : NULL;
}

/* FNV-1a: Fowler, Noll and Vo; http://www.isthe.com/chongo/tech/comp/fnv/ */
static uint64_t hash(uint64_t h, const char *text)
{
	for (; *text; text++)
		h = (h ^ (unsigned char)*text) * 0x100000001b3;
	return h * 0x100000001b3; /* the end of a text counts, too */
}

/* So that sums of them do not cancel out: the end of splitmix64, Steele, Lea and Flood, OOPSLA 2014. */
static uint64_t mixed(uint64_t z)
{
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

/* A sum over the keys: their order in the file does not matter. */
uint64_t sameness_fingerprint(const struct record *r)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < r->keys; i++)
		if (!sameness_own(r->key[i].key) || !strcmp(r->key[i].key, "host"))
			sum += mixed(hash(hash(0xcbf29ce484222325, r->key[i].key), r->key[i].value));
	return sum;
}

/* -- the keys of all sides */

static int order_keys(const void *left, const void *right)
{
	const struct sameness_key *x = left, *y = right;

	return x->weight != y->weight ? (x->weight < y->weight ? -1 : 1) : strcmp(x->key, y->key);
}

static int order_names(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* Every key of every file once, by name. */
static const char **all_keys(const struct sides *s, size_t *n)
{
	const char **key;
	size_t most = 1, kept = 0;

	for (size_t i = 0; i < s->sides; i++)
		for (size_t f = 0; f < s->side[i].files; f++)
			most += s->side[i].file[f]->keys;
	key = take(malloc(most * sizeof *key));
	*n = 0;
	for (size_t i = 0; i < s->sides; i++)
		for (size_t f = 0; f < s->side[i].files; f++)
			for (size_t k = 0; k < s->side[i].file[f]->keys; k++)
				key[(*n)++] = s->side[i].file[f]->key[k].key;
	qsort(key, *n, sizeof *key, order_names);
	for (size_t i = 0; i < *n; i++)
		if (!kept || strcmp(key[kept - 1], key[i]))
			key[kept++] = key[i];
	*n = kept;
	return key;
}

static bool same_value(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static struct sameness_key key_of(const struct sides *s, const char *key)
{
	struct sameness_key k = { .key = key, .weight = sameness_weight(key) };

	for (size_t i = 0; i < s->sides; i++) {
		const struct side *side = &s->side[i];

		k.value[i] = record_get(side->file[0], key);
		for (size_t f = 1; f < side->files; f++)
			if (!same_value(k.value[i], record_get(side->file[f], key)))
				k.inside |= 1u << i;
	}
	return k;
}

static bool all_equal(const struct sides *s, const struct sameness_key *k)
{
	for (size_t i = 1; i < s->sides; i++)
		if (!same_value(k->value[0], k->value[i]))
			return false;
	return !k->inside;
}

/* With those that are equal everywhere, for their count. */
static struct sameness_key *keys_of(const struct sides *s, size_t *n)
{
	const char **name = all_keys(s, n);
	struct sameness_key *key = take(malloc((*n + 1) * sizeof *key));
	size_t kept = 0;

	for (size_t i = 0; i < *n; i++)
		if (!sameness_own(name[i]))
			key[kept++] = key_of(s, name[i]);
	free(name);
	*n = kept;
	qsort(key, *n, sizeof *key, order_keys);
	return key;
}

struct sameness_key *sameness_keys(const struct sides *s, size_t *n)
{
	struct sameness_key *key = keys_of(s, n);
	size_t kept = 0;

	for (size_t i = 0; i < *n; i++)
		if (!all_equal(s, &key[i]))
			key[kept++] = key[i];
	*n = kept;
	return key;
}

/* -- refusals and notes */

static const char *told(const struct record *r, const char *key)
{
	const char *value = record_get(r, key);

	return value ? value : "unknown";
}

struct teller {
	void (*tell)(const char *why, void *to);
	void *to;
	size_t n;
};

static void tell(struct teller *t, const char *line)
{
	t->tell(line, t->to);
	t->n++;
}

static const char *whole_or_not(const struct record *r)
{
	return record_is(r, "complete", "yes") ? "complete" : "incomplete";
}

/* A file against the base's first. */
static void hold_file(struct teller *t, const struct side *a, const struct side *b, const struct record *r)
{
	const struct record *base = a->file[0];
	char why[300];
	bool emulated = record_is(base, "emulated", "yes");

	if (strcmp(told(base, "method"), told(r, "method"))) {
		snprintf(why, sizeof why, "method %.40s in %s and %.40s in %s: they did not measure the same",
			told(base, "method"), a->letter, told(r, "method"), b->letter);
		tell(t, why);
	}
	if (emulated != record_is(r, "emulated", "yes")) {
		snprintf(why, sizeof why, "%s's CPU is emulated and %s's is real", emulated ? a->letter : b->letter,
			emulated ? b->letter : a->letter);
		tell(t, why);
	}
	if (record_is(base, "complete", "yes") != record_is(r, "complete", "yes")) {
		snprintf(why, sizeof why, "%s is %s and %s is %s", a->letter, whole_or_not(base), b->letter,
			whole_or_not(r));
		tell(t, why);
	}
}

static void hold_units(struct teller *t, const struct side *a, const struct side *b, const struct record *r)
{
	const struct record *base = a->file[0];
	char why[700];

	for (size_t i = 0; i < base->units; i++)
		for (size_t j = 0; j < r->units; j++)
			if (!strcmp(base->unit[i].key, r->unit[j].key) &&
				strcmp(base->unit[i].value, r->unit[j].value)) {
				snprintf(why, sizeof why, "Unit %.200s is %.200s in %s and %.200s in %s",
					base->unit[i].key, base->unit[i].value, a->letter, r->unit[j].value, b->letter);
				tell(t, why);
				return;
			}
}

/* The first cell that is per one thing there and per another here: "ns/switch" against "ns/op", or against "us/switch".
 */
static void hold_cells(struct teller *t, const struct side *a, const struct side *b)
{
	char why[1400];

	for (size_t i = 0; i < a->size; i++) {
		const struct side_cell *x = &a->cell[i], *y = side_find(b, x->name);

		if (!y || !x->cell->unit || !y->cell->unit || !strcmp(x->cell->unit, y->cell->unit))
			continue;
		snprintf(why, sizeof why, "%.500s is in %.200s in %s and in %.200s in %s", x->name, x->cell->unit,
			a->letter, y->cell->unit, b->letter);
		tell(t, why);
		return;
	}
}

size_t sameness_refusals(const struct sides *s, void (*to_whom)(const char *why, void *to), void *to)
{
	const struct side *base = &s->side[s->base];
	struct teller t = { to_whom, to, 0 };

	for (size_t i = 0; i < s->sides; i++) {
		for (size_t f = 0; f < s->side[i].files; f++) {
			hold_file(&t, base, &s->side[i], s->side[i].file[f]);
			hold_units(&t, base, &s->side[i], s->side[i].file[f]);
		}
		if (i != s->base)
			hold_cells(&t, base, &s->side[i]);
	}
	return t.n;
}

static bool one_file(const struct record *a, const struct record *b)
{
	return sides_one_run(a, b) || (a->path && b->path && !strcmp(a->path, b->path));
}

/* "A and B are one run": against itself nothing can differ, and that says nothing. */
static void note_one_run(struct teller *t, const struct side *a, const struct side *b)
{
	char note[100];

	for (size_t f = 0; f < a->files; f++)
		for (size_t g = 0; g < b->files; g++) {
			if (!one_file(a->file[f], b->file[g]))
				continue;
			snprintf(note, sizeof note,
				a->files + b->files > 2 ? "%s and %s have a run in common"
							: "%s and %s are one run, against itself",
				a->letter, b->letter);
			tell(t, note);
			return;
		}
}

void sameness_notes(const struct sides *s, void (*to_whom)(const char *note, void *to), void *to)
{
	struct teller t = { to_whom, to, 0 };
	char note[200];

	for (size_t i = 0; i < s->sides && !(s->part && i); i++)
		for (size_t f = 0; f < s->side[i].files; f++) {
			const char *revision = told(s->side[i].file[f], "revision");
			bool dirty = strstr(revision, "dirty");

			if (!dirty && strcmp(revision, "unknown"))
				continue;
			snprintf(note, sizeof note, "%s was built from %s", s->part ? "the suite" : s->side[i].letter,
				dirty ? "sources that were changed after their revision" : "an unknown revision");
			tell(&t, note);
			break;
		}
	for (size_t i = 0; i < s->sides && !s->part; i++)
		for (size_t j = i + 1; j < s->sides; j++)
			note_one_run(&t, &s->side[i], &s->side[j]);
	if (!record_is(s->side[s->base].file[0], "complete", "yes"))
		tell(&t, "the run was not complete");
}

/* -- for a terminal */

/* Of two long lines only what is not the same at their beginning, from the word on in which they part. */
static size_t common_words(const char *a, const char *b)
{
	size_t same = 0;

	while (a[same] && a[same] == b[same])
		same++;
	while (same && a[same - 1] != ' ')
		same--;
	return same;
}

static const char *or_absent(const char *value)
{
	return value ? value : "(absent)";
}

static void two_values(char *line, size_t size, const char *a, const char *b)
{
	size_t skip = strlen(a) + strlen(b) > 40 ? common_words(a, b) : 0;

	snprintf(line, size, "%s%s -> %s%s", skip ? "... " : "", a + skip, skip ? "... " : "", b + skip);
}

/* "A, C: none; B: KVM": each value once. */
static void many_values(char *line, size_t size, const struct sides *s, const struct sameness_key *k)
{
	size_t used = 0;

	*line = '\0';
	for (size_t i = 0; i < s->sides && used < size; i++) {
		bool before = false;

		for (size_t j = 0; j < i; j++)
			before |= same_value(k->value[j], k->value[i]);
		if (before)
			continue;
		used += (size_t)snprintf(line + used, size - used, "%s%s", used ? "; " : "", s->side[i].letter);
		for (size_t j = i + 1; j < s->sides && used < size; j++)
			if (same_value(k->value[j], k->value[i]))
				used += (size_t)snprintf(line + used, size - used, ", %s", s->side[j].letter);
		if (used < size)
			used += (size_t)snprintf(line + used, size - used, ": %.900s", or_absent(k->value[i]));
	}
}

static void put_key(FILE *out, const char *first, const char *key, const char *line)
{
	size_t columns = text_columns(key);

	columns = columns < KEY_NAME ? KEY_NAME : columns;
	text_cell(out, first, KEY_FIRST);
	text_cell(out, key, (int)columns);
	fputs("  ", out);
	text_wrap(out, KEY_FIRST + columns + 2, KEY_FIRST + KEY_NAME + 2, line);
}

static bool parts_sides(const struct sides *s, const struct sameness_key *k)
{
	for (size_t i = 1; i < s->sides; i++)
		if (!same_value(k->value[0], k->value[i]))
			return true;
	return false;
}

static void put_difference(FILE *out, const struct sides *s, const struct sameness_key *k, const char *sentence)
{
	char line[LINE];

	if (s->sides == 2)
		two_values(line, sizeof line, or_absent(k->value[0]), or_absent(k->value[1]));
	else
		many_values(line, sizeof line, s, k);
	put_key(out, "differ", k->key, line);
	if (!sentence)
		return;
	snprintf(line, sizeof line, "(%s)", sentence);
	fprintf(out, "%*s", KEY_FIRST + 2, "");
	text_wrap(out, KEY_FIRST + 2, KEY_FIRST + 3, line);
}

static void put_inside(FILE *out, const struct sides *s, const struct sameness_key *k)
{
	for (size_t i = 0; i < s->sides; i++) {
		struct text_list values = { 0 };
		char line[1300];
		const struct side *side = &s->side[i];

		if (!(k->inside >> i & 1))
			continue;
		for (size_t f = 0; f < side->files && !values.more; f++) {
			bool before = false;

			for (size_t g = 0; g < f && !before; g++)
				before = same_value(
					record_get(side->file[f], k->key), record_get(side->file[g], k->key));
			if (!before)
				text_list(&values, or_absent(record_get(side->file[f], k->key)), 4);
		}
		snprintf(line, sizeof line, "within %s: %s%s", side->letter, values.text, values.more ? ", ..." : "");
		put_key(out, "varies", k->key, line);
	}
}

/* Does it say no more than the lack of the key does? Kernels differ in which vulnerabilities they know. */
static bool says_nothing(const char *value)
{
	return !value || !strcmp(value, "Not affected") || !strcmp(value, "unknown") || !strcmp(value, "none");
}

/* A key that some side does not have, and that explains nothing: only counted. */
static bool only_counted(const struct sides *s, const struct sameness_key *k)
{
	bool absent = false, nothing = true;

	for (size_t i = 0; i < s->sides; i++) {
		absent |= !k->value[i];
		nothing &= says_nothing(k->value[i]);
	}
	return absent && (k->weight == SAMENESS_NONE || nothing);
}

static void put_names(FILE *out, const char *label, const struct text_list *list, size_t n)
{
	char line[1200];

	if (!n)
		return;
	snprintf(line, sizeof line, "%zu key%s (%s%s)", n, n == 1 ? "" : "s", list->text, list->more ? ", ..." : "");
	text_cell(out, label, KEY_FIRST);
	text_wrap(out, KEY_FIRST, KEY_FIRST, line);
}

static size_t who_lacks(const struct sides *s, const struct sameness_key *k)
{
	return s->sides == 2 ? (k->value[0] ? 1 : 2) : 3;
}

/* Keys in a row that one sentence explains have it once, after the last of them. */
static const char *sentence_after(const struct sides *s, const struct sameness_key *k, size_t i, size_t n)
{
	const char *sentence = sameness_sentence(k[i].key);

	for (size_t j = i + 1; j < n && sentence && k[j].weight == k[i].weight; j++)
		if (!all_equal(s, &k[j]) && parts_sides(s, &k[j]) && !only_counted(s, &k[j]))
			return NULL;
	return sentence;
}

void sameness_print(const struct sides *s, FILE *out)
{
	static const char *const label[] = { "equal", "only A", "only B", "not all" };
	struct text_list list[4] = { 0 };
	size_t n, count[4] = { 0 };
	struct sameness_key *key = keys_of(s, &n);

	for (size_t i = 0; i < n; i++) {
		size_t which = all_equal(s, &key[i]) ? 0 : only_counted(s, &key[i]) ? who_lacks(s, &key[i]) : 4;

		if (which < 4) {
			text_list(&list[which], key[i].key, which ? 3 : 5);
			count[which]++;
			continue;
		}
		if (parts_sides(s, &key[i]))
			put_difference(out, s, &key[i], sentence_after(s, key, i, n));
		put_inside(out, s, &key[i]);
	}
	for (size_t i = 0; i < 4; i++)
		put_names(out, label[(i + 1) % 4], &list[(i + 1) % 4], count[(i + 1) % 4]);
	free(key);
}
