// SPDX-License-Identifier: MIT
/* wake: the loop of switch with its two contexts on different CPUs. Nobody is switched to: a CPU leaves idle. */
static const struct job wake_job = {
	.name = "wake",
	.summary = "hand off to a context on another CPU, and be handed back",
	.unit = "wake",
	.needs = CAP_SPAWN | CAP_HANDOFF | CAP_TWO_CPUS,
	.ops = 2,
	.handoffs = 2,
	.contexts = 2,
	.arena_bytes = switch_bytes,
	.open = switch_open,
	.loop = switch_loop,
	.close = switch_close,
};
