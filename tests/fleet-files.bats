#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# ctxbench fleet on files that are made up, and what bench/fleet says before it starts anything.

load helper

setup() {
	ctxbench=$root/build/ctxbench
	[ -x "$ctxbench" ] || skip "build/ctxbench is not built"
	fleet=$BATS_TEST_TMPDIR/fleet
}

# made KEY=VALUE... : a folder of nodes n01 to n20 in two groups, A of twelve and B of eight. Times are exact: a node's are its group's
# times 1 to 1.006. slow=NODE: a third slower in three cells. again=NODE...: has run once more; once=NODE: and was not slow then;
# turned=NODE: but as much too fast; moved=NODE: and had another kernel.
# cut=, silent=, binary=, pipeless=, two=: see below. Its file `nodes` says who was asked, unless loose=1.
made() {
	mkdir -p "$fleet"
	awk -v dir="$fleet" "$(printf -- '%s\n' "$@" | awk 'BEGIN { print "BEGIN {" } { split($0, a, "="); printf "%s = \"%s\"\n", a[1], a[2] } END { print "}" }')"'
	function has(list, name) { return index(" " list " ", " " name " ") }
	function put(name, i, second,    file, c, x, k) {
		file = dir "/" name (second ? ".again" : "") ".txt"
		printf "ctxbench: 1\ncomplete: %s\n", has(cut, name) ? "no\nstopped: interrupted" : "yes" > file
		printf "method: 1\nhost: %s\ndate: 2026-01-0%dT00:00:00Z\n", name, 1 + second > file
		printf "cpu: AMD EPYC %d 64-Core Processor\nmicrocode: 0x1\nfirmware: 1.0\ncpus: 64\nkernel: %s\n", (i > 12 ? 7543 : 9654), (second && name == moved ? "6.2.0" : "6.1.0") > file
		printf "mitigations.meltdown: Not affected\nthp: %s\nseed: %d\n\n", name == slow ? "always" : "madvise", i > file
		for (c = 1; c <= 4; c++) {
			if (has(pipeless, name) && c == 4) {
				printf "Missing/%s reason=\"no pipes\"\n", cell[c] > file
				continue
			}
			x = 1000 * c * (i > 12 ? 2 : 1) * (1 + (i * c % 7) / 1000)
			if (name == slow && c != 2 && !(second && name == once))
				x *= second && name == turned ? 3 / 4 : 4 / 3
			for (k = 0; k < 6; k++)
				printf "Benchmark%s 1000 %.6g ns/switch\n", cell[c], x > file
		}
		close(file)
	}
	BEGIN {
		cell[1] = "Switch/impl=lwp/wait=futex/policy=batch/place=same-pu"
		cell[2] = "Switch/impl=lwp/wait=eventfd/policy=batch/place=same-pu"
		cell[3] = "Switch/impl=lwp/wait=signal/policy=batch/place=same-pu"
		cell[4] = "Switch/impl=lwp/wait=pipe/policy=batch/place=same-pu"
		for (i = 1; i <= 20; i++) {
			name = sprintf("n%02d", i)
			if (!loose)
				print name > (dir "/nodes")
			if (has(silent, name))
				continue
			if (has(binary, name)) {
				printf "\177ELF\n" > (dir "/" name ".txt")
				continue
			}
			put(name, i, 0)
			if (has(again, name))
				put(name, i, 1)
		}
	}'
}

# rows FIELD=VALUE ...: how many lines of the .tsv have these fields, by number.
rows() {
	awk -F '\t' -v wanted="$*" 'BEGIN { n = split(wanted, w, " ") }
		{ all = 1; for (i = 1; i <= n; i++) { split(w[i], a, "="); gsub("_", " ", a[2]); if ($a[1] != a[2]) all = 0 } count += all }
		END { print count + 0 }' "$fleet.tsv"
}

# The table, and beside the folder, into which nothing goes, the rows.
table() {
	run "$ctxbench" fleet --out "$fleet.tsv" "$fleet"
	echo "$output"
	[ ! -e "$fleet/fleet.tsv" ]
}

too_wide() {
	perl -CSD -ne 'chomp; print "$_\n" if length > 80'
}

@test "equal machines are groups, and nobody stands apart in a clean fleet" {
	made x=1
	table
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "20 nodes asked: 20 whole" ]
	[[ $output == *"2 groups of equal machines"* ]]
	[[ $output =~ A\ +12\ \ EPYC\ 9654,\ 64\ CPUs ]]
	[[ $output =~ B\ +8\ \ EPYC\ 7543,\ 64\ CPUs ]]
	[[ $output == *"no node stands apart"* ]]
	[ "$(wc -l <"$fleet.tsv")" -eq 81 ]
	[ "$(rows 10=within 11=in_group)" -eq 80 ]
	[ -z "$(too_wide <<<"$output")" ]
	run "$ctxbench" fleet --drain-list "$fleet"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

@test "who is slow once is suspect, twice is apart, with the key that differs; the exit status is 3" {
	made slow=n05
	table
	[ "$status" -eq 0 ]
	[[ $output == *"suspect, and to run once more: n05"* ]]
	run "$ctxbench" fleet --suspects "$fleet"
	[ "$status" -eq 0 ]
	[ "$output" = n05 ]
	made slow=n05 again="n05 n06"
	table
	[ "$status" -eq 3 ]
	[[ $output == *"1 node stands apart"* ]]
	[[ $output =~ n05\ +A\ +3/4\ +switch\ lwp\ [a-z]+\ batch ]]
	[[ $output == *"differs in thp: always (A: madvise)"* ]]
	[[ $output == *"exit 3: nodes apart"* ]]
	[ -z "$(grep -v '\.txt' <<<"$output" | too_wide)" ]
	[ "$(rows 2=n05 3=1 10=beyond 11=apart)" -eq 3 ]
	[ "$(rows 2=n05 3=2 10=beyond 11=apart)" -eq 3 ]
	[ "$(rows 2=n06 11=in_group)" -eq 8 ]
	rm "$fleet.tsv"
	run "$ctxbench" fleet --drain-list --out "$fleet.tsv" "$fleet"
	[ "$status" -eq 3 ]
	[ "$output" = n05 ]
	[ -s "$fleet.tsv" ]
	run "$ctxbench" fleet --suspects "$fleet"
	[ -z "$output" ]
}

@test "who is slow only once is cleared, and both runs stay" {
	made slow=n05 again=n05 once=n05
	table
	[ "$status" -eq 0 ]
	[[ $output == *"suspect once, but not so again: n05"* ]]
	[ "$(rows 2=n05 3=1 10=beyond 11=cleared)" -eq 3 ]
	[ "$(rows 2=n05 3=2 10=within 11=cleared)" -eq 4 ]
}

@test "who is slow again, but elsewhere, is cleared in other words" {
	made slow=n05 again=n05 turned=n05
	table
	[ "$status" -eq 0 ]
	[[ $output != *"suspect once"* ]]
	[[ $output == *"suspect again, but in too few of the same cells to the same side: n05"* ]]
	[ "$(rows 2=n05 3=2 10=beyond 11=cleared)" -eq 3 ]
}

@test "who is asked twice is one node" {
	made x=1
	printf '%s\n' n03 '' n20 >>"$fleet/nodes"
	table
	[ "${lines[0]}" = "20 nodes asked: 20 whole" ]
	[ "$(wc -l <"$fleet.tsv")" -eq 81 ]
}

@test "a text that is no result file is no node of a folder; one that is damaged is" {
	made loose=1
	echo "nodes n01 to n20 are new" >"$fleet/notes.txt"
	: >"$fleet/empty.txt"
	table
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "20 nodes: 20 whole" ]
	[ "${lines[1]}" = "not a result file, and no node: empty.txt, notes.txt" ]
	[ "$(grep -c notes "$fleet.tsv")" -eq 0 ]
	printf 'ctxbench: 1\ncomp' >"$fleet/n21.txt"
	table
	[ "$status" -eq 1 ]
	[ "${lines[0]}" = "21 nodes: 20 whole, 1 unreadable (n21.txt)" ]
	rm "$fleet"/n*.txt
	run "$ctxbench" fleet "$fleet"
	[ "$status" -eq 2 ]
	one_line_of_ours
}

@test "a second run under another kernel says nothing" {
	made slow=n05 again=n05 moved=n05
	table
	[ "$status" -eq 0 ]
	[[ $output == *"suspect, and to run once more: n05"* ]]
	[ "$(rows 2=n05 3=2 4=- 10=changed:_the_machine_was_no_longer_what_it_was_in_its_first_run)" -eq 1 ]
}

@test "of fewer than eight there is no verdict" {
	made slow=n15 again=n15 silent=n20
	table
	[ "$status" -eq 1 ]
	[[ $output == *"no verdict on B: fewer than 8 nodes"* ]]
	[ "$(rows 2=n15 11=no_verdict)" -eq 8 ]
}

@test "silent, cut short, no result file and not measured are words, and make the exit status 1" {
	made silent=n01 cut="n02 n03" binary=n04 pipeless=n14
	table
	[ "$status" -eq 1 ]
	[[ $output == *"20 nodes asked: 16 whole, 2 cut short (n02, n03), 1 not a result file (n04), 1"*"silent (n01)"* ]]
	[[ $output == *"1 of 64 values are words"* ]]
	[[ $output == *"in: n14 (1)"* ]]
	[ "$(rows 2=n01 4=- 11=not_whole)" -eq 1 ]
	[ "$(rows 2=n02 10=cut_short:_interrupted)" -eq 1 ]
	[ "$(rows 2=n04 "10=not_a_result_file:_expected_a_line_'ctxbench:_1'_before_the_first_result")" -eq 1 ]
	[ "$(rows 2=n14 10=not_measured:_no_pipes)" -eq 1 ]
	[ -z "$(awk -F '\t' 'NF != 11' "$fleet.tsv")" ]
}

@test "loose files: a node is its host, and its second file by date the run again" {
	made loose=1 slow=n05 again=n05
	mkdir "$fleet/deep"
	mv "$fleet"/n1* "$fleet/deep"
	table
	[ "$status" -eq 3 ]
	[ "${lines[0]}" = "20 nodes: 20 whole" ]
	[ "$(rows 2=n05 3=2 11=apart)" -eq 4 ]
	cd "$BATS_TEST_TMPDIR"
	run "$ctxbench" fleet --out some.tsv "$fleet"/n[02]*.txt "$fleet"/deep
	[ "$status" -eq 3 ]
	[ "$(wc -l <some.tsv)" -eq 85 ]
	run "$ctxbench" fleet "$fleet"/n[02]*.txt "$fleet"/deep
	[ "$status" -eq 3 ]
	[[ $output == *"--out FILE writes every value"* ]]
	[ "$(echo *)" = "fleet fleet.tsv some.tsv" ] && [ -z "$(find fleet -name '*.tsv')" ] # nothing is written unasked
}

@test "bad input: one line, and nothing written" {
	made silent=n20
	rm "$fleet"/n*.txt
	cd "$BATS_TEST_TMPDIR"
	echo x >no-result
	mkdir empty bad
	echo ../x >bad/nodes
	for arguments in "" nowhere no-result empty bad "--drain $fleet" "--out"; do
		# shellcheck disable=SC2086
		run "$ctxbench" fleet $arguments
		echo "$arguments: $output"
		[ "$status" -eq 2 ]
		one_line_of_ours
	done
	[ ! -e fleet.tsv ] && [ ! -e bad/fleet.tsv ] && [ ! -e empty/fleet.tsv ]
	run "$ctxbench" fleet --out /nowhere/at/all.tsv "$fleet"
	[ "$status" -eq 1 ]
	[[ $output == *"/nowhere/at/all.tsv: No such file or directory"* ]]
}

@test "bench/fleet: a mistyped command line is one line and 2, before anything starts" {
	cd "$BATS_TEST_TMPDIR"
	made x=1
	for arguments in "" "--ssh" "--slurm --ssh a" "--ssh a --slurm" "--ssh a,a" "--ssh a/b" "--ssh -x" "--frobnicate" "--ssh a --slots 0" \
		"--ssh a --slots x" "--resume ." "--resume nowhere" "--resume . --build" "--ssh a --node-dir tmp" "--ssh a --out" "--ssh a -- --out x" "--ssh a --out $fleet"; do
		# shellcheck disable=SC2086
		run "$root/bench/fleet" $arguments
		echo "$arguments: $output"
		[ "$status" -eq 2 ] || [ "$status" -eq 69 ] # an engine may be missing here
		one_line_of_ours
	done
	[ -z "$(find . -name settings)" ]
	run "$root/bench/fleet" --help
	[ "$status" -eq 0 ]
	[[ ${lines[0]} == "usage: bench/fleet "* ]]
	[ -z "$(too_wide <<<"$output")" ]
}
