/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An app that uses what version 35 added and nothing else. It is compiled as C
 * and as C++.
 */
#include <ngx_link_func_module.h>

#ifdef __cplusplus
extern "C" {
#endif

int request(ngx_link_func_ctx_t *ctx);


int
request(ngx_link_func_ctx_t *ctx)
{
    int                   rc;
    void                 *iter = NULL;
    int64_t               sum = ngx_link_func_module_version_35;
    ngx_link_func_str_t   name, value;

    rc = ngx_link_func_get_method(ctx, &value);
    rc |= ngx_link_func_get_variable(ctx, "host", 4, &value);
    rc |= ngx_link_func_get_query_arg(ctx, "q", 1, &value);

    while (ngx_link_func_next_header(ctx, &iter, &name, &value)) {
        rc++;
    }

    return rc | ngx_link_func_counter_add(ctx->shared_mem, "k", -1, &sum);
}

#ifdef __cplusplus
}
#endif
