/* SPDX-License-Identifier: BSD-2-Clause */
/* What the lf_fetch*.c files share. Only the child loads a library. */
#ifndef LF_FETCH_PRIVATE_H
#define LF_FETCH_PRIVATE_H

#include "lib/fetch/lf_fetch.h"
#include "lib/wire/wire.h"

#pragma GCC visibility push(hidden)

/* A function of a library, and where in a table its address goes. */
struct lf_fetch_symbol {
    const char  *name;
    size_t       offset;
};

/*
 * Load the first of these files (NULL ends them) that the machine has, and
 * fill the table. 0; -1 with a text in err that names the library and the
 * package to install.
 */
int lf_fetch_load(const char *const *files, const char *library,
                  const char *package, const struct lf_fetch_symbol *symbols,
                  size_t count, void *table, char *err);

/* Fetch into fd: 0 with the outcome in result, -1 with a text there. */
int lf_fetch_transfer(const struct lf_fetch *fetch,
                      struct lf_fetch_result *result, int fd);

/* The fields of a report: put by the child, checked by the parent, 0 or -1. */
void lf_fetch_put_result(struct strbuf *report,
                         const struct lf_fetch_result *result);
int lf_fetch_read_result(struct wire_frame *report,
                         struct lf_fetch_result *result);

#pragma GCC visibility pop

#endif /* LF_FETCH_PRIVATE_H */
