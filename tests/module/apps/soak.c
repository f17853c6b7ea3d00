/* SPDX-License-Identifier: BSD-2-Clause */
/* The app of the soak: what many requests use up would show in the end. */
#include <stdio.h>
#include <string.h>

#include <ngx_link_func_module.h>

#define PAGES_MAX  4096


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
answer(ngx_link_func_ctx_t *ctx, const char *text, size_t len)
{
    ngx_link_func_write_resp(ctx, 200, NULL, NULL, text, len);
}


void
gen(ngx_link_func_ctx_t *ctx)
{
    (void) ngx_link_func_palloc(ctx, 3000);
    answer(ctx, "hello", 5);
}


void
echo(ngx_link_func_ctx_t *ctx)
{
    answer(ctx, (char *) ctx->req_body, ctx->req_body_len);
}


/* One key more, or one less. */
void
cache(ngx_link_func_ctx_t *ctx)
{
    char  *key = ngx_link_func_get_query_param(ctx, "key");
    void  *old;

    if (key == NULL) {
        return;
    }

    ngx_link_func_shmtx_lock(ctx->shared_mem);
    old = ngx_link_func_cache_remove(ctx->shared_mem, key);

    if (old != NULL) {
        ngx_link_func_shm_free_locked(ctx->shared_mem, old);
    } else {
        (void) ngx_link_func_cache_new(ctx->shared_mem, key, 200);
    }

    ngx_link_func_shmtx_unlock(ctx->shared_mem);
    answer(ctx, "done", 4);
}


/* Removes the keys, then counts the pages that can be had. */
void
room(ngx_link_func_ctx_t *ctx)
{
    int           i, n;
    char          text[16];
    void         *zone = ctx->shared_mem, *old;
    static void  *pages[PAGES_MAX];

    ngx_link_func_shmtx_lock(zone);

    for (i = 0; i < 100; i++) {
        (void) snprintf(text, sizeof(text), "%d", i);
        old = ngx_link_func_cache_remove(zone, text);

        if (old != NULL) {
            ngx_link_func_shm_free_locked(zone, old);
        }
    }

    for (n = 0; n < PAGES_MAX; n++) {
        pages[n] = ngx_link_func_shm_alloc_locked(zone, 4096);

        if (pages[n] == NULL) {
            break;
        }
    }

    for (i = 0; i < n; i++) {
        ngx_link_func_shm_free_locked(zone, pages[i]);
    }

    ngx_link_func_shmtx_unlock(zone);
    (void) snprintf(text, sizeof(text), "%d", n);
    answer(ctx, text, strlen(text));
}
