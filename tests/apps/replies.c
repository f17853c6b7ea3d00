/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An app that answers what a script asks it to: the body that it got, headers
 * named in X-Reply, a status named in ?status=. Its counters live in the zone.
 */
#include <ngx_link_func_module.h>

#include <unistd.h>

#include "tests/apps/apps.h"


void
ngx_link_func_init_cycle(ngx_link_func_cycle_t *cycle)
{
    ngx_link_func_cyc_log(info, cycle, "replies begins");
}


void
ngx_link_func_exit_cycle(ngx_link_func_cycle_t *cycle)
{
    ngx_link_func_cyc_log(info, cycle, "replies ends");
}


/* "Name: value|Name: value" */
static void
add_headers(ngx_link_func_ctx_t *ctx, const char *list)
{
    char  *copy, *colon, *field, *rest;

    copy = list != NULL ? ngx_link_func_strdup(ctx, list) : NULL;
    if (copy == NULL) {
        return;
    }

    for (field = strtok_r(copy, "|", &rest); field != NULL;
         field = strtok_r(NULL, "|", &rest))
    {
        colon = strstr(field, ": ");
        if (colon != NULL) {
            *colon = '\0';
            (void) ngx_link_func_add_header_out(ctx, field,
                                                (size_t) (colon - field),
                                                colon + 2, strlen(colon + 2));
        }
    }
}


static uintptr_t
status_of(ngx_link_func_ctx_t *ctx)
{
    const char  *status;

    status = ngx_link_func_get_query_param(ctx, "status");

    return status != NULL ? (uintptr_t) atoi(status) : 200;
}


void
reply(ngx_link_func_ctx_t *ctx)
{
    add_headers(ctx, (char *) ngx_link_func_get_header(ctx, "X-Reply"));
    ngx_link_func_write_resp(ctx, status_of(ctx), NULL,
                             ngx_link_func_get_query_param(ctx, "type"),
                             (char *) ctx->req_body, ctx->req_body_len);
}


/* ?status=302&to=/path */
void
redirect(ngx_link_func_ctx_t *ctx)
{
    const char  *to;

    to = ngx_link_func_get_query_param(ctx, "to");
    (void) ngx_link_func_add_header_out(ctx, "Location", 8, to, strlen(to));
    ngx_link_func_write_resp(ctx, status_of(ctx), NULL, NULL, "", 0);
}


/* The method is not told to apps; what else came is answered in lines. */
void
request(ngx_link_func_ctx_t *ctx)
{
    size_t       i;
    char        *text;
    int          len;
    const char  *value;
    static const char *const  names[] = {
        "Host", "Content-Type", "Content-Length", "Authorization", "Cookie",
        "Accept", "X-One"
    };

    text = ngx_link_func_palloc(ctx, 65536);
    len = snprintf(text, 65536, "args=%s\nbody=%.*s\n",
                   ctx->req_args != NULL ? ctx->req_args : "-",
                   (int) ctx->req_body_len,
                   ctx->req_body_len > 0 ? (char *) ctx->req_body : "");

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        value = (char *) ngx_link_func_get_header(ctx, names[i]);
        len += snprintf(text + len, 65536 - (size_t) len, "%s=%s\n", names[i],
                        value != NULL ? value : "-");
    }

    ngx_link_func_write_resp(ctx, 200, NULL, NULL, text, (size_t) len);
}


static int
count_up(ngx_link_func_ctx_t *ctx)
{
    int  n, *count;

    ngx_link_func_shmtx_lock(ctx->shared_mem);
    count = ngx_link_func_cache_get(ctx->shared_mem, "calls");

    if (count == NULL) {
        count = ngx_link_func_cache_new(ctx->shared_mem, "calls",
                                        sizeof(int));
        *count = 0;
    }

    n = ++*count;
    ngx_link_func_shmtx_unlock(ctx->shared_mem);

    return n;
}


void
visits(ngx_link_func_ctx_t *ctx)
{
    char  text[32];

    (void) snprintf(text, sizeof(text), "%d\n", count_up(ctx));
    answer(ctx, text);
}


/* 503 twice, then 200. */
void
third(ngx_link_func_ctx_t *ctx)
{
    int  n = count_up(ctx);

    ngx_link_func_log(warn, ctx, "call %d", n);
    ngx_link_func_write_resp(ctx, n < 3 ? 503 : 200, NULL, NULL, "third\n",
                             6);
}


void
calls(ngx_link_func_ctx_t *ctx)
{
    char  text[32];
    int   len;

    len = snprintf(text, sizeof(text), "%d", count_up(ctx));
    ngx_link_func_write_resp(ctx, 200, NULL, NULL, text, (size_t) len);
}


/* ?key=..&value=.. */
void
put(ngx_link_func_ctx_t *ctx)
{
    char        *copy;
    const char  *key, *value;

    key = ngx_link_func_get_query_param(ctx, "key");
    value = ngx_link_func_get_query_param(ctx, "value");
    copy = ngx_link_func_cache_new(ctx->shared_mem, key, strlen(value) + 1);
    memcpy(copy, value, strlen(value) + 1);
    answer(ctx, "put\n");
}


/* Says that it begins, and does not come back. */
void
stuck(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_log(info, ctx, "stuck");

    for ( ;; ) {
        (void) pause();
    }
}


/* A header that is Latin-1, no UTF-8. */
void
latin(ngx_link_func_ctx_t *ctx)
{
    (void) ngx_link_func_add_header_out(ctx, "X-L", 3, "\xe9", 1);
    answer(ctx, "latin\n");
}
