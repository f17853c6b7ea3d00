/* SPDX-License-Identifier: BSD-2-Clause */
/* A good app, with every kind of symbol that a handler may and may not be. */
#include <ngx_link_func_module.h>

int  plain_data = 1;


void
ngx_link_func_init_cycle(ngx_link_func_cycle_t *cycle)
{
    ngx_link_func_cyc_log_info(cycle, "plain: init");
}


void
ngx_link_func_exit_cycle(ngx_link_func_cycle_t *cycle)
{
    ngx_link_func_cyc_log_info(cycle, "plain: exit");
}


void
plain_handler(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_write_resp(ctx, 200, NULL, NULL, "plain\n", 6);
}


/* Needs libc, so that the loader looks for names there too. */
void
plain_libc(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_write_resp(ctx, 200, NULL, NULL, getenv("PATH"), 1);
}


static void
chosen(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_write_resp(ctx, 201, NULL, NULL, "chosen\n", 7);
}


/* clang does not see that the attribute below uses it. */
__attribute__((used)) static void
(*choose(void))(ngx_link_func_ctx_t *)
{
    return chosen;
}


void plain_ifunc(ngx_link_func_ctx_t *ctx) __attribute__((ifunc("choose")));


__attribute__((weak)) void
plain_weak(ngx_link_func_ctx_t *ctx)
{
    plain_handler(ctx);
}


__attribute__((visibility("hidden"))) void
plain_hidden(ngx_link_func_ctx_t *ctx)
{
    plain_handler(ctx);
}


#if defined(__x86_64__) || defined(__aarch64__)
/* Assembler without a type: only its segment says that it is code. */
__asm__(".text\n.globl plain_untyped\nplain_untyped:\n\tret\n");
#endif
