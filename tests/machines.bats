#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Where a machine of tests/machines can't be made, one line says why and nothing passes. Nothing is fetched or booted here.

setup() {
	bin=$BATS_TEST_TMPDIR/bin
	mkdir "$bin"
	for tool in dirname rm sh; do
		ln -s "$(command -v "$tool")" "$bin/$tool"
	done
	boot=$BATS_TEST_DIRNAME/machines/boot
}

@test "without its tools: one line, and 69" {
	for machine in arm64 x86_64; do
		CTXBENCH_MACHINES=$BATS_TEST_TMPDIR/machines PATH=$bin run "$boot" "$machine"
		[ "$status" -eq 69 ]
		[ "${#lines[@]}" -eq 1 ]
		[ "$output" = "machine $machine: not measured: apt-get is not installed; bench/setup all brings what is needed" ]
	done
}

@test "without a network: apt's reason in one line, and 69" {
	for tool in apt-get dpkg dpkg-deb qemu-system-aarch64 aarch64-linux-gnu-gcc make cpio gzip base64 timeout prove bats; do
		printf '#!/bin/sh\necho amd64\n' >"$bin/$tool"
		chmod +x "$bin/$tool"
	done
	for tool in mkdir cat grep tail touch sed tr; do
		ln -s "$(command -v "$tool")" "$bin/$tool"
	done
	printf '#!/bin/sh\necho "E: Could not resolve"; exit 100\n' >"$bin/apt-get"
	CTXBENCH_MACHINES=$BATS_TEST_TMPDIR/machines PATH=$bin run "$boot" arm64
	[ "$status" -eq 69 ]
	[ "${lines[-1]}" = "machine arm64: not measured: apt: E: Could not resolve" ]
}

@test "an unknown machine is a usage error" {
	run "$boot" sparc
	[ "$status" -eq 2 ]
	[ "${#lines[@]}" -eq 1 ]
}

@test "what a machine did not leave is no pass" {
	cp -R "$BATS_TEST_DIRNAME/machines" "$BATS_TEST_TMPDIR/tests"
	cp "$BATS_TEST_DIRNAME/helper.bash" "$BATS_TEST_TMPDIR"
	for machine in arm64 x86_64; do
		run bats "$BATS_TEST_TMPDIR/tests/$machine.bats"
		[ "$status" -ne 0 ]
		[ "$(grep -c '^ok' <<<"$output")" -eq 0 ]
	done
}
