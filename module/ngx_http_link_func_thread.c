/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Handlers in the threads of "aio threads". A thread runs the handler and
 * touches nothing of nginx but what it was given; the state of the request
 * changes in the completion event, which runs in the event loop.
 */
#include "module/ngx_http_link_func_module.h"

#if (NGX_THREADS)

#include <pthread.h>

/* r->main->blocked has 8 bits, and nginx counts its own tasks there too. */
#define BLOCKED_MAX  254

/* A timer that only holds the event loop alive: set again until the end. */
#define ALIVE_MS     60000

static pthread_mutex_t  ngx_http_link_func_thread_mutex =
                                                    PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t   ngx_http_link_func_thread_cond =
                                                    PTHREAD_COND_INITIALIZER;

/* Posted to a thread, not returned yet. */
static ngx_uint_t       ngx_http_link_func_thread_pending;
static ngx_uint_t       ngx_http_link_func_thread_disabled;


ngx_thread_pool_t *
ngx_http_link_func_thread_pool(ngx_http_request_t *r)
{
    ngx_http_core_loc_conf_t  *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    return clcf->aio == NGX_HTTP_AIO_THREADS
           && !ngx_http_link_func_thread_disabled ? clcf->thread_pool : NULL;
}


void
ngx_http_link_func_thread_disable(void)
{
    ngx_http_link_func_thread_disabled = 1;
}


static void
ngx_http_link_func_thread_count(ngx_int_t n)
{
    (void) pthread_mutex_lock(&ngx_http_link_func_thread_mutex);
    ngx_http_link_func_thread_pending += n;

    if (ngx_http_link_func_thread_pending == 0) {
        (void) pthread_cond_broadcast(&ngx_http_link_func_thread_cond);
    }

    (void) pthread_mutex_unlock(&ngx_http_link_func_thread_mutex);
}


void
ngx_http_link_func_thread_wait(void)
{
    ngx_http_link_func_event_close();

    (void) pthread_mutex_lock(&ngx_http_link_func_thread_mutex);

    while (ngx_http_link_func_thread_pending > 0) {
        (void) pthread_cond_wait(&ngx_http_link_func_thread_cond,
                                 &ngx_http_link_func_thread_mutex);
    }

    (void) pthread_mutex_unlock(&ngx_http_link_func_thread_mutex);
}


ngx_uint_t
ngx_http_link_func_thread_idle(void)
{
    ngx_uint_t  idle_now;

    (void) pthread_mutex_lock(&ngx_http_link_func_thread_mutex);
    idle_now = ngx_http_link_func_thread_pending == 0;
    (void) pthread_mutex_unlock(&ngx_http_link_func_thread_mutex);

    return idle_now;
}


/* In the thread. */
static void
ngx_http_link_func_thread_handler(void *data, ngx_log_t *log)
{
    ngx_http_link_func_ctx_t  *ctx = *(ngx_http_link_func_ctx_t **) data;

    (void) log;

    ngx_http_link_func_event_init_thread();
    lf_call_handler(&ctx->request, ctx->thread->handler);
    ngx_http_link_func_thread_count(-1);
}


static void
ngx_http_link_func_destroy_pool(void *data)
{
    ngx_destroy_pool(data);
}


static ngx_int_t
ngx_http_link_func_copy_headers(ngx_http_request_t *r,
    ngx_http_link_func_thread_t *thread)
{
    ngx_uint_t        i;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *from, *to;

    if (ngx_list_init(&thread->headers_in, thread->pool, 16,
                      sizeof(ngx_table_elt_t))
        != NGX_OK
        || ngx_list_init(&thread->headers_out, thread->pool, 4,
                         sizeof(ngx_table_elt_t))
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    for (part = &r->headers_in.headers.part; part; part = part->next) {
        from = part->elts;

        for (i = 0; i < part->nelts; i++) {
            to = ngx_list_push(&thread->headers_in);
            if (to == NULL) {
                return NGX_ERROR;
            }

            *to = from[i];
            thread->copied++;
        }
    }

    return NGX_OK;
}


static ngx_http_link_func_thread_t *
ngx_http_link_func_thread_create(ngx_http_request_t *r)
{
    ngx_log_t                    *log;
    ngx_pool_t                   *pool;
    ngx_pool_cleanup_t           *cln;
    ngx_http_link_func_thread_t  *thread;

    log = r->connection->log;

    cln = ngx_pool_cleanup_add(r->pool, 0);
    if (cln == NULL) {
        return NULL;
    }

    /* the log of the connection is not for a thread, not even for debug */
    pool = ngx_create_pool(4096, ngx_cycle->log);
    if (pool == NULL) {
        return NULL;
    }

    cln->handler = ngx_http_link_func_destroy_pool;
    cln->data = pool;

    thread = ngx_pcalloc(pool, sizeof(*thread));
    if (thread == NULL) {
        return NULL;
    }

    thread->pool = pool;
    thread->log = *log;
    thread->log_ctx = *(ngx_http_log_ctx_t *) log->data;
    thread->log_ctx.current_request = r;
    thread->log.data = &thread->log_ctx;

    return ngx_http_link_func_copy_headers(r, thread) == NGX_OK ? thread : NULL;
}


/*
 * Hand over to the request what the handler has added since the last time. The
 * handler has returned, or waits for the event loop.
 */
ngx_int_t
ngx_http_link_func_thread_add_headers(ngx_http_link_func_ctx_t *ctx)
{
    ngx_str_t                     lowcase;
    ngx_uint_t                    i, n;
    ngx_list_part_t              *part;
    ngx_table_elt_t              *h;
    ngx_http_request_t           *r = ctx->r;
    ngx_http_link_func_thread_t  *thread = ctx->thread;

    n = 0;

    for (part = &thread->headers_in.part; part; part = part->next) {
        h = part->elts;

        for (i = 0; i < part->nelts; i++) {
            lowcase.len = h[i].key.len;
            lowcase.data = h[i].lowcase_key;

            if (n++ >= thread->copied
                && ngx_http_link_func_add_header_in(r, &h[i].key, &lowcase,
                                                    &h[i].value)
                   != NGX_OK)
            {
                return NGX_ERROR;
            }
        }
    }

    thread->copied = ngx_max(n, thread->copied);
    n = 0;

    for (part = &thread->headers_out.part; part; part = part->next) {
        h = part->elts;

        for (i = 0; i < part->nelts; i++) {
            if (n++ >= thread->sent
                && ngx_http_link_func_add_header_out(r, &h[i].key,
                                                     h[i].lowcase_key,
                                                     &h[i].value)
                   != NGX_OK)
            {
                return NGX_ERROR;
            }
        }
    }

    thread->sent = n;

    return NGX_OK;
}


static ngx_uint_t
ngx_http_link_func_is_terminated(ngx_http_request_t *r)
{
#if (nginx_version >= 1025004)
    return r->main->terminated;
#else
    (void) r;
    return 0;
#endif
}


/* In the event loop: the handler has returned, or the timer fires. */
static void
ngx_http_link_func_thread_event_handler(ngx_event_t *ev)
{
    ngx_connection_t          *c;
    ngx_http_request_t        *r;
    ngx_http_link_func_ctx_t  *ctx;

    if (!ev->complete) {
        ev->timedout = 0;
        ngx_add_timer(ev, ALIVE_MS);
        return;
    }

    if (ev->timer_set) {
        ngx_del_timer(ev);
    }

    ctx = ev->data;
    r = ctx->r;
    c = r->connection;

    ngx_http_set_log_request(c->log, r);

    r->main->blocked--;
    r->aio = 0;
    ctx->state = NGX_HTTP_LINK_FUNC_DONE;

    if (ngx_http_link_func_thread_add_headers(ctx) != NGX_OK) {
        ctx->request.response.failed = 1;
        ctx->request.response.written = 1;
    }

    ctx->thread = NULL;

    if (r->done || ngx_http_link_func_is_terminated(r)) {
        c->write->handler(c->write);
        return;
    }

    r->write_event_handler(r);
    ngx_http_run_posted_requests(c);
}


ngx_int_t
ngx_http_link_func_thread_post(ngx_http_request_t *r,
    ngx_http_link_func_ctx_t *ctx, ngx_thread_pool_t *tp,
    lf_handler_pt handler)
{
    ngx_thread_task_t            *task;
    ngx_http_link_func_thread_t  *thread;

    if (r->main->blocked >= BLOCKED_MAX) {
        ngx_log_error(NGX_LOG_ERR, r->connection->log, 0, "too many handlers "
                      "of one request are in threads");
        return NGX_HTTP_SERVICE_UNAVAILABLE;
    }

    if (ngx_http_link_func_event_open() != NGX_OK) {
        return NGX_HTTP_SERVICE_UNAVAILABLE;
    }

    thread = ngx_http_link_func_thread_create(r);
    task = ngx_thread_task_alloc(r->pool, sizeof(ctx));

    if (thread == NULL || task == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    thread->handler = handler;
    *(ngx_http_link_func_ctx_t **) task->ctx = ctx;
    task->handler = ngx_http_link_func_thread_handler;
    task->event.data = ctx;
    task->event.log = r->connection->log;
    task->event.handler = ngx_http_link_func_thread_event_handler;

    /* before the task is posted: it may end at once */
    ctx->thread = thread;
    ctx->request.ctx.__pl__ = thread->pool;
    ctx->request.ctx.__log__ = &thread->log;
    ngx_http_link_func_thread_count(1);

    if (ngx_thread_task_post(tp, task) != NGX_OK) {
        ngx_http_link_func_thread_count(-1);
        ctx->thread = NULL;
        return NGX_HTTP_SERVICE_UNAVAILABLE;
    }

    ngx_add_timer(&task->event, ALIVE_MS);

    ctx->state = NGX_HTTP_LINK_FUNC_RUNNING;
    r->main->blocked++;
    r->aio = 1;

    /* reading the body may have left another one */
    r->write_event_handler = ngx_http_core_run_phases;

    return NGX_DONE;
}

#endif
