/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an app can read of its request, headers excepted: path, query string,
 * body, properties.
 */
#include "core/lf_abi.h"
#include "core/lf_port.h"


int
lf_request_wants_body(const lf_str_t *method)
{
    static const lf_str_t  names[] = {
        LF_STR("POST"), LF_STR("PUT"), LF_STR("PATCH")
    };

    size_t  i;

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (method->len == names[i].len
            && memcmp(method->data, names[i].data, method->len) == 0)
        {
            return 1;
        }
    }

    return 0;
}


int
lf_request_start(struct lf_request *request, const lf_str_t *args,
                 u_char *body, size_t body_len)
{
    char  *copy;

    copy = NULL;

    if (args != NULL && args->len > 0) {
        copy = lf_port_alloc(request, args->len + 1, NULL);

        if (copy == NULL) {
            return -1;
        }

        memcpy(copy, args->data, args->len);
        copy[args->len] = '\0';
    }

    request->ctx.req_args = copy;
    request->ctx.req_body = NULL;
    request->ctx.req_body_len = 0;
    request->ctx.shared_mem = request->zone;

    if (body != NULL && body_len > 0
        && lf_request_wants_body(&request->method))
    {
        request->ctx.req_body = body;
        request->ctx.req_body_len = body_len;
    }

    return 0;
}


int
ngx_link_func_get_uri(ngx_link_func_ctx_t *ctx, ngx_link_func_str_t *str)
{
    struct lf_abi_call   call = LF_ABI_CALL;
    struct lf_request   *request;

    request = lf_abi_request(ctx, &call);

    if (request == NULL) {
        return -1;
    }

    if (str == NULL) {
        lf_abi_null(request, &call, "str");
        return -1;
    }

    if (request->uri.len == 0) {
        return -1;
    }

    *str = request->uri;

    return 0;
}


int
lf_request_find_arg(const struct lf_request *request, const char *name,
                    size_t name_len, lf_str_t *raw)
{
    size_t       len;
    const char  *piece;

    for (piece = request->ctx.req_args; piece != NULL; piece += len + 1) {
        len = strcspn(piece, "&");

        if (len > name_len && piece[name_len] == '='
            && memcmp(piece, name, name_len) == 0)
        {
            raw->data = (u_char *) (uintptr_t) piece + name_len + 1;
            raw->len = len - name_len - 1;
            return 1;
        }

        if (piece[len] == '\0') {
            break;
        }
    }

    return 0;
}


void *
ngx_link_func_get_query_param(ngx_link_func_ctx_t *ctx, const char *key)
{
    lf_str_t             arg;
    struct lf_abi_call   call = LF_ABI_CALL;
    struct lf_request   *request;

    request = lf_abi_request(ctx, &call);

    if (request == NULL || key == NULL || *key == '\0'
        || !lf_request_find_arg(request, key, strlen(key), &arg))
    {
        return NULL;
    }

    return lf_abi_copy(request, arg.data, arg.len, &call);
}


static u_char *
find_prop(const struct lf_props *props, const char *key, size_t keylen)
{
    lf_str_t         name;
    const lf_str_t  *value;

    name.data = (u_char *) key;
    name.len = keylen;
    value = lf_prop_find(props, &name);

    return value != NULL ? value->data : NULL;
}


u_char *
ngx_link_func_get_prop(ngx_link_func_ctx_t *ctx, const char *key,
                       size_t keylen)
{
    struct lf_abi_call   call = LF_ABI_CALL;
    struct lf_request   *request;

    request = lf_abi_request(ctx, &call);

    if (request == NULL || keylen == 0) {
        return NULL;
    }

    if (key == NULL) {
        lf_abi_null(request, &call, "key");
        return NULL;
    }

    return find_prop(request->props, key, keylen);
}


u_char *
ngx_link_func_cyc_get_prop(ngx_link_func_cycle_t *cyc, const char *key,
                           size_t keylen)
{
    struct lf_abi_call   call = LF_ABI_CALL;
    struct lf_cycle     *cycle;

    if (cyc == NULL) {
        return NULL;
    }

    cycle = lf_abi_cycle(cyc, &call);

    if (cycle == NULL || keylen == 0) {
        return NULL;
    }

    if (key == NULL) {
        lf_abi_null(NULL, &call, "key");
        return NULL;
    }

    return find_prop(cycle->props, key, keylen);
}
