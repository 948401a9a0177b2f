#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The kernel module's build, and what its face says where it is not loaded. What the module answers: tests/kthread.c.

load helper

setup() {
	cd "$BATS_TEST_DIRNAME/.." || return
	out=$BATS_TEST_TMPDIR/build
}

kthread() {
	make -s kthread B="$out" "$@"
}

module_waits() {
	basename -s .c impls/kthread/waits/*.c | sort
}

# A kernel's build system that says what it was asked for.
pretend_kernel() {
	mkdir -p "$BATS_TEST_TMPDIR/kernel"
	# shellcheck disable=SC2016
	printf 'modules:\n\t@echo built in $(M) for $(ARCH) by $(CROSS_COMPILE)\n' >"$BATS_TEST_TMPDIR/kernel/Makefile"
}

# The tree's own files, and when they were written.
tree_state() {
	find impls bench harness -type f -printf '%p %s %T@\n' | sort
}

@test "without headers it says which are missing, in one line, and builds nothing" {
	run kthread KDIR=/nowhere
	[ "$status" -ne 0 ]
	[ "${lines[0]}" = "no kernel headers in /nowhere: install linux-headers-$(uname -r), or say KDIR=" ]
	[ -z "$(find "$out" -name '*.o')" ]
}

@test "it is built out of the tree, and the architecture goes through" {
	pretend_kernel
	tree_state >"$BATS_TEST_TMPDIR/before"
	run kthread KDIR="$BATS_TEST_TMPDIR/kernel" ARCH=arm64 CROSS_COMPILE=aarch64-linux-gnu-
	[ "$status" -eq 0 ]
	[ "$output" = "built in $out/kthread for arm64 by aarch64-linux-gnu-" ]
	tree_state | diff "$BATS_TEST_TMPDIR/before" -
}

@test "every wait is the instance of every other impl, with the same benches and checks" {
	pretend_kernel
	kthread KDIR="$BATS_TEST_TMPDIR/kernel"
	for wait in $(module_waits); do
		[ "$(cat "$out/kthread/instance-$wait.c")" = '#include "harness/cell/instance.c"' ]
	done
	[ "$(find "$out/kthread" -name 'instance-*.c' | wc -l)" -eq "$(module_waits | wc -l)" ]
	for bench in bench/*.c; do
		grep -qx "#include \"$bench\"" "$out/benches.h"
	done
	# no second text of them
	absent grep -rnE '_job\b|struct check \w+\[\]|\bmain\(' impls/kthread/verbs.c impls/kthread/waits
}

@test "every object of the module has its source" {
	pretend_kernel
	kthread KDIR="$BATS_TEST_TMPDIR/kernel"
	objects=$(sed -n 's/^ctxbench-y := //p' impls/kthread/Kbuild | tr ' ' '\n' | grep '\.o$')
	[ "$(wc -w <<<"$objects")" -gt 4 ]
	for object in $objects; do
		source=$(sed -n 's/^#include "\(.*\)"$/\1/p' "$out/kthread/${object%.o}.c")
		[ -f "$source" ]
	done
}

@test "the face has the waits that the module has" {
	[ "$(sed -n 's,^// waits: ,,p' impls/kthread.c | tr ' ' '\n' | sort)" = "$(module_waits | grep -vx none)" ]
	[ "$(sed -n 's/^\tWAIT(\(\w*\), .*/\1/p' impls/kthread.c | sort)" = "$(module_waits)" ]
}

@test "what is missing stands in the list and with every check" {
	missing=$(build/ctxbench list impls | sed -n '/^kthread /,/^[^ ]/s/^ *not measured: //p')
	[ -n "$missing" ] || skip "nothing is missing: the module is loaded"
	run build/ctxbench conform --only impl=kthread
	[ "$status" -eq 0 ]
	absent grep -v -e '^1\.\.' -e "# SKIP $missing" <<<"$output"
	[ "${#lines[@]}" -gt 20 ]
}

@test "it compiles without a warning where there are headers" {
	arch=$(dpkg --print-architecture 2>/dev/null || uname -m)
	for headers in "/lib/modules/$(uname -r)/build" /usr/src/linux-headers-*-"$arch" ""; do
		[ ! -e "$headers/Makefile" ] || break
	done
	[ -n "$headers" ] || skip "no kernel headers are installed"
	run kthread KDIR="$headers"
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output != *warning:* ]]
	[ -s "$out/kthread/ctxbench.ko" ]
}
