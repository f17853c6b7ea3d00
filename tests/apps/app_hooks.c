/* SPDX-License-Identifier: BSD-2-Clause */
/* Apps that lack something: compiled several times, each with its own flaw. */
#include <ngx_link_func_module.h>

#ifndef NO_INIT
void
ngx_link_func_init_cycle(ngx_link_func_cycle_t *cycle)
{
    (void) cycle;
}
#endif

#ifdef CALLS_MISSING
void  missing_function(void);
void  missing_weak(void) __attribute__((weak));
#endif

#ifdef CALLS_FUTURE
void  ngx_link_func_of_the_future(ngx_link_func_ctx_t *ctx);
#endif


void
handler(ngx_link_func_ctx_t *ctx)
{
#ifdef CALLS_MISSING
    if (missing_weak != NULL) {
        missing_weak();
    }

    missing_function();
#endif

#ifdef CALLS_FUTURE
    ngx_link_func_of_the_future(ctx);
#endif

    ngx_link_func_write_resp(ctx, 200, NULL, NULL, "hooks\n", 6);
}
