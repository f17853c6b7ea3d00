/* SPDX-License-Identifier: BSD-2-Clause */
/* What the lf_fetch*.c files share. */
#ifndef LF_FETCH_PRIVATE_H
#define LF_FETCH_PRIVATE_H

#include "lib/fetch/lf_fetch.h"
#include "lib/wire/wire.h"

#pragma GCC visibility push(hidden)

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
