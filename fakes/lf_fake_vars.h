/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of nginx variables behind lf_fake_get_variable. */
#ifndef LF_FAKE_VARS_H
#define LF_FAKE_VARS_H

#include "fakes/lf_fake_request.h"

/*
 * name is the whole name; the value is a view or lives as long as the request.
 * Returns 1, or 0: the request has none.
 */
typedef int (*lf_fake_var_fn)(struct lf_fake_request *request,
                              const lf_str_t *name, lf_str_t *value);

/* prefix 1: the rest of the name says which. fn NULL: not simulated. */
struct lf_fake_var {
    const char      *name;
    unsigned         prefix:1;
    lf_fake_var_fn   fn;
};

extern const struct lf_fake_var  lf_fake_vars[];
extern const size_t              lf_fake_var_count;

int lf_fake_var_is(const lf_str_t *name, const char *text);
int lf_fake_var_text(lf_str_t *value, const char *from);

/* Of the request line, the headers and what they hold. */
int lf_fake_var_core(struct lf_fake_request *request, const lf_str_t *name,
                     lf_str_t *value);
int lf_fake_var_line(struct lf_fake_request *request, const lf_str_t *name,
                     lf_str_t *value);
int lf_fake_var_header(struct lf_fake_request *request, const lf_str_t *name,
                       lf_str_t *value);
int lf_fake_var_length(struct lf_fake_request *request, const lf_str_t *name,
                       lf_str_t *value);
int lf_fake_var_http(struct lf_fake_request *request, const lf_str_t *name,
                     lf_str_t *value);
int lf_fake_var_sent_http(struct lf_fake_request *request,
                          const lf_str_t *name, lf_str_t *value);
int lf_fake_var_arg(struct lf_fake_request *request, const lf_str_t *name,
                    lf_str_t *value);
int lf_fake_var_cookie(struct lf_fake_request *request, const lf_str_t *name,
                       lf_str_t *value);
int lf_fake_var_user(struct lf_fake_request *request, const lf_str_t *name,
                     lf_str_t *value);

#endif /* LF_FAKE_VARS_H */
