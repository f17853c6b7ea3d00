/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From the answer of an app to the headers and buffers of nginx. Which bytes a
 * client may get for HEAD, 204, 304 and subrequests is decided here: one byte
 * too many breaks the next response of the connection.
 */
#include "module/ngx_http_link_func_module.h"


/* Report the charset of the type to the filters, so they add no second one. */
static void
ngx_http_link_func_set_charset(ngx_http_request_t *r, ngx_str_t *type,
    size_t media_len)
{
    u_char  *p, *end;

    p = type->data + media_len;
    end = type->data + type->len;

    while (p < end) {
        p = ngx_strlchr(p, end, ';');

        if (p == NULL) {
            return;
        }

        do {
            p++;
        } while (p < end && *p == ' ');

        if (end - p > 8 && ngx_strncasecmp(p, (u_char *) "charset=", 8) == 0) {
            break;
        }
    }

    if (p >= end) {
        return;
    }

    p += 8;

    if (*p == '"') {
        p++;
    }

    r->headers_out.charset.data = p;

    while (p < end && *p != ';' && *p != '"' && *p != ' ') {
        p++;
    }

    r->headers_out.charset.len = p - r->headers_out.charset.data;
}


static void
ngx_http_link_func_set_content_type(ngx_http_request_t *r,
    const struct lf_response *response)
{
    r->headers_out.content_type.len = response->content_type.len;
    r->headers_out.content_type.data = response->content_type.data;
    r->headers_out.content_type_len = response->media_type_len;
    r->headers_out.content_type_lowcase = NULL;

    if (response->media_type_len < response->content_type.len) {
        ngx_http_link_func_set_charset(r, &r->headers_out.content_type,
                                       response->media_type_len);
    }
}


static void
ngx_http_link_func_set_headers_out(ngx_http_request_t *r,
    const struct lf_response *response)
{
    /* conditions of the client are the app's business: it has no validators */
    r->disable_not_modified = 1;

    r->headers_out.status = response->status;
    r->headers_out.status_line.len = response->status_line.len;
    r->headers_out.status_line.data = response->status_line.data;

    /*
     * error_page keeps the status of the error on the wire, and that decides
     * whether a client waits for a body.
     */
    if (response->bodyless
        && (r->err_status == 0 || r->err_status == NGX_HTTP_NO_CONTENT
            || r->err_status == NGX_HTTP_NOT_MODIFIED))
    {
        r->header_only = 1;
        r->headers_out.content_length_n = -1;
        ngx_str_null(&r->headers_out.content_type);
        r->headers_out.content_type_len = 0;

        return;
    }

    r->headers_out.content_length_n = response->body.len;
    ngx_http_link_func_set_content_type(r, response);
}


ngx_int_t
ngx_http_link_func_send_response(ngx_http_request_t *r,
    ngx_http_link_func_ctx_t *ctx)
{
    ngx_int_t                  rc;
    ngx_buf_t                 *b;
    ngx_chain_t                out;
    const struct lf_response  *response;

    response = &ctx->request.response;

    if (response->failed) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_http_link_func_set_headers_out(r, response);

    rc = ngx_http_send_header(r);

    if (rc == NGX_ERROR || rc > NGX_OK || r->header_only) {
        return rc;
    }

    b = &ctx->buf;

    if (response->body.len > 0) {
        b->pos = response->body.data;
        b->last = response->body.data + response->body.len;
        b->memory = 1;
    }

    /* the end of a subrequest is not the end of the response */
    b->last_buf = (r == r->main) ? 1 : 0;
    b->last_in_chain = 1;
    b->sync = (b->last_buf || b->memory) ? 0 : 1;

    out.buf = b;
    out.next = NULL;

    return ngx_http_output_filter(r, &out);
}
