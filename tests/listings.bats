#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What the compiler made of the timed loops, read from `make listings`: nothing of ours may stand in one. Each rule
# prints what breaks it and is shown to find what is planted.

load helper

setup_file() {
	! command -v objdump >/dev/null || "$root/bench/listings" "$root/build" >/dev/null
}

setup() {
	cd "$root" || return
	[ "$(uname -m)" = x86_64 ] || skip "the rules are written for the instructions of x86_64"
	needs objdump
	listings=build/listings
}

# body FUNCTION LISTING: its instructions as "address mnemonic operands", a call with the name of what it calls.
body() {
	perl -e '
		my ($function, $listing) = @ARGV;
		open my $in, "<", $listing or die "$listing: $!\n";
		my ($inside, @body);
		while (<$in>) {
			$inside = $1 eq $function if /^[0-9a-f]+ <(.*)>:$/;
			next unless $inside;
			if (/^\s*([0-9a-f]+):\t(.*?)\s*(?:#.*)?$/) {
				push @body, "$1 " . $2 =~ s/\s+/ /gr;
			} elsif (/R_X86_64_\w+\s+(.*?)(?:[-+]0x[0-9a-f]+)?$/) {
				my $name = $1;
				$body[-1] =~ s/ call\K .*/ $name/;
			}
		}
		die "$listing: no $function\n" unless @body;
		print "$_\n" for @body' -- "$@"
}

# timed FUNCTION LISTING: of that only what is done n times, from where the last branch back goes to that branch.
timed() {
	body "$@" | perl -e '
		my @body = <>;
		my ($first, $last);
		for (@body) {
			my ($from, $to) = /^([0-9a-f]+) j\w+ ([0-9a-f]+) / or next;
			next if hex $to > hex $from;
			$first = hex $to unless defined $first && $first < hex $to;
			$last = hex $from;
		}
		die "no loop\n" unless defined $last;
		/^(\w+)/ && hex $1 >= $first && hex $1 <= $last && print for @body'
}

# -- the rules

# out_of_line CALLEE LISTING [LOOP]: setting up arguments, one call, one count, at most one comparison, one branch.
out_of_line() {
	timed "${3:-switch_loop}" "$2" | perl -e '
		my ($callee, $argument) = (shift, qr/%(?:[re](?:di|si|dx|cx)|r[89]d?)/);
		my %n = map { $_ => 0 } qw(call count compare branch);
		while (<STDIN>) {
			chomp;
			my ($address, $what) = split " ", $_, 2;
			if ($what =~ /^(?:mov|lea|xor)\w* .*,$argument$/ && $what !~ /%rip/) { next }
			elsif ($what =~ /^call \Q$callee\E$|^call \w+ <\Q$callee\E>$/) { $n{call}++ }
			elsif ($what =~ /^(?:sub|add)q? \$0x(?:1|f+),%r\w+$|^(?:dec|inc)q? %r\w+$/) { $n{count}++ }
			elsif ($what =~ /^(?:cmp|test)q? [^(]*$/) { $n{compare}++ }
			elsif ($what =~ /^j(?!mp)\w+ /) { $n{branch}++ }
			else { print "in the loop: $what\n" }
		}
		for (sort keys %n) {
			print "$_: $n{$_} of them\n" if $n{$_} > 1 || ($n{$_} < 1 && $_ ne "compare");
		}' -- "$1"
}

# library CALLEE LISTING: the same around the call of a library, which may be told and tell where contexts are.
library() {
	out_of_line "$1" "$2" | grep -vE 'in the loop: movq? %r\w+,(0x\w+)?\(%r\w+\)$' || true
}

# inline_switch LISTING: two stack pointers change hands; no call.
inline_switch() {
	timed switch_loop "$1" | perl -e '
		my %n = (count => 0, jump => 0, branch => 0);
		while (<STDIN>) {
			chomp;
			my ($address, $what) = split " ", $_, 2;
			if ($what =~ /^(?:mov|lea|push|pop)q? / && $what !~ /\(%rip\)$/) { next }
			elsif ($what =~ /^(?:add|sub)q? \$0xffffffffffffff80,%rsp$/) { next }
			elsif ($what =~ /^(?:sub|add)q? \$0x(?:1|f+),|^(?:dec|inc)q? /) { $n{count}++ }
			elsif ($what =~ /^(?:notrack )?jmp \*%\w+$/) { $n{jump}++ }
			elsif ($what =~ /^j(?!mp)\w+ /) { $n{branch}++ }
			else { print "in the loop: $what\n" }
		}
		for (sort keys %n) {
			print "$_: $n{$_} of them\n" if $n{$_} != 1;
		}'
}

# inline_wait LISTING: moves, comparisons, branches, atomic exchanges, calls of the kernel, and of the thread library's
# what the wait itself names (and where it looks for an error); one count, and what the wait itself may count. Of the whole function, since what is done when nothing has come yet may lie
# anywhere in it.
inline_wait() {
	wait=${1%.txt}
	calls=$(grep -oE '\<(pthread|sem)_\w+' "$root/impls/waits/${wait##*.}.c" | sort -u | paste -sd '|')
	counts=$((1 + $(grep -oE '\w\+\+' "$root/impls/waits/${wait##*.}.c" | wc -l)))
	body switch_loop "$1" | COUNTS=$counts CALLS="^call (arch_syscall${calls:+|_*errno_location|$calls})\$" perl -e '
		my $count = 0;
		while (<STDIN>) {
			chomp;
			my ($address, $what) = split " ", $_, 2;
			if ($what =~ /^call/) { print "in the loop: $what\n" unless $what =~ /$ENV{CALLS}/ }
			elsif ($what =~ /^(?:add|sub)q? \$0x\w+,%rsp$/) { next }
			elsif ($what =~ /^(?:sub|add)q? \$0x(?:1|f+),[^(]*$|^(?:dec|inc)q? [^(]*$/) { $count++ }
			elsif ($what =~ /^(?:mov\w*|lea|push|pop|xor|cmp|test)[bwlq]? / && $what !~ /%rip/) { next }
			elsif ($what =~ /^lea /) { next } # an address, and nothing read from it
			elsif ($what =~ /^(?:lock )?(?:xchg|cmpxchg)[lq]? /) { next }
			elsif ($what =~ /^(?:j\w+ \w+ <|ret$|ud2$|endbr64$|leave$|nop|data16|cs nop)/) { next }
			else { print "in the loop: $what\n" }
		}
		print "count: $count of them\n" if $count < 1 || $count > $ENV{COUNTS}'
}

# -- and their tests

# kept RULE ARGUMENT...: nothing to say about it.
kept() {
	run "$@"
	echo "$*: $output"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

@test "out of line: the timed loop holds the arguments, the call, the count and the branch" {
	kept out_of_line null_call "$listings"/null.none.txt
	kept out_of_line arch_switch "$listings"/uthread-jmp.none.txt
	kept out_of_line arch_switch_ret "$listings"/uthread-ret.none.txt
	kept out_of_line arch_switch_fpu "$listings"/uthread-fpu.none.txt
	kept out_of_line swapcontext "$listings"/ucontext.none.txt
	kept out_of_line uthread_switch "$listings"/sjlj.none.txt
	kept out_of_line uthread_switch "$listings"/sigsetjmp.none.txt
}

@test "a library's: the timed loop holds its call, where the contexts are, the count and the branch" {
	built() {
		grep -q 'call' "$listings/$1.none.txt" 2>/dev/null
	}
	! built fcontext || kept library jump_fcontext "$listings"/fcontext.none.txt
	! built pcl || kept library co_call "$listings"/pcl.none.txt
	! built pth || kept library pth_yield "$listings"/pth.none.txt
	! built pth || kept out_of_line pth_yield "$listings"/pth.none.txt yield_loop
	! built st || kept out_of_line st_usleep "$listings"/st.none.txt yield_loop
	! built boost-fiber || kept out_of_line boost_fiber_yield "$listings"/boost-fiber.none.txt yield_loop
}

@test "inline: the timed loop holds the switch, the count and the branch" {
	kept inline_switch "$listings"/uthread-inline.none.txt
}

@test "the kernel's: the timed loop holds the wait and the count" {
	for f in "$listings"/*.txt; do
		case $f in
		*.none.txt | *.own.txt | *.runtime.txt | *.cc.txt | *.absent.txt) ;;
		*) kept inline_wait "$f" ;;
		esac
	done
}

@test "timed loops begin on a cache line" {
	for impl in null uthread-jmp uthread-ret uthread-inline uthread-fpu sjlj ucontext; do
		first=$(timed switch_loop "$listings/$impl.none.txt" | head -n 1)
		echo "$impl: $first"
		[ $((0x${first%% *} % 64)) -eq 0 ]
	done
}

@test "every instance has its listing, and a switch by assembly comes with it" {
	for f in build/instance/*.o; do
		[ -s "$listings/$(basename "$f" .o).txt" ]
	done
	body arch_switch "$listings"/uthread-jmp.none.txt | tail -n 20 | grep -q 'jmp \*'
	body arch_switch_fpu "$listings"/uthread-fpu.none.txt | grep -q 'ldmxcsr'
	body arch_switch_ret "$listings"/uthread-ret.none.txt | grep -q ' ret$'
}

# plant IMPL WAIT STATEMENT: its listing, with the statement before the hand-off.
plant() {
	planted="$BATS_TEST_TMPDIR/planted"
	mkdir -p "$planted"
	sed -e "/#include \"task.h\"/{r impls/task.h
		d}" "impls/$1.c" | sed -e 's/^#define IMPL_TRAITS/unsigned long planted;\n&/' \
		-e "s/^\t\(arch_switch\w*(&self\|wait_wake(&to\)/\textern unsigned long planted;\n\t$3;\n&/" >"$planted/x.c"
	grep -qF "$3" "$planted/x.c"
	make -s B="$planted" IMPL="$planted/x.c" "$planted/instance/x.$2.o" "$planted/port.o" || return
	bench/listings "$planted" >/dev/null
}

# found WHAT RULE ARGUMENT...: the rule says so.
found() {
	what=$1
	shift
	run "$@" "$planted/listings/x.$wait.txt"
	echo "$*: $output"
	[[ $output == *"$what"* ]]
}

@test "a clock or a counter in a loop is found" {
	rdtsc='__asm__ volatile("rdtsc" ::: "rax", "rdx")'
	wait=none
	plant uthread-jmp none 'planted++'
	found "(%rip)" out_of_line arch_switch
	plant uthread-jmp none "$rdtsc"
	found "in the loop: rdtsc" out_of_line arch_switch
	plant uthread-jmp none 'arch_ticks()'
	found "in the loop: call arch_ticks" out_of_line arch_switch
	plant uthread-inline none "$rdtsc"
	found "in the loop: rdtsc" inline_switch
	wait=futex
	plant lwp futex 'planted++'
	found "(%rip)" inline_wait
	plant lwp futex 'arch_ticks()'
	found "in the loop: call arch_ticks" inline_wait
}

# It has its parent's thread-local storage: what it calls must not be libc's, not even the clearing of an array.
@test "a raw-clone LWP calls the kernel and its body, and nothing else" {
	[ "$(uname -m)" = x86_64 ] || skip "written for x86_64 listings"
	for wait in none futex pipe eventfd yield; do
		objdump -d -r --no-show-raw-insn build/instance/lwp.$wait.o |
			awk '/^[0-9a-f]+ <.*>:$/ { inside = $2 == "<lwp_main>:" } inside' >"$BATS_TEST_TMPDIR/lwp_main"
		grep -q call "$BATS_TEST_TMPDIR/lwp_main"
		grep -E 'R_X86_64_(PLT32|PC32|GOTPCREL\w*)' "$BATS_TEST_TMPDIR/lwp_main" | awk '{ print $3 }' >"$BATS_TEST_TMPDIR/called"
		absent grep -vE '^(arch_syscall|\.text)' "$BATS_TEST_TMPDIR/called"
	done
}

@test "a missing objdump is named" {
	OBJDUMP=no-such-objdump run bench/listings build
	[ "$status" -eq 69 ]
	[[ $output == *"missing: no-such-objdump"* ]]
}
