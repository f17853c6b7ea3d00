/* SPDX-License-Identifier: BSD-2-Clause */
/* The inside of eval_filters, shared by eval_filter*.c alone. */
#ifndef EVAL_FILTER_H
#define EVAL_FILTER_H

#include "harness/hurl/eval/eval.h"

/* A filter that got nothing, or a type it cannot work on; returns -1. */
int eval_filter_input(struct eval *e, const struct script_filter *f,
                      const struct value *v);

/* Any other failure of a filter; returns -1. */
int eval_filter_fail(struct eval *e, const struct script_filter *f,
                     const char *what);

/* Make v a text; NULL is out of memory. Returns 0 or -1. */
int eval_filter_set(struct eval *e, const struct script_filter *f,
                    struct value *v, enum value_kind kind, const char *text,
                    size_t len);

/* The same from a buffer, which is freed. */
int eval_filter_take(struct eval *e, const struct script_filter *f,
                     struct value *v, struct strbuf *from);

/* Filters on texts: eval_filter_text.c, eval_filter_encode.c. */
int eval_split(struct eval *e, const struct script_filter *f,
               struct value *v);
int eval_html_escape(struct eval *e, const struct script_filter *f,
                     struct value *v);
int eval_replace(struct eval *e, const struct script_filter *f,
                 struct value *v);
int eval_regex(struct eval *e, const struct script_filter *f,
               struct value *v);
int eval_replace_regex(struct eval *e, const struct script_filter *f,
                       struct value *v);
int eval_url_query_param(struct eval *e, const struct script_filter *f,
                         struct value *v);
int eval_base64_in(struct eval *e, const struct script_filter *f,
                   struct value *v);
int eval_base64_out(struct eval *e, const struct script_filter *f,
                    struct value *v);
int eval_to_hex(struct eval *e, const struct script_filter *f,
                struct value *v);
int eval_url_decode(struct eval *e, const struct script_filter *f,
                    struct value *v);
int eval_url_encode(struct eval *e, const struct script_filter *f,
                    struct value *v);
int eval_utf8(struct eval *e, const struct script_filter *f,
              struct value *v);

/* Dates: eval_date.c, eval_date_read.c. */
int eval_date_format(struct eval *e, const struct script_filter *f,
                     struct value *v);
int eval_to_date(struct eval *e, const struct script_filter *f,
                 struct value *v);

#endif /* EVAL_FILTER_H */
