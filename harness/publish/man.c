// SPDX-License-Identifier: MIT
#include "man.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

enum { ITEM = 2 }; /* columns that an item is indented by; what goes on with it, by more */

static const char opening[] = ".SH NAME\n"
			      "ctxbench \\- what a context switch costs, for every kind of context\n"
			      ".SH SYNOPSIS\n"
			      ".B ctxbench\n"
			      ".I VERB\n"
			      "[options]\n"
			      ".SH DESCRIPTION\n"
			      "Measures what it costs to create, enter and switch processes, light-weight\n"
			      "processes, threads and user threads, and holds what each benchmark claims\n"
			      "against what the kernel counted of it: a cell that claimed something else is\n"
			      "invalid, with the reason, and in no table.\n"
			      "A result is one text file in the Go benchmark format.\n"
			      ".SH VERBS\n";

static const char closing[] = ".SH ENVIRONMENT\n"
			      ".TP\n"
			      ".B CTXBENCH_NO_INSTALL\n"
			      "Where it is set, bench/run and its like install nothing.\n"
			      ".SH FILES\n"
			      ".TP\n"
			      ".I results/HOST/UTC-TIME.txt\n"
			      "The result, below the current directory, where \\-\\-out names no other.\n"
			      ".SH EXAMPLES\n"
			      ".TP\n"
			      ".B ctxbench run \\-\\-brief\n"
			      "Six cells, in ten seconds.\n"
			      ".TP\n"
			      ".B ctxbench env \\-\\-advice\n"
			      "What would make this machine's numbers steadier, what matters most first.\n"
			      ".SH SEE ALSO\n"
			      ".BR perf (1),\n"
			      ".BR lstopo (1),\n"
			      ".BR clone (2),\n"
			      ".BR futex (2),\n"
			      ".BR sched (7)\n";

/* -- text for troff: a backslash, a hyphen that is typed as one, and a control character in the first column */
static void put_text(const char *text, size_t n, FILE *out)
{
	for (size_t i = 0; i < n; i++) {
		if (text[i] == '\\')
			fputs("\\e", out);
		else if (text[i] == '-')
			fputs("\\-", out);
		else if (!i && (text[i] == '.' || text[i] == '\''))
			fprintf(out, "\\&%c", text[i]);
		else
			fputc(text[i], out);
	}
}

/* The words, one space between two, and what ends the line. Nothing, and no line, where there are none. */
static void put_joined(const char *text, size_t n, const char *end, FILE *out)
{
	bool first = true;
	for (size_t at = 0; at < n;) {
		size_t word = 0;
		while (at + word < n && !isspace((unsigned char)text[at + word]))
			word++;
		if (word) {
			if (!first)
				fputc(' ', out);
			put_text(text + at, word, out);
			first = false;
		}
		at += word + 1;
	}
	if (!first)
		fputs(end, out);
}

static void put_words(const char *text, size_t n, FILE *out)
{
	put_joined(text, n, "\n", out);
}

/* Does it end within brackets, after what parts their words: "[--form svg,png,"? */
static bool ends_within(const char *line, size_t n)
{
	size_t opened = 0, closed = 0;
	for (size_t i = 0; i < n; i++) {
		if (line[i] == '[')
			opened = i + 1;
		else if (line[i] == ']')
			closed = i + 1;
	}
	return opened > closed && strchr(",|", line[n - 1]);
}

/* A line's words; those of the next go on with no space where it ends within brackets. */
static void put_line(const char *text, size_t n, FILE *out)
{
	put_joined(text, n, n && ends_within(text, n) ? "\\c\n" : "\n", out);
}

static size_t length_of(const char *line)
{
	return strcspn(line, "\n");
}

static size_t indent_of(const char *line)
{
	return strspn(line, " ");
}

static const char *next_line(const char *line)
{
	size_t n = length_of(line);
	return line + n + (line[n] == '\n');
}

/* -- the lines of --help */

/* Two blanks end the name, but where an option of the same line follows: "--p  --holm". */
static size_t name_end(const char *line, size_t n)
{
	size_t at = ITEM, blanks;
	while (at < n) {
		blanks = strspn(line + at, " ");
		if (blanks > 1 && strncmp(line + at + blanks, "--", 2))
			break;
		at += blanks ? blanks : 1;
	}
	return at < n ? at : n;
}

static void put_item(const char *line, size_t n, FILE *out)
{
	size_t name = name_end(line, n);
	fputs(".TP\n.B ", out);
	put_words(line + ITEM, name - ITEM, out);
	put_line(line + name, n - name, out);
}

/* What goes on with an item. Where it tells another use of the verb, "...: table NAME", it has a line of its own. */
static void put_more(const char *line, size_t n, const char *item, FILE *out)
{
	const char *verb = item + ITEM, *colon = memchr(line, ':', n);
	size_t length = strcspn(verb, " \n"), blanks = colon ? strspn(colon + 1, " ") : 0;
	if (blanks && !strncmp(colon + 1 + blanks, verb, length) && colon[1 + blanks + length] == ' ')
		fputs(".br\n", out);
	put_line(line, n, out);
}

static void put_heading(const char *line, size_t n, FILE *out)
{
	fputs(".SH ", out);
	for (size_t i = 0; i < n; i++)
		fputc(toupper((unsigned char)line[i]), out);
	fputc('\n', out);
}

/* "exit status: 0 ..." and the lines up to an empty one: all of them are its text. */
static const char *put_exit_status(const char *line, FILE *out)
{
	const char *colon = strchr(line, ':');
	put_heading(line, (size_t)(colon - line), out);
	put_words(colon + 1, length_of(colon + 1), out);
	while (*(line = next_line(line)) && length_of(line))
		put_words(line, length_of(line), out);
	return line;
}

void man_print(const char *usage, const char *version, const char *date, FILE *out)
{
	static const char status[] = "exit status:";
	fprintf(out, ".\\\" SPDX-License-Identifier: MIT\n.TH CTXBENCH 1 \"%s\" \"ctxbench %s\" \"User Commands\"\n",
		date, version);
	fputs(opening, out);
	const char *item = usage;
	for (const char *line = next_line(usage); *line;) {
		size_t n = length_of(line), indent = indent_of(line);
		if (!strncmp(line, status, sizeof status - 1)) {
			line = put_exit_status(line, out);
			continue;
		}
		if (n && !indent)
			put_heading(line, n, out);
		else if (n && indent == ITEM)
			put_item(item = line, n, out);
		else if (n)
			put_more(line + indent, n - indent, item, out);
		line = next_line(line);
	}
	fputs(closing, out);
}
