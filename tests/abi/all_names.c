/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An app that uses every v34 name, the log macros and both forms of get_header
 * included: what it imports is what a host has to provide. It is compiled as C
 * and as C++.
 */
#include <ngx_link_func_module.h>

#ifdef __cplusplus
extern "C" {
#endif

void ngx_link_func_init_cycle(ngx_link_func_cycle_t *cycle);
void ngx_link_func_exit_cycle(ngx_link_func_cycle_t *cycle);
void request(ngx_link_func_ctx_t *ctx);
void memory(ngx_link_func_ctx_t *ctx);
void shared(ngx_link_func_ctx_t *ctx);


void
ngx_link_func_init_cycle(ngx_link_func_cycle_t *cycle)
{
    ngx_link_func_cyc_log_debug(cycle, "d");
    ngx_link_func_cyc_log_info(cycle, "i");
    ngx_link_func_cyc_log_warn(cycle, "w");
    ngx_link_func_cyc_log_err(cycle, "e");
    ngx_link_func_cyc_log(info, cycle, "plain");
    ngx_link_func_cyc_log(err, cycle, "%s %d",
                          (char *) ngx_link_func_cyc_get_prop(cycle, "k", 1),
                          ngx_link_func_module_version_34);
}


void
ngx_link_func_exit_cycle(ngx_link_func_cycle_t *cycle)
{
    cycle->has_error = 0;
}


void
request(ngx_link_func_ctx_t *ctx)
{
    u_char               *value;
    ngx_link_func_str_t   uri;

    ngx_link_func_log_debug(ctx, "d");
    ngx_link_func_log_info(ctx, "i");
    ngx_link_func_log_warn(ctx, "w");
    ngx_link_func_log_err(ctx, "e");
    ngx_link_func_log(debug, ctx, "plain");

    if (ngx_link_func_get_uri(ctx, &uri) == 0) {
        ngx_link_func_log(warn, ctx, "%.*s", (int) uri.len,
                          (char *) uri.data);
    }

    value = ngx_link_func_get_header(ctx, "Host");
    value = ngx_link_func_get_header(ctx, (char *) value, 4);
    value = ngx_link_func_get_prop(ctx, (char *) value, 1);
    value = (u_char *) ngx_link_func_get_query_param(ctx, (char *) value);

    (void) ngx_link_func_add_header_in(ctx, "A", 1, (char *) value, 1);
    (void) ngx_link_func_add_header_out(ctx, "A", 1, "b", 1);
    ngx_link_func_write_resp(ctx, 200, "200 OK",
                             ngx_link_func_content_type_html, "x", 1);
    ngx_link_func_write_resp_l(ctx, 200, "200 OK", 6,
                               ngx_link_func_content_type_json, 16, "x", 1);
}


void
memory(ngx_link_func_ctx_t *ctx)
{
    char  *text;

    text = (char *) ngx_link_func_palloc(ctx, 1);
    text[0] = *(char *) ngx_link_func_pcalloc(ctx, 1);
    ngx_link_func_log_info(ctx, ngx_link_func_strdup(ctx, text));
}


void
shared(ngx_link_func_ctx_t *ctx)
{
    void  *zone, *block;

    zone = ctx->shared_mem;

    if (ngx_link_func_shmtx_trylock(zone) == 0) {
        ngx_link_func_shmtx_lock(zone);
    }

    block = ngx_link_func_shm_alloc_locked(zone, 1);
    block = ngx_link_func_cache_put(zone, "k", block);
    ngx_link_func_shm_free_locked(zone, block);
    ngx_link_func_shmtx_unlock(zone);

    ngx_link_func_shm_free(zone, ngx_link_func_shm_alloc(zone, 1));
    (void) ngx_link_func_cache_new(zone, "k", 1);
    (void) ngx_link_func_cache_get(zone, "k");
    (void) ngx_link_func_cache_remove(zone, "k");
}

#ifdef __cplusplus
}
#endif
