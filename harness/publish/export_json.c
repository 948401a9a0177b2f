// SPDX-License-Identifier: MIT
/* One object: the machines, each with its keys, its units and its results. RFC 8259. */
#include <string.h>

#include "export.h"

/* How many bytes of valid UTF-8 begin here; 0 where there are none (RFC 3629: shortest forms, no surrogates). */
static size_t utf8(const unsigned char *c)
{
	static const struct {
		unsigned char low, high, second_low, second_high;
		size_t length;
	} forms[] = {
		{ 0x00, 0x7f, 0, 0, 1 },
		{ 0xc2, 0xdf, 0x80, 0xbf, 2 },
		{ 0xe0, 0xe0, 0xa0, 0xbf, 3 },
		{ 0xe1, 0xec, 0x80, 0xbf, 3 },
		{ 0xed, 0xed, 0x80, 0x9f, 3 },
		{ 0xee, 0xef, 0x80, 0xbf, 3 },
		{ 0xf0, 0xf0, 0x90, 0xbf, 4 },
		{ 0xf1, 0xf3, 0x80, 0xbf, 4 },
		{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		if (*c < forms[i].low || *c > forms[i].high)
			continue;
		if (forms[i].length > 1 && (c[1] < forms[i].second_low || c[1] > forms[i].second_high))
			return 0;
		for (size_t j = 2; j < forms[i].length; j++)
			if (c[j] < 0x80 || c[j] > 0xbf)
				return 0;
		return forms[i].length;
	}
	return 0;
}

/* What is no text becomes the replacement character. */
static void put_text(FILE *out, const char *text)
{
	const unsigned char *c = (const unsigned char *)text;

	putc('"', out);
	while (*c) {
		size_t length = utf8(c);

		if (!length)
			fputs("\\ufffd", out);
		else if (*c == '"' || *c == '\\')
			fprintf(out, "\\%c", *c);
		else if (*c < ' ' || *c == 127)
			fprintf(out, "\\u%04x", *c);
		else
			fwrite(c, 1, length, out);
		c += length ? length : 1;
	}
	putc('"', out);
}

static void put_member(FILE *out, const char *separator, const char *name, const char *text)
{
	fputs(separator, out);
	put_text(out, name);
	putc(':', out);
	put_text(out, text);
}

static void put_keys(FILE *out, const char *name, const struct record_key *key, size_t keys)
{
	fprintf(out, ",\"%s\":{", name);
	for (size_t i = 0; i < keys; i++)
		put_member(out, i ? "," : "", key[i].key, key[i].value);
	putc('}', out);
}

static void put_number(FILE *out, double x)
{
	char text[32];

	fputs(export_number(x, text), out);
}

/* The values by their units; of samples, which have one unit many times, a list of each. */
static void put_values(FILE *out, const struct record_line *line)
{
	fputs(",\"values\":{", out);
	for (size_t i = 0; i < line->values; i++) {
		fputs(i ? "," : "", out);
		put_text(out, line->value[i].unit);
		putc(':', out);
		put_number(out, line->value[i].x);
	}
	putc('}', out);
}

static void put_samples(FILE *out, const struct record_line *line)
{
	fputs(",\"samples\":[", out);
	for (size_t i = 0; i < line->values; i++) {
		fputs(i ? ",[" : "[", out);
		put_number(out, line->value[i].x);
		putc(',', out);
		put_text(out, line->value[i].unit);
		putc(']', out);
	}
	putc(']', out);
}

static void put_fact(FILE *out, const char *name, double x)
{
	fprintf(out, ",\"%s\":", name);
	put_number(out, x);
}

static void put_bars(FILE *out, const struct bars *b)
{
	fputs(",\"unit\":", out);
	put_text(out, b->unit);
	put_fact(out, "sub", BARS_STEPS);
	put_fact(out, "tick", b->tick);
	put_fact(out, "n", b->n);
	put_fact(out, "sum", b->sum);
	put_fact(out, "min", b->min);
	put_fact(out, "max", b->max);
	fputs(",\"bars\":[", out);
	for (size_t i = 0; i < b->bars; i++) {
		fputs(i ? ",[" : "[", out);
		put_number(out, b->bar[i].low);
		putc(',', out);
		put_number(out, b->bar[i].count);
		putc(']', out);
	}
	putc(']', out);
}

static void put_line(FILE *out, const struct record_line *line)
{
	char part[EXPORT_PART];

	fprintf(out, "{\"kind\":\"%s\"", export_kind(line->kind));
	put_member(out, ",", "name", line->name);
	for (int i = 0; i < EXPORT_PARTS; i++) {
		const char *value = export_part(line->name, i, part);

		if (*value)
			put_member(out, ",", export_parts[i], value);
	}
	fprintf(out, ",\"row\":%zu", line->row);
	if (line->kind == RECORD_HISTOGRAM && line->bars)
		put_bars(out, line->bars);
	else if (line->kind != RECORD_MISSING)
		put_fact(out, "n", line->n);
	if (line->kind == RECORD_SAMPLES)
		put_samples(out, line);
	else if (line->values)
		put_values(out, line);
	if (line->reason)
		put_member(out, ",", "reason", line->reason);
	putc('}', out);
}

static bool begin(struct export_to *to)
{
	fputs("{\"machines\":[", to->out);
	return true;
}

static bool record(struct export_to *to, const struct record *r, size_t number)
{
	FILE *out = to->out;

	fprintf(out, "%s\n{\"machine\":%zu", number > 1 ? "," : "", number);
	put_member(out, ",", "file", r->path ? r->path : "");
	put_keys(out, "keys", r->key, r->keys);
	put_keys(out, "units", r->unit, r->units);
	fputs(",\"results\":[", out);
	for (size_t i = 0; i < r->lines; i++) {
		fputs(i ? ",\n" : "\n", out);
		put_line(out, &r->line[i]);
	}
	fputs("\n]}", out);
	snprintf(to->error, sizeof to->error, "the export can't be written");
	return !ferror(out);
}

static bool end(struct export_to *to, bool whole)
{
	if (whole)
		fputs("\n]}\n", to->out);
	return !ferror(to->out);
}

const struct export_form export_json = { .name = "json", .begin = begin, .record = record, .end = end };
