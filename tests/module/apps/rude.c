/* SPDX-License-Identifier: BSD-2-Clause */
/* An app whose constructor crashes (RUDE 1), hangs (2) or exits (3). */
#include <signal.h>
#include <unistd.h>

#include <ngx_link_func_module.h>


__attribute__((constructor)) static void
be_rude(void)
{
#if RUDE == 1
    (void) raise(SIGSEGV);
#elif RUDE == 2
    for ( ;; ) {
        (void) pause();
    }
#else
    _exit(0);
#endif
}


void
ngx_link_func_init_cycle(ngx_link_func_cycle_t *cycle)
{
    (void) cycle;
}
