/* SPDX-License-Identifier: BSD-2-Clause */
#include <ngx_link_func_module.h>


void
part_handler(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_write_resp(ctx, 200, NULL, NULL, "part\n", 5);
}
