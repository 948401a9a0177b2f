// SPDX-License-Identifier: MIT
/*
 * Filter expressions over the parts of a cell's name: `impl=lwp,uthread-* bench=switch`. Terms are separated by spaces
 * and must all hold; a term is key=glob; commas inside one glob are alternatives; `*` and `?` as in the shell.
 */
#ifndef HARNESS_FILTER_H
#define HARNESS_FILTER_H

#include <stdbool.h>
#include <stddef.h>

struct filter; /* owned by the caller */

/* Parses `text`. `keys` (NULL-terminated) are the keys a term may have. On a mistake returns NULL and puts one clear
 * line, without a full stop or newline, into error (what, where, what was expected). An empty text matches all. */
struct filter *filter_parse(const char *text, const char *const *keys, char *error, size_t error_size);
void filter_free(struct filter *f);

/* Does a cell match? value(key, context) gives the part's value, or NULL where the cell has no such part (then only
 * a glob of `*` holds). */
bool filter_matches(const struct filter *f, const char *(*value)(const char *key, const void *context), const void *context);

/* The number of terms, and of a term its key and text: so that a caller can say which term matched nothing. */
size_t filter_terms(const struct filter *f);
const char *filter_term_key(const struct filter *f, size_t i);
const char *filter_term_glob(const struct filter *f, size_t i);

#endif
