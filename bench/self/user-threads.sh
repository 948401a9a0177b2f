# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154,SC2086
# Part of run.sh, whose variables these are: our user threads beside other libraries' and other languages'.

libraries="pth st pcl boost-fiber"

# of IMPL BENCH UNIT: the median of its trials.
of() {
	awk -v begin="Benchmark$2/impl=$1/" -v unit="$3" 'index($1, begin) == 1 {
		for (i = 4; i <= NF; i += 2) if ($i == unit) print $(i - 1) }' "$scratch/libraries.txt" | median
}

# why IMPL: why there is no number of it.
why() {
	sed -n "s,^\(Missing\|Invalid\)/.*/impl=$1/.*reason=\"\(.*\)\"\$,\2,p" "$scratch/libraries.txt" | head -n 1 | grep . || echo "no such cell"
}

# name_of IMPL: as its makers call it.
name_of() {
	case $1 in
	pth) echo "GNU Pth" ;;
	st) echo "State Threads" ;;
	pcl) echo "PCL" ;;
	boost-fiber) echo "Boost.Fiber" ;;
	esac
}

create_beside_libraries() {
	ours=$(of uthread Create ns/op) best=
	for library in $libraries; do
		theirs=$(of "$library" Create ns/op)
		if [ -z "$theirs" ]; then
			not_measured "create, join / $(name_of "$library")'s" "$(why "$library")"
			continue
		fi
		line "uthread create, join / $(name_of "$library")'s" ns "$ours" "$theirs" "" ""
		best=$(printf '%s\n' "$best" "$theirs" | grep . | sort -g | head -n 1)
	done
	if [ -n "$best" ]; then
		line "uthread create, join / the best of these" ns "$ours" "$best" 0 0.2
	fi
}

# Where a library has no directed switch, what it makes for one is a yield.
switch_beside_libraries() {
	ours=$(of uthread Switch ns/switch)
	for library in $libraries; do
		kind=switch theirs=$(of "$library" Switch ns/switch)
		[ -n "$theirs" ] || kind=yield theirs=$(of "$library" Yield ns/yield)
		if [ -n "$theirs" ]; then
			line "uthread switch / $(name_of "$library")'s $kind" ns "$ours" "$theirs" 0 1
		else
			not_measured "switch / $(name_of "$library")'s" "$(why "$library")"
		fi
	done
}

yield_beside_libraries() {
	theirs=$(of boost-fiber Yield ns/yield)
	if [ -n "$theirs" ]; then
		line "uthread yield / Boost.Fiber's" ns "$(of uthread Yield ns/yield)" "$theirs" 0 0.1
	else
		not_measured "yield / Boost.Fiber's" "$(why boost-fiber)"
	fi
}

beside_libraries() {
	$build/ctxbench run --only "impl=uthread,$(echo "$libraries" | tr ' ' ,) bench=create,switch,yield place=same-pu" --trials $turns \
		--counters none --cpus "$cpu" --quiet --out "$scratch/libraries.txt" >"$scratch/table" 2>&1
	if [ -z "$(of uthread Create ns/op)" ] || [ -z "$(of uthread Switch ns/switch)" ] || [ -z "$(of uthread Yield ns/yield)" ]; then
		not_measured "uthread / other libraries" "$(why uthread)"
		return
	fi
	create_beside_libraries
	switch_beside_libraries
	yield_beside_libraries
}

# program NAME: bench/self/NAME.c, built into $scratch.
program() {
	${CC:-cc} -O2 -std=gnu11 -D_GNU_SOURCE -falign-functions=64 -o "$scratch/$1" "bench/self/$1.c" $build/port.o -pthread \
		2>"$scratch/error"
}

many_alive() {
	threads=1000000 needed=6 what="a million alive, uthread, each / 6 KiB"
	available=$(awk '$1 == "MemAvailable:" { print int($2 / 1048576) }' /proc/meminfo)
	if [ "$available" -lt $needed ]; then
		not_measured "$what" "$available GiB of memory are available, and it takes $needed to be sure"
	elif ! program alive || ! "$scratch/alive" $threads >"$scratch/numbers" 2>"$scratch/error"; then
		not_measured "$what" "$(head -n 1 "$scratch/error")"
	else
		line "$what" KiB "$(cat "$scratch/numbers")" 6 0 1
	fi
}

beside_goroutines() {
	if ! program skynet-uthread || ! program skynet-mn; then
		not_measured "skynet / Go's" "$(head -n 1 "$scratch/error")"
		return
	fi
	if ! have go || ! go build -o "$scratch/skynet-go" bench/self/skynet.go 2>"$scratch/error"; then
		not_measured "skynet / Go's" "no go that builds it (package golang-go)"
		return
	fi
	for _ in $(seq $turns); do
		"$scratch/skynet-go" >>"$scratch/of-go"
		"$scratch/skynet-mn" 2 >>"$scratch/of-mn"
		"$scratch/skynet-uthread" >>"$scratch/of-uthread"
	done
	go=$(median <"$scratch/of-go")
	line "skynet, mn of 2 workers / $(go version | awk '{ print $3 }')" "s " "$(median <"$scratch/of-mn")" "$go" 0 0.25
	line "skynet, uthread / the same" "s " "$(median <"$scratch/of-uthread")" "$go" 0 0.25
}

# Both numbers of workers do the same additions, whatever else runs at the time.
two_workers() {
	what="items of 1 us, mn of 2 workers / 1"
	if [ "$(nproc)" -lt 2 ]; then
		not_measured "$what" "one CPU"
		return
	elif ! program items; then
		not_measured "$what" "$(head -n 1 "$scratch/error")"
		return
	fi
	chain=$("$scratch/items" 1 | awk '{ print $2 }')
	for _ in $(seq $((3 * turns))); do # short ones, which fit between two preemptions
		"$scratch/items" 1 "$chain" >>"$scratch/of-one"
		"$scratch/items" 2 "$chain" >>"$scratch/of-two"
	done
	line "$what" "s " "$(awk '{ print $1 }' "$scratch/of-two" | median)" "$(awk '{ print $1 }' "$scratch/of-one" | median)" 0 0.588
}

user_threads() {
	beside_libraries
	many_alive
	beside_goroutines
	two_workers
}
