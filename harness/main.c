// SPDX-License-Identifier: MIT
/* The verbs of ctxbench, and where the program's other files are. */
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "analyse/analyse.h"
#include "compare/compare.h"
#include "compare/fleet.h"
#include "options.h"
#include "publish/export.h"
#include "publish/man.h"
#include "publish/publish.h"
#include "record.h"
#include "run/advice.h"
#include "run/counters.h"
#include "run/environment.h"
#include "run/kernel_only.h"
#include "run/place.h"
#include "run/registry.h"
#include "run/run.h"
#include "run/runner.h"
#include "run/sharing.h"
#include "say.h"

/* -- where things are: beside the program in a checkout, under PREFIX where it is installed */
static void beside_program(const char *in_checkout, const char *installed, char *path, size_t size)
{
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
	if (n > 0)
		self[n] = 0;
	else /* no /proc: as it was called */
		snprintf(self, sizeof self, "%s", (const char *)getauxval(AT_EXECFN));
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

/* -- run */
static const int run_allowed[] = { BRIEF, FULL, AA, ONLY, TRIALS, COUNTERS, CPUS, SEED, TIME_LIMIT, OUT, KEEP_SAMPLES,
	QUIET, 0 };
static const int no_options[] = { 0 };

/* One name for one host, wherever it is used as a path: letters, digits, dot, hyphen and underscore, no dot first. */
static void host_for_path(const char *host, char *name, size_t size)
{
	size_t n = 0;
	for (; *host && n < size - 1; host++)
		name[n++] = strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-", *host) ? *host
													       : '_';
	name[n] = 0;
	if (!n)
		snprintf(name, size, "_");
	else if (*name == '.' || *name == '-')
		*name = '_';
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
	char host[80], name[256] = "unknown", root[PATH_MAX], stamp[32];
	time_t now = time(NULL);
	environment_host("", name, sizeof name);
	host_for_path(name, host, sizeof host);
	strftime(stamp, sizeof stamp, "%Y%m%dT%H%M%SZ", gmtime(&now));
	beside_program("../results/README.md", "results/README.md", root, sizeof root);
	char *real =
		access(root, F_OK) || access(dirname(root), W_OK) ? NULL : realpath(root, NULL); /* NULL: installed */
	char *here = getcwd(NULL, 0);
	size_t shared = here ? strlen(here) : 0;
	/* as it would be typed from here, when it lies below */
	const char *shown = !real                                                         ? "results"
			    : here && !strncmp(real, here, shared) && real[shared] == '/' ? real + shared + 1
											  : real;
	snprintf(path, size, "%s/%s/%s.txt", shown, host, stamp);
	free(here);
	free(real);
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

/* Can the result be put where it should go? Asked before anything is measured. A file is replaced, a device written to.
 */
static int check_out(const char *path, bool asked)
{
	struct stat there;
	int error;
	if (stat(path, &there) || S_ISREG(there.st_mode))
		error = check_directory_of(path);
	else if (S_ISDIR(there.st_mode))
		error = -EISDIR;
	else
		error = access(path, W_OK) ? -errno : 0;
	return error ? complain(USAGE, "%s%s: %s", asked ? "--out " : "", path, strerror(-error)) : OK;
}

/* A picture that came out broken is a failure; no gnuplot, or nothing to draw, is not. */
static int draw(const struct record *r, const char *out)
{
	char plots[PATH_MAX], base[PATH_MAX], error[400];
	beside_program("../plots", "share/ctxbench/plots", plots, sizeof plots);
	snprintf(base, sizeof base, "%s", out);
	if (strlen(base) > 4 && !strcmp(base + strlen(base) - 4, ".txt"))
		base[strlen(base) - 4] = 0;
	int status = figures_beside(r, plots, base, stdout, error, sizeof error);
	return status ? complain(status > 0 ? FAILED : OK, "%s", error) : OK;
}

static int publish(const struct record *r, const char *out, int status)
{
	struct stat there;
	int error = record_write(r, out);
	runner_leave_signals();
	table_print(r, stdout);
	verdicts_print(r, 1, stdout);
	if (error)
		return complain(FAILED, "%s: %s", out, strerror(-error));
	printf("%s\n", out);
	fflush(stdout);
	/* whoever interrupts does not wait for a picture; and beside a device or a pipe there is no place for one */
	if (status != INTERRUPTED && !stat(out, &there) && S_ISREG(there.st_mode) && draw(r, out))
		status = FAILED;
	return finish(status);
}

/* From a command line to a prepared run; NULL with the exit status where there is none to be had. */
static struct run *prepare(
	struct options *o, int argc, char **argv, const int *allowed, enum extent otherwise, int *status)
{
	static char cells[PATH_MAX];
	char error[1024];
	*status = options_only(o, argc, argv, *argv, allowed);
	if (*status >= 0)
		return NULL;
	find_cells(cells, sizeof cells);
	o->run.program_dir = cells;
	if (!o->run.extent_given)
		o->run.extent = otherwise;
	struct run *run = run_prepare(&o->run, status, error, sizeof error);
	if (!run)
		complain(*status, "%s", error);
	return run;
}

/* What this machine will give, and how long that takes. */
static void tell_before(const struct run *run)
{
	struct record *machine = record_new();
	run_describe_machine(run, machine);
	advice_open(machine, !geteuid(), stderr);
	record_free(machine);
	fprintf(stderr, "%s run: %zu cells, %u trials each, about %.0f s\n", run_extent_name(run), run_plan(run)->cells,
		run_trials(run), run_expected_seconds(run));
}

static int verb_run(int argc, char **argv)
{
	struct options o;
	char out[PATH_MAX];
	int status;
	struct run *run = prepare(&o, argc, argv, run_allowed, EXTENT_QUICK, &status);
	if (!run)
		return status;
	if (o.out)
		snprintf(out, sizeof out, "%s", o.out);
	else
		default_out(out, sizeof out);
	status = check_out(out, o.out);
	if (!status) {
		if (!o.run.quiet)
			tell_before(run);
		struct record *r = run_measure(run, &status);
		if (o.run.aa)
			noise_keep(r);
		status = publish(r, out, status);
		record_free(r);
	}
	run_free(run);
	return status;
}

static int verb_plan(int argc, char **argv)
{
	struct options o;
	int status;
	struct run *run = prepare(&o, argc, argv, run_allowed, EXTENT_QUICK, &status);
	if (!run)
		return status;
	const struct plan *plan = run_plan(run);
	for (size_t i = 0; i < plan->cells; i++)
		printf("%s%s%s\n", plan->cell[i].name, *plan->cell[i].missing ? "  not measured: " : "",
			plan->cell[i].missing);
	printf("%zu cells, %u trials each, about %.0f s\n", plan->cells, run_trials(run), run_expected_seconds(run));
	run_free(run);
	return finish(OK);
}

static int verb_conform(int argc, char **argv)
{
	static const int allowed[] = { ONLY, ROUNDS, 0 };
	struct options o;
	int status;
	struct run *run = prepare(&o, argc, argv, allowed, EXTENT_FULL, &status);
	if (!run)
		return status;
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

/* After what stands on the line already, `column` characters: words, and on from that column where a line is full. */
static void print_wrapped(int column, const char *words)
{
	enum { WIDTH = 80 };
	for (int indent = column; *words;) {
		int n = (int)strcspn(words, " ");
		if (column > indent && column + 1 + n > WIDTH) {
			printf("\n%*s", indent, "");
			column = indent;
		}
		column += printf("%s%.*s", column > indent ? " " : "", n, words);
		words += n + (int)strspn(words + n, " ");
	}
	putchar('\n');
}

static void print_trait(const char *what, const char *words)
{
	if (*words)
		print_wrapped(printf("    %-13s ", what), words);
}

static void list_impl(const struct entry *e, const char *missing)
{
	print_wrapped(printf("%-17s %-13s ", e->impl, e->kind), e->summary);
	print_trait("saves", e->saves);
	print_trait("stack", e->stack);
	print_trait("scheduler", *e->stack ? caps_scheduler(e->caps) : "");
	print_trait("version", e->version);
	print_trait("not measured:", missing);
}

static int list_impls(const struct registry *r)
{
	for (size_t i = 0; i < r->items; i++) {
		const struct entry *e = &r->item[i].entry;
		if (!seen_before(r, i, impl_of))
			list_impl(e, missing_of(r, e->impl));
	}
	return OK;
}

static int list_waits(const struct registry *r)
{
	for (size_t i = 0; i < r->items; i++)
		if (!seen_before(r, i, wait_of))
			printf("%s\n", r->item[i].entry.wait);
	return OK;
}

static int list_benches(const struct registry *r)
{
	for (size_t i = 0; i < r->items; i++)
		if (*r->item[i].entry.job && !seen_before(r, i, job_of))
			printf("%-15s %s\n", r->item[i].entry.job, r->item[i].entry.job_summary);
	return OK;
}

static void list_place(const struct place *p)
{
	if (*p->missing)
		printf("%-15s not measured: %s\n", p->name, p->missing);
	else if (p->cpu[0] < 0)
		printf("%-15s not pinned\n", p->name);
	else if (p->cpu[0] == p->cpu[1])
		printf("%-15s CPU %d\n", p->name, p->cpu[0]);
	else
		printf("%-15s CPUs %d and %d\n", p->name, p->cpu[0], p->cpu[1]);
}

static int list_places(const struct registry *r)
{
	(void)r;
	struct places p;
	char error[512];
	int status = place_choose(NULL, &p, error, sizeof error);
	if (status)
		return complain(status, "%s", error);
	list_place(&p.same);
	list_place(&p.other);
	for (unsigned i = 0; i < p.farthers; i++)
		list_place(&p.farther[i]);
	list_place(&p.free);
	return OK;
}

static int list_kernel_threads(const struct registry *r)
{
	struct kernel_only k;
	(void)r;
	kernel_only_probe(&k);
	kernel_only_print(&k, stdout);
	return OK;
}

static int list_sharing(const struct registry *r)
{
	return sharing_print(r, stdout) ? complain(FAILED, "list sharing: a context could not be made") : OK;
}

static const struct {
	const char *name;
	int (*list)(const struct registry *r);
} lists[] = {
	{ "impls", list_impls },
	{ "waits", list_waits },
	{ "benches", list_benches },
	{ "places", list_places },
	{ "kernel-threads", list_kernel_threads },
	{ "sharing", list_sharing },
};

enum { LISTS = sizeof lists / sizeof *lists };

/* The list of this name, or each under its name. */
static int list(const struct registry *r, const char *what)
{
	int status = OK;
	for (size_t i = 0; i < LISTS; i++) {
		if (what && strcmp(what, lists[i].name))
			continue;
		if (!what)
			printf("%s%s\n", i ? "\n" : "", lists[i].name);
		status = lists[i].list(r);
	}
	return status;
}

static int verb_list(int argc, char **argv)
{
	struct options o;
	char cells[PATH_MAX], error[1024];
	int status = options_parse(&o, argc, argv, "list", no_options);
	if (status >= 0)
		return status;
	const char *what = optind < argc ? argv[optind] : NULL;
	bool known = !what;
	for (size_t i = 0; i < LISTS && what; i++)
		known |= !strcmp(what, lists[i].name);
	if (!known || optind + 1 < argc)
		return complain(USAGE,
			"list %s: impls, waits, benches, places, kernel-threads or sharing were expected",
			argv[argc - 1]);
	struct registry r;
	find_cells(cells, sizeof cells);
	if (registry_load(&r, cells, error, sizeof error))
		return complain(MISSING, "%s", error);
	status = list(&r, what);
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
	int status = options_parse(&o, argc, argv, verb, no_options);
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

static int show_verdicts(const struct record *r)
{
	return verdicts_print(r, 0, stdout);
}

static int verb_table(int argc, char **argv)
{
	char plots[PATH_MAX];
	beside_program("../plots", "share/ctxbench/plots", plots, sizeof plots);
	return table_verb(argc, argv, plots);
}

static int verb_verdicts(int argc, char **argv)
{
	return with_file(argc, argv, "verdicts", show_verdicts);
}

/* -- env */
static struct record *describe_this_machine(void)
{
	struct places p;
	struct counters c;
	char error[512];
	struct record *r = record_new();
	environment_describe(r, "");
	if (place_choose(NULL, &p, error, sizeof error))
		complain(FAILED, "%s", error);
	else
		place_describe(&p, r);
	if (!counters_choose(NULL, &c, error, sizeof error)) {
		counters_describe(&c, r);
		counters_free(&c);
	}
	return r;
}

static int verb_env(int argc, char **argv)
{
	static const int allowed[] = { ADVICE, 0 };
	struct options o;
	int status = options_parse(&o, argc, argv, "env", allowed);
	if (status >= 0)
		return status;
	if (argc - optind > 1)
		return complain(USAGE, "env: one result file was expected, or none for this machine");
	const char *file = argv[optind]; /* of a file it is the machine that it was measured on */
	struct record *r = file ? read_or_complain(file) : describe_this_machine();
	if (!r)
		return USAGE;
	if (o.advice)
		advice_print(r, !file && !geteuid(), stdout);
	else
		for (size_t i = 0; i < r->keys; i++)
			printf("%s: %s\n", r->key[i].key, r->key[i].value);
	record_free(r);
	return finish(OK);
}

static int verb_figure(int argc, char **argv)
{
	char plots[PATH_MAX];
	beside_program("../plots", "share/ctxbench/plots", plots, sizeof plots);
	return figure_verb(argc, argv, plots);
}

static int verb_report(int argc, char **argv)
{
	char plots[PATH_MAX];
	beside_program("../plots", "share/ctxbench/plots", plots, sizeof plots);
	return report_verb(argc, argv, plots);
}

static int verb_man(int argc, char **argv)
{
	struct options o;
	int status = options_only(&o, argc, argv, "man", no_options);
	if (status >= 0)
		return status;
	man_print(options_usage, BUILD_VERSION, BUILD_DATE, stdout);
	return finish(OK);
}

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
} verbs[] = {
	{ "run", verb_run },
	{ "list", verb_list },
	{ "plan", verb_plan },
	{ "compare", compare_verb },
	{ "fleet", fleet_verb },
	{ "table", verb_table },
	{ "verdicts", verb_verdicts },
	{ "figure", verb_figure },
	{ "report", verb_report },
	{ "export", export_verb },
	{ "anonymise", anonymise_verb },
	{ "env", verb_env },
	{ "conform", verb_conform },
	{ "man", verb_man },
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
		int status = options_parse(&o, argc, argv, "ctxbench", no_options);
		return status >= 0 ? status : complain(USAGE, "a verb was expected (see ctxbench --help)");
	}
	if (*verb)
		return complain(USAGE, "%s: no such verb (see ctxbench --help)", verb);
	fputs(options_usage, stderr);
	return USAGE;
}
