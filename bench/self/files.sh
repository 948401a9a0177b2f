# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154,SC2086,SC2046,SC2012
# Part of run.sh, whose variables these are: how long it takes to compare result files, from two to a thousand. They are made
# here, of 2,000 trials each, with the keys of a real one.

make_files() {
	head=$(ls results/*/full.txt 2>/dev/null | head -n 1)
	${CC:-cc} -O2 -std=gnu11 -D_GNU_SOURCE -o "$scratch/files" bench/self/files.c -lm 2>"$scratch/error" || return
	[ -n "$head" ] || echo "no result file to take the keys from" >"$scratch/error"
	[ -n "$head" ] && mkdir "$scratch/many" &&
		sed '/^Benchmark/d; /^Missing/d; /^Invalid/d; /^Histogram/d; /^Samples/d' "$head" |
		"$scratch/files" make "$scratch/many" 1000 2000 2>"$scratch/error"
}

# timed COMMAND...: "SECONDS KIB", the least of its turns: what else runs only adds.
timed() {
	for _ in $(seq $turns); do
		"$scratch/files" time "$@" 2>>"$scratch/error"
	done | sort -g | head -n 1
}

first_of() {
	echo "${1%% *}"
}

compare_two() {
	two="$scratch/many/node0000.txt $scratch/many/node0001.txt"
	ours=$(first_of "$(timed $build/ctxbench compare $two)")
	line "compare two files of 2,000 lines / 8 ms" ms "$(echo $ours | awk '{ print $1 * 1000 }')" 8 0 1
	if have benchstat; then
		line "the same / benchstat" ms "$(echo $ours | awk '{ print $1 * 1000 }')" \
			"$(first_of "$(timed benchstat -table '' $two)" | awk '{ print $1 * 1000 }')" "" ""
	else
		not_measured "the same / benchstat" "no benchstat (go install golang.org/x/perf/cmd/benchstat@latest)"
	fi
}

# Linear: a file of many takes no longer than one of few.
compare_many() {
	few=
	for n in 10 100 1000; do
		measured=$(timed $build/ctxbench compare $(ls "$scratch"/many/*.txt | head -n $n))
		each=$(echo "$measured" | awk -v n=$n '{ print $1 * 1000 / n }')
		few=${few:-$each}
		line "one file of $n / one of 10" ms "$each" "$few" "" "$([ $n -eq 10 ] || echo 1.1)"
	done
	line "compare 1,000 files of 2,000 lines / 3 s" "s " "$(first_of "$measured")" 3 0 1
	line "its memory at most / 300 MiB" MiB "$(echo "$measured" | awk '{ print $2 / 1024 }')" 300 0 1
}

compare_files() {
	heading "result files"
	if ! make_files; then
		not_measured "comparing result files" "$(head -n 1 "$scratch/error" | grep . || echo "they can't be made")"
		return
	fi
	compare_two
	compare_many
	rm -rf "$scratch/many"
}
