// SPDX-License-Identifier: MIT
/* The textbook's sentences on light-weight processes, held to one result file: which there are, and how they are shown.
 */
#include "analyse.h"

#include <string.h>

#include "cells.h"
#include "judge.h"
#include "sentences.h"
#include "text.h"

enum { SENTENCE = 38, VERDICT = 19 };

/* Of the user threads that are measured the dearest, where it is not the one that the sentence above is judged on. */
static const struct impl_row *dearest_to(const struct page *p, enum what what)
{
	const struct impl_row *most = judge_dearest(p->all, "user-thread", what);

	return most == p->user ? NULL : most;
}

static const struct impl_row *dearest_to_create(const struct page *p)
{
	return dearest_to(p, CREATE);
}

static const struct impl_row *dearest_to_switch(const struct page *p)
{
	return dearest_to(p, TURN);
}

/* In the textbook's order. A sentence with `about` has the name of an impl in it, and is left out where there is none.
 */
static const struct sentence {
	const char *words;
	sentence_judge *judge;
	const struct impl_row *(*about)(const struct page *p);
} sentences[] = {
	{ "User thread cheaper to create than LWP", user_cheaper_to_create, NULL },
	{ "  also the dearest, %s", dearest_cheaper_to_create, dearest_to_create },
	{ "User thread cheaper to switch than LWP", user_cheaper_to_switch, NULL },
	{ "  also the dearest, %s", dearest_cheaper_to_switch, dearest_to_switch },
	{ "Process dearer to create than an LWP", process_dearer, NULL },
	{ "Pthread dearer: its library's own work", pthread_dearer, NULL },
	{ "Creating an LWP makes a kernel task", lwp_makes_task, NULL },
	{ "  creating a user thread does not", user_makes_none, NULL },
	{ "Creating an LWP takes mode switches", creation_takes_modes, NULL },
	{ "  their share of the whole creation", modes_share, NULL },
	{ "  of it, copying the parameters", parameters_copied, NULL },
	{ "  of it, checking the parameters", parameters_checked, NULL },
	{ "Switching an LWP enters the kernel", lwp_switch_enters, NULL },
	{ "  switching a user thread does not", user_switch_does_not, NULL },
	{ "An LWP keeps user and kernel registers", lwp_keeps_both, NULL },
	{ "LWPs share the process's resources", lwp_shares, NULL },
	{ "  processes do not", process_does_not, NULL },
	{ "Linux's threads: processes that share", threads_are_processes, NULL },
	{ "Kernel threads are never in user mode", kernel_threads_never_user, NULL },
	{ "  and belong to no process", kernel_threads_of_no_process, NULL },
	{ "One LWP: one blocks, all stand still", one_lwp_stops_all, NULL },
	{ "  several LWPs: the others go on", several_lwps_go_on, NULL },
	{ "User-level switching pays for itself", user_switching_pays, NULL },
};

static void put_judgement(FILE *out, const char *words, const struct judgement *j)
{
	static const char *const word[] = { [HOLDS] = "holds", [HOLDS_NOT] = "does not hold here", [NUMBER_ONLY] = "" };
	char line[JUDGED_TEXT + 16];

	text_cell(out, words, SENTENCE);
	if (j->verdict == UNMEASURED) {
		snprintf(line, sizeof line, " not measured: %s", j->text);
		fputc(' ', out);
		text_wrap(out, SENTENCE + 1, SENTENCE + 3, line);
		return;
	}
	fputc(' ', out);
	text_cell(out, word[j->verdict], VERDICT - 1);
	fputc(' ', out);
	text_wrap(out, SENTENCE + VERDICT + 1, SENTENCE + VERDICT + 1, j->text);
}

void verdicts_each(const struct page *p, void (*tell)(const char *words, const struct judgement *j, void *to), void *to)
{
	for (const struct sentence *s = sentences; s < sentences + sizeof sentences / sizeof *sentences; s++) {
		const struct impl_row *about = s->about ? s->about(p) : NULL;
		char words[80];

		if (s->about && !about)
			continue;
		const char *mark = strstr(s->words, "%s");
		snprintf(words, sizeof words, "%.*s%s", mark ? (int)(mark - s->words) : (int)strlen(s->words), s->words,
			mark && about ? about->name : "");
		struct judgement j = s->judge(p);
		tell(words, &j, to);
	}
}

/* Where the judgements go: shown where there is somewhere to show them, and counted. */
struct telling {
	FILE *out;
	size_t count[VERDICTS];
};

static void tell_and_count(const char *words, const struct judgement *j, void *to)
{
	struct telling *t = to;

	t->count[j->verdict]++;
	if (t->out)
		put_judgement(t->out, words, j);
}

static const char *name_of(const struct impl_row *row)
{
	return row ? row->name : "nothing";
}

static void put_head(FILE *out, const struct page *p)
{
	const struct record *r = p->all->record;
	const char *host = record_get(r, "host");
	char machine[600], line[1000];

	snprintf(line, sizeof line, "The textbook on light-weight processes, on %s (%s)", host ? host : "unknown host",
		machine_words(r, machine, sizeof machine));
	text_wrap(out, 0, 2, line);
	if (!record_is(r, "complete", "yes"))
		text_wrap(out, 0, 2, "complete: no: this run was stopped before its end");
	snprintf(line, sizeof line,
		"judged on %s as user thread, %s as LWP, %s as pthread, %s as process, %s as kernel thread; x: times "
		"as dear, [95%% interval]",
		name_of(p->user), name_of(p->lwp), name_of(p->pthread), name_of(p->process), name_of(p->kernel_thread));
	text_wrap(out, 0, 2, line);
	fputc('\n', out);
}

int verdicts_print(const struct record *r, int brief, FILE *out)
{
	struct cells *all = cells_group(r);
	struct page page = judge_page(all);
	struct telling t = { .out = brief ? NULL : out };

	if (!brief)
		put_head(out, &page);
	verdicts_each(&page, tell_and_count, &t);
	fprintf(out,
		brief ? "textbook: %zu sentences hold, %zu do not, %zu not measured: ctxbench verdicts\n"
		      : "\n%zu hold, %zu do not, %zu not measured\n",
		t.count[HOLDS], t.count[HOLDS_NOT], t.count[UNMEASURED]);
	cells_free(all);
	return 0;
}
