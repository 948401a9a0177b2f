#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# tests/exercise.c is marked by the conformance suite: as it stands it is listed and fails, in words that say what is
# missing; filled in, it passes and is timed. Both come in as anybody's impl does, by make IMPL=.

load helper

setup_file() {
	make_tree
	mkdir "$around/impls"
	solve <"$root/tests/exercise.c" >"$around/impls/solved.c"
	find "$root/build" -mindepth 1 -maxdepth 1 ! -name machines -exec cp -a -t "$tree/build" {} +
	make -s -C "$root" B="$tree/build" IMPL="tests/exercise.c $around/impls/solved.c" "$tree/build/ctxbench" "$tree/build/cell"
}

teardown_file() {
	remove_tree
}

setup() {
	cd "$around/open" || return
	case $("$ctxbench" list impls | reasons) in *exercise:*) skip "no port for this CPU" ;; esac
}

# solve: what one who has done the exercise may have made of it.
solve() {
	perl -0777 -pe '
		my $struct = "\tvoid *resume;\n\tchar *stack;\n\tctx_body *body;\n\tvoid *arg;\n\tstruct ctx *joiner;\n\tint done;\n";
		my $main = <<~"C";
			enum { STACK = 65536 };
			static void body_and_on(void *arg)
			{
				struct ctx *c = arg, *next = c->body(c->arg);
				c->done = 1;
				arch_switch(&c->resume, (next ? next : c->joiner)->resume);
			}
			C
		my %body = (
			ready => "c->stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
				return c->stack == MAP_FAILED ? -errno : 0;",
			release => "munmap(c->stack, STACK);",
			spawn => "c->body = body; c->arg = arg; c->joiner = NULL; c->done = 0;
				c->resume = arch_first_frame(c->stack + STACK, body_and_on, c); return 0;",
			handoff => "arch_switch(&self->resume, to->resume);",
			join => "while (!c->done) { c->joiner = self; arch_switch(&self->resume, c->resume); }",
		);
		s/\tint nothing_yet;\n\};/$struct};\n$main/;
		for my $verb (keys %body) {
			s/(ctx_$verb\([^\n]*\n\{).*?(\n\})/$1\n$body{$verb}$2/s or die "no $verb";
		}'
}

@test "an exercise that nobody has done is listed, and every check that it can fail it fails" {
	"$ctxbench" list impls | grep -q '^exercise  *user-thread  *an exercise$'
	run timeout 20 "$ctxbench" conform --rounds 50 --only 'impl=exercise'
	echo "$output"
	[ "$status" -eq 1 ]
	[ "$(grep -c '^not ok' <<<"$output")" -eq 6 ]
	grep -A 1 '^not ok .*a body runs once' <<<"$output" | grep -q '^# after the join the body had not run exactly once'
	grep -A 1 '^not ok .*callee-saved' <<<"$output" | grep -q '^# the other context never ran'
	[ "$(grep -A 1 '^not ok' <<<"$output" | grep -c '^# [a-z]')" -eq 6 ] # none without its reason
}

@test "it is not timed before it passes" {
	run "$ctxbench" run --only 'impl=exercise bench=switch place=same-pu' --trials 1 --counters none --quiet --out empty.txt
	[ "$status" -eq 1 ]
	lines_of Invalid/ impl=exercise/ empty.txt | grep -q conformance
	[ -z "$(values ns/switch empty.txt impl=exercise/)" ]
}

@test "an exercise that is done passes, and its switches are counted" {
	run "$ctxbench" conform --rounds 50 --only 'impl=solved'
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$(grep -c '^ok' <<<"$output")" -ge 7 ]
	run "$ctxbench" run --only 'impl=solved,null bench=switch policy=batch place=same-pu' --trials 1 --counters none --quiet --out done.txt
	[ "$status" -le 1 ]
	[ -n "$(values ns/switch done.txt impl=solved/)" ]
}
