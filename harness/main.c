// SPDX-License-Identifier: MIT
/* The command line of ctxbench: which verb, which options; and where the program's other files are. */
#include <errno.h>
#include <getopt.h>
#include <libgen.h>
#include <limits.h>
#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "analyse/analyse.h"
#include "record.h"
#include "run/environment.h"
#include "run/place.h"
#include "run/registry.h"
#include "run/run.h"

enum status { OK = 0, FAILED = 1, USAGE = 2, MISSING = 69, INTERRUPTED = 130 };

static const char usage[] =
	"usage: ctxbench VERB [options]\n"
	"\n"
	"  run        measure this machine: a result file, a table, a picture\n"
	"  compare    two result files side by side:        compare A B\n"
	"  table      the summary table of a result file:   table FILE\n"
	"  verdicts   the textbook's sentences, held to it: verdicts FILE\n"
	"  list       what can be measured here:   list [impls|waits|benches|places]\n"
	"  plan       the cells that a run would measure, and its length; options as run\n"
	"  env        what this machine is:        env [--advice]\n"
	"  conform    do impls do as they must?    conform [--rounds N] [--only EXPR]\n"
	"\n"
	"options of run\n"
	"  --brief             six cells, at most 10 s\n"
	"  --full              every cell, ten trials; its length is said first\n"
	"  --only EXPR         cells whose name matches: 'impl=lwp,uthread-* bench=wake';\n"
	"                      keys: bench impl wait policy place kind call. Chooses from\n"
	"                      every cell, or within --brief or --full\n"
	"  --trials N          fresh processes a cell (default 6, with --full 10)\n"
	"  --counters EVENTS   events by libpfm4's names, with commas; or none\n"
	"  --cpus A[,B]        the CPU to measure on, and the other one\n"
	"  --seed N            of the order in which trials run (default: from the clock)\n"
	"  --time-limit S      fit the run into S seconds\n"
	"  --out FILE          the result (default results/<host>/<UTC time>.txt)\n"
	"  --keep-samples      every sample into the result file\n"
	"  --quiet             no progress\n"
	"  --help  --version\n"
	"\n"
	"exit status: 0 all valid; 1 a cell failed or is invalid; 2 usage; 69 something\n"
	"is missing; 130 interrupted\n";

/* One clear line on stderr; the exit status for the caller to return. */
static int complain(int status, const char *format, ...) __attribute__((format(printf, 2, 3)));
static int complain(int status, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	fputs("ctxbench: ", stderr);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
	va_end(arguments);
	return status;
}

/* What was printed must have arrived: stdio tells of a full disk only here, and of an earlier loss without its errno. */
static int finish(int status)
{
	if (fflush(stdout))
		return complain(FAILED, "standard output: %s", strerror(errno));
	return ferror(stdout) ? complain(FAILED, "standard output: not all of it could be written") : status;
}

/* -- where things are: beside the program in a checkout, under PREFIX where it is installed */
static void beside_program(const char *in_checkout, const char *installed, char *path, size_t size)
{
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
	self[n > 0 ? n : 0] = 0;
	const char *directory = dirname(self);
	snprintf(path, size, "%s/%s", directory, in_checkout);
	if (access(path, F_OK))
		snprintf(path, size, "%s/../%s", directory, installed);
}

static void find_cells(char *path, size_t size)
{
	beside_program("cell", "libexec/ctxbench/cell", path, size);
	path[strlen(path) - strlen("/cell")] = 0;
}

/* -- options */
struct options {
	struct run_options run;
	const char *out;
	bool advice;
	uint64_t rounds;
};

enum { BRIEF = 256, FULL, ONLY, TRIALS, COUNTERS, CPUS, SEED, TIME_LIMIT, OUT, KEEP_SAMPLES, QUIET, HELP, VERSION, ADVICE, ROUNDS };

static const struct option long_options[] = {
	{ "brief", no_argument, NULL, BRIEF },
	{ "full", no_argument, NULL, FULL },
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
	{ 0 },
};

static bool whole_number(const char *text, uint64_t least, uint64_t most, uint64_t *n)
{
	char *end;
	errno = 0;
	unsigned long long x = strtoull(text, &end, 10);
	*n = x;
	return *text >= '0' && *text <= '9' && !*end && !errno && x >= least && x <= most;
}

/* Only the digits that a person would type: strtod follows the locale and takes nan. */
static bool seconds(const char *text, double *s)
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

static int take(struct options *o, int option, const char *value)
{
	uint64_t n;
	switch (option) {
	case BRIEF:
	case FULL:
		if (o->run.extent_given && o->run.extent != (option == BRIEF ? EXTENT_BRIEF : EXTENT_FULL))
			return complain(USAGE, "--brief and --full exclude each other");
		o->run.extent = option == BRIEF ? EXTENT_BRIEF : EXTENT_FULL;
		o->run.extent_given = true;
		return OK;
	case ONLY:
		o->run.only = value;
		return OK;
	case TRIALS:
		if (!whole_number(value, 1, 1000, &n))
			return complain(USAGE, "--trials %s: a whole number from 1 to 1000 was expected", value);
		o->run.trials = (unsigned)n;
		return OK;
	case COUNTERS:
		o->run.counters = value;
		return OK;
	case CPUS:
		o->run.cpus = value;
		return OK;
	case SEED:
		if (!whole_number(value, 1, 999999999, &o->run.seed))
			return complain(USAGE, "--seed %s: a whole number from 1 to 999999999 was expected", value);
		return OK;
	case TIME_LIMIT:
		return seconds(value, &o->run.time_limit) ? OK : complain(USAGE, "--time-limit %s: seconds were expected", value);
	case OUT:
		o->out = value;
		return *value ? OK : complain(USAGE, "--out: the name of a file was expected");
	case KEEP_SAMPLES:
		o->run.keep_samples = true;
		return OK;
	case QUIET:
		o->run.quiet = true;
		return OK;
	case ADVICE:
		o->advice = true;
		return OK;
	case ROUNDS:
		return whole_number(value, 1, 1000000, &o->rounds) ?
			OK :
			complain(USAGE, "--rounds %s: a whole number from 1 to 1000000 was expected", value);
	default:
		return USAGE;
	}
}

/* getopt takes any beginning of a name for the whole: what is mistyped must not be guessed at. */
static bool spelled_out(const char *given, const char *name)
{
	size_t length = strlen(name);
	return !strncmp(given, "--", 2) && !strncmp(given + 2, name, length) && (!given[2 + length] || given[2 + length] == '=');
}

/* Options and their values as `allowed` names them; the arguments that are left stand from argv[optind] on.
 * -1: go on; else the exit status. */
static int parse(struct options *o, int argc, char **argv, const char *verb, const int *allowed)
{
	*o = (struct options){ .run = { .extent = EXTENT_QUICK }, .rounds = 50 };
	opterr = 0;
	for (int option, index; index = -1, (option = getopt_long(argc, argv, ":h", long_options, &index)) != -1;) {
		const char *given = argv[optind - (index >= 0 && optarg && optarg == argv[optind - 1] ? 2 : 1)];
		if (index >= 0 && !spelled_out(given, long_options[index].name))
			return complain(USAGE, "%s: no such option of %s (see ctxbench --help)", given, verb);
		if (option == 'h' || option == HELP) {
			fputs(usage, stdout);
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

/* The same for a verb that takes options and nothing else. */
static int parse_options(struct options *o, int argc, char **argv, const char *verb, const int *allowed)
{
	int status = parse(o, argc, argv, verb, allowed);
	if (status < 0 && optind < argc)
		return complain(USAGE, "%s: '%s' is not an option (see ctxbench --help)", verb, argv[optind]);
	return status;
}

static const int run_allowed[] = { BRIEF, FULL, ONLY, TRIALS, COUNTERS, CPUS, SEED, TIME_LIMIT, OUT, KEEP_SAMPLES, QUIET, 0 };
static const int no_options[] = { 0 };

/* -- run */
/* One name for one host, wherever it is used as a path: letters, digits, dot, hyphen and underscore, no dot first. */
static void host_for_path(const char *host, char *name, size_t size)
{
	size_t n = 0;
	for (; *host && n < size - 1; host++)
		name[n++] = strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-", *host) ? *host : '_';
	name[n] = 0;
	if (!n || *name == '.' || *name == '-')
		*name = '_', name[n ? n : 1] = 0;
}

static int make_directories(const char *path)
{
	char part[PATH_MAX];
	snprintf(part, sizeof part, "%s", path);
	for (char *slash = part; (slash = strchr(slash + 1, '/'));) {
		*slash = 0;
		if (mkdir(part, 0777) && errno != EEXIST)
			return -errno;
		*slash = '/';
	}
	return 0;
}

static void default_out(char *path, size_t size)
{
	struct record *r = record_new();
	char host[80], root[PATH_MAX], stamp[32];
	time_t now = time(NULL);
	environment_describe(r, "");
	host_for_path(record_get(r, "host") ? record_get(r, "host") : "unknown", host, sizeof host);
	strftime(stamp, sizeof stamp, "%Y%m%dT%H%M%SZ", gmtime(&now));
	beside_program("../results/README.md", "results/README.md", root, sizeof root);
	char *real = access(root, F_OK) || access(dirname(root), W_OK) ? NULL : realpath(root, NULL); /* NULL: installed */
	char *here = getcwd(NULL, 0);
	size_t shared = here ? strlen(here) : 0;
	/* as it would be typed from here, when it lies below */
	const char *shown = !real ? "results" : here && !strncmp(real, here, shared) && real[shared] == '/' ? real + shared + 1 : real;
	snprintf(path, size, "%s/%s/%s.txt", shown, host, stamp);
	free(here);
	free(real);
	record_free(r);
}

/* Where a new file could be made? 0 or -errno. */
static int check_directory_of(const char *path)
{
	char copy[PATH_MAX];
	struct stat there;
	int error = make_directories(path);
	if (error)
		return error;
	snprintf(copy, sizeof copy, "%s", path);
	const char *directory = dirname(copy);
	if (access(directory, W_OK))
		return -errno;
	return !stat(directory, &there) && !S_ISDIR(there.st_mode) ? -ENOTDIR : 0;
}

/* Can the result be put where it should go? Asked before anything is measured. A file is replaced, a device written to. */
static int check_out(const char *path)
{
	struct stat there;
	int error;
	if (stat(path, &there) || S_ISREG(there.st_mode))
		error = check_directory_of(path);
	else if (S_ISDIR(there.st_mode))
		error = -EISDIR;
	else
		error = access(path, W_OK) ? -errno : 0;
	return error ? complain(USAGE, "--out %s: %s", path, strerror(-error)) : OK;
}

static void draw(const struct record *r, const char *out)
{
	char plots[PATH_MAX], base[PATH_MAX], error[400];
	beside_program("../plots", "share/ctxbench/plots", plots, sizeof plots);
	snprintf(base, sizeof base, "%s", out);
	if (strlen(base) > 4 && !strcmp(base + strlen(base) - 4, ".txt"))
		base[strlen(base) - 4] = 0;
	if (ladder_draw(r, plots, base, error, sizeof error))
		complain(OK, "%s", error);
	else
		printf("%s.ladder.svg and .png\n", base);
}

static int publish(const struct record *r, const char *out, int status)
{
	struct stat there;
	int error = record_write(r, out);
	table_print(r, stdout);
	verdicts_print(r, 1, stdout);
	if (error)
		return complain(FAILED, "%s: %s", out, strerror(-error));
	printf("%s\n", out);
	fflush(stdout);
	/* whoever interrupts does not wait for a picture; and beside a device or a pipe there is no place for one */
	if (status != INTERRUPTED && !stat(out, &there) && S_ISREG(there.st_mode))
		draw(r, out);
	return finish(status);
}

static int verb_run(int argc, char **argv)
{
	struct options o;
	char cells[PATH_MAX], out[PATH_MAX], error[1024];
	int status = parse_options(&o, argc, argv, "run", run_allowed);
	if (status >= 0)
		return status;
	find_cells(cells, sizeof cells);
	o.run.program_dir = cells;
	struct run *run = run_prepare(&o.run, &status, error, sizeof error);
	if (!run)
		return complain(status, "%s", error);
	if (o.out)
		snprintf(out, sizeof out, "%s", o.out);
	else
		default_out(out, sizeof out);
	status = check_out(out);
	if (!status) {
		if (!o.run.quiet)
			fprintf(stderr, "%s run: %zu cells, %u trials each, about %.0f s\n", run_extent_name(run),
				run_plan(run)->cells, run_trials(run), run_expected_seconds(run));
		struct record *r = run_measure(run, &status);
		status = publish(r, out, status);
		record_free(r);
	}
	run_free(run);
	return status;
}

static int verb_plan(int argc, char **argv)
{
	struct options o;
	char cells[PATH_MAX], error[1024];
	int status = parse_options(&o, argc, argv, "plan", run_allowed);
	if (status >= 0)
		return status;
	find_cells(cells, sizeof cells);
	o.run.program_dir = cells;
	struct run *run = run_prepare(&o.run, &status, error, sizeof error);
	if (!run)
		return complain(status, "%s", error);
	const struct plan *plan = run_plan(run);
	for (size_t i = 0; i < plan->cells; i++)
		printf("%s%s%s\n", plan->cell[i].name, *plan->cell[i].missing ? "  not measured: " : "", plan->cell[i].missing);
	printf("%zu cells, %u trials each, about %.0f s\n", plan->cells, run_trials(run), run_expected_seconds(run));
	run_free(run);
	return finish(OK);
}

static int verb_conform(int argc, char **argv)
{
	static const int allowed[] = { ONLY, ROUNDS, 0 };
	struct options o;
	char cells[PATH_MAX], error[1024];
	int status = parse_options(&o, argc, argv, "conform", allowed);
	if (status >= 0)
		return status;
	find_cells(cells, sizeof cells);
	o.run.program_dir = cells;
	o.run.extent = EXTENT_FULL;
	struct run *run = run_prepare(&o.run, &status, error, sizeof error);
	if (!run)
		return complain(status, "%s", error);
	status = run_conform(run, o.rounds);
	run_free(run);
	return finish(status);
}

/* -- list */
static bool seen_before(const struct registry *r, size_t i, const char *(*of)(const struct entry *))
{
	for (size_t j = 0; j < i; j++)
		if (!strcmp(of(&r->item[j].entry), of(&r->item[i].entry)))
			return true;
	return false;
}

static const char *impl_of(const struct entry *e)
{
	return e->impl;
}

static const char *wait_of(const struct entry *e)
{
	return e->wait;
}

static const char *job_of(const struct entry *e)
{
	return e->job;
}

/* Why none of an impl's instances can run here, or "" where one can. */
static const char *missing_of(const struct registry *r, const char *impl)
{
	const char *reason = "";
	for (size_t i = 0; i < r->items; i++) {
		const struct entry *e = &r->item[i].entry;
		if (strcmp(e->impl, impl))
			continue;
		if (!*e->missing)
			return "";
		reason = e->missing;
	}
	return reason;
}

static void list_impls(const struct registry *r)
{
	for (size_t i = 0; i < r->items; i++) {
		const struct entry *e = &r->item[i].entry;
		const char *missing = missing_of(r, e->impl);
		if (!seen_before(r, i, impl_of))
			printf("%-15s %-12s %s; saves %s%s%s\n", e->impl, e->kind, e->summary, e->saves,
				*missing ? "; not measured: " : "", missing);
	}
}

static void list_waits(const struct registry *r)
{
	for (size_t i = 0; i < r->items; i++)
		if (!seen_before(r, i, wait_of))
			printf("%s\n", r->item[i].entry.wait);
}

static void list_benches(const struct registry *r)
{
	for (size_t i = 0; i < r->items; i++)
		if (*r->item[i].entry.job && !seen_before(r, i, job_of))
			printf("%-15s %s\n", r->item[i].entry.job, r->item[i].entry.job_summary);
}

static int list_places(void)
{
	struct places p;
	char error[512];
	int status = place_choose(NULL, &p, error, sizeof error);
	if (status)
		return complain(status, "%s", error);
	const struct place *const place[] = { &p.same, &p.other, &p.free };
	for (size_t i = 0; i < 3; i++)
		if (*place[i]->missing)
			printf("%-15s not measured: %s\n", place[i]->name, place[i]->missing);
		else if (place[i]->cpu[0] < 0)
			printf("%-15s not pinned\n", place[i]->name);
		else if (place[i]->cpu[0] == place[i]->cpu[1])
			printf("%-15s CPU %d\n", place[i]->name, place[i]->cpu[0]);
		else
			printf("%-15s CPUs %d and %d\n", place[i]->name, place[i]->cpu[0], place[i]->cpu[1]);
	return OK;
}

static int verb_list(int argc, char **argv)
{
	struct options o;
	char cells[PATH_MAX], error[1024];
	int status = parse(&o, argc, argv, "list", no_options);
	if (status >= 0)
		return status;
	const char *what = optind < argc ? argv[optind] : NULL;
	static const char *const known[] = { "impls", "waits", "benches", "places" };
	bool chosen[4] = { false }, any = false;
	for (int i = 0; i < 4; i++)
		any |= chosen[i] = !what || !strcmp(what, known[i]);
	if (!any || optind + 1 < argc)
		return complain(USAGE, "list %s: impls, waits, benches or places were expected", argv[argc - 1]);
	struct registry r;
	find_cells(cells, sizeof cells);
	if (registry_load(&r, cells, error, sizeof error))
		return complain(MISSING, "%s", error);
	status = OK;
	for (int i = 0; i < 4; i++) {
		if (!chosen[i])
			continue;
		if (!what)
			printf("%s%s\n", i ? "\n" : "", known[i]);
		if (i == 0)
			list_impls(&r);
		else if (i == 1)
			list_waits(&r);
		else if (i == 2)
			list_benches(&r);
		else
			status = list_places();
	}
	registry_free(&r);
	return finish(status);
}

/* -- reading result files */
static struct record *read_or_complain(const char *path)
{
	char error[512];
	struct record *r = record_read(path, error, sizeof error);
	if (!r)
		complain(USAGE, "%s", error);
	return r;
}

static int with_file(int argc, char **argv, const char *verb, int (*show)(const struct record *))
{
	struct options o;
	int status = parse(&o, argc, argv, verb, no_options);
	if (status >= 0)
		return status;
	if (argc - optind != 1)
		return complain(USAGE, "%s: one result file was expected", verb);
	struct record *r = read_or_complain(argv[optind]);
	if (!r)
		return USAGE;
	status = show(r);
	record_free(r);
	return finish(status);
}

static int show_table(const struct record *r)
{
	return table_print(r, stdout);
}

static int show_verdicts(const struct record *r)
{
	return verdicts_print(r, 0, stdout);
}

static int verb_table(int argc, char **argv)
{
	return with_file(argc, argv, "table", show_table);
}

static int verb_verdicts(int argc, char **argv)
{
	return with_file(argc, argv, "verdicts", show_verdicts);
}

static int verb_compare(int argc, char **argv)
{
	struct options o;
	int status = parse(&o, argc, argv, "compare", no_options);
	if (status >= 0)
		return status;
	if (argc - optind != 2)
		return complain(USAGE, "compare: two result files were expected");
	struct record *a = read_or_complain(argv[optind]), *b = a ? read_or_complain(argv[optind + 1]) : NULL;
	status = a && b ? compare_print(a, b, stdout) : USAGE;
	if (a)
		record_free(a);
	if (b)
		record_free(b);
	return finish(status);
}

/* -- env */
static int verb_env(int argc, char **argv)
{
	static const int allowed[] = { ADVICE, 0 };
	struct options o;
	struct places p;
	char error[512];
	int status = parse_options(&o, argc, argv, "env", allowed);
	if (status >= 0)
		return status;
	struct record *r = record_new();
	environment_describe(r, "");
	if (!place_choose(NULL, &p, error, sizeof error))
		place_describe(&p, r);
	if (o.advice)
		environment_advise(r, stdout);
	else
		for (size_t i = 0; i < r->keys; i++)
			printf("%s: %s\n", r->key[i].key, r->key[i].value);
	record_free(r);
	return finish(OK);
}

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
} verbs[] = {
	{ "run", verb_run },
	{ "list", verb_list },
	{ "plan", verb_plan },
	{ "compare", verb_compare },
	{ "table", verb_table },
	{ "verdicts", verb_verdicts },
	{ "env", verb_env },
	{ "conform", verb_conform },
};

int main(int argc, char **argv)
{
	struct options o;
	const char *verb = argc > 1 ? argv[1] : "";
	setlocale(LC_NUMERIC, "C"); /* a library that was loaded before us may have asked for the user's */
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
		if (!strcmp(verb, verbs[i].name))
			return verbs[i].run(argc - 1, argv + 1);
	if (*verb == '-') {
		int status = parse(&o, argc, argv, "ctxbench", no_options);
		return status >= 0 ? status : complain(USAGE, "a verb was expected (see ctxbench --help)");
	}
	if (*verb)
		return complain(USAGE, "%s: no such verb (see ctxbench --help)", verb);
	fputs(usage, stderr);
	return USAGE;
}
