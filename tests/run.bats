#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The command line: what is mistyped is one line and 2, what can't be written is an error, what is measured is a file that
# can be read again, on odd machines too.

load helper

setup_file() {
	make_tree
	cd "$around/open" || return
	"$ctxbench" run --only "$small" --trials 2 --seed 7 --keep-samples --out "$around/a.txt" >"$around/a.out" 2>"$around/a.err" &&
		echo 0 >"$around/a.status" || echo $? >"$around/a.status"
	"$ctxbench" run --only "$small" --trials 2 --seed 8 --quiet --out "$around/b.txt" >"$around/b.out" 2>"$around/b.err" || true
}

teardown_file() {
	remove_tree
}

setup() {
	cd "$around/open" || return
}

# Quick, and valid however busy the machine is: nothing in them depends on who else runs.
export small='impl=uthread-jmp,ucontext bench=switch,mode'
export least='bench=syscall call=empty-loop'

# mistyped TEXT ARG...: status 2 and one line that has the text; nothing was measured and nothing written.
mistyped() {
	text=$1
	shift
	before=$(find "$around")
	run "$ctxbench" "$@"
	echo "$*: $status: $output"
	[ "$status" -eq 2 ]
	one_line_of_ours
	[[ $output == *"$text"* ]]
	[ "$(find "$around")" = "$before" ]
}

# refused STATUS TEXT COMMAND...: this status, and a line of ours that has the text.
refused() {
	expected=$1 text=$2
	shift 2
	run "$@"
	echo "$status: $output"
	[ "$status" -eq "$expected" ]
	grep -F "ctxbench: " <<<"$output" | grep -qF -- "$text"
}

# -- usage

@test "a mistyped option is one line and 2" {
	mistyped "--bief: no such option of run" run --bief
	mistyped "--brie: no such option of run" run --brie
	mistyped "--tri=3: no such option of run" run --tri=3
	mistyped "--quiet=yes: no such option of run" run --quiet=yes
	mistyped "-x: no such option of run" run -x
	mistyped "--seed needs a value" run --seed
	mistyped "'fast' is not an option" run fast
	mistyped "--only: no such option of list" list --only impl=lwp
	mistyped "-y: no such option of run" run -yz
	mistyped "one result file was expected, or none for this machine" env x y
	mistyped "'x' is not an option" plan x
	mistyped "'x' is not an option" conform x
	mistyped "rnu: no such verb" rnu
	mistyped "--verison: no such option of ctxbench" --verison
	run "$ctxbench"
	[ "$status" -eq 2 ]
}

@test "a mistyped value is one line and 2" {
	mistyped "--seed abc: a whole number" run --seed abc
	mistyped "--seed 0: a whole number" run --seed 0
	mistyped "--seed 1x: a whole number" run --seed 1x
	mistyped "--seed -1: a whole number" run --seed -1
	mistyped "--seed 99999999999999999999: a whole number" run --seed 99999999999999999999
	mistyped "--trials 0: a whole number" run --trials 0
	mistyped "--trials 1.5: a whole number" run --trials 1.5
	mistyped "--rounds many: a whole number" conform --rounds many
	mistyped "--time-limit nan: seconds" run --time-limit nan
	mistyped "--time-limit -3: seconds" run --time-limit -3
	mistyped "--time-limit 1,5: seconds" run --time-limit 1,5
	mistyped "--brief and --full exclude each other" run --brief --full
	mistyped "--brief and --full exclude each other" run --full --brief
}

@test "a time limit that can't be kept says the least that can" {
	mistyped "take at least" run --time-limit 0.1
	[[ $output =~ "take at least "[0-9]+" s" ]]
	mistyped "1 cells of 6 trials take at least 1 s" run --only "$least" --counters none --time-limit 0.1
}

@test "a mistyped filter, event or CPU is one line and 2" {
	mistyped "unknown key 'imp' in 'imp=lwp', expected one of" run --only imp=lwp
	mistyped "'lwp' has no '='" run --only lwp
	mistyped "nothing to match in 'impl='" run --only impl=
	mistyped "no cell has impl=lpw; impl is one of:" run --only impl=lpw
	mistyped "no cell has bench=swich" run --only 'impl=lwp bench=swich'
	mistyped "no cell has call=fast" run --only 'call=fast'
	mistyped "no cell has all of these at once" run --only 'impl=uthread-jmp wait=futex'
	mistyped "no cell has impl=lpw" plan --only impl=lpw
	mistyped "no cell has impl=lpw" conform --only impl=lpw
	mistyped "no event 'cylces'" run --counters cylces
	mistyped "no event 'cylces'" run --counters page-faults,cylces
	mistyped "CPU 99999 is not online" run --cpus 99999
	mistyped "'x' is not CPU numbers" run --cpus x
	mistyped "'0,x' is not CPU numbers" run --cpus 0,x
	mistyped "'-1' is not CPU numbers" run --cpus -1
	mistyped "'0,0' names one CPU twice" run --cpus 0,0
	mistyped "list everything: impls, waits, benches, places, kernel-threads or sharing" list everything
}

@test "a result file that is none is one line and 2" {
	echo "not a result" >"$around/none.txt"
	for verb in table verdicts; do
		mistyped "result file was expected" $verb
		mistyped "one result file was expected" $verb "$around/a.txt" "$around/a.txt"
		mistyped "$around/absent.txt: " $verb "$around/absent.txt"
		mistyped "Is a directory" $verb "$around"
		mistyped "$around/none.txt:1: not a ctxbench result file" $verb "$around/none.txt"
	done
	mistyped "compare: two result files were expected" compare "$around/a.txt"
	mistyped "$around/absent.txt: " compare "$around/a.txt" "$around/absent.txt"
}

@test "--help and --version, everywhere" {
	for verb in "" run list plan compare table verdicts env conform; do
		run "$ctxbench" $verb --help
		[ "$status" -eq 0 ]
		[ "${lines[0]}" = "usage: ctxbench VERB [options]" ]
		run "$ctxbench" $verb --version
		[ "$status" -eq 0 ]
		[[ $output =~ ^"ctxbench "[0-9]+\.[0-9]+\.[0-9]+" ("[0-9a-z.-]+")"$ ]]
	done
	"$ctxbench" --help | awk 'length > 80 { print; bad = 1 } END { exit bad }'
}

@test "every option of run is in the help, and every one that the help names is taken" {
	for option in brief full aa only trials counters cpus seed time-limit out keep-samples quiet; do
		"$ctxbench" --help | grep -qE "^  --$option( |$)"
	done
	"$ctxbench" plan --full --only 'impl=lwp bench=create' --trials 3 --counters none --seed 5 --time-limit 60 --keep-samples \
		--quiet --out "$around/open/never.txt"
	[ ! -e "$around/open/never.txt" ]
}

# -- what needs no measurement

@test "list: impls, waits, benches and places, together and one by one" {
	"$ctxbench" list >"$around/list"
	for what in impls waits benches places; do
		grep -qx $what "$around/list"
		"$ctxbench" list $what >"$around/list.one"
		[ -s "$around/list.one" ]
		[ "$(grep -cxFf "$around/list.one" "$around/list")" -ge "$(wc -l <"$around/list.one")" ]
	done
	# what there is, is what the folders hold
	"$ctxbench" list benches | awk '{ print $1 }' | sort >"$around/benches"
	(cd "$root/bench" && ls -- *.c probes) | sed -n 's/\.c$//p' | sort | diff - "$around/benches"
	"$ctxbench" list waits | sort >"$around/waits"
	(cd "$root/impls" && ls waits kthread/waits) | sed -n 's/\.c$//p' | sort -u | diff - "$around/waits"
	"$ctxbench" list places | grep -q '^same-pu '
}

@test "plan: the names and the length, every name of the same parts in the same order" {
	"$ctxbench" plan --full >"$around/plan"
	tail -n 1 "$around/plan" | grep -qE '^[0-9]+ cells, 10 trials each, about [0-9]+ s$'
	[ "$(head -n -1 "$around/plan" | wc -l)" = "$(tail -n 1 "$around/plan" | cut -d' ' -f1)" ]
	head -n -1 "$around/plan" | sed 's/  not measured: ..*//' >"$around/names"
	absent grep -vE "$name_of_a_cell" "$around/names"
	absent grep -E '=[^/]*-[0-9]' "$around/names"
	[ -z "$(sort "$around/names" | uniq -d)" ]
	for n in brief:6 quick:47; do
		extent=${n%:*} cells=${n#*:}
		[ "$extent" = quick ] || set -- "--$extent"
		"$ctxbench" plan "$@" | tail -n 1 | grep -q "^$cells cells, 6 trials each"
		set --
	done
}

export name_of_a_cell='^[A-Z][A-Za-z]+/impl=[a-z0-9-]+/wait=[a-z-]+/policy=(batch|other|fifo)/place=[a-z0-9-]+(/[a-z][a-z-]*=[a-z0-9-]+)*$'

@test "env, env --advice" {
	"$ctxbench" env >"$around/env"
	for name in host cpu kernel arch clocksource mitigations.spectre_v2 thp affinity topology; do
		grep -q "^$name: ." "$around/env"
	done
	"$ctxbench" env --advice >"$around/advice"
	absent grep -q $'\033' "$around/env" "$around/advice"
}

# -- a run

@test "a run is valid, its file is whole and says what was asked for" {
	cat "$around/a.err"
	[ "$(cat "$around/a.status")" -eq 0 ]
	[ "$(head -n 1 "$around/a.txt")" = "ctxbench: 1" ]
	[ "$(key complete "$around/a.txt")" = yes ]
	[ "$(key run "$around/a.txt")" = custom ]
	[ "$(key trials "$around/a.txt")" = 2 ]
	[ "$(key seed "$around/a.txt")" = 7 ]
	grep -q "^$around/a.txt\$" "$around/a.out"
	absent grep -aq '^Invalid/' "$around/a.txt"
	[ "$(values ns/switch "$around/a.txt" | wc -l)" -eq 4 ]
	[ "$(values syscalls/op "$around/a.txt" impl=uthread-jmp | sort -u)" = 0 ]
	[ "$(values tasks/op "$around/a.txt" | sort -u)" = 0 ]
	# written aside and renamed: nothing is left of that
	[ -z "$(find "$around" -name '*.tmp')" ]
}

@test "every line is one of the kinds that results/README.md names" {
	awk '/^Unit / { head = 1 } /^[a-z].*: / && head { print "key after lines: " $0; bad = 1 }
		!/^(Unit [^ ]+ better=lower( assume=exact)?|[a-z][^ ]*: .*|(Benchmark|Samples\/)[^ ]+ [0-9.e+]+( -?[0-9.e+-]+ [^ ]+)+|(Missing|Invalid)\/.*reason=".*")$/ { print; bad = 1 }
		END { exit bad }' "$around/a.txt"
	grep -aE '^(Benchmark|Samples/)' "$around/a.txt" | awk '{ sub(/^(Benchmark|Samples\/)/, "", $1); print $1 }' |
		absent grep -vE "$name_of_a_cell"
	# six significant digits, and a time is never a bare 0
	grep -aE '^(Benchmark|Samples/)' "$around/a.txt" | awk '{ for (i = 3; i < NF; i += 2) { x = $i; sub(/e.*/, "", x);
		gsub(/[-.]/, "", x); sub(/^0+/, "", x); if (length(x) > 6) { print $i; bad = 1 } } } END { exit bad }'
	absent grep -aE ' 0 (ns/[a-z]+|min-ns)' "$around/a.txt"
}

@test "--keep-samples: every sample of every trial, on the line after it" {
	n=$(key samples "$around/a.txt")
	[ "$(lines_of Samples/ "" "$around/a.txt" | wc -l)" -eq 8 ]
	lines_of Samples/ "" "$around/a.txt" | awk -v n="$n" 'NF != 2 + 2 * n { print NF; bad = 1 } END { exit bad }'
	awk '/^Samples\// { sub(/^Samples\//, "", $1); if (before != $1) { print $1 " after " before; bad = 1 } }
		{ before = $1; sub(/^Benchmark/, "", before) } END { exit bad }' "$around/a.txt"
	absent grep -aq '^Samples/' "$around/b.txt"
}

@test "a run says first what this machine will and will not give, in three lines" {
	"$ctxbench" run --only 'impl=null bench=mode' --trials 1 --counters none --out "$around/three.txt" >/dev/null 2>"$around/three"
	head -n 3 "$around/three" | cut -d: -f1 >"$around/begins"
	[ "$(paste -sd ' ' "$around/begins")" = "counted steady more" ]
	as_normal_user "$ctxbench" run --only 'impl=null bench=mode' --trials 1 --counters none --out "$around/open/user.txt" 2>&1 >/dev/null |
		head -n 3 | grep -c '^counted: \|^steady:  \|^more:    ' | grep -qx 3
	rm "$around"/open/user.txt
}

@test "a seed is an order of trials" {
	order() { grep -aE '^Benchmark.* ns/' "$1" | awk '{ print $1 }'; }
	for file in c:7 d:7 e:9; do
		"$ctxbench" run --only "bench=syscall call=empty-loop,clock-read,vdso,null,enosys" --trials 3 --time-limit 4 --seed "${file#*:}" --counters none --quiet \
			--out "$around/${file%:*}.txt" >/dev/null 2>&1
	done
	[ "$(order "$around/c.txt" | wc -l)" -eq 15 ]
	diff <(order "$around/c.txt") <(order "$around/d.txt")
	absent diff -q <(order "$around/c.txt") <(order "$around/e.txt")
}

@test "table, verdicts and compare read it again" {
	"$ctxbench" table "$around/a.txt" >"$around/table"
	[ -s "$around/table" ]
	grep -q 'uthread-jmp' "$around/table"
	awk '{ gsub(/[^\001-\177]/, "") } length > 80 { print; bad = 1 } END { exit bad }' "$around/table"
	# what the run itself has shown
	grep -qxF "$(sed -n 1p "$around/table")" "$around/a.out"
	"$ctxbench" verdicts "$around/a.txt" >"$around/verdicts"
	grep -q 'not measured' "$around/verdicts"
	"$ctxbench" compare "$around/a.txt" "$around/b.txt" >"$around/compare"
	grep -q 'uthread-jmp' "$around/compare"
}

@test "progress: plain lines where stderr is no terminal, nothing with --quiet" {
	[ "$(head -n 1 "$around/a.err")" = "custom run: 4 cells, 2 trials each, about 1 s" ] ||
		grep -qE '^custom run: 4 cells, 2 trials each, about [0-9]+ s$' "$around/a.err"
	absent grep -q $'[\033\r]' "$around/a.err"
	absent grep -q $'[\033\r]' "$around/a.out"
	absent grep -v 'no picture: ' "$around/b.err"
	absent grep -q $'[\033\r]' "$around/b.out"
}

@test "progress on a terminal: redrawn, and nothing with --quiet" {
	needs script
	script -qec "'$ctxbench' run --only '$least' --trials 3 --counters none --out '$around/t.txt' >'$around/t.out'" "$around/typescript" </dev/null >/dev/null
	grep -q $'\033\[K.* left ' "$around/typescript"
	absent grep -q $'\033' "$around/t.out"
	script -qec "'$ctxbench' run --quiet --only '$least' --trials 3 --counters none --out '$around/t.txt'" "$around/typescript" </dev/null >/dev/null
	absent grep -q $'\033' "$around/typescript"
}

@test "where results go by default: one folder a host, one file a run" {
	"$ctxbench" run --only "$least" --trials 1 --counters none --quiet >"$around/default.out"
	find "$tree/results" -name '*.txt' >"$around/found"
	[ "$(wc -l <"$around/found")" -eq 1 ]
	grep -qE '^.*/results/[A-Za-z0-9_][A-Za-z0-9._-]*/[0-9]{8}T[0-9]{6}Z\.txt$' "$around/found"
	grep -qxF "$(cat "$around/found")" "$around/default.out"
	rm -r "$tree"/results/*/
}

# -- what can't be written

@test "--out that can't be is refused before anything is measured" {
	mkdir -p "$around/open/directory"
	mistyped "--out $around/open/directory: Is a directory" run --out "$around/open/directory"
	rmdir "$around/open/directory"
	mistyped "--out /proc/none/x: " run --out /proc/none/x
	mistyped "--out: a name was expected" run --out ""
	mistyped "--out $around/a.txt/x: " run --out "$around/a.txt/x"
}

@test "--out into a directory that may only be read" {
	mkdir -p "$around/readonly"
	chmod 555 "$around/readonly"
	refused 2 "--out $around/readonly/x.txt: Permission denied" as_normal_user "$ctxbench" run --out "$around/readonly/x.txt"
	[ "${#lines[@]}" -eq 1 ]
}

@test "a full disk is an error, not a file" {
	[ -c /dev/full ] || skip "there is no /dev/full"
	refused 1 "/dev/full: No space left on device" "$ctxbench" run --only "$least" --trials 1 --counters none --out /dev/full
	[ -c /dev/full ]
	for verb in "list" "plan" "env" "table $around/a.txt" "verdicts $around/a.txt" "compare $around/a.txt $around/b.txt" "--help"; do
		# shellcheck disable=SC2016,SC2086
		refused 1 "standard output: " sh -c '"$@" >/dev/full' sh "$ctxbench" $verb
	done
	# shellcheck disable=SC2016
	refused 1 "standard output: " sh -c '"$@" >/dev/full' sh "$ctxbench" run --only "$least" --trials 1 --counters none --out "$around/f.txt"
	[ "$(key complete "$around/f.txt")" = yes ]
}

@test "a device is written to, and stays one; no picture is drawn beside it" {
	"$ctxbench" run --only "$small" --trials 1 --counters none --quiet --out /dev/null >"$around/null.out" 2>"$around/null.err"
	[ -c /dev/null ]
	[ ! -s "$around/null.err" ]
	absent grep -q ladder "$around/null.out"
	as_normal_user "$ctxbench" run --only "$least" --trials 1 --counters none --quiet --out /dev/null >/dev/null
	"$ctxbench" run --only "$least" --trials 1 --counters none --quiet --out /dev/stdout | cat >"$around/through"
	grep -q '^complete: yes' "$around/through"
}

@test "a limit on the size of files is an error, and leaves no piece" {
	needs prlimit
	refused 1 "$around/open/l.txt: File too large" prlimit --fsize=1000 "$ctxbench" run --only "$least" --trials 1 --counters none \
		--out "$around/open/l.txt"
	[ -z "$(ls -A "$around/open")" ]
}

# -- odd machines

@test "one CPU allowed: what needs two is missing, with the reason" {
	needs taskset
	one=$(sed -n 's/^Cpus_allowed_list:[ \t]*\([0-9]*\).*/\1/p' /proc/self/status)
	taskset -c "$one" "$ctxbench" run --only 'impl=lwp,uthread-jmp bench=wake,mode wait=none,futex' --trials 1 --counters none --quiet \
		--out "$around/one.txt" >/dev/null
	[ "$(key cpus-used "$around/one.txt")" = "$one" ]
	lines_of Missing/ "Wake/impl=lwp/" "$around/one.txt" | grep -q 'reason="one CPU allowed"'
	absent lines_of Benchmark "Wake/" "$around/one.txt"
	lines_of Benchmark "Mode/impl=uthread-jmp/" "$around/one.txt"
}

@test "a topology that is not this machine's is refused" {
	HWLOC_SYNTHETIC="pack:2 core:2 pu:2" mistyped "HWLOC_SYNTHETIC gives hwloc a topology that is not this machine's" run --only "$least"
}

@test "a normal user: everything, in a checkout that is not his" {
	[ "$(id -u)" -ne 0 ] || needs setpriv
	as_normal_user "$ctxbench" run --only "$small" --trials 1 >"$around/user.out"
	file=$(grep '\.txt$' "$around/user.out")
	[ "$(id -u)" -ne 0 ] || [[ $file == results/*/*.txt ]]
	[ "$(key complete "$file")" = yes ]
	[ "$(values ns/switch "$file" | wc -l)" -eq 2 ]
	[ "$(values syscalls/op "$file" | wc -l)" -eq 4 ]
	for verb in list plan env "table $file" "verdicts $file" "compare $file $around/a.txt" "conform --only impl=uthread-jmp"; do
		# shellcheck disable=SC2086
		as_normal_user "$ctxbench" $verb >/dev/null
	done
	rm -rf "$around/open/results" "$tree"/results/*/
}

@test "numbers do not follow a locale with a comma" {
	needs localedef
	localedef -i de_DE -f UTF-8 "$around/de_DE.UTF-8" 2>/dev/null || true
	[ "$(env LOCPATH="$around" LC_ALL=de_DE.UTF-8 locale decimal_point)" = , ] || skip "localedef makes no de_DE.UTF-8 here"
	# the program asks for no locale, but a library may
	program asks.so -shared -fPIC <<-'END'
		#include <errno.h>
		#include <locale.h>
		#include <stdio.h>
		#include <string.h>
		__attribute__((constructor)) static void ask(void)
		{
			char text[8];
			setlocale(LC_ALL, "");
			snprintf(text, sizeof text, "%.1f", 1.5);
			if (!strcmp(program_invocation_short_name, "ctxbench"))
				fprintf(stderr, "one and a half is %s\n", text);
		}
	END
	in_comma() { env LOCPATH="$around" LC_ALL=de_DE.UTF-8 LD_PRELOAD="$around/asks.so" "$@"; }
	in_comma "$ctxbench" run --only "$small" --trials 1 --seed 3 --keep-samples --out "$around/comma.txt" >"$around/comma.out" 2>"$around/comma.err"
	grep -qx "one and a half is 1,5" "$around/comma.err"
	sed -n '/^clock\.\|^seconds\|^Unit\|^Bench\|^Samples/p' "$around/comma.txt" "$around/comma.out" >"$around/comma.numbers"
	absent grep -E '[0-9],[0-9]' "$around/comma.numbers"
	for file in "$around/a.txt" "$around/comma.txt"; do
		in_comma "$ctxbench" table "$file" 2>/dev/null | diff - <("$ctxbench" table "$file")
		in_comma "$ctxbench" verdicts "$file" 2>/dev/null | diff - <("$ctxbench" verdicts "$file")
		in_comma "$ctxbench" compare "$file" "$around/b.txt" 2>/dev/null | diff - <("$ctxbench" compare "$file" "$around/b.txt")
	done
	in_comma "$ctxbench" plan --only "$least" --time-limit 1.5 >/dev/null 2>&1
}

@test "odd host names never write outside of results/" {
	needs unshare
	unshare -u true 2>/dev/null || skip "unshare -u is not permitted"
	program named <<-'END'
		#include <stdio.h>
		#include <string.h>
		#include <unistd.h>
		int main(int argc, char **argv)
		{
			if (argc < 3 || sethostname(argv[1], strlen(argv[1])))
				return perror("sethostname"), 126;
			execvp(argv[2], argv + 2);
			return perror(argv[2]), 127;
		}
	END
	for host in ../../x .. '' -rf .hidden $'x y quo"te\nline\033[31m' $'naïve\377\376' \
		xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; do
		before=$(find "$around" ! -path "$tree/results/*" ! -name 'host.*' | sort)
		unshare -u "$around/named" "$host" "$ctxbench" run --only "$least" --trials 1 --counters none --quiet --time-limit 1 \
			>"$around/host.out" 2>"$around/host.err"
		[ "$(find "$around" ! -path "$tree/results/*" ! -name 'host.*' | sort)" = "$before" ]
		file=$(find "$tree/results" -type f -name '*.txt')
		echo "$host: $file"
		[ "$(wc -l <<<"$file")" -eq 1 ]
		grep -qE '^[A-Za-z0-9_][A-Za-z0-9._-]*/[0-9TZ]+\.txt$' <<<"${file#"$tree/results/"}"
		"$ctxbench" table "$file" >"$around/host.table"
		absent grep -q $'\033' "$around/host.table" "$file"
		rm -r "$tree"/results/*/
	done
}

# -- clocks

clock_shim() {
	program clock.so -shared -fPIC <<-'END'
		#include <stdlib.h>
		#include <sys/syscall.h>
		#include <time.h>
		#include <unistd.h>
		/* The raw system call; with STEP_NS in steps of that many, with STEP_NS=0 standing still. */
		int clock_gettime(clockid_t id, struct timespec *t)
		{
			int error = (int)syscall(SYS_clock_gettime, id, t);
			const char *step = getenv("STEP_NS");
			if (id == CLOCK_MONOTONIC_RAW && step && atol(step))
				t->tv_nsec -= t->tv_nsec % atol(step);
			else if (id == CLOCK_MONOTONIC_RAW && step)
				t->tv_sec = 1, t->tv_nsec = 0;
			return error;
		}
	END
}

shimmed() {
	env CTXBENCH_CLOCK=gettime LD_PRELOAD="$around/clock.so" "$@"
}

@test "a clock that stands still is an error within ten seconds" {
	clock_shim
	STEP_NS=0 run shimmed timeout 10 "$ctxbench" run --only "$least" --trials 1 --counters none --out "$around/frozen.txt"
	echo "$output"
	[ "$status" -eq 69 ]
	[[ $output == *"ctxbench: no usable clock: every clock stands still"* ]]
	[ ! -e "$around/frozen.txt" ]
}

@test "a clock of coarse steps makes samples longer" {
	clock_shim
	STEP_NS=1000000 shimmed "$ctxbench" run --only "impl=uthread-jmp bench=switch" --trials 1 --counters none --quiet \
		--out "$around/coarse.txt" >/dev/null
	[ "$(key clock.step-ns "$around/coarse.txt")" = "1e+06" ]
	[ "$(key sample-ns "$around/coarse.txt")" -ge 100000000 ]
	[ "$(values ns/switch "$around/coarse.txt" | wc -l)" -eq 1 ]
}

@test "a clock whose reads are system calls is called that, one that is not is not" {
	clock_shim
	shimmed "$ctxbench" run --only "$least" --trials 1 --counters none --quiet --out "$around/call.txt" >/dev/null
	[ "$(key clock "$around/call.txt")" = "clock_gettime (CTXBENCH_CLOCK=gettime), each read a system call" ]
	case $(cat /sys/devices/system/clocksource/clocksource0/current_clocksource) in
	tsc | kvm-clock | arch_sys_counter | riscv_clocksource) ;;
	*) return 0 ;; # the kernel's clock is a system call itself
	esac
	CTXBENCH_CLOCK=gettime "$ctxbench" run --only "$least" --trials 1 --counters none --quiet --out "$around/vdso.txt" >/dev/null
	[ "$(key clock "$around/vdso.txt")" = "clock_gettime (CTXBENCH_CLOCK=gettime)" ]
}
