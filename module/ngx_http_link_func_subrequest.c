/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ngx_link_func_subrequest: requests that run before the app of a location,
 * for their status and for the headers that they add. They are header-only, so
 * nothing of their output can reach the client, whoever makes it.
 */
#include "module/ngx_http_link_func_module.h"


/* Called again when an error page follows: the last status counts. */
static ngx_int_t
ngx_http_link_func_sub_done(ngx_http_request_t *r, void *data, ngx_int_t rc)
{
    ngx_http_link_func_ctx_t  *ctx = data;

    ctx->sub_runs = 0;
    ctx->sub_status = r->headers_out.status;

    if (ctx->sub_status == 0) {
        ctx->sub_status = rc >= NGX_HTTP_SPECIAL_RESPONSE
                          ? (ngx_uint_t) rc : NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return rc;
}


/* Is the URI that of the request, or of one that it is a part of? */
static ngx_uint_t
ngx_http_link_func_sub_is_cycle(ngx_http_request_t *r, ngx_str_t *uri)
{
    for ( /* void */ ; r != NULL; r = r->parent) {
        if (ngx_http_link_func_str_eq(&r->uri, uri)) {
            return 1;
        }
    }

    return 0;
}


/* A subrequest that has no body must not announce the one of its parent. */
static ngx_int_t
ngx_http_link_func_sub_discard_body(ngx_http_request_t *sr)
{
    sr->request_body = ngx_pcalloc(sr->pool, sizeof(ngx_http_request_body_t));
    if (sr->request_body == NULL) {
        return NGX_ERROR;
    }

    sr->headers_in.content_length = NULL;
    sr->headers_in.chunked = 0;

    if (sr->headers_in.content_length_n > 0) {
        sr->headers_in.content_length_n = 0;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_link_func_start_sub(ngx_http_request_t *r,
    ngx_http_link_func_ctx_t *ctx, ngx_http_link_func_sub_t *sub)
{
    ngx_http_request_t          *sr;
    ngx_http_post_subrequest_t  *ps;

    ps = ngx_palloc(r->pool, sizeof(*ps));
    if (ps == NULL) {
        return NGX_ERROR;
    }

    ps->handler = ngx_http_link_func_sub_done;
    ps->data = ctx;

    if (ngx_http_subrequest(r, &sub->uri, (sub->flags & LF_SUBREQUEST_ARGS)
                                          ? &r->args : NULL,
                            &sr, ps, NGX_HTTP_SUBREQUEST_WAITED)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    sr->method = r->method;
    sr->method_name = r->method_name;
    sr->header_only = 1;

    ctx->sub_runs = 1;
    ctx->sub_status = 0;

    /* the end of the subrequest runs the phases of its parent */
    r->write_event_handler = ngx_http_core_run_phases;

    return (sub->flags & LF_SUBREQUEST_BODY)
           ? NGX_OK : ngx_http_link_func_sub_discard_body(sr);
}


/* The status that ends the request; NGX_OK: none; NGX_DONE: it has ended. */
static ngx_int_t
ngx_http_link_func_check_sub(ngx_http_request_t *r,
    ngx_http_link_func_ctx_t *ctx, ngx_http_link_func_sub_t *sub)
{
    ngx_uint_t  status;

    status = ctx->sub_status;

    if (!(sub->flags & LF_SUBREQUEST_STATUS)
        || (status >= NGX_HTTP_OK && status < NGX_HTTP_SPECIAL_RESPONSE))
    {
        return NGX_OK;
    }

    ngx_log_error(NGX_LOG_INFO, r->connection->log, 0, "\"ngx_link_func_"
                  "subrequest\": \"%V\" returned %ui", &sub->uri, status);

    /* nginx would close the connection for these: the client gets its answer */
    if (status == NGX_HTTP_REQUEST_TIME_OUT || status == NGX_HTTP_CLOSE
        || status == NGX_HTTP_CLIENT_CLOSED_REQUEST)
    {
        ngx_http_finalize_request(r,
                            ngx_http_special_response_handler(r, status));
        return NGX_DONE;
    }

    return status >= NGX_HTTP_SPECIAL_RESPONSE
           ? (ngx_int_t) status : NGX_HTTP_INTERNAL_SERVER_ERROR;
}


ngx_int_t
ngx_http_link_func_run_subs(ngx_http_request_t *r,
    ngx_http_link_func_ctx_t *ctx, ngx_http_link_func_loc_conf_t *lcf)
{
    ngx_int_t                  rc;
    ngx_http_link_func_sub_t  *subs;

    subs = lcf->subs->elts;

    if (ctx->sub_runs) {
        return NGX_AGAIN;
    }

    if (ctx->sub_status != 0) {
        rc = ngx_http_link_func_check_sub(r, ctx, &subs[ctx->subs_done - 1]);

        if (rc != NGX_OK) {
            return rc;
        }

        ctx->sub_status = 0;
    }

    while (ctx->subs_done < lcf->subs->nelts) {
        ngx_http_link_func_sub_t  *sub = &subs[ctx->subs_done++];

        if (ngx_http_link_func_sub_is_cycle(r, &sub->uri)) {

            /* the locations it leads to inherit a list of the server, too */
            if (lcf->subs_inherited && r != r->main) {
                continue;
            }

            ngx_log_error(NGX_LOG_ERR, r->connection->log, 0, "\"ngx_link_"
                          "func_subrequest\": \"%V\" leads to itself",
                          &sub->uri);
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        return ngx_http_link_func_start_sub(r, ctx, sub) == NGX_OK
               ? NGX_AGAIN : NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return NGX_OK;
}
