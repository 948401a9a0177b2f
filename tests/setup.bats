#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bench/setup among stand-in commands: nothing outside $BATS_TEST_TMPDIR is read, run or installed.

everything="cc libc-headers make pkg-config hwloc libpfm4 gnuplot bats prove"
# what only `all` asks for, and Debian's packages of it
extras="boost-context boost-fiber pth st pcl liburing sqlite3 c++ go erlang lua kmod kernel-headers qemu-arm qemu-x86 cpio cc-aarch64 cc-x86_64 \
cc-riscv64 qemu-user clang musl pdftotext pdflatex lstopo tidy chromium mandoc slurm munge sshd parallel"
extra_packages="libboost-context-dev libboost-fiber-dev libpth-dev libst-dev libpcl1-dev liburing-dev libsqlite3-dev g++ golang-go erlang-base lua5.4 \
kmod linux-headers-6.0-test qemu-system-arm qemu-system-x86 cpio gcc-aarch64-linux-gnu libc6-dev-arm64-cross \
gcc-x86-64-linux-gnu libc6-dev-amd64-cross gcc-riscv64-linux-gnu libc6-dev-riscv64-cross qemu-user-static clang musl-tools poppler-utils \
texlive-latex-recommended hwloc-nox tidy chromium mandoc slurm-wlm munge openssh-server parallel"

# A command that does nothing, and succeeds.
stand_in() {
	printf '#!/bin/sh\n' >"$bin/$1"
	chmod +x "$bin/$1"
}

# What is "installed": commands are stand-ins, libraries are files that the stand-in compiler looks for.
bring() {
	for need in "$@"; do
		case $need in
		cc) cp "$BATS_TEST_TMPDIR/cc" "$bin/cc" ;;
		libc-headers | hwloc | libpfm4) touch "$installed/$need" ;;
		*) stand_in "$need" ;;
		esac
	done
}

remove() {
	for need in "$@"; do
		rm -f "$bin/$need" "$installed/$need"
	done
}

# shellcheck disable=SC2016
setup() {
	checkout="$BATS_TEST_TMPDIR/a check out"
	bin="$BATS_TEST_TMPDIR/bin"
	installed="$BATS_TEST_TMPDIR/installed"
	log="$BATS_TEST_TMPDIR/apt.log"
	mkdir -p "$checkout/bench" "$bin" "$installed"
	cp "$BATS_TEST_DIRNAME"/../bench/{setup,start,run,compare} "$checkout/bench/"
	for tool in cat cp dirname env find grep head mktemp nproc readlink rm sed tail touch tr; do
		ln -s "$(command -v "$tool")" "$bin/$tool"
	done

	cat >"$BATS_TEST_TMPDIR/cc" <<-'END'
		#!/bin/sh
		read -r line
		case $line in
		*hwloc.h*) [ -e "$INSTALLED/hwloc" ] ;;
		*perfmon*) [ -e "$INSTALLED/libpfm4" ] ;;
		*boost/* | *pth.h* | *st.h* | *pcl.h* | *liburing.h* | *sqlite3.h*) [ -e "$INSTALLED/libraries" ] ;;
		*) [ -e "$INSTALLED/libc-headers" ] ;;
		esac
	END
	chmod +x "$BATS_TEST_TMPDIR/cc"
	printf '#!/bin/sh\necho "$STAND_IN_UID"\n' >"$bin/id"
	printf '#!/bin/sh\necho 6.0-test\n' >"$bin/uname"
	chmod +x "$bin/id" "$bin/uname"
	printf 'ID=debian\n' >"$BATS_TEST_TMPDIR/os-release"
	# shellcheck disable=SC2086
	bring $everything
}

# shellcheck disable=SC2016
# apt, which keeps a log, does not know a package before `update`, and brings what it is told to.
with_apt() {
	cat >"$bin/apt-get" <<-'END'
		#!/bin/sh
		[ "$DEBIAN_FRONTEND" = noninteractive ] || exit 100
		while [ "${1#-}" != "$1" ]; do
			[ "$1" != -o ] || shift
			shift
		done
		echo "$@" >>"$APT_LOG"
		case $1 in
		update) touch "$INSTALLED/lists" ;;
		install)
			if [ -e "$INSTALLED/broken" ]; then
				echo "E: the disk is full" >&2
				exit 100
			fi
			for p in "$@"; do
				case $p in
				gcc) cp "$INSTALLED/../cc" "$INSTALLED/../bin/cc" ;;
				libc6-dev) touch "$INSTALLED/libc-headers" ;;
				libhwloc-dev) touch "$INSTALLED/hwloc" ;;
				libpfm4-dev) touch "$INSTALLED/libpfm4" ;;
				gnuplot-nox) cp "$INSTALLED/../bin/id" "$INSTALLED/../bin/gnuplot" ;;
				perl) cp "$INSTALLED/../bin/id" "$INSTALLED/../bin/prove" ;;
				make | pkg-config | bats) cp "$INSTALLED/../bin/id" "$INSTALLED/../bin/$p" ;;
				esac
			done
			;;
		esac
	END
	printf '#!/bin/sh\n[ -e "$INSTALLED/lists" ] && [ ! -e "$INSTALLED/no-$2" ]\n' >"$bin/apt-cache"
	printf '#!/bin/sh\necho sudo >>"$APT_LOG"\nexec "$@"\n' >"$bin/sudo"
	chmod +x "$bin/apt-get" "$bin/apt-cache" "$bin/sudo"
	touch "$installed/lists"
}

# The file that says which distribution this is, and its package manager.
distribution() {
	printf '%b' "$1" >"$BATS_TEST_TMPDIR/os-release"
	stand_in "$2"
}

environment() {
	uid=$1
	shift
	env -i PATH="$bin" HOME="$BATS_TEST_TMPDIR" TMPDIR="$BATS_TEST_TMPDIR" STAND_IN_UID="$uid" INSTALLED="$installed" \
		APT_LOG="$log" CTXBENCH_OS_RELEASE="$BATS_TEST_TMPDIR/os-release" "$@"
}

# as UID ARGUMENT...: without a terminal, since bats may have been given one.
as() {
	uid=$1
	shift
	environment "$uid" "$checkout/bench/setup" "$@" </dev/null 2>&1
}

# on_terminal KEYS UID ARGUMENT...: script gives a terminal; it ends lines as terminals do.
on_terminal() {
	keys=$1
	uid=$2
	shift 2
	set -o pipefail
	script=$(command -v script)
	export -f environment
	export bin installed log checkout BATS_TEST_TMPDIR
	printf '%s\n' "$keys" |
		SHELL=$(command -v bash) "$script" -qec "bash -c 'environment $uid \"\$checkout/bench/setup\" $*'" /dev/null | tr -d '\r'
}

@test "nothing missing: silent, and 0" {
	with_apt
	for needs in run build test; do
		run as 1000 "$needs"
		[ "$status" -eq 0 ]
		[ -z "$output" ]
	done
	[ ! -e "$log" ]
}

@test "each thing that is missing is found missing, and only that" {
	for need in $everything; do
		remove "$need"
		run as 1000 test
		case $need in
		cc) expected="69 missing: cc, libc-headers, hwloc, libpfm4" ;; # without a compiler no library can be tried
		libpfm4 | gnuplot) expected="0 going on without $need" ;;
		*) expected="69 missing: $need" ;;
		esac
		[ "$status ${output%% (*}" = "${expected%% *} ctxbench: ${expected#* }" ]
		bring "$need"
	done
}

@test "all: what is optional is asked for here, and only here" {
	for needs in run build test; do
		run as 1000 "$needs"
		[ -z "$output" ]
	done
	run as 1000 all
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 1 ]
	[[ $output == *"going on without ${extras// /, } ("* ]]
}

@test "all: what is there is not brought again" {
	with_apt
	touch "$installed/libraries"
	for command in g++ go erlc lua5.4 insmod qemu-system-aarch64 qemu-system-x86_64 cpio aarch64-linux-gnu-gcc \
		riscv64-linux-gnu-gcc qemu-aarch64 clang musl-gcc pdftotext pdflatex lstopo tidy chromium mandoc slurmctld slurmd munged sshd parallel; do
		stand_in "$command"
	done
	run as 1000 all
	[ "$status" -eq 0 ]
	[[ $output == *"going on without kernel-headers, cc-x86_64 ("* ]]
}

@test "all: brings every package, but for those that this release lacks" {
	with_apt
	touch "$installed/no-linux-headers-6.0-test" "$installed/no-libpth-dev"
	run as 0 all
	[ "$status" -eq 0 ]
	expected=${extra_packages/ linux-headers-6.0-test/}
	[ "$(tail -n 1 "$log")" = "install --no-install-recommends ${expected/ libpth-dev/}" ]
}

@test "all: required stays required" {
	remove make
	run as 1000 all
	[ "$status" -eq 69 ]
	[[ $output == *"missing: make, boost-context, "* ]]
}

@test "a build needs no bats" {
	remove bats prove
	run as 1000 build
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

@test "another compiler serves as well" {
	remove cc
	cp "$BATS_TEST_TMPDIR/cc" "$bin/clang"
	run as 1000 build
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

@test "a normal user without a terminal: one line with the command, 69, nothing run" {
	with_apt
	remove make hwloc
	run as 1000 build
	[ "$status" -eq 69 ]
	[ "${#lines[@]}" -eq 1 ]
	[[ $output == *"missing: make, hwloc (not root, "* ]]
	[[ $output == *"install with: sudo apt-get install --no-install-recommends make libhwloc-dev" ]]
	[ ! -e "$log" ]
}

@test "a normal user without sudo is told of su" {
	with_apt
	rm "$bin/sudo"
	remove make
	run as 1000 build
	[ "$status" -eq 69 ]
	[[ $output == *"install with: su -c 'apt-get install --no-install-recommends make'" ]]
}

@test "root without a terminal: exactly what is missing is installed" {
	with_apt
	remove cc make gnuplot
	run as 0 build
	[ "$status" -eq 0 ]
	[[ ${lines[0]} == *"missing: cc, libc-headers, make, hwloc, libpfm4, gnuplot; install with: apt-get install "* ]]
	[ "$(cat "$log")" = "install --no-install-recommends gcc libc6-dev make libhwloc-dev libpfm4-dev gnuplot-nox" ]
	run as 0 build
	[ -z "$output" ]
}

@test "for tests, bats and prove too" {
	with_apt
	remove bats prove
	run as 0 test
	[ "$status" -eq 0 ]
	[ "$(cat "$log")" = "install --no-install-recommends bats perl" ]
}

@test "empty package lists are fetched first" {
	with_apt
	rm "$installed/lists"
	remove make
	run as 0 build
	[ "$status" -eq 0 ]
	[[ ${lines[0]} == *"install with: apt-get update && apt-get install --no-install-recommends make" ]]
	[ "$(head -n 1 "$log")" = update ]
	[ "$(tail -n +2 "$log")" = "install --no-install-recommends make" ]
}

@test "an optional package that this release lacks does not keep the others out" {
	with_apt
	touch "$installed/no-libpfm4-dev"
	remove make libpfm4
	run as 0 build
	[ "$status" -eq 0 ]
	[ "$(tail -n 1 "$log")" = "install --no-install-recommends make" ]
	[[ ${lines[-1]} == *"going on without libpfm4 "* ]]
}

@test "apt that fails: its reason in one line, 69" {
	with_apt
	touch "$installed/broken"
	remove make
	run as 0 build
	[ "$status" -eq 69 ]
	[[ ${lines[-1]} == *"missing: make (apt-get failed: E: the disk is full); install with: apt-get "* ]]
}

@test "--no-install, CTXBENCH_NO_INSTALL and Slurm: nothing is installed, and the line says why" {
	with_apt
	remove make
	run as 0 --no-install build
	[ "$status" -eq 69 ]
	[[ $output == *"(--no-install); install with: apt-get install "* ]]
	run environment 0 CTXBENCH_NO_INSTALL=1 "$checkout/bench/setup" build
	[ "$status" -eq 69 ]
	[[ $output == *"(CTXBENCH_NO_INSTALL is set)"* ]]
	run environment 0 SLURM_JOB_ID=7 "$checkout/bench/setup" build
	[ "$status" -eq 69 ]
	[[ $output == *"Slurm"* ]]
	[ ! -e "$log" ]
}

@test "what is optional is done without, in one line" {
	with_apt
	remove libpfm4 gnuplot
	run as 0 --no-install build
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 1 ]
	[[ $output == *"going on without libpfm4, gnuplot (--no-install); install with: "*" libpfm4-dev gnuplot-nox" ]]
	[ ! -e "$log" ]
}

@test "on a terminal: one question, and Enter is yes" {
	command -v script >/dev/null && [ -c /dev/ptmx ] || skip "no terminal can be made here (script, /dev/ptmx)"
	with_apt
	remove make
	run on_terminal "" 1000 build
	[ "$status" -eq 0 ]
	[[ $output == *"install with: sudo apt-get install --no-install-recommends make"*"[Y/n]"* ]]
	[ "$(cat "$log")" = "$(printf 'sudo\ninstall --no-install-recommends make')" ]
}

@test "on a terminal: no is no" {
	command -v script >/dev/null && [ -c /dev/ptmx ] || skip "no terminal can be made here (script, /dev/ptmx)"
	with_apt
	remove make
	run on_terminal n 0 build
	[ "$status" -eq 69 ]
	[[ $output == *"missing: make (not wanted)"* ]]
	[ ! -e "$log" ]
}

@test "other distributions: their own command and names" {
	remove libc-headers hwloc libpfm4 prove
	distribution 'ID=fedora\n' dnf
	run as 1000 test
	[ "$status" -eq 69 ]
	[[ $output == *"'dnf install glibc-devel hwloc-devel libpfm-devel perl-Test-Harness'" ]]
	rm "$bin/dnf"
	distribution 'ID=cachyos\nID_LIKE=arch\n' pacman
	run as 0 test
	[ "$status" -eq 69 ]
	[[ $output == *"install with: pacman -S --needed glibc linux-api-headers hwloc libpfm perl" ]]
	rm "$bin/pacman"
	distribution 'ID="opensuse-leap"\nID_LIKE="suse opensuse"\n' zypper
	run as 0 test
	[ "$status" -eq 69 ]
	[[ $output == *"install with: zypper install glibc-devel linux-glibc-devel hwloc-devel libpfm-devel perl" ]]
	rm "$bin/zypper"
	distribution 'ID=alpine\n' apk
	run as 0 test
	[ "$status" -eq 69 ]
	[[ $output == *"install with: apk add musl-dev linux-headers hwloc-dev perl-utils" ]]
}

@test "Red Hat's rebuilds: the repository that has hwloc's headers" {
	remove hwloc
	distribution 'ID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.4"\n' dnf
	run as 0 build
	[[ $output == *"install with: dnf --enablerepo=crb install hwloc-devel" ]]
	distribution 'ID="almalinux"\nID_LIKE="rhel centos fedora"\nVERSION_ID="8.10"\n' dnf
	run as 0 build
	[[ $output == *"install with: dnf --enablerepo=powertools install hwloc-devel" ]]
}

@test "the distribution's own package manager goes before one installed as a tool" {
	with_apt
	remove make
	distribution 'ID=fedora\n' dnf
	run as 0 build
	[ "$status" -eq 69 ]
	[[ $output == *"install with: dnf install make" ]]
	[ ! -e "$log" ]
}

@test "no package for it, no package manager: said so" {
	remove libpfm4
	distribution 'ID=alpine\n' apk
	run as 0 build
	[ "$status" -eq 0 ]
	[[ $output == *"going on without libpfm4 "*"; this distribution has no package of it" ]]
	rm "$bin/apk"
	printf 'ID=nixos\n' >"$BATS_TEST_TMPDIR/os-release"
	remove make
	run as 0 build
	[ "$status" -eq 69 ]
	[[ $output == *"missing: make, libpfm4 "*"; install with the package manager of this system" ]]
}

@test "a wrong word is a usage error" {
	run as 0 everything
	[ "$status" -eq 2 ]
}

# -- bench/run and bench/compare: a stand-in for make builds a program that tells its arguments

# shellcheck disable=SC2016
buildable() {
	touch "$checkout/Makefile"
	mkdir -p "$checkout/harness" "$checkout/impls"
	cat >"$bin/make" <<-'END'
		#!/bin/sh
		while [ $# -gt 1 ]; do shift; done
		echo make >>"$APT_LOG"
		[ ! -e "$INSTALLED/broken-source" ] || { echo "x.c:1: error: no"; exit 2; }
		/bin/mkdir -p "$1/build"
		printf '#!/bin/sh\nfor a; do echo "<$a>"; done; exit 3\n' >"$1/build/ctxbench"
		/bin/chmod +x "$1/build/ctxbench"
	END
}

@test "run builds and becomes the program, from any directory, through a link, with spaces in the path" {
	buildable
	mkdir "$BATS_TEST_TMPDIR/else where"
	ln -s "../a check out/bench/run" "$BATS_TEST_TMPDIR/else where/measure"
	cd "$BATS_TEST_TMPDIR/else where"
	run environment 1000 ./measure --only "impl=lwp bench=switch" "" --quiet
	[ "$status" -eq 3 ]
	[ "$output" = "$(printf '<%s>\n' run --only "impl=lwp bench=switch" "" --quiet)" ]
	run environment 1000 "$checkout/bench/compare" "a b" c
	[ "$output" = "$(printf '<%s>\n' compare "a b" c)" ]
}

@test "--no-install is for the set-up only" {
	buildable
	run environment 1000 "$checkout/bench/run" --brief --no-install --seed 1
	[ "$status" -eq 3 ]
	[ "$output" = "$(printf '<%s>\n' run --brief --seed 1)" ]
	with_apt
	remove hwloc
	run environment 0 "$checkout/bench/run" --no-install
	[ "$status" -eq 69 ]
	[[ $output == *"(--no-install)"* ]]
}

@test "a build that fails shows what make said, and 69" {
	buildable
	touch "$installed/broken-source"
	run environment 1000 "$checkout/bench/run"
	[ "$status" -eq 69 ]
	[[ $output == *"x.c:1: error: no"*"the build failed" ]]
}

@test "--help and --version neither install nor build where the program is there" {
	buildable
	environment 1000 "$checkout/bench/run" || true
	with_apt
	rm "$log" && remove cc gnuplot
	for option in --help --version; do
		run environment 0 "$checkout/bench/run" "$option"
		[ "$output" = "$(printf '<%s>\n' run "$option")" ]
	done
	[ ! -e "$log" ]
}

# The stand-in ends with 3, which `current` would take for a program whose libraries are missing.
@test "a machine without a compiler runs what was built on another" {
	buildable
	environment 1000 "$checkout/bench/run" || true
	sed -i 's/exit 3/exit 0/' "$checkout/build/ctxbench"
	remove cc make
	run environment 1000 "$checkout/bench/run" --brief
	[ "$status" -eq 0 ]
	[ "$output" = "$(printf '<%s>\n' run --brief)" ]
	touch -t 203701010000 "$checkout/harness/main.c"
	run environment 1000 "$checkout/bench/run" --brief
	[ "$status" -eq 69 ]
	[[ $output == *"missing: cc, "* ]]
}
