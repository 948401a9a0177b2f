// SPDX-License-Identifier: MIT
#define RUNTIME_TRAITS                                                                                                 \
	.kind = "user-thread", .saves = "nothing more: frames are on its heap; setjmp and longjmp on the one C stack", \
	.stack = "40 slots at first, Lua's own, on its heap, freed by the collector",                                  \
	.summary = "Lua's coroutines; a switch: coroutine.resume there, coroutine.yield back"
#define RUNTIME_CAPS (CAP_SPAWN | CAP_HANDOFF | CAP_MODE)
