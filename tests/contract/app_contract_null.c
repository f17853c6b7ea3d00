/* SPDX-License-Identifier: BSD-2-Clause */
/* Ops that pass NULL where an app should not: each must come back. */
#include "tests/contract/app_contract.h"

#define DO(call)  do { call; say(&run->say, "%s\n", #call); } while (0)
#define PTR(call)                                                             \
    say(&run->say, "%s=%s\n", #call, (call) == NULL ? "NULL" : "set")
#define INT(call)  say(&run->say, "%s=%d\n", #call, (int) (call))


static void
op_null_ctx(struct run *run, const struct word *word, int count)
{
    ngx_link_func_str_t  str;

    (void) word;
    (void) count;

    INT(ngx_link_func_get_uri(NULL, &str));
    PTR((ngx_link_func_get_header)(NULL, "Host", 4));
    PTR(ngx_link_func_get_prop(NULL, "greeting", 8));
    PTR(ngx_link_func_get_query_param(NULL, "a"));
    PTR(ngx_link_func_palloc(NULL, 8));
    PTR(ngx_link_func_pcalloc(NULL, 8));
    PTR(ngx_link_func_strdup(NULL, "a"));
    INT(ngx_link_func_add_header_in(NULL, "X-A", 3, "a", 1));
    INT(ngx_link_func_add_header_out(NULL, "X-A", 3, "a", 1));
    DO(ngx_link_func_log_debug(NULL, "a"));
    DO(ngx_link_func_log_info(NULL, "a"));
    DO(ngx_link_func_log_warn(NULL, "a"));
    DO(ngx_link_func_log_err(NULL, "a"));
    DO(ngx_link_func_write_resp(NULL, 200, NULL, NULL, "a", 1));
    DO(ngx_link_func_write_resp_l(NULL, 200, "a", 1, "a", 1, "a", 1));
}


static void
op_null_args(struct run *run, const struct word *word, int count)
{
    ngx_link_func_ctx_t  *ctx = run->ctx;

    (void) word;
    (void) count;

    INT(ngx_link_func_get_uri(ctx, NULL));
    PTR((ngx_link_func_get_header)(ctx, NULL, 4));
    PTR((ngx_link_func_get_header)(ctx, NULL, 0));
    PTR((ngx_link_func_get_header)(ctx, "Host", 0));
    PTR(ngx_link_func_get_header(ctx, NULL));
    PTR(ngx_link_func_get_prop(ctx, NULL, 8));
    PTR(ngx_link_func_get_prop(ctx, "greeting", 0));
    PTR(ngx_link_func_get_query_param(ctx, NULL));
    PTR(ngx_link_func_get_query_param(ctx, ""));
    PTR(ngx_link_func_strdup(ctx, NULL));
    DO(ngx_link_func_log_debug(ctx, NULL));
    DO(ngx_link_func_log_info(ctx, NULL));
    DO(ngx_link_func_log_warn(ctx, NULL));
    DO(ngx_link_func_log_err(ctx, NULL));
    INT(ngx_link_func_add_header_in(ctx, NULL, 3, "a", 1));
    INT(ngx_link_func_add_header_in(ctx, NULL, 0, "a", 1));
    INT(ngx_link_func_add_header_in(ctx, "X-N", 3, NULL, 1));
    INT(ngx_link_func_add_header_in(ctx, "X-N", 3, NULL, 0));
    INT(ngx_link_func_add_header_out(ctx, NULL, 3, "a", 1));
    INT(ngx_link_func_add_header_out(ctx, NULL, 0, "a", 1));
    INT(ngx_link_func_add_header_out(ctx, "", 0, "a", 1));
    INT(ngx_link_func_add_header_out(ctx, "X-N", 3, NULL, 1));
    INT(ngx_link_func_add_header_out(ctx, "X-N", 3, NULL, 0));
}


/* Lengths beyond all memory. */
static void
op_huge(struct run *run, const struct word *word, int count)
{
    ngx_link_func_ctx_t  *ctx = run->ctx;

    (void) word;
    (void) count;

    PTR(ngx_link_func_palloc(ctx, SIZE_MAX));
    PTR(ngx_link_func_palloc(ctx, SIZE_MAX - 1));
    PTR(ngx_link_func_palloc(ctx, SIZE_MAX - 4096));
    PTR(ngx_link_func_palloc(ctx, SIZE_MAX / 2));
    PTR(ngx_link_func_pcalloc(ctx, SIZE_MAX));
    PTR(ngx_link_func_pcalloc(ctx, SIZE_MAX / 2));
    PTR(ngx_link_func_shm_alloc(ctx->shared_mem, SIZE_MAX));
    PTR(ngx_link_func_shm_alloc(ctx->shared_mem, SIZE_MAX - 4096));
    PTR(ngx_link_func_shm_alloc(ctx->shared_mem, SIZE_MAX / 2));
    PTR(ngx_link_func_shm_alloc_locked(ctx->shared_mem, SIZE_MAX));
    PTR(ngx_link_func_cache_new(ctx->shared_mem, "huge", SIZE_MAX));
    PTR(ngx_link_func_cache_new(ctx->shared_mem, "huge", SIZE_MAX / 2));
    PTR(ngx_link_func_cache_get(ctx->shared_mem, "huge"));
}


static void
op_null_zone(struct run *run, const struct word *word, int count)
{
    static int  foreign;

    void  *zone = run->ctx->shared_mem;

    (void) word;
    (void) count;

    INT(ngx_link_func_shmtx_trylock(NULL));
    DO(ngx_link_func_shmtx_lock(NULL));
    DO(ngx_link_func_shmtx_unlock(NULL));
    PTR(ngx_link_func_shm_alloc(NULL, 8));
    PTR(ngx_link_func_shm_alloc_locked(NULL, 8));
    DO(ngx_link_func_shm_free(NULL, NULL));
    DO(ngx_link_func_shm_free(NULL, &foreign));
    DO(ngx_link_func_shm_free_locked(NULL, &foreign));
    PTR(ngx_link_func_cache_get(NULL, "k"));
    PTR(ngx_link_func_cache_put(NULL, "k", &foreign));
    PTR(ngx_link_func_cache_new(NULL, "k", 8));
    PTR(ngx_link_func_cache_remove(NULL, "k"));
    PTR(ngx_link_func_cache_get(zone, NULL));
    PTR(ngx_link_func_cache_put(zone, NULL, &foreign));
    PTR(ngx_link_func_cache_new(zone, NULL, 8));
    PTR(ngx_link_func_cache_remove(zone, NULL));
    DO(ngx_link_func_shm_free(zone, NULL));
    DO(ngx_link_func_shm_free_locked(zone, NULL));
    DO(ngx_link_func_shm_free(zone, &foreign));
}


const struct op  contract_ops_null[] = {
    { "null_ctx", op_null_ctx },
    { "null_args", op_null_args },
    { "null_zone", op_null_zone },
    { "huge", op_huge },
    { NULL, NULL }
};
