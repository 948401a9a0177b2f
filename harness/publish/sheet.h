// SPDX-License-Identifier: MIT
/*
 * A table before it has a form: columns with heads, rows of text. The same sheet becomes a table of the page, of a
 * README and of a paper. It owns all its text.
 */
#ifndef HARNESS_PUBLISH_SHEET_H
#define HARNESS_PUBLISH_SHEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct sheet_cell {
	char *text;  /* NULL: covered by the one before it, or empty */
	size_t span; /* how many columns it takes; words instead of numbers take all that stand for them */
	bool words;  /* "invalid: reason": never a number */
};

struct sheet {
	char *title;
	struct {
		char *head;
		bool number; /* aligned to the right */
	} * column;
	size_t columns;
	struct sheet_cell *cell; /* rows x columns */
	size_t rows, filled;     /* filled: columns of the last row */
};

void sheet_begin(struct sheet *s, const char *title);
/* All columns before the first row. */
void sheet_column(struct sheet *s, const char *head, bool number);
void sheet_row(struct sheet *s);
/* The next cell of the last row. */
void sheet_text(struct sheet *s, const char *text);
/* Words that stand where `span` numbers would. */
void sheet_words(struct sheet *s, const char *words, size_t span);
void sheet_free(struct sheet *s);

/* In what is around it each begins and ends at the start of a line. A sheet without rows prints nothing. */
void sheet_html(const struct sheet *s, FILE *out);
void sheet_markdown(const struct sheet *s, FILE *out);
void sheet_latex(const struct sheet *s, FILE *out); /* needs booktabs */
void sheet_csv(const struct sheet *s, FILE *out);

#endif
