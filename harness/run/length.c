// SPDX-License-Identifier: MIT
#include "length.h"

/* Rounds are alike but for that number: what the last one took tells what a sample takes, and the time that is left is
 * for all rounds that are left alike. */
uint32_t length_samples(const struct length *l)
{
	double a_sample = (l->round_s - l->fixed_s) / (l->samples + l->beside);
	double each = (l->said_s - l->passed_s) / l->left;
	double fit = a_sample > 0 ? (each - l->fixed_s) / a_sample - l->beside : l->samples;
	return fit < l->least ? l->least : fit > l->most ? l->most : (uint32_t)fit;
}
