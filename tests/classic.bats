#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The classic tables: what is published stands as it was published and nowhere else; what is ours is the file's; what there is
# not is said in words. And the benches that they alone need make what they claim.

load helper

setup_file() {
	make_tree
	cp -R "$root/plots" "$tree"
	export full="$root/results/vm/full.txt"
	for only in 'bench=mutex,signal-wait,exec' 'bench=after-call,syscall call=none,pwrite,sigaction'; do
		"$ctxbench" run --only "$only" --counters none --trials 1 --time-limit 40 --quiet --out "$around/one.txt" \
			>>"$around/new.out" 2>&1 || true
		cat "$around/one.txt" >>"$around/new.txt"
	done
}

teardown_file() {
	remove_tree
}

tables() {
	(cd "$root/plots/tables" && printf '%s\n' *.tsv | sed 's/\.tsv$//')
}

# made NAME HOST CELL VALUE...: a result file with a cell of one trial a value, in ns/UNIT as its bench has it.
made() {
	file=$1 host=$2
	shift 2
	printf 'ctxbench: 1\ncomplete: yes\nhost: %s\nmethod: 1\n' "$host" >"$around/$file"
	while [ $# -gt 0 ]; do
		cell=$1 unit=op
		[ "${cell#Switch}" = "$cell" ] || unit=switch
		shift
		while [[ $# -gt 0 && $1 = [0-9]* ]]; do
			echo "Benchmark$cell 1000 $1 ns/$unit $1 min-ns $1 ticks 2 ops 1 linear 0.25 add-ns" >>"$around/$file"
			shift
		done
	done
}

lwp_create=Create/impl=lwp/wait=none/policy=batch/place=same-pu
jmp_switch=Switch/impl=uthread-jmp/wait=none/policy=batch/place=same-pu
null_call=Syscall/impl=null/wait=none/policy=batch/place=same-pu/call=null

@test "every table is there: eight, of 80 columns at most, and in each form" {
	[ "$(tables)" = "$(printf '%s\n' activations91 coroutines flexsc li07 lmbench96 mitigations threadops wake)" ]
	for name in $(tables); do
		grep -qx "## $name" "$root/plots/tables/README.md"
		"$ctxbench" table "$name" "$full" >"$around/t"
		perl -CSD -ne 'chomp; die "$_\n" if length > 80' "$around/t"
		absent grep -q ' $' "$around/t"
		for form in markdown html csv; do
			"$ctxbench" table "$name" "$full" --$form >"$around/t.$form"
			[ -s "$around/t.$form" ]
		done
		[ "$(grep -o '<t[rdh][ >]' "$around/t.html" | wc -l)" -eq "$(grep -o '</t[rdh]>' "$around/t.html" | wc -l)" ]
		# of the same source: as many rows in each
		rows=$(($(wc -l <"$around/t.csv") - 1))
		[ "$(grep -c '^<tr><th scope="row"' "$around/t.html")" -eq "$rows" ]
		[ "$(grep -c '^| [^ *]' "$around/t.markdown")" -eq "$rows" ]
	done
}

# published NAME: the published numbers of its CSV, and those of its facts, halved where they are of a pair.
published() {
	"$ctxbench" table "$1" "$full" --csv >"$around/csv"
	perl -e '
		open my $csv, "<", $ARGV[0]; open my $facts, "<", $ARGV[1];
		my @columns; my (%shown, %known);
		while (<$csv>) {
			chomp; my @f; push @f, defined $1 ? $1 : $2 while s/^(?:"((?:[^"]|"")*)"|([^,]*))(?:,|$)// && (length || @f < 40);
			@columns ? 1 : (@columns = @f, next);
			my %row; @row{@columns} = @f;
			$shown{sprintf "%.6f %s", $row{published}, $row{"published unit"}}++ if length $row{published};
		}
		while (<$facts>) {
			chomp; my @f = split /\t/;
			next if $f[0] ne "fact";
			$known{sprintf "%.6f %s", $f[6] eq "pair" ? $f[4] / 2 : $f[4], $f[5]}++;
		}
		print "$_ shown, not known\n" for grep { !$known{$_} } sort keys %shown;
		print "$_ known, not shown\n" for grep { !$shown{$_} } sort keys %known;
		print scalar(keys %known), "\n";' "$around/csv" "$root/plots/tables/$1.tsv"
}

@test "the published numbers are the facts of the table, all of them and no other" {
	for name in $(tables); do
		run published "$name"
		echo "$name: $output"
		[[ $output =~ ^[0-9]+$ ]]
	done
	# and each fact says where it is from, and whether it was read
	for name in $(tables); do
		run awk -F'\t' '$1 == "fact" && (NF < 10 || NF > 11 || $10 !~ /^(read|second)$/ || $9 == "" || $5 !~ /^[0-9.]+$/)' \
			"$root/plots/tables/$name.tsv"
		[ -z "$output" ]
	done
}

@test "a ratio is published by now, its interval that of our number, and a pair is halved" {
	made known.txt one "$lwp_create" 900 950 1000 1000 1050 1100 "$jmp_switch" 2 2 2 2 2 2
	"$ctxbench" table activations91 "$around/known.txt" --csv | grep 'Topaz' | grep -q ',948.000000,us,948.000000,861.818182,1053.333333,ratio,'
	"$ctxbench" table coroutines "$around/known.txt" >"$around/t"
	# 4.287 ns there and back, against 2 ns one way; 9 ticks against 2
	grep -qE '^  corosensei .* 2\.14 ns +1\.07 \[1\.07, 1\.07\]' "$around/t"
	grep -q 'published as 4.287 ns there and back' "$around/t"
	grep -qE '^  minicoro asm .* 9 ticks +4\.50 \[' "$around/t"
	# 0.25 ns an addition, so 8 cycles
	grep -qE '^uthread-jmp .* 2\.00 ns ± 0% +2\.00 +8\.00' "$around/t"
}

@test "an emulated machine's times are held against nobody's" {
	made known.txt known "$lwp_create" 1000 1000 1000 1000 1000 1000
	sed -i '3a emulated: yes' "$around/known.txt"
	"$ctxbench" table activations91 "$around/known.txt" >"$around/t"
	grep -q EMULATED "$around/t"
	absent grep -F '[1.' "$around/t"
	grep -qE '^  kernel thread \(Topaz\) +948 µs +\[1\]' "$around/t"
}

@test "what is not measured or invalid is said in words, and is no number in any form" {
	made two.txt two "$lwp_create" 1000 1000
	echo "Invalid/Create/impl=pthread/wait=none/policy=batch/place=same-pu 10 reason=\"1.5 switches/op counted, 2 claimed\"" >>"$around/two.txt"
	echo "Missing/Create/impl=mn/wait=none/policy=batch/place=same-pu reason=\"no port for this CPU\"" >>"$around/two.txt"
	"$ctxbench" table activations91 "$around/two.txt" >"$around/t"
	grep -qE '^pthread +invalid: 1.5 switches/op counted, 2' "$around/t"
	grep -qE '^user thread, M:N +not measured: no port for this CPU' "$around/t"
	grep -qE '^process, fork +not measured: not in this file' "$around/t"
	absent grep -qE '(^| )0(\.0+)? ?(ns|µs)' "$around/t"
	"$ctxbench" table activations91 "$around/two.txt" --csv | grep '"pthread"' | grep -q '"invalid: 1.5 switches/op counted, 2 claimed",,,,,,,,,,,'
	"$ctxbench" table flexsc "$full" >"$around/t"
	grep -q 'not measured' "$around/t"
}

@test "mitigations: boots side by side, each against the first, with the keys in which they differ" {
	made a.txt left "$null_call" 100 100 100 100 100 100
	made b.txt right "$null_call" 150 150 150 150 150 150
	sed -i '3a pti: no' "$around/a.txt"
	sed -i '3a pti: yes' "$around/b.txt"
	"$ctxbench" table mitigations "$around/a.txt" "$around/b.txt" >"$around/t"
	grep -qE '^A +100 ns ± 0% +400' "$around/t"
	grep -qE '^B +150 ns ± 0% 1\.50 \[1\.50, 1\.50\] +600' "$around/t"
	grep -qE '^A, left: ' "$around/t"
	grep -qx 'B: pti: yes' "$around/t"
	# the published loop of calls: only as ratios to its own first
	grep -qE '^  retbleed=off +4\.67 +5\.98 s' "$around/t"
}

@test "a file's texts are text in every form" {
	made evil.txt '<b>&"|`x`' "$lwp_create" 1000 1000
	"$ctxbench" table activations91 "$around/evil.txt" --html | grep -q '&lt;b&gt;&amp;&quot;|`x`: '
	"$ctxbench" table activations91 "$around/evil.txt" --markdown | grep -qF '\<b\>\&"\|\`x\`'
}

refused() {
	run "$ctxbench" table "$@"
	echo "$output"
	[ "$status" -eq 2 ]
	[ "${#lines[@]}" -eq 1 ]
	[[ $output = "ctxbench: "* ]]
}

@test "mistakes are refused in one line" {
	refused
	refused wake
	refused nothing "$full"
	refused li07 "$full" "$full"
	refused li07 "$around/none.txt"
	refused li07 "$full" --json
	refused "$full" --csv
	mv "$tree/plots/tables/li07.tsv" "$around/"
	run "$ctxbench" table li07 "$full"
	[ "$status" -eq 69 ]
	[[ $output = *"li07.tsv: No such file"* ]]
	printf 'title\tx\ncolumns\tnow\nrow\tg\tl\ttime\n' >"$tree/plots/tables/li07.tsv"
	run "$ctxbench" table li07 "$full"
	[ "$status" -eq 69 ]
	[[ $output = *"li07.tsv:3: row, group, label, measure and cells were expected" ]]
	mv "$around/li07.tsv" "$tree/plots/tables/"
}

# value CELL UNIT FILE: of its first line that has it.
value() {
	awk -v cell="Benchmark$1" -v unit="$2" '$1 == cell { for (i = 3; i < NF; i += 2) if ($(i + 1) == unit) { print $i; exit } }' "$around/$3"
}

@test "mutex, signal-wait, exec, after-call and sigaction make the switches, calls and tasks that they say" {
	cat "$around/new.out"
	[ "$(grep -c '^complete: yes' "$around/new.txt")" -eq 2 ]
	absent grep '^Invalid' "$around/new.txt"
	at=wait=none/policy=batch/place=same-pu
	for cell in Mutex/impl={null,pthread,uthread}/$at SignalWait/impl=uthread/$at; do
		[ "$(value "$cell" syscalls/op new.txt)" = 0 ]
	done
	[ "$(value SignalWait/impl=uthread/$at ops new.txt)" = 2 ]
	[ "$(value "AfterCall/impl=null/$at/call=none/work=1000" syscalls/op new.txt)" = 0 ]
	[ "$(value "AfterCall/impl=null/$at/call=pwrite/work=1000" syscalls/op new.txt)" = 1 ]
	[ "$(value "Syscall/impl=null/$at/call=sigaction" syscalls/op new.txt)" = 1 ]
	# another program brings its pages; a shell before it, more
	value "Exec/impl=process/$at/through=exec" faults/op new.txt | awk '{ exit !($1 > 20) }'
}

@test "start: on another CPU, each value counted" {
	"$ctxbench" list places | awk '$1 != "same-pu" && $2 == "CPUs" { found = 1 } END { exit !found }' || skip "there is no other CPU"
	"$ctxbench" run --only 'bench=start impl=mn,lwp' --counters none --trials 1 --time-limit 30 --quiet --out "$around/start.txt" \
		>"$around/start.out" 2>&1 || true
	cat "$around/start.out"
	absent grep '^Invalid' "$around/start.txt"
	[ "$(grep -c '^BenchmarkStart.* start-ns ' "$around/start.txt")" -eq 2 ]
	[ "$(grep -c '^Histogram/Start' "$around/start.txt")" -ge 2 ]
}

@test "two forms: the two that were asked for exclude each other, and no other is named" {
	for forms in '--csv --html' '--html --csv' '--csv --markdown'; do
		# shellcheck disable=SC2086 # two words
		run "$ctxbench" table coroutines $forms "$full"
		[ "$status" -eq 2 ]
		for form in $forms; do
			[[ $output == *"$form"* ]]
		done
		[[ $output == *"exclude each other"* && $output != *latex* ]]
	done
}
