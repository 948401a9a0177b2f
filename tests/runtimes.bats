#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A new runtime is one folder: here some in shell, of which one does what it must and the others do so for small n only.

load helper

setup_file() {
	make_tree
	for name in sound lying babbling dying killed hanging; do
		runtime "$name"
	done
	runtime absent
	printf '#!/bin/sh\necho "no abacus (package abacus)"\nexit 1\n' >"$around/runtimes/absent/build"
	built "$(echo "$around"/runtimes/*)" >"$around/built" 2>&1
	cp -R "$around"/b/{cell,runtimes} "$tree/build"
	measured lying,babbling,dying,absent create "$around/create.txt" && echo 0 >"$around/status" || echo $? >"$around/status"
	measured sound,killed switch "$around/switch.txt" || true
	cat "$around"/{create,switch}.txt >"$around/all.txt"
}

teardown_file() {
	remove_tree
}

# measured IMPLS BENCH FILE
measured() {
	"$ctxbench" run --only "impl=$1 bench=$2" --counters none --trials 1 --quiet --out "$3" >"$3.out" 2>&1
}

# built FOLDERS [TARGET...]: a cell program of these runtimes and little else.
built() {
	make -s -j "$(nproc)" -C "$root" B="$around/b" OPT=-O1 IMPLS=impls/null.c RUNTIMES="$1" "$around/b/cell" \
		$(for folder in $1; do echo "$around/b/runtimes/${folder##*/}/made"; done)
}

# runtime NAME: a context is a function of the shell, and its name says what it does from 2000 turns on.
runtime() {
	mkdir -p "$around/runtimes/$1"
	cat >"$around/runtimes/$1/runtime.h" <<-'END'
		// SPDX-License-Identifier: MIT
		#define RUNTIME_TRAITS .kind = "user-thread", .saves = "nothing", .stack = "the shell's", .summary = "functions of a shell"
		#define RUNTIME_CAPS (CAP_SPAWN | CAP_HANDOFF)
	END
	cat >"$around/runtimes/$1/build" <<-'END'
		#!/bin/sh
		cp "$(dirname "$0")/program" "$1/run"
		echo "shell 1.0, workers=workers" >"$1/version"
	END
	cat >"$around/runtimes/$1/program" <<-'END'
		#!/bin/sh
		name=${0%/run} name=${name##*/} made=0
		body() { made=$((made + 1)); }
		again() { i=0; while [ $i -lt "$1" ]; do $2; $3; i=$((i + 1)); done; }
		while read -r job n; do
				case $([ "$n" -gt 2000 ] && echo "$name") in
			lying) made=$((made + 1)) ;;
			babbling) echo "what?"; continue ;;
			dying) exit 7 ;;
			killed) kill -9 $$ ;;
			hanging) : >"${0%/run}/hangs"; while :; do sleep 1; done ;;
			esac
			case $job in
			create | spawn) again "$n" body ;;
			switch) again "$n" body body ;;
			join) echo "$n"; continue ;;
			left) echo 0; continue ;;
			ring) i=0; while [ $i -lt "$n" ]; do printf '0 1 2 3 '; i=$((i + 1)); done; echo; continue ;;
			esac
			echo "$made"
		done
	END
	chmod +x "$around/runtimes/$1"/{build,program}
}

# refused CELL REASON
refused() {
	lines_of Invalid/ "$1" "$around/all.txt"
	lines_of Invalid/ "$1" "$around/all.txt" | grep -qE "reason=\".*$2"
}

# Of this tree's runtimes, those that are alive.
alive() {
	grep -lsa "$tree/[b]uild/runtimes/" /proc/[0-9]*/cmdline | wc -l
}

@test "a folder is all that it takes, also outside of this tree" {
	cat "$around/built"
	[ ! -s "$around/built" ]
	[ "$(values ns/switch "$around/all.txt" impl=sound/ | wc -l)" -eq 1 ]
	run "$ctxbench" conform --only impl=sound
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$(grep -c '^ok' <<<"$output")" -eq "$(grep -c 'sound, wait none' <<<"$output")" ]
	[ "$(grep '^ok' <<<"$output" | grep -vc '# SKIP')" -eq 5 ]
}

@test "its name, and the version that its build has found, are keys" {
	[[ "$(key impl.sound "$around/switch.txt")" == "user-thread; functions of a shell; "* ]]
	[ "$(key impl.sound.version "$around/switch.txt")" = "shell 1.0, workers=workers" ]
}

@test "one whose own count is another than was asked for is refused" {
	refused Create/impl=lying/ '[0-9]+ bodies ran in [0-9]+ turns'
}

@test "one that dies or talks nonsense is named with what it did" {
	refused Create/impl=babbling/ "the program of babbling answered 'what\?' to 'create [0-9]+'"
	refused Create/impl=dying/ 'the program of dying ended with status 7'
	refused Switch/impl=killed/ 'the program of killed was killed by signal 9'
	[ "$(cat "$around/status")" -eq 1 ]
	[ "$(alive)" -eq 0 ]
}

@test "one that hangs ends with its trial" {
	"$ctxbench" run --only 'impl=hanging bench=switch' --counters none --trials 1 --quiet --out "$around/hanging.txt" \
		>"$around/hanging.out" 2>&1 3>&- &
	running=$!
	for _ in $(seq 200); do
		[ -e "$tree/build/runtimes/hanging/hangs" ] && break
		sleep 0.05
	done
	[ "$(alive)" -gt 0 ]
	kill -INT "$running"
	wait "$running" || [ $? -eq 130 ]
	[ "$(alive)" -eq 0 ]
}

# sees CHECK CHANGE: a program changed so fails this check and no other.
sees() {
	rm -f "$tree/build/runtimes/sound/run"
	sed "$2" "$around/runtimes/sound/program" >"$tree/build/runtimes/sound/run"
	chmod +x "$tree/build/runtimes/sound/run"
	run "$ctxbench" conform --only impl=sound
	cp "$around/runtimes/sound/program" "$tree/build/runtimes/sound/run"
	grep '^not ok' <<<"$output"
	[ "$status" -eq 1 ]
	[ "$(grep '^not ok' <<<"$output" | sed 's/.*: //')" = "$1" ]
}

@test "checks see what a runtime does wrong" {
	sees "a body runs once" 's/create | spawn)/create) again "$n" body body ;; spawn)/'
	sees "join waits for the end" 's/join) echo "$n"/join) echo 0/'
	sees "all that were spawned have run when they are settled" 's/create | spawn)/spawn) ;; create)/'
	sees "as many as were created have ended, none is left" 's/left) echo 0/left) echo 1/'
	sees "hand-offs go round a ring in order" 's/0 1 2 3 /0 2 1 3 /'
}

@test "what can't be built is missing, with the reason, until its compiler comes" {
	lines_of Missing/ impl=absent/ "$around/all.txt" | grep -q 'reason="not built: no abacus (package abacus)"'
	cp "$around/runtimes/sound/build" "$around/runtimes/absent/build"
	touch -d '1 hour ago' "$around/runtimes/absent/build"
	built "$(echo "$around"/runtimes/*)"
	[ -x "$around/b/runtimes/absent/run" ]
	[ ! -e "$around/b/runtimes/absent/missing" ]
}

@test "each says what it lacks where its compiler is not installed" {
	mkdir -p "$around/bin" "$around/out"
	ln -sf "$(command -v dirname)" "$around/bin/dirname"
	for folder in "$root"/impls/runtimes/*/; do
		run env PATH="$around/bin" "$folder/build" "$around/out"
		echo "$folder: $output"
		[ "$status" -ne 0 ]
		[ "${#lines[@]}" -eq 1 ]
		[[ $output == "no "*" (package "*")" ]]
	done
}

@test "for another CPU none is built" {
	make -s -C "$root" B="$around/foreign" CPU=another "$around/foreign/runtimes/lua/made"
	[ "$(cat "$around/foreign/runtimes/lua/missing")" = "built for another CPU" ]
	[ ! -e "$around/foreign/runtimes/lua/run" ]
}

# Those that are built here: what they do is counted by themselves, and agrees.
@test "the runtimes of this tree do as they must, and are measured" {
	cd "$root"
	only="impl=$(basename -a impls/runtimes/*/ | paste -sd,)"
	run build/ctxbench conform --only "$only"
	grep -A 1 '^not ok' <<<"$output" || true
	[ "$status" -eq 0 ]
	for missing in build/runtimes/*/missing; do
		[ ! -e "$missing" ] || echo "# $missing: $(cat "$missing")" >&3
	done
	grep -vq '# SKIP' <<<"$output" || skip "none of their compilers is installed"
	build/ctxbench run --only "$only bench=switch place=same-pu" --counters none --trials 1 --quiet --out "$around/real.txt" >/dev/null || true
	for run in build/runtimes/*/run; do
		name=$(basename "$(dirname "$run")")
		grep -E "^(Benchmark|Invalid/)Switch/impl=$name/" "$around/real.txt"
		lines_of '(Benchmark|Invalid/)' "Switch/impl=$name/" "$around/real.txt" | grep -q ' ns/switch '
		[ "$(key "impl.$name.version" "$around/real.txt")" = "$(cat "build/runtimes/$name/version")" ]
	done
}
