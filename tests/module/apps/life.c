/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An app that writes each event of its life to the file in the environment
 * (LF_EVENTS): PID NAME EVENT WHO. Built twice, as A and as B.
 */
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <ngx_link_func_module.h>

#ifndef NAME
#define NAME  "A"
#endif


static void
note(const char *event, const char *who)
{
    int          fd, n;
    char         line[256];
    const char  *path;

    path = getenv("LF_EVENTS");
    fd = path != NULL ? open(path, O_WRONLY | O_APPEND | O_CREAT, 0666) : -1;

    if (fd < 0) {
        return;
    }

    n = snprintf(line, sizeof(line), "%d %s %s %s\n", (int) getpid(), NAME,
                 event, who);

    if (write(fd, line, (size_t) n) != n) {
        _exit(99);
    }

    (void) close(fd);
}


static const char *
who_is(ngx_link_func_cycle_t *cycle)
{
    u_char  *who;

    who = ngx_link_func_cyc_get_prop(cycle, "who", 3);

    return who != NULL ? (char *) who : "-";
}


__attribute__((constructor)) static void
open_app(void)
{
    note("CONSTRUCTOR", "-");
}


__attribute__((destructor)) static void
close_app(void)
{
    note("DESTRUCTOR", "-");
}


void
ngx_link_func_init_cycle(ngx_link_func_cycle_t *cycle)
{
    note("INIT", who_is(cycle));

    if (ngx_link_func_cyc_get_prop(cycle, "refuse", 6) != NULL) {
        cycle->has_error = 1;
    }
}


void
ngx_link_func_exit_cycle(ngx_link_func_cycle_t *cycle)
{
    note("EXIT", who_is(cycle));
}


void
who(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_write_resp(ctx, 200, NULL, NULL, NAME, strlen(NAME));
}


void
die(ngx_link_func_ctx_t *ctx)
{
    (void) ctx;
    (void) raise(SIGSEGV);
}


void
lockdie(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_shmtx_lock(ctx->shared_mem);
    (void) raise(SIGSEGV);
}
