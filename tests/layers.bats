#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Who must never know whom. A rule prints what breaks it; each is shown to find what is planted in a copy of the tree,
# since a check that cannot fail says nothing.

setup() {
	cd "$BATS_TEST_DIRNAME/.." || return
}

# -- reading C and assembly

# code [-s] FILE: without comments; with -s also without the insides of strings, except the names of included files.
code() {
	perl -0777 -e '
		my $strings = $ARGV[0] eq "-s" && shift;
		local $_ = <>;
		s{(^[ \t]*\#[ \t]*include[^\n]*)|("(?:\\.|[^"\\\n])*")|(\x27(?:\\.|[^\x27\\\n])+\x27)|/\*.*?\*/|//[^\n]*}
			{defined $1 ? $1 : defined $2 ? ($strings ? q("") : $2) : defined $3 ? $3 : " "}gmse;
		print' -- "$@"
}

# found FILE WHAT PATTERN: the lines that match, after the file's name. WHAT: "code", or "text" for strings too.
found() {
	case $2 in
	code) code -s "$1" ;;
	text) code "$1" ;;
	esac | grep -nE "$3" | sed "s|^|$1:|" || true
}

includes() {
	code "$1" | sed -n 's/^[ \t]*#[ \t]*include[ \t]*//p'
}

printing='\<(f|d|v|vf|vd)?printf\>|\<f?puts\>|\<f?putc(har)?\>|\<fwrite\>|\<perror\>'
clocks='\<clock|\<gettimeofday\>|\<time *\(|\<arch_ticks\>|rdtsc|cntvct|\<struct clock_facts\>'
counting='\<perf_|\<pfm_|\<getrusage\>|\<PERF_'
results='\<record_|record\.h|\<fopen\>|\<FILE\>'

# -- the rules: each prints its violations under the current directory

rule_arch() {
	for f in impls/arch/*.S; do
		found "$f" code '\<struct\>|\<offsetof\>|#[ \t]*include|\.include'
	done
}

# One whose head says that its jobs are its own tells what they are, and still measures nothing.
rule_impls() {
	for f in impls/*.[ch] impls/*.cc impls/library/*.h impls/waits/*.c; do
		benches="\"[^\"]*(bench|harness)/|_job\>|\<struct job\>|\<ops\>|"
		head -n 6 "$f" | grep -q '^// jobs: own' && benches='"[^"]*bench/|'
		found "$f" code "$benches$printing|$clocks|$counting|$results"
	done
}

# Beside the verbs and the compiler's atomics a template calls only what templates define. That shuts out libc, and so
# clocks, files and memory, whatever they are called. What is static is state outside the arena, unless it is constant.
rule_templates() {
	defined=$(for f in bench/*.c; do code -s "$f"; done |
		perl -0777 -ne 'print "$1\n" while /^(?:UNTIMED )?[a-z][\w *]*?(\w+)\([^;{}]*\)\n\{/gm')
	for f in bench/*.c; do
		found "$f" code '#[ \t]*(include|if|elif)'
		found "$f" code '\<(float|double|_Thread_local|__thread)\>|\<IMPL_|\<WAIT_'
		found "$f" code '\<static\>[^({]*[=;]' | grep -v '\<const\>' || true
		found "$f" code "$printing|$clocks|\<(malloc|calloc|realloc|free|cpu|sched_[a-z]+|getcpu|errno)\>"
		# shellcheck disable=SC2086
		code -s "$f" | grep -oE '\<[A-Za-z_]\w*\(' | tr -d '(' | sort -u |
			grep -vxE 'ctx_[a-z]+|__atomic_[a-z_]+|sizeof|for|while|if|return|switch' |
			grep -vxF "$defined" | sed "s|.*|$f: calls &|" || true
	done
}

rule_instance() {
	f=harness/cell/instance.c
	includes $f | grep -vxE '"verbs.h"|IMPL_SOURCE|"benches.h"|"conform.c"|"once.c"' | sed "s|^|$f: includes |" || true
	code -s $f | perl -0777 -ne 'print "'$f': has code of its own: $1\n" while /(\w+\([^)]*\)\s*\{)/g'
	# shellcheck disable=SC2046
	found $f code "\<($(words impls/*.c impls/waits/*.c bench/*.c))(_|\>)"
}

# words FILE...: their names, as a pattern of alternatives.
words() {
	printf '%s\n' "$@" | sed 's|.*/||; s|\..*||' | sort -u | paste -sd '|'
}

rule_cell() {
	named=$(words impls/*.c impls/waits/*.c bench/*.c)
	for f in harness/cell/*.[ch] harness/cell/*/*.h; do
		found "$f" code 'hwloc|perfmon|\<pfm_|\<record_|"[^"]*(record|filter)\.h|"[^"]*(analyse|run)/'
		case $f in
		harness/cell/instance.c | harness/cell/absent.c | harness/cell/probe*) ;;
		*)
			found "$f" text "\"($named)\""
			includes "$f" | grep -E '"[^"]*(bench|impls)/' | grep -vE '/impls/(arch/arch|keeper).h"$' | sed "s|^|$f: includes |" || true
			;;
		esac
	done
}

rule_run() {
	for f in harness/run/*.[ch]; do
		includes "$f" | grep -E '"[^"]*(cell|bench|impls|analyse)/|"[^"]*(impl|verbs)\.h' | sed "s|^|$f: includes |" || true
		found "$f" code '\<ctx_[a-z]+ *\(|\<struct (ctx|job|impl|point)\>'
	done
}

rule_analyse() {
	for f in harness/analyse/*.[ch]; do
		includes "$f" | grep -E '"[^"]*(cell|run|bench|impls|publish)/|"[^"]*(protocol|impl|verbs)\.h|perf_event' |
			sed "s|^|$f: includes |" || true
	done
}

# What is published comes from files, and from what analyse makes of them; only verb.c has seen a command line.
rule_publish() {
	for f in harness/publish/*.[ch]; do
		includes "$f" | grep -E '"[^"]*(cell|run|bench|impls)/|"[^"]*(protocol|impl|verbs)\.h|perf_event' |
			sed "s|^|$f: includes |" || true
		case $f in
		harness/publish/verb*.c) ;;
		*) includes "$f" | grep -E '"[^"]*options\.h' | sed "s|^|$f: includes |" || true ;;
		esac
	done
}

# What is compared comes from files, too, and analyse is not made of comparisons; only verb.c has seen a command line.
rule_compare() {
	for f in harness/compare/*.[ch]; do
		includes "$f" | grep -E '"[^"]*(cell|run|bench|impls|publish)/|"[^"]*(protocol|impl|verbs)\.h|perf_event' |
			sed "s|^|$f: includes |" || true
		case $f in
		harness/compare/*verb*.c) ;;
		*) includes "$f" | grep -E 'options\.h|getopt' | sed "s|^|$f: includes |" || true ;;
		esac
	done
	for f in harness/analyse/*.[ch]; do
		includes "$f" | grep -E '"[^"]*compare/' | sed "s|^|$f: includes |" || true
	done
}

rule_stats() {
	for f in harness/analyse/stats.[ch]; do
		includes "$f" | grep -E '^"' | grep -vx '"stats.h"' | sed "s|^|$f: includes |" || true
		found "$f" text "\"[^\"]*\<(ns|us|ms|ticks|cycles|switch|switches)\>[^\"]*\"|\<FILE\>|\<fopen\>|\<record"
	done
}

# The keys are those of results/README.md; the one that says what the file is, record has to know.
# shellcheck disable=SC2016
rule_record() {
	known=$(sed -n '/^## Keys/,$s/^| \(`.*`\) | .*/\1/p' results/README.md | tr -d '\140' | tr ' ' '\n' |
		sed 's/NAME$//; s/EVENT$//; s/\./\\./g' | grep -vx ctxbench | paste -sd '|')
	for f in harness/record*.[ch] harness/arena.[ch] harness/number.[ch] harness/aside.[ch]; do
		found "$f" text "\"($known)\""
		includes "$f" | grep -E '"[^"]*/' | sed "s|^|$f: includes |" || true
	done
}

rule_plots() {
	for f in plots/*.gp; do
		sed 's/^[ \t]*#.*//' "$f" |
			grep -nE "results/|Benchmark|(Invalid|Missing|Samples)/|(impl|bench)=|[\"'] *<|\\<system *\\(" |
			sed "s|^|$f:|" || true
	done
}

# -- and their tests

# kept RULE: the tree breaks it nowhere.
kept() {
	run "rule_$1"
	echo "$output"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

# finds RULE FILE TEXT: TEXT at the end of a copy of FILE breaks it.
finds() {
	copy="$BATS_TEST_TMPDIR/tree"
	if [ ! -d "$copy" ]; then
		mkdir "$copy"
		cp -R bench harness impls plots results "$copy"
	fi
	printf '%b' "$3" >>"$copy/$2"
	run in_copy "rule_$1"
	cp "$2" "$copy/$2"
	echo "$3: $output"
	[[ $output == *"$2:"* ]]
}

in_copy() (
	cd "$copy" || return
	"$@"
)

@test "assembly knows no C struct" {
	kept arch
	finds arch impls/arch/x86_64.S '\t.set child, offsetof(struct ctx, tid)\n'
	finds arch impls/arch/riscv64.S '#include "frame.h"\n'
}

@test "impls and waits know no bench, clock, counter or result" {
	kept impls
	finds impls impls/lwp.c 'static long t(void) { struct timespec t; clock_gettime(1, &t); return t.tv_nsec; }\n'
	finds impls impls/library/mn.h '#include <stdio.h>\nstatic void say(void) { puts("x"); }\n'
	finds impls impls/waits/pipe.c '#include "../../bench/switch.c"\n'
	finds impls impls/null.c 'static void say(void) { printf("switched"); }\n'
	finds impls impls/kthread-stopper.c 'static long t(void) { struct timespec t; clock_gettime(1, &t); return t.tv_nsec; }\n'
	finds impls impls/cxx20.c 'static long t(void) { return arch_ticks(); }\n'
	finds impls impls/boost-fiber.cc 'static void say(void) { std::puts("switched"); }\n'
	finds impls impls/stack.h 'static const struct job *now = &switch_job;\n'
}

@test "templates know no impl, clock, CPU, file, printing, libc, floating point or thread-local" {
	kept templates
	finds templates bench/switch.c '#include <stdint.h>\n'
	finds templates bench/create.c '#ifdef IMPL_SHARES_VM\n#endif\n'
	finds templates bench/mode.c 'static double mean(void)\n{\n}\n'
	finds templates bench/mode.c 'static struct pair *last;\n'
	finds templates bench/mode.c 'extern _Thread_local int mine;\n'
	finds templates bench/spawn.c 'static void f(void)\n{\n\tgetpid();\n}\n'
	finds templates bench/wake.c 'static void f(void)\n{\n\tprintf("x");\n}\n'
}

@test "instance.c holds the includes and the section" {
	kept instance
	finds instance harness/cell/instance.c '#include <stdio.h>\n'
	finds instance harness/cell/instance.c 'static int f(void)\n{\n\treturn 0;\n}\n'
	finds instance harness/cell/instance.c 'static const void *first = &switch_job;\n'
}

@test "cell knows no hwloc, libpfm4, result file; and no impl or bench by name" {
	kept cell
	finds cell harness/cell/trial.c '#include <hwloc.h>\n'
	finds cell harness/cell/events.c '#include "../record.h"\n'
	finds cell harness/cell/witness.c 'static const char *special = "lwp";\n'
	finds cell harness/cell/clock.c 'static const char *special = "yield-alone";\n'
	finds cell harness/cell/cell.c '#include "../../impls/lwp.c"\n'
}

@test "run knows cells by name, point and protocol" {
	kept run
	finds run harness/run/place.c '#include "../cell/impl.h"\n'
	finds run harness/run/counters.c 'static int f(struct job *j) { return j->loop(0, 1); }\n'
}

@test "analyse reads files only" {
	kept analyse
	finds analyse harness/analyse/table.c '#include "../run/place.h"\n'
	finds analyse harness/analyse/cells.c '#include "../protocol.h"\n'
}

@test "publish reads files only, and no command line" {
	kept publish
	finds publish harness/publish/ladder.c '#include "../run/place.h"\n'
	finds publish harness/publish/figures.c '#include "../options.h"\n'
	finds publish harness/publish/page.c '#include "../options.h"\n'
	finds publish harness/publish/report.c '#include "../run/place.h"\n'
	finds analyse harness/analyse/cells.c '#include "../publish/figures.h"\n'
}

@test "compare reads files only, and no command line" {
	kept compare
	finds compare harness/compare/sides.c '#include "../run/place.h"\n'
	finds compare harness/compare/verdict.c '#include "../options.h"\n'
	finds compare harness/analyse/cells.c '#include "../compare/sides.h"\n'
}

@test "stats knows no unit, name or file" {
	kept stats
	finds stats harness/analyse/stats.c '#include "../record.h"\n'
	finds stats harness/analyse/stats.c 'static const char *unit = "ns per switch";\n'
}

@test "record does not know what a key means" {
	kept record
	finds record harness/record.c 'static const char *special = "complete";\n'
	finds record harness/record.c 'static const char *special = "mitigations.";\n'
	finds record harness/record.h '#include "run/place.h"\n'
}

@test "plots read columns only" {
	set -- plots/*.gp
	[ -e "$1" ] || skip "there are no figures"
	kept plots
	finds plots "$1" 'plot "< grep ^Benchmark results/vm/1.txt" using 3\n'
}

# -- the folder is the registry

@test "every source says its licence on its first lines" {
	unsigned() {
		find . \( -path ./.git -o -path ./build -o -path ./results \) -prune -o -type f \
			\( -name '*.[chS]' -o -name '*.cc' -o -name '*.gp' -o -name '*.bats' -o -name '*.sh' -o -name Makefile -o -perm -u+x \) -print |
			while read -r f; do
				head -n 2 "$f" | grep -qE '^(//|#|/\*) SPDX-License-Identifier: ' || echo "$f"
			done
	}
	run unsigned
	echo "$output"
	[ -z "$output" ]
	copy="$BATS_TEST_TMPDIR"
	echo 'int x;' >"$copy/x.c"
	run in_copy unsigned
	[ "$output" = ./x.c ]
}

listed() {
	build/ctxbench list impls | awk '/^[^ ]/ { print $1 }' | sort -u
}

@test "ctxbench lists the impls that the folder holds" {
	[ -x build/ctxbench ] || skip "build/ctxbench is not built"
	run listed
	[ "$output" = "$(printf '%s\n' impls/*.c impls/runtimes/*/runtime.h | sed 's|/runtime\.h$||; s|.*/||; s|\.c$||' | sort)" ]
}
