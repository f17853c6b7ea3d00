/* SPDX-License-Identifier: BSD-2-Clause */
/* The app of the module's tests: one handler for each thing to look at. */
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <ngx_link_func_module.h>

#ifndef BUILD
#define BUILD  "one"
#endif

static unsigned long  calls;


void
ngx_link_func_init_cycle(ngx_link_func_cycle_t *cycle)
{
    (void) cycle;
}


void
ngx_link_func_exit_cycle(ngx_link_func_cycle_t *cycle)
{
    (void) cycle;
}


static void
answer(ngx_link_func_ctx_t *ctx, const char *text)
{
    ngx_link_func_write_resp(ctx, 200, NULL, NULL, text, strlen(text));
}


void
gen(ngx_link_func_ctx_t *ctx)
{
    answer(ctx, "hello");
}


/* The body as it came; whether a NUL follows; then it is written over. */
void
echo(ngx_link_func_ctx_t *ctx)
{
    char    text[64], *next;
    size_t  i;

    /* the NUL is the body's, whatever is allocated behind it */
    next = ngx_link_func_palloc(ctx, 16);
    memset(next, 'x', 16);

    (void) snprintf(text, sizeof(text), "%s %zu",
                    ctx->req_body == NULL ? "null"
                    : ctx->req_body[ctx->req_body_len] == 0 ? "nul" : "no-nul",
                    ctx->req_body_len);
    ngx_link_func_add_header_out(ctx, "X-Body", 6, text, strlen(text));
    ngx_link_func_write_resp(ctx, 200, NULL, "application/octet-stream",
                             (char *) ctx->req_body, ctx->req_body_len);

    for (i = 0; i < ctx->req_body_len; i++) {
        ctx->req_body[i] = '#';
    }
}


/* ?status=N&type=T&text=T */
void
status(ngx_link_func_ctx_t *ctx)
{
    char        *code, *text, *line;
    const char  *type;

    code = ngx_link_func_get_query_param(ctx, "status");
    type = ngx_link_func_get_query_param(ctx, "type");
    text = ngx_link_func_get_query_param(ctx, "text");
    line = ngx_link_func_get_query_param(ctx, "line");

    ngx_link_func_write_resp(ctx, code ? strtoul(code, NULL, 10) : 200, line,
                             type, text, text ? strlen(text) : 0);
}


void
forbid(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_write_resp(ctx, 403, NULL, NULL, "no", 2);
}


void
none(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_add_header_out(ctx, "X-None", 6, "1", 1);
}


void
html(ngx_link_func_ctx_t *ctx)
{
    static char  text[4000];

    memset(text, 'a', sizeof(text));
    ngx_link_func_write_resp(ctx, 200, NULL, "text/html", text, sizeof(text));
}


/* ?name=N: the header N, args, uri */
void
see(ngx_link_func_ctx_t *ctx)
{
    char                 text[1024], *name;
    u_char              *value;
    ngx_link_func_str_t  uri;

    name = ngx_link_func_get_query_param(ctx, "name");
    value = name ? ngx_link_func_get_header(ctx, name) : NULL;
    (void) ngx_link_func_get_uri(ctx, &uri);

    (void) snprintf(text, sizeof(text), "header=%s uri=%.*s args=%s",
                    value ? (char *) value : "(null)", (int) uri.len, uri.data,
                    ctx->req_args ? ctx->req_args : "(null)");
    answer(ctx, text);
}


void
add_in(ngx_link_func_ctx_t *ctx)
{
    int   a, b;
    char  text[64];

    a = ngx_link_func_add_header_in(ctx, "X-User", 6, "bob", 3);
    b = ngx_link_func_add_header_in(ctx, "User-Agent", 10, "app", 3);
    (void) snprintf(text, sizeof(text), "%d %d", a, b);
    answer(ctx, text);
}


void
add_out(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_add_header_out(ctx, "Server", 6, "mine", 4);
    ngx_link_func_add_header_out(ctx, "Date", 4, "today", 5);
    ngx_link_func_add_header_out(ctx, "Content-Type", 12, "text/css", 8);
    ngx_link_func_add_header_out(ctx, "X-Two", 5, "a", 1);
    ngx_link_func_add_header_out(ctx, "X-Two", 5, "b", 1);
    answer(ctx, "out");
}


void
prop(ngx_link_func_ctx_t *ctx)
{
    u_char  *who;

    who = ngx_link_func_get_prop(ctx, "WHO", 3);
    answer(ctx, who ? (char *) who : "(null)");
}


void
count(ngx_link_func_ctx_t *ctx)
{
    char  text[32];

    (void) snprintf(text, sizeof(text), "%lu", ++calls);
    answer(ctx, text);
}


void
build(ngx_link_func_ctx_t *ctx)
{
    answer(ctx, BUILD);
}


void
pid(ngx_link_func_ctx_t *ctx)
{
    char  text[32];

    (void) snprintf(text, sizeof(text), "%d", (int) getpid());
    answer(ctx, text);
}


void
log_all(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_log_debug(ctx, "at debug");
    ngx_link_func_log(info, ctx, "at %s", "info");
    ngx_link_func_log_warn(ctx, "at warn");
    ngx_link_func_log_err(ctx, "at err 100%");
    answer(ctx, "logged");
}


/* ?key=K&value=V */
void
cache_set(ngx_link_func_ctx_t *ctx)
{
    char  *key, *value, *block;

    key = ngx_link_func_get_query_param(ctx, "key");
    value = ngx_link_func_get_query_param(ctx, "value");

    ngx_link_func_shmtx_lock(ctx->shared_mem);
    block = key ? ngx_link_func_cache_new(ctx->shared_mem, key, 64) : NULL;

    if (block != NULL) {
        (void) snprintf(block, 64, "%s", value ? value : "");
    }

    ngx_link_func_shmtx_unlock(ctx->shared_mem);
    answer(ctx, block ? "set" : "full");
}


void
cache_see(ngx_link_func_ctx_t *ctx)
{
    char  *key, *block, text[64];

    key = ngx_link_func_get_query_param(ctx, "key");

    ngx_link_func_shmtx_lock(ctx->shared_mem);
    block = key ? ngx_link_func_cache_get(ctx->shared_mem, key) : NULL;
    (void) snprintf(text, sizeof(text), "%s", block ? block : "(null)");
    ngx_link_func_shmtx_unlock(ctx->shared_mem);

    answer(ctx, text);
}


void
free_twice(ngx_link_func_ctx_t *ctx)
{
    static const size_t  sizes[] = { 8, 33, 64, 100, 2000, 5000 };

    char    *block;
    size_t   i;

    for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        block = ngx_link_func_shm_alloc(ctx->shared_mem, sizes[i]);
        ngx_link_func_shm_free(ctx->shared_mem, block + 3);
        ngx_link_func_shm_free(ctx->shared_mem, block);
        ngx_link_func_shm_free(ctx->shared_mem, block);
    }

    ngx_link_func_shm_free(ctx->shared_mem, &calls);
    answer(ctx, "freed");
}


void
keep_lock(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_shmtx_lock(ctx->shared_mem);
    answer(ctx, "kept");
}


void
die(ngx_link_func_ctx_t *ctx)
{
    (void) ctx;
    (void) raise(SIGKILL);
}


void
lock_and_die(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_shmtx_lock(ctx->shared_mem);
    (void) raise(SIGKILL);
}
