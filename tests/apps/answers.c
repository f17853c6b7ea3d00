/* SPDX-License-Identifier: BSD-2-Clause */
/* An app that behaves, more or less: what it answers shows what it was given. */
#define _GNU_SOURCE
#include <ngx_link_func_module.h>

#include <pthread.h>
#include <time.h>
#include <unistd.h>

#include "tests/apps/apps.h"

int  some_data = 1;


void
ngx_link_func_init_cycle(ngx_link_func_cycle_t *cycle)
{
    int  *count;

    ngx_link_func_shmtx_lock(cycle->shared_mem);
    count = ngx_link_func_cache_get(cycle->shared_mem, "inits");

    if (count == NULL) {
        count = ngx_link_func_cache_new(cycle->shared_mem, "inits",
                                        sizeof(int));
        *count = 0;
    }

    (*count)++;
    ngx_link_func_shmtx_unlock(cycle->shared_mem);
    ngx_link_func_cyc_log(info, cycle, "init hook");
}


void
ngx_link_func_exit_cycle(ngx_link_func_cycle_t *cycle)
{
    ngx_link_func_cyc_log(info, cycle, "exit hook");
}


void
hello(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_log(info, ctx, "said hello");
    answer(ctx, "hello\n");
}


void
show_variable(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_str_t  value;

    answer(ctx, ngx_link_func_get_variable(ctx, "remote_addr", 11, &value)
                == 0 ? (char *) value.data : "none");
}


void
echo(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_write_resp(ctx, 200, NULL, NULL, (char *) ctx->req_body,
                             ctx->req_body_len);
}


/* Path, arguments, body and a few headers and properties, a line each. */
void
show(ngx_link_func_ctx_t *ctx)
{
    int                  n;
    char                 text[2048];
    const char          *agent, *cookie, *color, *extra;
    ngx_link_func_str_t  uri = { 0, NULL };

    (void) ngx_link_func_get_uri(ctx, &uri);
    agent = (char *) ngx_link_func_get_header(ctx, "User-Agent");
    cookie = (char *) ngx_link_func_get_header(ctx, "Cookie");
    extra = (char *) ngx_link_func_get_header(ctx, "X-Extra");
    color = (char *) ngx_link_func_get_prop(ctx, "color", 5);

    n = snprintf(text, sizeof(text),
                 "uri=%.*s\nargs=%s\nagent=%s\ncookie=%s\nextra=%s\n"
                 "color=%s\nbody=%.*s\n", (int) uri.len, uri.data,
                 ctx->req_args ? ctx->req_args : "-", agent ? agent : "-",
                 cookie ? cookie : "-", extra ? extra : "-",
                 color ? color : "-", (int) ctx->req_body_len,
                 ctx->req_body ? (char *) ctx->req_body : "");
    ngx_link_func_write_resp(ctx, 200, NULL, NULL, text, (size_t) n);
}


void
status(ngx_link_func_ctx_t *ctx)
{
    const char  *code;

    code = ngx_link_func_get_query_param(ctx, "code");
    ngx_link_func_write_resp(ctx, (uintptr_t) atoi(code ? code : "200"), NULL,
                             NULL, "body\n", 5);
}


/* ?size=BYTES */
void
big(ngx_link_func_ctx_t *ctx)
{
    char    *text;
    size_t   size;

    text = ngx_link_func_get_query_param(ctx, "size");
    size = (size_t) atol(text);
    text = ngx_link_func_palloc(ctx, size);
    memset(text, 'b', size);
    ngx_link_func_write_resp(ctx, 200, NULL, NULL, text, size);
}


void
silent(ngx_link_func_ctx_t *ctx)
{
    (void) ctx;
}


void
twice(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_write_resp(ctx, 200, NULL, NULL, "first\n", 6);
    ngx_link_func_write_resp(ctx, 200, NULL, NULL, "second\n", 7);
}


void
prints(ngx_link_func_ctx_t *ctx)
{
    printf("on stdout");
    (void) fputs("\n", stdout);
    answer(ctx, "answer\n");
}


void
changes_folder(ngx_link_func_ctx_t *ctx)
{
    answer(ctx, chdir("/") == 0 ? "moved\n" : "cannot\n");
}


static void *
live_on(void *data)
{
    for ( ;; ) {
        (void) pause();
    }

    return data;
}


void
threads(ngx_link_func_ctx_t *ctx)
{
    int        i;
    pthread_t  thread;

    for (i = 0; i < 4; i++) {
        if (pthread_create(&thread, NULL, live_on, NULL) == 0) {
            (void) pthread_detach(thread);
        }
    }

    answer(ctx, "threads\n");
}


/* How many workers ran their init hook, and which one answers. */
void
workers(ngx_link_func_ctx_t *ctx)
{
    int  n, *count;
    char  text[64];

    ngx_link_func_shmtx_lock(ctx->shared_mem);
    count = ngx_link_func_cache_get(ctx->shared_mem, "inits");
    n = snprintf(text, sizeof(text), "inits=%d pid=%d\n", *count,
                 (int) getpid());
    ngx_link_func_shmtx_unlock(ctx->shared_mem);
    ngx_link_func_write_resp(ctx, 200, NULL, NULL, text, (size_t) n);
}


/* A body in pieces that a reader can tell apart: no mixing between workers. */
void
stripes(ngx_link_func_ctx_t *ctx)
{
    char    *text;
    size_t   size = 300000;

    text = ngx_link_func_palloc(ctx, size);
    memset(text, 'a' + getpid() % 26, size - 1);
    text[size - 1] = '\n';
    ngx_link_func_write_resp(ctx, 200, NULL, NULL, text, size);
}
