# SPDX-License-Identifier: MIT
# For what is judged of a machine, in the files that it left.

load ../helper

# left MACHINE: the folder of a machine's files must be there, for a test of nothing says nothing.
left() {
	machines=${CTXBENCH_MACHINES:-$BATS_TEST_DIRNAME/../../build/machines}
	out=$machines/$1/out/first
	suite=$machines/$1/suite
	[ -s "$out/log" ] || [ -e "$out/dmesg" ]
}

# word KEY FILE: the rest of the line that begins with it.
word() {
	sed -n "s/^$1 //p" "$2"
}

# near A B WITHIN: two numbers.
near() {
	awk -v a="$1" -v b="$2" -v within="$3" 'BEGIN { d = a - b; exit !(a != "" && b != "" && (d < 0 ? -d : d) <= within) }'
}

# A TAP file that is whole and in which nothing failed, and something passed.
passed() {
	absent grep '^not ok' "$1"
	[ "$(grep -c '^ok' "$1")" -eq "$(sed -n 's/^1\.\.//p' "$1")" ]
	grep '^ok' "$1" | grep -qv '# SKIP'
}

# A result file of a machine made by software, in which nothing is invalid.
sound_result() {
	[ "$(key complete "$1")" = yes ]
	[ "$(key emulated "$1")" = yes ]
	[ "$(key host "$1")" = "$2-emulated" ]
	absent grep '^Invalid/' "$1"
	grep -q '^Benchmark' "$1"
}

# What the kernel said between two files of its log, without its clock and the two lines on what taints it. A busy host may halt
# the emulator in the middle of a timer's interrupt, and the kernel in it then says how long that took, once.
new_lines() {
	diff <(sed 's/^\[[^]]*\] //' "$1") <(sed 's/^\[[^]]*\] //' "$2") | sed -n 's/^[<>] //p' |
		grep -vE '^ctxbench: (loading out-of-tree module taints kernel|module verification failed)|^hrtimer: interrupt took [0-9]+ ns$' || true
}
