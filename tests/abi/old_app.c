/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An app as it was compiled before this project: it declares what it needs by
 * itself, in the way of the first headers of version 34, and includes nothing
 * of ours. It must be served by this host as it was by that one.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct old_str {
    size_t          len;
    unsigned char  *data;
};

struct old_ctx {
    char           *args;
    unsigned char  *body;
    size_t          body_len;
    void           *zone;
    void           *internal[3];
};

struct old_cycle {
    void  *zone;
    int    failed;
    void  *internal[4];
};

extern int ngx_link_func_get_uri(struct old_ctx *, struct old_str *);
extern unsigned char *ngx_link_func_get_header(struct old_ctx *, const char *,
                                               size_t);
extern void *ngx_link_func_get_query_param(struct old_ctx *, const char *);
extern void *ngx_link_func_palloc(struct old_ctx *, size_t);
extern void ngx_link_func_log_info(struct old_ctx *, const char *);
extern void ngx_link_func_cyc_log_warn(struct old_cycle *, const char *);
extern int ngx_link_func_add_header_out(struct old_ctx *, const char *, size_t,
                                        const char *, size_t);
extern void ngx_link_func_write_resp(struct old_ctx *, uintptr_t, const char *,
                                     const char *, const char *, size_t);
extern void *ngx_link_func_cache_new(void *, const char *, size_t);
extern void *ngx_link_func_cache_get(void *, const char *);

/* The macro of those days: the line ends at its 199th byte. */
#define old_log(level, ctx, ...)                                              \
    do {                                                                      \
        char line_[200];                                                      \
        snprintf(line_, sizeof(line_), __VA_ARGS__);                          \
        ngx_link_func_log_##level(ctx, line_);                                \
    } while (0)

void ngx_link_func_init_cycle(struct old_cycle *cycle);
void ngx_link_func_exit_cycle(struct old_cycle *cycle);
void old_handler(struct old_ctx *ctx);


void
ngx_link_func_init_cycle(struct old_cycle *cycle)
{
    char  *shared;

    ngx_link_func_cyc_log_warn(cycle, "old app starts");

    shared = ngx_link_func_cache_new(cycle->zone, "old", 4);
    memcpy(shared, "abc", 4);

    cycle->failed = 7;
}


void
ngx_link_func_exit_cycle(struct old_cycle *cycle)
{
    (void) cycle;
}


void
old_handler(struct old_ctx *ctx)
{
    int              len;
    char            *text;
    struct old_str   uri;

    if (ngx_link_func_get_uri(ctx, &uri) != 0) {
        return;
    }

    text = ngx_link_func_palloc(ctx, 256);
    len = snprintf(text, 256, "%.*s|%s|%s|%s|%zu|%s|%s",
                   (int) uri.len, (char *) uri.data, ctx->args,
                   (char *) ngx_link_func_get_query_param(ctx, "q"),
                   (char *) ctx->body, ctx->body_len,
                   (char *) ngx_link_func_get_header(ctx, "x-old", 5),
                   (char *) ngx_link_func_cache_get(ctx->zone, "old"));

    old_log(info, ctx, "served %s", text);
    ngx_link_func_add_header_out(ctx, "X-New", 5, "1", 1);
    ngx_link_func_write_resp(ctx, 202, "202 Old", "text/old", text,
                             (size_t) len);
}
