/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Must compile with RIGHT defined and must not compile with -Werror=format
 * without it: the log macros are checked as printf formats.
 */
#include <ngx_link_func_module.h>

#ifdef RIGHT
#define VALUE  34
#else
#define VALUE  "thirty-four"
#endif

void log_it(ngx_link_func_ctx_t *ctx, ngx_link_func_cycle_t *cycle);


void
log_it(ngx_link_func_ctx_t *ctx, ngx_link_func_cycle_t *cycle)
{
#ifdef CYCLE
    ngx_link_func_cyc_log(info, cycle, "version %d", VALUE);
    (void) ctx;
#else
    ngx_link_func_log(info, ctx, "version %d", VALUE);
    (void) cycle;
#endif
}
