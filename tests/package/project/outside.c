/* SPDX-License-Identifier: BSD-2-Clause */
/* An app whose function has a name of the C library's: -Bsymbolic binds it. */
#include <ngx_link_func_module.h>

void ngx_link_func_init_cycle(ngx_link_func_cycle_t *cycle);
void ngx_link_func_exit_cycle(ngx_link_func_cycle_t *cycle);
char *getlogin(void);
void login(ngx_link_func_ctx_t *ctx);


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


char *
getlogin(void)
{
    static char  text[] = "my own login\n";

    return text;
}


void
login(ngx_link_func_ctx_t *ctx)
{
    const char  *text;

    text = getlogin();
    ngx_link_func_write_resp(ctx, 200, NULL, NULL, text, strlen(text));
}
