/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What core needs of a host, by the pool, the log and the header lists of a
 * request. The zone has its own file.
 */
#include "module/ngx_http_link_func_module.h"


#if (NGX_THREADS)

/* For the event loop to add when the handler has returned. */
static int
ngx_http_link_func_push_header(ngx_list_t *list, const lf_str_t *name,
    const lf_str_t *lowcase, const lf_str_t *value)
{
    ngx_table_elt_t  *h;

    h = ngx_list_push(list);
    if (h == NULL) {
        return -1;
    }

    ngx_memzero(h, sizeof(*h));
    h->key = ngx_http_link_func_ngx(name);
    h->lowcase_key = lowcase->data;
    h->value = ngx_http_link_func_ngx(value);

    return 0;
}

#endif


static ngx_log_t *
ngx_http_link_func_get_log(struct lf_request *request)
{
    ngx_http_link_func_ctx_t  *ctx = (void *) request;

    if (request == NULL) {
        return ngx_cycle->log;
    }

#if (NGX_THREADS)
    if (ctx->thread != NULL) {
        return &ctx->thread->log;
    }
#endif

    return ctx->r->connection->log;
}


/* The handle is the first field of what core made it from. */
struct lf_request *
lf_port_request(const ngx_link_func_ctx_t *ctx, const void *site)
{
    (void) site;

    return (struct lf_request *) (uintptr_t) ctx;
}


struct lf_cycle *
lf_port_cycle(const ngx_link_func_cycle_t *cycle, const void *site)
{
    (void) site;

    return (struct lf_cycle *) (uintptr_t) cycle;
}


void *
lf_port_alloc(struct lf_request *request, size_t size, const void *site)
{
    ngx_http_link_func_ctx_t  *ctx = (void *) request;

    (void) site;

#if (NGX_THREADS)
    if (ctx->thread != NULL) {
        return ngx_palloc(ctx->thread->pool, size);
    }
#endif

    return ngx_palloc(ctx->r->pool, size);
}


void
lf_port_log(struct lf_request *request, enum lf_level level, const char *text,
            size_t len)
{
    ngx_log_error((ngx_uint_t) level, ngx_http_link_func_get_log(request), 0,
                  "%*s", len, text);
}


void
lf_port_report(struct lf_request *request, const struct lf_rule *rule,
               const void *site, const char *text)
{
    (void) site;

    if (!rule->quiet) {
        ngx_log_error((ngx_uint_t) rule->level,
                      ngx_http_link_func_get_log(request), 0, "%s (%s)", text,
                      rule->id);
    }
}


/*
 * The iterator is the header that was returned last. Its part of the list is
 * searched for again: nearly always it is the first.
 */
int
lf_port_header_in_next(struct lf_request *request, void **iter, lf_str_t *name,
                       lf_str_t *value)
{
    ngx_list_part_t           *part;
    ngx_table_elt_t           *h, *first, *end;
    ngx_http_link_func_ctx_t  *ctx = (void *) request;

    part = &ctx->r->headers_in.headers.part;
    h = *iter;

#if (NGX_THREADS)
    if (ctx->thread != NULL) {
        part = &ctx->thread->headers_in.part;
    }
#endif

    if (h != NULL) {
        for ( ;; ) {
            first = part->elts;

            if (h >= first && h < first + part->nelts) {
                break;
            }

            part = part->next;

            if (part == NULL) {
                return 0;
            }
        }

        h++;

    } else {
        h = part->elts;
    }

    for ( ;; ) {
        first = part->elts;
        end = first + part->nelts;

        if (h < end) {
            break;
        }

        part = part->next;

        if (part == NULL) {
            return 0;
        }

        h = part->elts;
    }

    *name = ngx_http_link_func_lf(&h->key);
    *value = ngx_http_link_func_lf(&h->value);
    *iter = h;

    return 1;
}


int
lf_port_header_in_add(struct lf_request *request, const lf_str_t *name,
                      const lf_str_t *lowcase, const lf_str_t *value)
{
    ngx_str_t                  n, l, v;
    ngx_http_link_func_ctx_t  *ctx = (void *) request;

#if (NGX_THREADS)
    if (ctx->thread != NULL) {
        return ngx_http_link_func_push_header(&ctx->thread->headers_in, name,
                                              lowcase, value);
    }
#endif

    n = ngx_http_link_func_ngx(name);
    l = ngx_http_link_func_ngx(lowcase);
    v = ngx_http_link_func_ngx(value);

    return ngx_http_link_func_add_header_in(ctx->r, &n, &l, &v) == NGX_OK
           ? 0 : -1;
}


/*
 * A variable that the configuration names is cached by nginx for the request;
 * any other one is computed at each call.
 */
int
lf_port_variable(struct lf_request *request, const lf_str_t *name,
                 lf_str_t *value)
{
    ngx_str_t                   n;
    ngx_http_link_func_ctx_t   *ctx = (void *) request;
    ngx_http_variable_value_t  *v;
#if (NGX_THREADS)
    ngx_str_t                   text;
#endif

    n = ngx_http_link_func_ngx(name);

#if (NGX_THREADS)
    if (ctx->thread != NULL) {
        if (!ngx_http_link_func_event_variable(ctx, &n, &text)) {
            return 0;
        }

        *value = ngx_http_link_func_lf(&text);

        return 1;
    }
#endif

    v = ngx_http_get_variable(ctx->r, &n, ngx_hash_key(n.data, n.len));

    if (v == NULL || !v->valid || v->not_found) {
        return 0;
    }

    value->data = v->data;
    value->len = v->len;

    return 1;
}


/*
 * nginx writes Server and Date of its own unless it knows of others, and must
 * know of a coding so as not to compress twice.
 */
static ngx_table_elt_t **
ngx_http_link_func_known_header_out(ngx_http_request_t *r,
    const ngx_str_t *lowcase)
{
    if (lowcase->len == 6 && ngx_memcmp(lowcase->data, "server", 6) == 0) {
        return &r->headers_out.server;
    }

    if (lowcase->len == 4 && ngx_memcmp(lowcase->data, "date", 4) == 0) {
        return &r->headers_out.date;
    }

    if (lowcase->len == 16
        && ngx_memcmp(lowcase->data, "content-encoding", 16) == 0)
    {
        return &r->headers_out.content_encoding;
    }

    return NULL;
}


ngx_int_t
ngx_http_link_func_add_header_out(ngx_http_request_t *r, ngx_str_t *name,
    u_char *lowcase, ngx_str_t *value)
{
    ngx_str_t         low;
    ngx_table_elt_t  *h, **known;

    h = ngx_list_push(&r->headers_out.headers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    ngx_memzero(h, sizeof(*h));
    h->hash = 1;
    h->key = *name;
    h->lowcase_key = lowcase;
    h->value = *value;

    low.len = name->len;
    low.data = lowcase;
    known = ngx_http_link_func_known_header_out(r, &low);

    if (known != NULL) {
        *known = h;
    }

    return NGX_OK;
}


int
lf_port_header_out_add(struct lf_request *request, const lf_str_t *name,
                       const lf_str_t *lowcase, const lf_str_t *value)
{
    ngx_str_t                  n, v;
    ngx_http_link_func_ctx_t  *ctx = (void *) request;

#if (NGX_THREADS)
    if (ctx->thread != NULL) {
        return ngx_http_link_func_push_header(&ctx->thread->headers_out, name,
                                              lowcase, value);
    }
#endif

    n = ngx_http_link_func_ngx(name);
    v = ngx_http_link_func_ngx(value);

    return ngx_http_link_func_add_header_out(ctx->r, &n, lowcase->data, &v)
           == NGX_OK ? 0 : -1;
}
