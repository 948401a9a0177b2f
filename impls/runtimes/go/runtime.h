// SPDX-License-Identifier: MIT
#define RUNTIME_TRAITS                                                                                                 \
	.kind = "user-thread",                                                                                         \
	.saves = "stack pointer, program counter and frame pointer: the compiler keeps nothing "                       \
		 "else across a call",                                                                                 \
	.stack = "2 KiB at first, Go's own, copied when it has to grow, reused",                                       \
	.summary = "Go's goroutines; a switch: unbuffered channels, one each way; a yield: runtime.Gosched"
#define RUNTIME_CAPS (CAP_SPAWN | CAP_HANDOFF | CAP_MODE | CAP_YIELD | CAP_QUEUE | CAP_WORKERS)
