// SPDX-License-Identifier: MIT
/* The page's table of the textbook's sentences, files side by side. */
#include <stdlib.h>
#include <string.h>

#include "../analyse/judge.h"
#include "page.h"

struct sentence_row {
	char *words;
	char **verdict, **text; /* of each file */
};

struct sentences {
	struct sentence_row *row;
	size_t rows, files, file;
	size_t *count; /* of each file, of each verdict */
};

static void add_sentence(const char *words, const struct judgement *j, void *to)
{
	static const char *const verdict[] = {
		[HOLDS] = "holds", [HOLDS_NOT] = "does not hold", [UNMEASURED] = "not measured", [NUMBER_ONLY] = ""
	};
	struct sentences *all = to;
	struct sentence_row *row;
	size_t i = 0;

	while (i < all->rows && strcmp(all->row[i].words, words))
		i++;
	if (i == all->rows) {
		all->row = take(realloc(all->row, (all->rows + 1) * sizeof *all->row));
		all->row[all->rows++] = (struct sentence_row){ take(strdup(words)),
			take(calloc(all->files, sizeof(char *))), take(calloc(all->files, sizeof(char *))) };
	}
	row = &all->row[i];
	free(row->verdict[all->file]);
	free(row->text[all->file]);
	row->verdict[all->file] = take(strdup(verdict[j->verdict]));
	row->text[all->file] = take(strdup(j->text));
	all->count[all->file * VERDICTS + j->verdict]++;
}

/* What belongs to the sentence before it is marked: blanks would not show. */
static void add_sentence_row(struct sheet *t, struct sentence_row *row, size_t files)
{
	size_t blanks = strspn(row->words, " ");
	char words[100];

	snprintf(words, sizeof words, "%s%s", blanks ? "– " : "", row->words + blanks);
	sheet_row(t);
	sheet_text(t, words);
	for (size_t f = 0; f < files; f++) {
		sheet_text(t, row->verdict[f] ? row->verdict[f] : "not asked here");
		sheet_text(t, row->text[f] ? row->text[f] : "");
		free(row->verdict[f]);
		free(row->text[f]);
	}
	free(row->verdict);
	free(row->text);
	free(row->words);
}

static void put_counts(FILE *out, const struct sentences *all)
{
	for (size_t i = 0; i < all->files; i++) {
		const size_t *count = all->count + i * VERDICTS;

		fputs("<p><strong>", out);
		if (all->files > 1)
			fprintf(out, "%c: ", report_letter(i));
		fprintf(out, "holds: %zu; does not hold: %zu; not measured here: %zu.</strong></p>\n", count[HOLDS],
			count[HOLDS_NOT], count[UNMEASURED]);
	}
}

void page_verdicts(const struct report *r, FILE *out)
{
	struct sentences all = { .files = r->s->files };
	struct sheet t;

	all.count = take(calloc(all.files * VERDICTS, sizeof *all.count));
	for (; all.file < all.files; all.file++) {
		struct page page = judge_page(r->s->cells[all.file]);

		verdicts_each(&page, add_sentence, &all);
	}
	page_open(out, "verdicts", "Verdicts");
	page_paragraph(out,
		"Sentences of the textbook on processes, light-weight processes and user threads, held to the "
		"numbers: one holds if the whole interval is on its side. x: times as dear.");
	put_counts(out, &all);
	sheet_begin(&t, "The textbook's sentences");
	sheet_column(&t, "sentence", false);
	for (size_t i = 0; i < all.files; i++) {
		sheet_column(&t, all.files > 1 ? (char[]){ report_letter(i), '\0' } : "here", false);
		sheet_column(&t, "number, 95% interval", false);
	}
	for (size_t i = 0; i < all.rows; i++)
		add_sentence_row(&t, &all.row[i], all.files);
	free(all.row);
	free(all.count);
	sheet_html(&t, out);
	sheet_free(&t);
	page_close(out);
}
