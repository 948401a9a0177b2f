// SPDX-License-Identifier: MIT
/* How long a run takes, kept to what was said before it: by the number of samples, which is all that can give way. */
#ifndef HARNESS_RUN_LENGTH_H
#define HARNESS_RUN_LENGTH_H

#include <stdint.h>

struct length {
	double said_s, passed_s; /* of the whole run */
	unsigned left;           /* rounds that are still to come, 1 or more */
	/* of the round that is over: how long it took, what of that no sample has a part in, and with how many a trial it was */
	double round_s, fixed_s;
	uint32_t samples, beside; /* beside: what a trial takes more than its samples, in samples */
	uint32_t least, most;     /* that a trial may have */
};

/* Samples a trial in the next round. */
uint32_t length_samples(const struct length *l);

#endif
