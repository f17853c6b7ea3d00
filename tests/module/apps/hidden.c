/* SPDX-License-Identifier: BSD-2-Clause */
/* An app whose names are no functions that others can call. */
#include <ngx_link_func_module.h>

int  data = 1;

static void g(ngx_link_func_ctx_t *ctx) __attribute__((used));


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
g(ngx_link_func_ctx_t *ctx)
{
    (void) ctx;
}
