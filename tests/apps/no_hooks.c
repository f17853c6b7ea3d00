/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Apps without the hooks that every app has, or with unusual ones; built
 * several times, see CMakeLists.txt.
 */
#include <ngx_link_func_module.h>

#include <unistd.h>

#include "tests/apps/apps.h"

#ifdef WITH_INIT
void
ngx_link_func_init_cycle(ngx_link_func_cycle_t *cycle)
{
#ifdef INIT_FAILS
    cycle->has_error = 1;
#endif
#ifdef INIT_HANGS
    for ( ;; ) {
        (void) pause();
    }
#endif
    (void) cycle;
}
#endif


#ifdef EXIT_CRASHES
void
ngx_link_func_exit_cycle(ngx_link_func_cycle_t *cycle)
{
    (void) cycle;
    abort();
}
#endif


#ifdef LOAD_CRASHES
static void __attribute__((constructor))
load(void)
{
    abort();
}
#endif


#ifdef UNRESOLVED
void nobody_provides_this(void);
#ifdef UNRESOLVED_TWO
void nor_this(void);
#endif

void
unresolved(ngx_link_func_ctx_t *ctx)
{
    (void) ctx;
    nobody_provides_this();
#ifdef UNRESOLVED_TWO
    nor_this();
#endif
}
#endif


void
hello(ngx_link_func_ctx_t *ctx)
{
    answer(ctx, "hello\n");
}
