// SPDX-License-Identifier: MIT
#define RUNTIME_TRAITS                                                                                                 \
	.kind = "user-thread",                                                                                         \
	.saves = "the BEAM's program counter and its live argument registers, into the process",                       \
	.stack = "with the heap in one block of 233 words at first, Erlang's own, of its own for each process",        \
	.summary = "Erlang's processes; a switch: a message each way; a yield: erlang:yield"
#define RUNTIME_CAPS (CAP_SPAWN | CAP_HANDOFF | CAP_MODE | CAP_YIELD | CAP_QUEUE | CAP_WORKERS)
