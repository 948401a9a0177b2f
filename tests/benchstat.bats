#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# benchstat reads what we write, where it is installed. (That its numbers are ours, tests/benchstat.c asks without it.)

setup() {
	cd "$BATS_TEST_DIRNAME/.." || return
	command -v benchstat >/dev/null || skip "no benchstat (go install golang.org/x/perf/cmd/benchstat@latest)"
}

@test "every result file here, without a word" {
	for file in results/*/*.txt tests/fixtures/[ab].txt; do
		run benchstat -table '' "$file"
		[ "$status" -eq 0 ]
		[[ $output == *"same-pu"* ]]
		[ -z "$(benchstat -table '' "$file" 2>&1 >/dev/null)" ]
	done
}

@test "implementations side by side, as README shows it" {
	run benchstat -table '' -filter '.unit:/^ns/' -row .name,/place -col /impl -ignore /wait tests/fixtures/a.txt
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output == *lwp*pthread* ]]
	[[ $output == *"Switch same-pu"* ]]
}

# Those indented in README, on a result that is here for the ones they name.
@test "every line of benchstat that README shows" {
	lines=$(sed -n "s/^    \\(benchstat .*\\)/\\1/p" README.md | sed 's| # .*||; s|[AB]\.txt|results/vm/full.txt|g')
	[ "$(grep -c . <<<"$lines")" -ge 3 ]
	while read -r line; do
		run eval "$line"
		echo "$line: $output" | head -n 20
		[ "$status" -eq 0 ]
		[[ $output == *"same-pu"* ]]
	done <<<"$lines"
}
