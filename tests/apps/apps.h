/* SPDX-License-Identifier: BSD-2-Clause */
/* What the apps of the tests share. */
#ifndef APPS_H
#define APPS_H

#include <ngx_link_func_module.h>

static inline void
answer(ngx_link_func_ctx_t *ctx, const char *text)
{
    ngx_link_func_write_resp(ctx, 200, NULL, NULL, text, strlen(text));
}

#endif /* APPS_H */
