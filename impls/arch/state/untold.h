// SPDX-License-Identifier: MIT
/* Of a CPU that no program can ask which sets of registers are in use. Included by its header. */
static inline int state_tells(void)
{
	return 0;
}

static inline uint64_t state_seen(void)
{
	return 0;
}

static inline double state_seen_bytes(uint64_t seen)
{
	(void)seen;
	return 0;
}
