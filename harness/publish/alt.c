// SPDX-License-Identifier: MIT
/* What a figure shows, for who does not see it: its ends and its gaps, in a sentence. */
#include <math.h>
#include <string.h>

#include "../analyse/anatomy.h"
#include "../analyse/block.h"
#include "../analyse/latency.h"
#include "../analyse/text.h"
#include "columns.h"
#include "rows.h"

/* The cheapest and the dearest of some cells, and how many there are. */
struct ends {
	const struct cell *least, *most;
	size_t n;
};

static void widen(struct ends *e, const struct cell *c)
{
	if (!columns_drawable(c))
		return;
	if (!e->least || c->median < e->least->median)
		e->least = c;
	if (!e->most || c->median > e->most->median)
		e->most = c;
	e->n++;
}

/* "a switch takes from 1.2 ns (uthread-inline) to 3.1 µs (process), of 24 that were measured". */
static void tell_ends(char *text, size_t size, const char *what, const struct ends *e, bool with_wait)
{
	char low[TEXT_NUMBER], high[TEXT_NUMBER];
	size_t used = strlen(text);

	if (!e->n)
		return;
	snprintf(text + used, size - used, "%s%s takes from %s (%s%s%s) to %s (%s%s%s), of %zu that were measured",
		used ? "; " : "", what, text_time(low, e->least->median), e->least->impl, with_wait ? " by " : "",
		with_wait ? e->least->wait : "", text_time(high, e->most->median), e->most->impl,
		with_wait ? " by " : "", with_wait ? e->most->wait : "", e->n);
}

void alt_ladder(char *text, size_t size, const struct sources *s)
{
	const struct cells *all = *s->cells;
	struct ends turn = { NULL, NULL, 0 }, create = turn, mode = turn;

	*text = '\0';
	for (size_t i = 0; i < all->impls; i++) {
		/* rungs of the other ladder are not in this figure */
		if (!strcmp(all->impl[i].kind, "floor") || !strncmp(all->impl[i].name, "clone-", strlen("clone-")))
			continue;
		widen(&turn, all->impl[i].turn);
		widen(&create, all->impl[i].create);
		widen(&mode, all->impl[i].mode);
	}
	tell_ends(text, size, "a switch", &turn, false);
	tell_ends(text, size, "a creation with its join", &create, false);
	tell_ends(text, size, "a mode switch", &mode, false);
}

void alt_places(char *text, size_t size, const struct sources *s)
{
	const struct cells *all = *s->cells;
	struct ends turn = { NULL, NULL, 0 }, wake = turn;

	*text = '\0';
	for (size_t i = 0; i < all->cells; i++) {
		const struct cell *c = &all->cell[i];

		if (!strcmp(c->wait, "none") || *c->points || strcmp(c->policy, "batch") || !strcmp(c->place, "free"))
			continue;
		if (!strcmp(c->bench, "switch"))
			widen(&turn, c);
		else if (!strcmp(c->bench, "wake"))
			widen(&wake, c);
	}
	tell_ends(text, size, "a switch on one CPU", &turn, true);
	tell_ends(text, size, "a wake on another CPU", &wake, true);
}

/* Of each bar its largest part. */
void alt_anatomy(char *text, size_t size, const struct sources *s)
{
	static const char *const part[PARTS] = { "in and out of the kernel", "arguments", "the rest of the call",
		"until the other runs", "its body", "end and join" };
	const struct cells *all = *s->cells;
	size_t used = 0;

	*text = '\0';
	for (size_t i = 0; i < all->cells && used < size; i++) {
		struct anatomy a;
		int most = 0;
		char percent[TEXT_NUMBER], total[TEXT_NUMBER];

		if (!anatomy_of(all, &all->cell[i], &a))
			continue;
		for (int p = 1; p < PARTS; p++)
			most = a.part[BY_TIME][p] > a.part[BY_TIME][most] ? p : most;
		used += (size_t)snprintf(text + used, size - used, "%s%s of %s, %s, is mostly %s: %s", used ? "; " : "",
			a.is_switch ? "a switch" : "a creation", a.cell->impl, text_time(total, a.total), part[most],
			text_percent(percent, a.part[BY_TIME][most] / a.total));
	}
}

/* Of each curve the median, and a value that one in a hundred is beyond. */
static void tell_quantiles(char *text, size_t size, const struct cells *all, const char *bench)
{
	size_t used = 0;

	*text = '\0';
	for (size_t i = 0; i < all->cells && used < size; i++) {
		const struct cell *c = &all->cell[i];
		char half[TEXT_NUMBER], rare[TEXT_NUMBER];

		if (strcmp(c->bench, bench) || c->state != CELL_VALID || !c->bars || !strcmp(c->place, "free"))
			continue;
		used += (size_t)snprintf(text + used, size - used, "%s%s, %s, %s: half take longer than %s",
			used ? "; " : "", c->impl, c->policy, *c->points ? c->points : c->place,
			text_time(half, latency_quantile(c, 0.5)));
		if (used < size && latency_quantile(c, 0.99) > 0)
			used += (size_t)snprintf(text + used, size - used, ", one in 100 longer than %s",
				text_time(rare, latency_quantile(c, 0.99)));
	}
}

void alt_latency(char *text, size_t size, const struct sources *s)
{
	tell_quantiles(text, size, *s->cells, "latency");
}

void alt_wakes(char *text, size_t size, const struct sources *s)
{
	tell_quantiles(text, size, *s->cells, "wake-latency");
}

void alt_mn(char *text, size_t size, const struct sources *s)
{
	const struct cells *all = *s->cells;
	size_t used = 0;

	*text = '\0';
	for (size_t i = 0; i < all->cells && used < size; i++) {
		const struct cell *c = &all->cell[i];
		char share[TEXT_NUMBER];

		if (!block_owns(c) || c->state != CELL_VALID)
			continue;
		used += (size_t)snprintf(text + used, size - used, "%s%s, %s: %s%% goes on", used ? "; " : "", c->impl,
			c->points, text_fixed(share, cell_median(c, block_share), 0));
	}
}
