/* SPDX-License-Identifier: BSD-2-Clause */
/* An app that brings its handler along in a library of its own. */
#include <ngx_link_func_module.h>

void part_handler(ngx_link_func_ctx_t *ctx);

/* Makes the linker keep the library. */
void  (*part_kept)(ngx_link_func_ctx_t *ctx) = part_handler;


void
ngx_link_func_init_cycle(ngx_link_func_cycle_t *cycle)
{
    (void) cycle;
}
