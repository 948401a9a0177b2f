#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Every impl with every wait does what it must; and what an impl does wrong is seen: one with a planted defect is built from
# outside of the tree, is found out, and is not timed.

load helper

setup_file() {
	make_tree
	defects
	conform_all &
	build_outside
	wait
}

teardown_file() {
	remove_tree
}

# Its status goes into a file: a failure here would skip every test instead of failing one.
conform_all() {
	"$root/build/ctxbench" conform --rounds 10000 >"$around/tap" 2>&1 && echo 0 >"$around/status" || echo $? >"$around/status"
}

defects() {
	outside sound <<-'END'
		// SPDX-License-Identifier: MIT
		#include "uthread-jmp.c"
	END
	outside forgets-a-handoff <<-'END'
		// SPDX-License-Identifier: MIT
		#define ctx_handoff sound_handoff
		#include "uthread-jmp.c"
		#undef ctx_handoff

		static inline void ctx_handoff(struct ctx *self, struct ctx *to)
		{
			static unsigned handoffs;
			if (++handoffs % 7)
				sound_handoff(self, to);
		}
	END
	outside clobbers <<-'END'
		// SPDX-License-Identifier: MIT
		#define ctx_handoff sound_handoff
		#include "uthread-jmp.c"
		#undef ctx_handoff

		#if defined __x86_64__
		#define LOSE "xorl %r15d, %r15d"
		#elif defined __aarch64__
		#define LOSE "mov x28, xzr"
		#elif defined __riscv
		#define LOSE "li s11, 0"
		#else
		#define LOSE ""
		#endif

		static inline void ctx_handoff(struct ctx *self, struct ctx *to)
		{
			sound_handoff(self, to);
			__asm__ volatile(LOSE);
		}
	END
	outside keeps-no-rounding <<-'END'
		// SPDX-License-Identifier: MIT
		#define ctx_handoff sound_handoff
		#include "uthread-jmp.c"
		#undef ctx_handoff

		static inline void ctx_handoff(struct ctx *self, struct ctx *to)
		{
			sound_handoff(self, to);
			arch_fp_set_rounding(0);
		}
	END
	outside forgets-the-successor <<-'END'
		// SPDX-License-Identifier: MIT
		#define ctx_spawn sound_spawn
		#include "uthread-jmp.c"
		#undef ctx_spawn

		static inline int ctx_spawn(struct ctx *c, ctx_body *body, void *arg)
		{
			sound_spawn(c, body, arg);
			ctx_join(c, c); /* runs the body here and now, before anybody hands off to it */
			return 0;
		}
	END
	outside keeps-the-cpu <<-'END'
		// SPDX-License-Identifier: MIT
		#define ctx_spawn sound_spawn
		#define ctx_yield no_yield
		#include "uthread-jmp.c"
		#undef ctx_spawn
		#undef ctx_yield
		#undef UTHREAD_CAPS
		#define UTHREAD_CAPS (CAP_SPAWN | CAP_HANDOFF | CAP_MODE | CAP_YIELD | CAP_QUEUE)

		static struct ctx *queue[8];
		static unsigned first, last, yields;

		static inline int ctx_spawn(struct ctx *c, ctx_body *body, void *arg)
		{
			queue[last++ % 8] = c;
			return sound_spawn(c, body, arg);
		}

		static inline void ctx_yield(struct ctx *self)
		{
			if (++yields % 7 == 0)
				return;
			queue[last++ % 8] = self;
			uthread_switch(self, queue[first++ % 8]);
		}
	END
	outside needs-a-header <<-'END'
		// SPDX-License-Identifier: MIT
		// needs: no/such/header.h
		// kind: user-thread
		#include "uthread-jmp.c"
	END
	outside needs-a-library <<-'END'
		// SPDX-License-Identifier: MIT
		// needs: stdio.h
		// links: -lno-such-library
		// kind: user-thread
		#include "uthread-jmp.c"
	END
	outside joins-at-once <<-'END'
		// SPDX-License-Identifier: MIT
		// waits: futex
		#define ctx_join sound_join
		#include "lwp.c"
		#undef ctx_join

		static inline void ctx_join(struct ctx *self, struct ctx *c)
		{
			(void)self;
			(void)c;
		}
	END
	outside leaks-descriptors <<-'END'
		// SPDX-License-Identifier: MIT
		// waits: futex
		#define ctx_spawn sound_spawn
		#include "pthread.c"
		#undef ctx_spawn

		static inline int ctx_spawn(struct ctx *c, ctx_body *body, void *arg)
		{
			SYSTEM(SYS_dup, 2);
			return sound_spawn(c, body, arg);
		}
	END
	outside leaks-memory <<-'END'
		// SPDX-License-Identifier: MIT
		#define ctx_spawn sound_spawn
		#include "uthread-jmp.c"
		#undef ctx_spawn

		static inline int ctx_spawn(struct ctx *c, ctx_body *body, void *arg)
		{
			mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
			return sound_spawn(c, body, arg);
		}
	END
	outside leaves-children <<-'END'
		// SPDX-License-Identifier: MIT
		// waits: futex
		#define ctx_join sound_join
		#include "process.c"
		#undef ctx_join

		static inline void ctx_join(struct ctx *self, struct ctx *c)
		{
			(void)self;
			siginfo_t ended;
			waitid(P_PID, (id_t)c->pid, &ended, WEXITED | WNOWAIT);
		}
	END
	outside hides-refusals <<-'END'
		// SPDX-License-Identifier: MIT
		// waits: futex
		#define ctx_spawn sound_spawn
		#define ctx_join sound_join
		#include "lwp.c"
		#undef ctx_spawn
		#undef ctx_join

		static inline int ctx_spawn(struct ctx *c, ctx_body *body, void *arg)
		{
			if (sound_spawn(c, body, arg))
				c->tid = 0;
			return 0;
		}

		static inline void ctx_join(struct ctx *self, struct ctx *c)
		{
			sound_join(self, c);
		}
	END
}

# What the Makefile makes of the folder: without a wait, and with those that the impl's head names. Not of what could
# not be built, and not of what comes with jobs of its own and knows its waits itself.
pairs() {
	absent=$("$root/build/ctxbench" list impls | reasons | sed -n 's/: not built: .*//p')
	for impl in "$root"/impls/*.c; do
		name=$(basename "$impl" .c)
		! grep -qx "$name" <<<"$absent" || continue
		! head -n 6 "$impl" | grep -q '^// jobs: own$' || continue
		echo "$name, wait none"
		waits=$(sed -n '1,6s,^// waits: *,,p' "$impl")
		[ "$waits" != '*' ] || waits=$(basename -s .c "$root"/impls/waits/*.c | grep -vx none)
		for wait in $waits; do
			echo "$name, wait $wait"
		done
	done | sort
}

asked() {
	sed -n 's/^\(not \)\?ok [0-9]* - \([^:]*\):.*/\2/p' "$around/tap" | sort -u
}

# questions PAIR: what it was asked.
questions() {
	sed -n "s/^\(not \)\?ok [0-9]* - $1: \([^#]*[^# ]\).*/\2/p" "$around/tap"
}

@test "every impl is asked with every wait" {
	pairs >"$around/pairs"
	[ "$(wc -l <"$around/pairs")" -ge 8 ]
	comm -23 "$around/pairs" <(asked) | absent grep .
	comm -13 "$around/pairs" <(asked) | while IFS=, read -r impl _; do
		[ ! -d "$root/impls/runtimes/$impl" ] || continue
		[ -d "$root/impls/runtimes/$impl" ] || head -n 6 "$root/impls/$impl.c" | grep -q '^// jobs: own$'
	done
}

@test "each is asked the same" {
	questions "null, wait none" >"$around/questions"
	[ "$(wc -l <"$around/questions")" -ge 9 ]
	{ pairs && asked | grep '^cxx20, '; } | while read -r pair; do
		diff "$around/questions" <(questions "$pair")
	done
}

@test "all do what they must, ten thousand times" {
	grep -aA1 '^not ok' "$around/tap" || true
	absent grep -aq '^not ok' "$around/tap"
	[ "$(cat "$around/status")" -eq 0 ]
}

@test "what is skipped has its reason" {
	absent grep -a ' # SKIP *$' "$around/tap"
	[ "$(grep -ac ' # SKIP ..........*' "$around/tap")" -gt 0 ]
	# only what has no part in a check is spared it: the kernel-scheduled impls are asked everything
	grep -aE -- '- (lwp|process|pthread), wait (futex|pipe|eventfd|yield):.*# SKIP' "$around/tap" |
		absent grep -v '# SKIP has no queue of its own$'
}

@test "it is TAP" {
	[ "$(tail -n 1 "$around/tap")" = "1..$(grep -acE '^(not )?ok' "$around/tap")" ]
	sed -n 's/^\(not \)\?ok \([0-9]*\) - .*/\2/p' "$around/tap" | diff - <(seq "$(grep -acE '^(not )?ok' "$around/tap")")
	needs prove
	prove --exec cat "$around/tap" >"$around/proved"
	grep -q 'Result: PASS' "$around/proved"
}

# found_out IMPL CHECK REASON: the check fails, for this reason; the impl is not timed, and that is a failure of the run.
found_out() {
	run "$ctxbench" conform --rounds 60 --only "impl=$1"
	echo "$output"
	[ "$status" -eq 1 ]
	grep -aA1 "^not ok [0-9]* - $1, wait [a-z]*: $2\$" <<<"$output" | grep -aqE "^# ($3)"
	run "$ctxbench" run --only "impl=$1 bench=create,switch place=same-pu" --counters none --trials 1 --quiet --out "$around/$1.txt"
	echo "$output"
	[ "$status" -eq 1 ]
	absent lines_of Benchmark "/impl=$1/" "$around/$1.txt"
	lines_of Invalid/ "/impl=$1/" "$around/$1.txt" | grep -q 'reason="conformance: '
	lines_of Invalid/ "/impl=$1/" "$around/$1.txt" | absent grep -v 'reason="conformance: '
}

@test "an impl from outside the tree that is sound is listed, passes and is timed" {
	"$ctxbench" list impls | grep -q '^sound '
	"$ctxbench" conform --rounds 60 --only impl=sound
	"$ctxbench" run --only 'impl=sound bench=create,switch' --counters none --trials 2 --quiet --out "$around/sound.txt"
	[ "$(values ns/switch "$around/sound.txt" impl=sound | wc -l)" -eq 2 ]
	[ "$(values ns/op "$around/sound.txt" impl=sound | wc -l)" -eq 2 ]
}

@test "a hand-off that does not happen is found out" {
	found_out forgets-a-handoff "hand-offs go round a ring in order" "the ring made another number|a context ran out of its turn"
}

@test "a clobbered register is found out" {
	case $(uname -m) in
	x86_64 | aarch64 | riscv64) ;;
	*) skip "which register would be clobbered on $(uname -m)?" ;;
	esac
	found_out clobbers "callee-saved registers survive" "a register that a callee must keep|killed by signal"
}

@test "a lost rounding direction is found out" {
	found_out keeps-no-rounding "floating-point control survives" "the floating-point control word did not survive"
}

@test "a body that runs before its turn is found out" {
	found_out forgets-the-successor "an ended body's successor runs next" "the successor that a body named|killed by signal"
}

@test "a yield that comes back at once is found out" {
	found_out keeps-the-cpu "yields go round all that are ready" "a yield came back before others"
}

# absent_for IMPL NEEDS: it is listed with the reason, and is a Missing/ line of a run.
absent_for() {
	"$ctxbench" list impls | reasons | grep -qx "$1: not built: needs $2"
	run "$ctxbench" run --only "impl=$1,null bench=create" --counters none --trials 1 --quiet --out "$around/$1.txt"
	echo "$output"
	[ "$status" -eq 0 ]
	lines_of Missing/ "/impl=$1/" "$around/$1.txt" | grep -q "reason=\"not built: needs $2\""
	lines_of Benchmark "/impl=null/" "$around/$1.txt"
}

@test "an impl whose header or library is not there is missing, with what it needs" {
	absent_for needs-a-header "no/such/header.h *"
	absent_for needs-a-library "stdio.h -lno-such-library"
}

@test "a join that does not wait is found out" {
	found_out joins-at-once "join waits for the end" "join came back before|killed by signal"
}

@test "descriptors left behind are found out" {
	found_out leaks-descriptors "created and joined, nothing is left" "descriptors were left behind"
}

@test "memory left behind is found out" {
	found_out leaks-memory "created and joined, nothing is left" "memory was left behind"
}

@test "children left unreaped are found out" {
	found_out leaves-children "created and joined, nothing is left" "a child was left unreaped"
}

@test "a refused spawn that says it succeeded is found out" {
	found_out hides-refusals "a refused spawn comes back as an error" "a refused spawn did not come back"
}
