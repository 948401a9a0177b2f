#!/bin/sh
# SPDX-License-Identifier: MIT
# The suite's own speed beside what others have: figures, no tests. Both sides of a line are measured in turns on one
# CPU, and each number is the median of its turns. `make bench-self` calls it.
set -u

cd "$(dirname "$(readlink -f "$0")")/../.." || exit
export LC_ALL=C
unset MAKEFLAGS MFLAGS MAKELEVEL
build=build
turns=5
runs=5 # of perf bench in a turn: short ones, which fit between two preemptions as our samples do
loops_of_call=20000
loops_of_pipe=20000
scratch=$(mktemp -d) || exit
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM

have() {
	command -v "$1" >/dev/null 2>&1
}

# -- numbers: a column of them on standard input
median() {
	sort -g | awk '{ x[NR] = $1 } END { if (NR) print (x[int((NR + 1) / 2)] + x[int(NR / 2) + 1]) / 2 }'
}

# -- lines: what, ours, theirs, ratio, target

heading() {
	printf '%-44s %11s %11s %6s  %s\n' "$1" ours theirs ratio target
}

# line WHAT UNIT OURS THEIRS LEAST MOST: the ratio should lie between the two; without them it has no target.
line() {
	awk -v what="$1" -v unit="$2" -v a="$3" -v b="$4" -v least="$5" -v most="$6" 'BEGIN {
		target = most == "" ? "none" : least > 0 ? (least " to " most) : ("at most " most)
		if (most != "")
			target = target (a / b >= least && a / b <= most ? ": met" : ": missed")
		printf "%-44s %8.4g %s %8.4g %s %6.3f  %s\n", what, a, unit, b, unit, a / b, target
	}'
}

not_measured() {
	printf '%-44s not measured: %s\n' "$1" "$2"
}

# -- the switch beside Boost.Context's, in one process

# The archive before the shared library: theirs is not to pay for a jump through a table.
link_fcontext() {
	for library in -l:libboost_context.a -lboost_context; do
		# shellcheck disable=SC2086 # lists of words
		${CC:-cc} -O2 -std=gnu11 -D_GNU_SOURCE -falign-functions=64 bench/self/fcontext.c $build/instance/uthread-jmp.none.o \
			$build/instance/uthread-inline.none.o $build/port.o -o "$scratch/fcontext" $library 2>"$scratch/error" && return
	done
	return 1
}

of_fcontext() {
	awk -v name="$1" '$1 == name { print $2 }' "$scratch/numbers"
}

beside_fcontext() {
	if ! link_fcontext; then
		not_measured "switch / Boost.Context's" "no libboost_context (package libboost-context-dev)"
	elif ! $pinned "$scratch/fcontext" >"$scratch/numbers" 2>"$scratch/error"; then
		not_measured "switch / Boost.Context's" "$(head -n 1 "$scratch/error")"
	else
		line "uthread-jmp switch / C call of jump_fcontext" ns "$(of_fcontext uthread-jmp)" "$(of_fcontext fcontext)" 0 0.5
		line "uthread-inline switch / the same" ns "$(of_fcontext uthread-inline)" "$(of_fcontext fcontext)" 0 0.3
	fi
}

# -- cells beside perf bench, which runs as SCHED_OTHER

# cell FILTER UNIT: its trials' medians, a line each.
cell() {
	$build/ctxbench run --only "$1" --trials 1 --counters none --cpus "$cpu" --quiet --out "$scratch/result.txt" \
		>"$scratch/table" 2>"$scratch/reason"
	[ -e "$scratch/result.txt" ] || return
	awk -v unit="$2" '/^Benchmark/ { for (i = 4; i <= NF; i += 2) if ($i == unit) print $(i - 1) }' "$scratch/result.txt"
	sed -n 's/^\(Invalid\|Missing\).*reason="\(.*\)"$/\2/p' "$scratch/result.txt" >"$scratch/reason"
	rm -f "$scratch/result.txt"
}

# of_perf PARTS ARGUMENT...: ns per loop / PARTS.
of_perf() {
	parts=$1
	shift
	for _ in $(seq $runs); do
		$pinned perf bench "$@" 2>"$scratch/error"
	done | awk -v parts="$parts" '/usecs\/op/ { print $1 * 1000 / parts }' | median
}

# beside_perf WHAT FILTER UNIT PARTS LEAST MOST ARGUMENT...: one loop of `perf bench ARGUMENT...` makes PARTS of ours.
beside_perf() {
	what=$1 filter=$2 unit=$3 parts=$4 least=$5 most=$6
	shift 6
	: >"$scratch/ours"
	: >"$scratch/theirs"
	for _ in $(seq $turns); do
		cell "$filter" "$unit" >>"$scratch/ours"
		of_perf "$parts" "$@" >>"$scratch/theirs"
	done
	if [ ! -s "$scratch/theirs" ]; then
		not_measured "$what" "$(head -n 1 "$scratch/error" | grep . || echo "this perf has no bench $1 $2")"
	elif [ ! -s "$scratch/ours" ]; then
		not_measured "$what" "$(head -n 1 "$scratch/reason")"
	else
		line "$what" ns "$(median <"$scratch/ours")" "$(median <"$scratch/theirs")" "$least" "$most"
	fi
}

all_beside_perf() {
	if ! have perf || ! $pinned perf bench syscall basic -l 1 >/dev/null 2>&1; then
		not_measured "system call, pipe / perf bench" "no perf with bench syscall (package linux-perf or linux-tools)"
		return
	fi
	beside_perf "null system call / perf bench syscall basic" "bench=syscall call=null" ns/op 1 0.97 1.03 \
		syscall basic -l $loops_of_call
	beside_perf "process pipe switch / half of sched pipe" "bench=switch impl=process wait=pipe policy=other place=same-pu" \
		ns/switch 2 0.95 1.05 sched pipe -l $loops_of_pipe
	beside_perf "pthread pipe switch / half of sched pipe -T" "bench=switch impl=pthread wait=pipe policy=other place=same-pu" \
		ns/switch 2 "" "" sched pipe -T -l $loops_of_pipe
	echo "  (in a process with threads glibc's read and write are cancellable, which costs them; ours are not)"
}

. bench/self/user-threads.sh
. bench/self/files.sh

# -- a clean build of everything, tests' programs too

copy_sources() {
	mkdir "$scratch/tree" && cp -R Makefile bench harness impls plots results/README.md tests "$scratch/tree"
}

uptime_s() {
	cut -d ' ' -f 1 /proc/uptime
}

clean_build() {
	jobs=$(nproc)
	[ "$jobs" -le 2 ] || jobs=2
	copy_sources
	begin=$(uptime_s)
	# shellcheck disable=SC2046 # a list of words
	if ! make -s -j "$jobs" -C "$scratch/tree" all \
		$(for f in tests/*.c; do echo "build/${f%.c}"; done) >"$scratch/error" 2>&1; then
		not_measured "clean build" "$(grep -m 1 . "$scratch/error")"
		return
	fi
	line "clean build of everything, -j $jobs / 20 s" "s " "$(echo "$(uptime_s) $begin" | awk '{ print $1 - $2 }')" 20 0 1
}

cpu=$($build/ctxbench list places | awk '$1 == "same-pu" { print $3 }')
pinned="taskset -c $cpu"
have taskset || pinned=
if [ -z "$cpu" ]; then
	echo "bench/self: $build/ctxbench names no CPU to measure on" >&2
	exit 69
fi
awk '$1 > 0.5 { print "load average " $1 ": others run here, and what takes long will include them" }' /proc/loadavg
heading "one switch, call or build, on CPU $cpu"
beside_fcontext
all_beside_perf
user_threads
clean_build
compare_files
