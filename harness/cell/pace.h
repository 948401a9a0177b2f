// SPDX-License-Identifier: MIT
/*
 * How fast the core goes just now, timed beside every sample: a dependent chain of register-register additions follows the
 * frequency alone (additions of an immediate are folded by some CPUs and lie fivefold); a stream of independent instructions
 * also sees a busy hyperthread next door, which the chain, CPU time and steal do not.
 */
#ifndef HARNESS_CELL_PACE_H
#define HARNESS_CELL_PACE_H

#include "../protocol.h"

struct pace {
	double add, burst; /* ticks of the clock: one addition, one instruction */
};

struct pace pace_now(const struct clock_facts *c);

#endif
