/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The body of a request in a separate buffer: apps write into it, read it
 * as a C string, and nginx may need its own copy for an upstream. A body that
 * is not whole is an error, never a shorter body.
 */
#include "module/ngx_http_link_func_module.h"


static ngx_int_t
ngx_http_link_func_read_body_file(ngx_http_request_t *r, ngx_buf_t *b,
    u_char *to)
{
    off_t    at;
    size_t   size;
    ssize_t  n;

    for (at = b->file_pos; at < b->file_last; at += n) {
        size = (size_t) (b->file_last - at);
        n = ngx_read_file(b->file, to, size, at);

        if (n <= 0) {
            ngx_log_error(NGX_LOG_ERR, r->connection->log, 0,
                          "the request body cannot be read back from \"%V\"",
                          &b->file->name);
            return NGX_ERROR;
        }

        to += n;
    }

    return NGX_OK;
}


/*
 * What arrived must be all that was announced. A body that nginx has thrown
 * away, before it called an error page with the same method, leaves no trace
 * but the header.
 */
static ngx_int_t
ngx_http_link_func_check_body(ngx_http_request_t *r, off_t size)
{
    off_t             announced;
    ngx_table_elt_t  *h;

    h = r->headers_in.content_length;
    announced = (h != NULL && r == r->main)
                ? ngx_atoof(h->value.data, h->value.len) : 0;

    if ((r->request_body == NULL || r->request_body->rest <= 0)
        && (size > 0 || announced <= 0))
    {
        return NGX_OK;
    }

    ngx_log_error(NGX_LOG_ERR, r->connection->log, 0, "the request body was "
                  "not read wholly: the app is not called");

    return NGX_ERROR;
}


ngx_int_t
ngx_http_link_func_copy_body(ngx_http_request_t *r, u_char **body, size_t *len)
{
    off_t         size;
    u_char       *p;
    ngx_chain_t  *cl, *bufs;

    bufs = r->request_body != NULL ? r->request_body->bufs : NULL;
    size = 0;

    for (cl = bufs; cl != NULL; cl = cl->next) {
        size += ngx_buf_size(cl->buf);
    }

    if (ngx_http_link_func_check_body(r, size) != NGX_OK) {
        return NGX_ERROR;
    }

    if (size == 0) {
        return NGX_OK;
    }

    p = ngx_palloc(r->pool, (size_t) size + 1);
    if (p == NULL) {
        return NGX_ERROR;
    }

    *body = p;
    *len = (size_t) size;

    for (cl = bufs; cl != NULL; cl = cl->next) {
        if (!ngx_buf_in_memory(cl->buf) && cl->buf->in_file
            && ngx_http_link_func_read_body_file(r, cl->buf, p) != NGX_OK)
        {
            return NGX_ERROR;
        }

        if (ngx_buf_in_memory(cl->buf)) {
            ngx_memcpy(p, cl->buf->pos, cl->buf->last - cl->buf->pos);
        }

        p += ngx_buf_size(cl->buf);
    }

    *p = '\0';

    return NGX_OK;
}
