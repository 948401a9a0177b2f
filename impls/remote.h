// SPDX-License-Identifier: MIT
// jobs: own
/*
 * The jobs of an impl whose contexts live outside of this program: what the templates of bench/ say of themselves, with
 * functions that ask for it over there. Included after unreached.h, benches.h and these three of the impl's:
 *
 *	static int remote_open(const struct point *, const struct job *template);
 *	static int remote_can(const struct job *template);    is it to be had there at all?
 *	static void remote_functions(struct job *);           puts its own in place of the template's, but for `open`
 */
#ifndef IMPLS_REMOTE_H
#define IMPLS_REMOTE_H

/* Which of them is meant, an open is not told: so each has one of its own. */
#define BENCH(name)                                                                                                    \
	static int name##_remote(const struct point *p)                                                                \
	{                                                                                                              \
		return remote_open(p, &name##_job);                                                                    \
	}
BENCHES
#undef BENCH

#define BENCH(name) { &name##_job, name##_remote },
static const struct {
	const struct job *template;
	int (*open)(const struct point *);
} remote_benches[] = { BENCHES };
#undef BENCH

enum { REMOTE_JOBS = sizeof remote_benches / sizeof *remote_benches };

static struct job remote_job[REMOTE_JOBS];
static const struct job *remote_jobs[REMOTE_JOBS + 1]; /* as struct impl wants them */

/* Before main: what is told of the templates is copied from them, which no initialiser may do. Nobody over there is
 * told a point on a bench's own axes. */
__attribute__((constructor)) static void remote_describe(void)
{
	for (unsigned i = 0, n = 0; i < REMOTE_JOBS; i++) {
		const struct job *template = remote_benches[i].template;
		if (template->scale[0].name || !remote_can(template))
			continue;
		remote_job[n] = *template;
		remote_functions(&remote_job[n]);
		remote_job[n].open = remote_benches[i].open;
		remote_jobs[n] = &remote_job[n];
		n++;
	}
}

#endif
