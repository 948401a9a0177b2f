// SPDX-License-Identifier: MIT
/* A CPU of whose registers nothing is known here. */
static void registers_tell(struct record *r)
{
	(void)set;
	record_set(r, "registers.area", "unknown");
}
