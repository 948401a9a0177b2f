# SPDX-License-Identifier: MIT
# For tests of the program: a tree of its own to run in, small programs in C, and what they do to each other.

root=$BATS_TEST_DIRNAME/..
unset MAKEFLAGS MFLAGS MAKELEVEL CTXBENCH_CLOCK

# Beside the program as in a checkout, but nothing is written into the real one, and everybody may read it. With an empty
# directory around it, so that a file outside of results/ shows.
make_tree() {
	around=$(mktemp -d)
	tree=$around/a/tree
	mkdir -p "$tree/build" "$tree/results" "$around/open"
	chmod 755 "$around"
	chmod 1777 "$around/open"
	cp "$root"/build/{ctxbench,cell*} "$tree/build"
	cp "$root/results/README.md" "$tree/results"
	ctxbench=$tree/build/ctxbench
	export around tree ctxbench
}

remove_tree() {
	[ -z "$around" ] || rm -rf "$around"
}

# program NAME [FLAG...]: compiles what stands on standard input to $around/NAME.
program() {
	name=$1
	shift
	"${CC:-cc}" -O1 -D_GNU_SOURCE -x c - -o "$around/$name" "$@"
}

# outside NAME: an impl from standard input, outside of the checkout; build_outside then builds all of them into the tree.
outside() {
	mkdir -p "$around/impls"
	cat - >"$around/impls/$1.c"
}

# What is built already is taken over: only the new instances are compiled. Not the machines: they are large.
build_outside() {
	find "$root/build" -mindepth 1 -maxdepth 1 ! -name machines -exec cp -a -t "$tree/build" {} +
	make -s -C "$root" B="$tree/build" IMPL="$(echo "$around"/impls/*.c)" "$tree/build/ctxbench" "$tree/build/cell"
}

# two_rungs: every impl, but of the ladder's rungs, which are one file with other flags, two that stand for all.
two_rungs() {
	(cd "$root" && find impls -maxdepth 1 -name '*.c' \( ! -name 'clone-*' -o -name clone-none.c -o -name clone-upto-thread.c \) | xargs)
}

# Also where we are no root, a normal user is who we are.
as_normal_user() {
	if [ "$(id -u)" -eq 0 ]; then
		setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
	else
		"$@"
	fi
}

# needs COMMAND...: skips with the reason.
needs() {
	for command in "$@"; do
		command -v "$command" >/dev/null || skip "$command is not installed"
	done
}

# absent COMMAND...: it must find nothing. A `!` before a command fails no test.
absent() {
	! "$@"
}

# Cell programs of this tree that are alive, as many as there are: the one that is libc's alone, and those of libraries.
cells_alive() {
	find /proc -maxdepth 2 -name exe -lname "$tree/build/cell*" 2>/dev/null | wc -l
}

# reasons: of the impls that ctxbench can't measure, from `ctxbench list impls` on standard input: "NAME: reason".
reasons() {
	awk '
		function tell() { if (reason != "") print name ": " reason; reason = "" }
		/^[^ ]/ { tell(); name = $1; continued = 0; next }
		/^    not measured:/ { sub(/^ *not measured: */, ""); reason = $0; continued = 1; next }
		/^    [^ ]/ { continued = 0 }
		continued { sub(/^ */, ""); reason = reason " " $0 }
		END { tell() }'
}

# lines_of KIND PATTERN FILE: of a result file, the lines of a kind (Benchmark, Invalid/, Missing/, Samples/) whose name matches.
lines_of() {
	grep -aE "^$1[^ ]*$2" "$3"
}

# values UNIT FILE [PATTERN]: the values with this unit on the lines that match.
values() {
	grep -aE "^Benchmark.*${3:-}" "$2" | awk -v unit="$1" '{ for (i = 3; i < NF; i += 2) if ($(i + 1) == unit) print $i }'
}

# key NAME FILE
key() {
	sed -n "s/^$1: //p" "$2"
}

# One line, and from the program itself.
one_line_of_ours() {
	[ "${#lines[@]}" -eq 1 ] && [[ $output == "ctxbench: "* ]]
}
