/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The functions on requests that version 35 added: method, variables, all
 * headers, decoded arguments. What version 34 reads stands in lf_request.c and
 * lf_header.c.
 */
#include "core/lf_abi.h"
#include "core/lf_port.h"

/* The longest name that is looked for; a longer length is a mistake. */
#define NAME_MAX_LEN  65536


/* The request, when name and value can be used; else NULL, reported. */
static struct lf_request *
begin(ngx_link_func_ctx_t *ctx, const char *name, size_t len,
      const ngx_link_func_str_t *value, const struct lf_abi_call *call)
{
    struct lf_request  *request;

    request = lf_abi_request(ctx, call);

    if (request == NULL) {
        return NULL;
    }

    if (name == NULL || value == NULL) {
        lf_abi_null(request, call, name == NULL ? "name" : "value");
        return NULL;
    }

    return len > 0 && len <= NAME_MAX_LEN ? request : NULL;
}


int
ngx_link_func_get_method(ngx_link_func_ctx_t *ctx,
                         ngx_link_func_str_t *method)
{
    struct lf_abi_call   call = LF_ABI_CALL;
    struct lf_request   *request;

    request = lf_abi_request(ctx, &call);

    if (request == NULL) {
        return -1;
    }

    if (method == NULL) {
        lf_abi_null(request, &call, "method");
        return -1;
    }

    *method = request->method;

    return 0;
}


int
ngx_link_func_get_variable(ngx_link_func_ctx_t *ctx, const char *name,
                           size_t len, ngx_link_func_str_t *value)
{
    size_t               i;
    u_char              *copy;
    lf_str_t             key, found;
    struct lf_abi_call   call = LF_ABI_CALL;
    struct lf_request   *request;

    request = begin(ctx, name, len, value, &call);

    if (request == NULL) {
        return -1;
    }

    key.data = lf_abi_copy(request, name, len, &call);
    key.len = len;

    if (key.data == NULL) {
        return -1;
    }

    for (i = 0; i < len; i++) {
        if (key.data[i] >= 'A' && key.data[i] <= 'Z') {
            key.data[i] |= 0x20;
        }
    }

    if (!lf_port_variable(request, &key, &found)) {
        return -1;
    }

    copy = lf_abi_copy(request, found.data, found.len, &call);

    if (copy == NULL) {
        return -1;
    }

    value->data = copy;
    value->len = found.len;

    return 0;
}


int
ngx_link_func_next_header(ngx_link_func_ctx_t *ctx, void **iter,
                          ngx_link_func_str_t *name,
                          ngx_link_func_str_t *value)
{
    lf_str_t             key, data;
    struct lf_abi_call   call = LF_ABI_CALL;
    struct lf_request   *request;

    request = lf_abi_request(ctx, &call);

    if (request == NULL) {
        return 0;
    }

    if (iter == NULL) {
        lf_abi_null(request, &call, "iter");
        return 0;
    }

    if (!lf_port_header_in_next(request, iter, &key, &data)) {
        return 0;
    }

    if (name != NULL) {
        *name = key;
    }

    if (value != NULL) {
        *value = data;
    }

    return 1;
}


/* ---- arguments -------------------------------------------------------- */

static int
hex(u_char byte)
{
    u_char  low;

    low = byte | 0x20;

    return byte >= '0' && byte <= '9' ? byte - '0'
           : low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}


/* In place; the NUL behind it stops an escape at the end. */
static void
decode(lf_str_t *text)
{
    u_char  *from, *to, *end;

    to = text->data;
    end = text->data + text->len;

    for (from = text->data; from < end; from++) {
        if (*from == '%' && hex(from[1]) >= 0 && hex(from[2]) >= 0) {
            *to++ = (u_char) (hex(from[1]) * 16 + hex(from[2]));
            from += 2;
        } else {
            *to++ = *from;
        }
    }

    *to = '\0';
    text->len = (size_t) (to - text->data);
}


int
ngx_link_func_get_query_arg(ngx_link_func_ctx_t *ctx, const char *name,
                            size_t len, ngx_link_func_str_t *value)
{
    lf_str_t             arg;
    struct lf_abi_call   call = LF_ABI_CALL;
    struct lf_request   *request;

    request = begin(ctx, name, len, value, &call);

    if (request == NULL || !lf_request_find_arg(request, name, len, &arg)) {
        return -1;
    }

    arg.data = lf_abi_copy(request, arg.data, arg.len, &call);

    if (arg.data == NULL) {
        return -1;
    }

    decode(&arg);
    *value = arg;

    return 0;
}
