/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory of the request: allocated and freed by the host. */
#include "core/lf_abi.h"
#include "core/lf_port.h"


void *
lf_abi_alloc(struct lf_request *request, size_t size,
             const struct lf_abi_call *call)
{
    void  *memory;

    memory = lf_port_alloc(request, size, call->site);

    if (memory == NULL) {
        lf_report_request(request, LF_RULE_NO_MEMORY, call->site,
                          "%s: no memory for %zu bytes", call->name, size);
    }

    return memory;
}


u_char *
lf_abi_copy(struct lf_request *request, const void *data, size_t len,
            const struct lf_abi_call *call)
{
    u_char  *copy;

    copy = len < SIZE_MAX ? lf_abi_alloc(request, len + 1, call) : NULL;

    if (copy != NULL) {
        if (len > 0) {
            memcpy(copy, data, len);
        }

        copy[len] = '\0';
    }

    return copy;
}


void *
ngx_link_func_palloc(ngx_link_func_ctx_t *ctx, size_t size)
{
    struct lf_abi_call   call = LF_ABI_CALL;
    struct lf_request   *request;

    request = lf_abi_request(ctx, &call);

    return request != NULL ? lf_abi_alloc(request, size, &call) : NULL;
}


void *
ngx_link_func_pcalloc(ngx_link_func_ctx_t *ctx, size_t size)
{
    struct lf_abi_call   call = LF_ABI_CALL;
    struct lf_request   *request;
    void                *memory;

    request = lf_abi_request(ctx, &call);
    memory = request != NULL ? lf_abi_alloc(request, size, &call) : NULL;

    if (memory != NULL && size > 0) {
        memset(memory, 0, size);
    }

    return memory;
}


char *
ngx_link_func_strdup(ngx_link_func_ctx_t *ctx, const char *src)
{
    struct lf_abi_call   call = LF_ABI_CALL;
    struct lf_request   *request;

    request = lf_abi_request(ctx, &call);

    if (request == NULL || src == NULL) {
        return NULL;
    }

    return (char *) lf_abi_copy(request, src, strlen(src), &call);
}
