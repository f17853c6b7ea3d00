/* SPDX-License-Identifier: BSD-2-Clause */
/* The inside of eval_query, shared by eval_query.c and eval_body.c alone. */
#ifndef EVAL_QUERY_H
#define EVAL_QUERY_H

#include "harness/hurl/eval/eval.h"

/*
 * The next header of that name from *at on, which is moved behind it; NULL:
 * there is none.
 */
const struct http_header *eval_header(const struct http_answer *answer,
                                      const char *name, size_t *at);

/* The queries that look at the body; 0 or -1. */
int eval_query_bytes(struct eval *e, const struct script_query *q,
                     struct value *v);
int eval_query_digest(struct eval *e, const struct script_query *q,
                      struct value *v);
int eval_query_jsonpath(struct eval *e, const struct script_query *q,
                        struct value *v);
int eval_query_regex(struct eval *e, const struct script_query *q,
                     struct value *v);

#endif /* EVAL_QUERY_H */
