// SPDX-License-Identifier: MIT
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "say.h"

const char options_usage[] = "usage: ctxbench VERB [options]\n"
			     "\n"
			     "  run        measure this machine: a result file, a table, a picture\n"
			     "  compare    result files side by side:            compare A B [C ...]\n"
			     "  table      the summary table of a result file:   table FILE\n"
			     "             a published one, then and now: table NAME FILES... [--markdown|\n"
			     "             --html|--csv]; NAME: activations91, lmbench96, li07, threadops,\n"
			     "             coroutines, mitigations, wake or flexsc\n"
			     "  fleet      many machines: groups of equal ones, and who stands apart in them:\n"
			     "                                                      fleet DIR|FILES...\n"
			     "  verdicts   the textbook's sentences, held to it: verdicts FILE\n"
			     "  list       what can be measured here:   list [impls|waits|benches|places]\n"
			     "             and which tasks never leave the kernel:    list kernel-threads\n"
			     "             and what a context shares with its maker:  list sharing\n"
			     "  plan       the cells that a run would measure, and its length; options as run\n"
			     "  figure     of result files:  figure NAME|all FILES... -o DIR [--form svg,png,\n"
			     "             pdf,tex] [--width col|page|web|slide] [--font-size N]\n"
			     "  report     a page, pictures, tables, what a paper takes over, of result files:\n"
			     "             report FILES... -o DIR [--width col|page|slide]; or --snippet\n"
			     "  export     result files for other programs:  export --json|--csv|--sqlite\n"
			     "             FILES... [-o FILE]\n"
			     "  anonymise  a result file without what tells whose it is: anonymise FILE -o OUT\n"
			     "  env        what this machine is, or that of a result file, and what would make\n"
			     "             it give more:                env [--advice] [FILE]\n"
			     "  conform    do impls do as they must?    conform [--rounds N] [--only EXPR]\n"
			     "  man        this text as a manual page, for man\n"
			     "\n"
			     "options of run\n"
			     "  --brief             six cells, at most 10 s\n"
			     "  --full              every cell, ten trials; its length is said first\n"
			     "  --aa                everything twice, interleaved: how many cells differ from\n"
			     "                      themselves, which is the noise of this machine\n"
			     "  --only EXPR         cells whose name matches: 'impl=lwp,uthread-* bench=wake';\n"
			     "                      keys: bench impl wait policy place kind workers, and a\n"
			     "                      bench's own (see plan --full). Chooses from every\n"
			     "                      cell, or within --brief or --full\n"
			     "  --trials N          fresh processes a cell (default 6, with --full 10)\n"
			     "  --counters EVENTS   events by libpfm4's names, and groups of them (frontend\n"
			     "                      backend cache tlb kernel default), with commas; or none\n"
			     "  --cpus A[,B]        the CPU to measure on, and the other one\n"
			     "  --seed N            of the order in which trials run (default: from the clock)\n"
			     "  --time-limit S      fit the run into S seconds\n"
			     "  --out FILE          the result (default results/<host>/<UTC time>.txt)\n"
			     "  --keep-samples      every sample into the result file\n"
			     "  --quiet             no progress\n"
			     "  --no-install        (of bench/run) install nothing; or CTXBENCH_NO_INSTALL=1\n"
			     "  --help, --version   this text; which version this is\n"
			     "\n"
			     "options of compare\n"
			     "  --by KEY[,KEY]      sides by keys of the files (kernel, date ...), or file;\n"
			     "                      without it, files of one machine and settings are one side\n"
			     "  --base SIDE         which one the others are held against (its letter, label\n"
			     "                      or file; default the first)\n"
			     "  --only EXPR         cells whose name matches, as in run\n"
			     "  --row PART[,PART]   rows by these parts of the names (bench impl wait ...)\n"
			     "  --col PART          columns by one; of one file, its values are the sides\n"
			     "  --per UNIT          times as multiples of each side's own call, cycle, syscall\n"
			     "  --p  --holm         show p; correct for the number of tests\n"
			     "  --explain CELL      of a cell (its name, or an EXPR) what was counted beside\n"
			     "                      what was timed\n"
			     "  --fail-above 5%     exit 3 where all of a cell's interval is beyond\n"
			     "  --markdown --csv --tsv --json --latex   instead of the table\n"
			     "  --force             compare what says that it can't be\n"
			     "\n"
			     "options of fleet\n"
			     "  --out FILE          every value, a row a node and cell (default DIR/fleet.tsv)\n"
			     "  --drain-list        only the names of the nodes apart, with commas\n"
			     "  --suspects          only the names of those that are to run once more\n"
			     "\n"
			     "exit status: 0 all valid; 1 a cell failed or is invalid; 2 usage; 3 found: a\n"
			     "cell or node that was looked for; 69 something is missing; 130 interrupted\n";

static const struct option long_options[] = {
	{ "brief", no_argument, NULL, BRIEF },
	{ "full", no_argument, NULL, FULL },
	{ "aa", no_argument, NULL, AA },
	{ "only", required_argument, NULL, ONLY },
	{ "trials", required_argument, NULL, TRIALS },
	{ "counters", required_argument, NULL, COUNTERS },
	{ "cpus", required_argument, NULL, CPUS },
	{ "seed", required_argument, NULL, SEED },
	{ "time-limit", required_argument, NULL, TIME_LIMIT },
	{ "out", required_argument, NULL, OUT },
	{ "keep-samples", no_argument, NULL, KEEP_SAMPLES },
	{ "quiet", no_argument, NULL, QUIET },
	{ "help", no_argument, NULL, HELP },
	{ "version", no_argument, NULL, VERSION },
	{ "advice", no_argument, NULL, ADVICE },
	{ "rounds", required_argument, NULL, ROUNDS },
	{ "form", required_argument, NULL, FORM },
	{ "width", required_argument, NULL, FIGURE_WIDTH },
	{ "font-size", required_argument, NULL, FONT_SIZE },
	{ "drain-list", no_argument, NULL, DRAIN_LIST },
	{ "suspects", no_argument, NULL, SUSPECTS },
	{ "by", required_argument, NULL, BY },
	{ "base", required_argument, NULL, BASE },
	{ "row", required_argument, NULL, ROW },
	{ "col", required_argument, NULL, COL },
	{ "per", required_argument, NULL, PER },
	{ "explain", required_argument, NULL, EXPLAIN },
	{ "fail-above", required_argument, NULL, FAIL_ABOVE },
	{ "holm", no_argument, NULL, HOLM },
	{ "p", no_argument, NULL, SHOW_P },
	{ "force", no_argument, NULL, FORCE },
	{ "markdown", no_argument, NULL, MARKDOWN },
	{ "csv", no_argument, NULL, CSV },
	{ "tsv", no_argument, NULL, TSV },
	{ "json", no_argument, NULL, JSON },
	{ "latex", no_argument, NULL, LATEX },
	{ "html", no_argument, NULL, HTML },
	{ "snippet", no_argument, NULL, SNIPPET },
	{ "sqlite", no_argument, NULL, SQLITE },
	{ 0 },
};

static bool whole_number(const char *text, uint64_t least, uint64_t most, uint64_t *n)
{
	char *end;
	errno = 0;
	unsigned long long x = strtoull(text, &end, 10);
	if (*text < '0' || *text > '9' || *end || errno || x < least || x > most)
		return false;
	*n = x;
	return true;
}

/* Only the digits that a person would type: strtod follows the locale and takes nan. */
static bool decimal(const char *text, double *s)
{
	size_t digits = strspn(text, "0123456789");
	uint64_t whole = 0;
	if (!digits || digits > 6)
		return false;
	for (size_t i = 0; i < digits; i++)
		whole = whole * 10 + (uint64_t)(text[i] - '0');
	*s = (double)whole;
	text += digits;
	if (*text == '.')
		for (double place = 0.1; *++text >= '0' && *text <= '9'; place /= 10)
			*s += place * (*text - '0');
	return !*text && *s > 0;
}

static int take_number(const char *name, const char *value, uint64_t most, uint64_t *n)
{
	if (whole_number(value, 1, most, n))
		return OK;
	return complain(
		USAGE, "--%s %s: a whole number from 1 to %llu was expected", name, value, (unsigned long long)most);
}

static int take_extent(struct options *o, enum extent extent)
{
	if (o->run.extent_given && o->run.extent != extent)
		return complain(USAGE, "--brief and --full exclude each other");
	o->run.extent = extent;
	o->run.extent_given = true;
	return OK;
}

/* Every word of a list with commas one of these, themselves a list that ends with NULL. */
static bool all_among(const char *list, const char *const *words)
{
	for (size_t n; (n = strcspn(list, ",")), true; list += n + 1) {
		const char *const *w = words;
		while (*w && (strlen(*w) != n || strncmp(*w, list, n)))
			w++;
		if (!*w)
			return false;
		if (!list[n])
			return true;
	}
}

static int take_form(struct options *o, const char *value)
{
	static const char *const forms[] = { "svg", "png", "pdf", "tex", NULL };
	o->form = value;
	return all_among(value, forms)
		       ? OK
		       : complain(USAGE, "--form %s: svg, png, pdf or tex was expected, or several with commas", value);
}

static int take_width(struct options *o, const char *value)
{
	static const char *const widths[] = { "col", "page", "web", "slide", NULL };
	o->width = value;
	return !strchr(value, ',') && all_among(value, widths)
		       ? OK
		       : complain(USAGE, "--width %s: col, page, web or slide was expected", value);
}

static int take_font_size(struct options *o, const char *value)
{
	return decimal(value, &o->font_size) && o->font_size >= 4 && o->font_size <= 100
		       ? OK
		       : complain(USAGE, "--font-size %s: a size from 4 to 100 was expected", value);
}

/* A share, as it is written in percent: "5%". */
static int take_fail_above(struct options *o, const char *value)
{
	char number[16] = "";
	size_t length = strlen(value);
	if (length && value[length - 1] == '%')
		length--;
	if (length < sizeof number)
		memcpy(number, value, length);
	if (!decimal(number, &o->compare.fail_above))
		return complain(USAGE, "--fail-above %s: a percentage above 0 was expected, such as 5%%", value);
	o->compare.fail_above /= 100;
	return OK;
}

static int take_compare_form(struct options *o, enum compare_form form)
{
	static const char *const name[] = { "table", "markdown", "csv", "tsv", "json", "latex" };

	if (o->compare.form && o->compare.form != form)
		return complain(USAGE, "--%s and --%s exclude each other", name[o->compare.form], name[form]);
	o->compare.form = form;
	return OK;
}

/* compare's. */
static int take_comparison(struct options *o, int option, const char *value)
{
	struct compare_options *c = &o->compare;
	switch (option) {
	case BY:
		c->by = value;
		break;
	case BASE:
		c->base = value;
		break;
	case ROW:
		c->row = value;
		break;
	case COL:
		c->col = value;
		break;
	case PER:
		c->per = value;
		break;
	case EXPLAIN:
		c->explain = value;
		break;
	case FAIL_ABOVE:
		return take_fail_above(o, value);
	case HOLM:
		c->holm = true;
		break;
	case SHOW_P:
		c->p = true;
		break;
	case FORCE:
		c->force = true;
		break;
	default:
		return take_compare_form(o, COMPARE_MARKDOWN + (enum compare_form)(option - MARKDOWN));
	}
	return OK;
}

/* What has a text for its value, or none. */
static int take_text(struct options *o, int option, const char *value)
{
	switch (option) {
	case ONLY:
		o->run.only = value;
		break;
	case COUNTERS:
		o->run.counters = value;
		break;
	case CPUS:
		o->run.cpus = value;
		break;
	case OUT:
		o->out = value;
		return *value ? OK : complain(USAGE, "--out: a name was expected");
	case HTML:
		o->html = true;
		break;
	case SNIPPET:
		o->snippet = true;
		break;
	case AA:
		o->run.aa = true;
		break;
	case KEEP_SAMPLES:
		o->run.keep_samples = true;
		break;
	case QUIET:
		o->run.quiet = true;
		break;
	case DRAIN_LIST:
		o->drain_list = true;
		break;
	case SUSPECTS:
		o->suspects = true;
		break;
	case ADVICE:
		o->advice = true;
		break;
	case SQLITE:
		o->sqlite = true;
		break;
	}
	return OK;
}

static int take(struct options *o, int option, const char *value)
{
	uint64_t trials = 0;
	int status;
	if (option >= BY && option <= LATEX)
		return take_comparison(o, option, value);
	switch (option) {
	case BRIEF:
		return take_extent(o, EXTENT_BRIEF);
	case FULL:
		return take_extent(o, EXTENT_FULL);
	case TRIALS:
		status = take_number("trials", value, 1000, &trials);
		o->run.trials = (unsigned)trials;
		return status;
	case SEED:
		return take_number("seed", value, 999999999, &o->run.seed);
	case ROUNDS:
		return take_number("rounds", value, 1000000, &o->rounds);
	case TIME_LIMIT:
		return decimal(value, &o->run.time_limit)
			       ? OK
			       : complain(USAGE, "--time-limit %s: seconds were expected", value);
	case FORM:
		return take_form(o, value);
	case FIGURE_WIDTH:
		return take_width(o, value);
	case FONT_SIZE:
		return take_font_size(o, value);
	default:
		return take_text(o, option, value);
	}
}

/* getopt takes any beginning of a name for the whole: what is mistyped must not be guessed at. */
static bool spelled_out(const char *given, const char *name)
{
	size_t length = strlen(name);
	return !strncmp(given, "--", 2) && !strncmp(given + 2, name, length) &&
	       (!given[2 + length] || given[2 + length] == '=');
}

int options_parse(struct options *o, int argc, char **argv, const char *verb, const int *allowed)
{
	*o = (struct options){ .run = { .extent = EXTENT_QUICK }, .rounds = 50 };
	opterr = 0;
	for (int option, index; index = -1, (option = getopt_long(argc, argv, ":ho:", long_options, &index)) != -1;) {
		const char *given = argv[optind - (index >= 0 && optarg && optarg == argv[optind - 1] ? 2 : 1)];
		if (index >= 0 && !spelled_out(given, long_options[index].name))
			return complain(USAGE, "%s: no such option of %s (see ctxbench --help)", given, verb);
		if (option == 'o')
			option = OUT;
		if (option == 'h' || option == HELP) {
			fputs(options_usage, stdout);
			return finish(OK);
		}
		if (option == VERSION) {
			printf("ctxbench %s (%s)\n", BUILD_VERSION, BUILD_REVISION);
			return finish(OK);
		}
		if (option == ':')
			return complain(USAGE, "%s needs a value", given);
		if (option == '?' && optopt > 0 && optopt < BRIEF) /* of several in one word it is this letter */
			return complain(USAGE, "-%c: no such option of %s (see ctxbench --help)", optopt, verb);
		bool known = false;
		for (const int *a = allowed; *a; a++)
			known |= *a == option;
		if (!known)
			return complain(USAGE, "%s: no such option of %s (see ctxbench --help)", given, verb);
		int status = take(o, option, optarg);
		if (status)
			return status;
	}
	return -1;
}

int options_only(struct options *o, int argc, char **argv, const char *verb, const int *allowed)
{
	int status = options_parse(o, argc, argv, verb, allowed);
	if (status < 0 && optind < argc)
		return complain(USAGE, "%s: '%s' is not an option (see ctxbench --help)", verb, argv[optind]);
	return status;
}
