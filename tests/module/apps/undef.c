/* SPDX-License-Identifier: BSD-2-Clause */
/* An app that calls what nobody provides. */
#include <ngx_link_func_module.h>

void nobody_has_this(void);


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


void
fine(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_write_resp(ctx, 200, NULL, NULL, "fine", 4);
}


void
bad(ngx_link_func_ctx_t *ctx)
{
    (void) ctx;
    nobody_has_this();
}
