/* SPDX-License-Identifier: BSD-2-Clause */
/* An app without an exit hook. */
#include <ngx_link_func_module.h>


void
ngx_link_func_init_cycle(ngx_link_func_cycle_t *cycle)
{
    (void) cycle;
}


void
f(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_write_resp(ctx, 200, NULL, NULL, "f", 1);
}
