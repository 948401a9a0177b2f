// SPDX-License-Identifier: MIT
/* C++20 coroutines as C sees them. All of this is for one thread at a time. */
#ifndef IMPLS_CXX20_H
#define IMPLS_CXX20_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* NULL, or why what this compiler made of coroutines can't be measured. */
const char *cxx20_missing(void);
const char *cxx20_compiler(void);

/* Two coroutines that transfer to each other; zeroed before it is opened. */
struct cxx20_pair {
	void *self, *peer;
	uint64_t turns; /* that self has still to take */
	uint64_t peers; /* how often the peer has run */
};
int cxx20_pair_open(struct cxx20_pair *p); /* 0 or -errno */
void cxx20_pair_run(struct cxx20_pair *p, uint64_t turns);
void cxx20_pair_close(struct cxx20_pair *p);

/* One that makes coroutines and joins them. */
struct cxx20_maker {
	void *self;
	uint64_t turns, ran; /* still to be made; bodies that have run */
	uint64_t early;      /* joins that came back before the body had ended */
	unsigned detours;    /* transfers that each body makes before it ends */
	int error;
};
int cxx20_maker_open(struct cxx20_maker *m);
int cxx20_maker_run(struct cxx20_maker *m, uint64_t turns); /* 0 or -errno */
void cxx20_maker_close(struct cxx20_maker *m);

/* `rounds` times round four coroutines. 0 or -errno. */
int cxx20_ring(uint64_t rounds, uint64_t *hops, uint64_t *out_of_turn);
/* A coroutine ends and names a second, which ends and names the first's maker; who ran in what order. 0 or -errno. */
int cxx20_successor(char order[4]);

#ifdef __cplusplus
}
#endif

#endif
