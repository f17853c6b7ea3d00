/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The path of a request: headers of the configuration at preaccess, when its
 * location is final; body and app in precontent, when access is granted; the
 * answer in the content phase. nginx may run a phase again at any event, so
 * the state of a request is in its context and changes only here.
 */
#include "module/ngx_http_link_func_module.h"

/* A handler that takes longer belongs into a thread. */
#define SLOW_MS  200

static unsigned long  ngx_http_link_func_request_number;
static ngx_uint_t     ngx_http_link_func_slow_reported;


ngx_int_t
ngx_http_link_func_preaccess_handler(ngx_http_request_t *r)
{
    ngx_http_link_func_loc_conf_t  *lcf;

    lcf = ngx_http_get_module_loc_conf(r, ngx_http_link_func_module);

    if (lcf->headers == NULL) {
        return NGX_DECLINED;
    }

    if (ngx_http_link_func_apply_headers(r, lcf->headers) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return NGX_DECLINED;
}


static ngx_http_link_func_ctx_t *
ngx_http_link_func_create_ctx(ngx_http_request_t *r)
{
    struct lf_request              *request;
    ngx_http_link_func_ctx_t       *ctx;
    ngx_http_link_func_srv_conf_t  *scf;

    ctx = ngx_pcalloc(r->pool, sizeof(*ctx));
    if (ctx == NULL) {
        return NULL;
    }

    scf = ngx_http_get_module_srv_conf(r, ngx_http_link_func_module);

    ctx->r = r;
    request = &ctx->request;
    request->ctx.__r__ = r;
    request->ctx.__pl__ = r->pool;
    request->ctx.__log__ = r->connection->log;
    request->method = ngx_http_link_func_lf(&r->method_name);
    request->props = &scf->props;
    request->zone = scf->zone;
    request->number = ++ngx_http_link_func_request_number;

    ngx_http_set_ctx(r, ctx, ngx_http_link_func_module);

    return ctx;
}


static void
ngx_http_link_func_body_handler(ngx_http_request_t *r)
{
    ngx_http_link_func_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_http_link_func_module);
    ctx->state = NGX_HTTP_LINK_FUNC_READY;

    if (ctx->in_read) {
        return;
    }

    r->write_event_handler = ngx_http_core_run_phases;
    ngx_http_core_run_phases(r);
}


/* NGX_OK: it is complete; NGX_DONE: the phases go on when it is. */
static ngx_int_t
ngx_http_link_func_read_body(ngx_http_request_t *r,
    ngx_http_link_func_ctx_t *ctx)
{
    ngx_int_t  rc;

    if (!lf_request_wants_body(&ctx->request.method)) {
        ctx->state = NGX_HTTP_LINK_FUNC_READY;
        return NGX_OK;
    }

    ctx->has_body = 1;
    ctx->state = NGX_HTTP_LINK_FUNC_READING;
    ctx->in_read = 1;

    rc = ngx_http_read_client_request_body(r, ngx_http_link_func_body_handler);

    if (rc >= NGX_HTTP_SPECIAL_RESPONSE) {
        return rc;
    }

    /* the phases hold the request: reading need not */
    ctx->in_read = 0;
    ngx_http_finalize_request(r, NGX_DONE);

    return ctx->state == NGX_HTTP_LINK_FUNC_READY ? NGX_OK : NGX_DONE;
}


static long
ngx_http_link_func_monotonic_ms(void)
{
    struct timespec  now;

    (void) clock_gettime(CLOCK_MONOTONIC_COARSE, &now);

    return (long) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}


/* No other request of this worker goes on until the handler returns. */
static void
ngx_http_link_func_call_handler(ngx_http_request_t *r,
    ngx_http_link_func_ctx_t *ctx, ngx_http_link_func_call_t *call)
{
    long  start, took;

    start = ngx_http_link_func_monotonic_ms();
    lf_call_handler(&ctx->request, call->handler);
    took = ngx_http_link_func_monotonic_ms() - start;

    if (took >= SLOW_MS && !ngx_http_link_func_slow_reported) {
        ngx_http_link_func_slow_reported = 1;
        ngx_log_error(NGX_LOG_WARN, r->connection->log, 0, "\"%V\" held up "
                      "all requests of this worker for %l ms: consider \"aio "
                      "threads\" for its location; not reported again",
                      &call->name, took);
    }
}


static ngx_int_t
ngx_http_link_func_call_app(ngx_http_request_t *r,
    ngx_http_link_func_ctx_t *ctx, ngx_http_link_func_call_t *call)
{
    size_t              len;
    u_char             *body;
    lf_str_t            args;
#if (NGX_THREADS)
    ngx_thread_pool_t  *tp;
#endif

    body = NULL;
    len = 0;

    if (ctx->has_body
        && ngx_http_link_func_copy_body(r, &body, &len) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ctx->request.uri = ngx_http_link_func_lf(&r->uri);

    args = ngx_http_link_func_lf(&r->args);

    if (lf_request_start(&ctx->request, &args, body, len) != 0) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

#if (NGX_THREADS)
    tp = ngx_http_link_func_thread_pool(r);

    if (tp != NULL) {
        return ngx_http_link_func_thread_post(r, ctx, tp, call->handler);
    }
#endif

    ngx_http_link_func_call_handler(r, ctx, call);
    ctx->state = NGX_HTTP_LINK_FUNC_DONE;

    return NGX_OK;
}


static ngx_uint_t
ngx_http_link_func_subs_pass_body(ngx_array_t *subs)
{
    ngx_uint_t                 i;
    ngx_http_link_func_sub_t  *sub;

    sub = subs->elts;

    for (i = 0; i < subs->nelts; i++) {
        if (sub[i].flags & LF_SUBREQUEST_BODY) {
            return 1;
        }
    }

    return 0;
}


/* Body, subrequests, app. NGX_OK: all are over. */
static ngx_int_t
ngx_http_link_func_run_steps(ngx_http_request_t *r,
    ngx_http_link_func_ctx_t *ctx, ngx_http_link_func_loc_conf_t *lcf)
{
    ngx_int_t  rc;

    if (ctx->state == NGX_HTTP_LINK_FUNC_START
        && (lcf->call != NULL || ngx_http_link_func_subs_pass_body(lcf->subs)))
    {
        rc = ngx_http_link_func_read_body(r, ctx);
        if (rc != NGX_OK) {
            return rc;
        }
    }

    if (ctx->state == NGX_HTTP_LINK_FUNC_READING
        || ctx->state == NGX_HTTP_LINK_FUNC_RUNNING)
    {
        return NGX_DONE;
    }

    if (lcf->subs != NULL) {
        rc = ngx_http_link_func_run_subs(r, ctx, lcf);
        if (rc != NGX_OK) {
            return rc;
        }
    }

    if (ctx->state == NGX_HTTP_LINK_FUNC_READY && lcf->call != NULL) {
        rc = ngx_http_link_func_call_app(r, ctx, lcf->call);
        if (rc != NGX_OK) {
            return rc;
        }
    }

    return NGX_OK;
}


ngx_int_t
ngx_http_link_func_precontent_handler(ngx_http_request_t *r)
{
    ngx_int_t                       rc;
    ngx_http_link_func_ctx_t       *ctx;
    ngx_http_link_func_loc_conf_t  *lcf;

    lcf = ngx_http_get_module_loc_conf(r, ngx_http_link_func_module);

    if (lcf->call == NULL && lcf->subs == NULL) {
        return NGX_DECLINED;
    }

    ctx = ngx_http_get_module_ctx(r, ngx_http_link_func_module);

    if (ctx == NULL) {
        ctx = ngx_http_link_func_create_ctx(r);
        if (ctx == NULL) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }
    }

    rc = ngx_http_link_func_run_steps(r, ctx, lcf);

    if (rc != NGX_OK) {
        return rc;
    }

    /*
     * An answer goes out before try_files looks for a file; another content
     * handler of the location replaces the answer.
     */
    if (ctx->request.response.written > 0 && r->content_handler == NULL) {
        return NGX_OK;
    }

    return NGX_DECLINED;
}


ngx_int_t
ngx_http_link_func_content_handler(ngx_http_request_t *r)
{
    ngx_int_t                  rc;
    ngx_http_link_func_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_http_link_func_module);

    if (ctx == NULL || ctx->state != NGX_HTTP_LINK_FUNC_DONE
        || ctx->request.response.written == 0)
    {
        return NGX_DECLINED;
    }

    rc = ngx_http_discard_request_body(r);

    if (rc != NGX_OK) {
        return rc;
    }

    return ngx_http_link_func_send_response(r, ctx);
}
