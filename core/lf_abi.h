/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the functions that apps call share among each other: from a handle to
 * the request behind it, and memory with one form of report. Not for hosts.
 */
#ifndef LF_ABI_H
#define LF_ABI_H

#include "core/lf_core.h"

#pragma GCC visibility push(hidden)

/* A call of an app: which function, and where it returns to. */
struct lf_abi_call {
    const char  *name;
    const void  *site;
};

#define LF_ABI_CALL  { __func__, LF_SITE }

/* The request or cycle of a handle; NULL when it is reported as none. */
struct lf_request *lf_abi_request(const ngx_link_func_ctx_t *ctx,
                                  const struct lf_abi_call *call);
struct lf_cycle *lf_abi_cycle(const ngx_link_func_cycle_t *cycle,
                              const struct lf_abi_call *call);

/* "NAME: WHAT is NULL". request may be NULL. */
void lf_abi_null(struct lf_request *request, const struct lf_abi_call *call,
                 const char *what);

/* Memory of the request; NULL is reported. */
void *lf_abi_alloc(struct lf_request *request, size_t size,
                   const struct lf_abi_call *call);

/* A NUL-terminated copy of len bytes; NULL is reported. */
u_char *lf_abi_copy(struct lf_request *request, const void *data, size_t len,
                    const struct lf_abi_call *call);

/* The first argument of that name, as it stands in the URI: 1, or 0: none. */
int lf_request_find_arg(const struct lf_request *request, const char *name,
                        size_t name_len, lf_str_t *raw);

/* 1 when a CR, LF or NUL is among the bytes. */
int lf_abi_breaks_line(const char *data, size_t len);

#pragma GCC visibility pop

#endif /* LF_ABI_H */
