// SPDX-License-Identifier: MIT
#include "values.h"

struct bars values_of(const struct answer *a, const double *bar, double clock_hz)
{
	double tick = 1e9 / clock_hz / (a->per > 0 ? a->per : 1);
	struct bars b = { .unit = "ns",
		.tick = tick,
		.sum = a->sum * tick,
		.min = a->least_value * tick,
		.max = a->most_value * tick };
	for (uint32_t i = 0; i < a->bars; i++) {
		bars_append(&b, bar[2 * i] * tick, bar[2 * i + 1]);
		b.n += bar[2 * i + 1];
	}
	return b;
}

void values_quantiles(struct record_line *line, const struct bars *b)
{
	static const struct {
		double q;
		const char *unit;
	} quantile[] = { { 0.5, "p50-ns" }, { 0.9, "p90-ns" }, { 0.99, "p99-ns" }, { 0.999, "p99.9-ns" },
		{ 0.9999, "p99.99-ns" } };
	for (size_t i = 0; i < sizeof quantile / sizeof *quantile; i++)
		record_value(line, bars_quantile(b, quantile[i].q), quantile[i].unit);
	record_value(line, bars_quantile_any(b, 1), "max-ns");
}
