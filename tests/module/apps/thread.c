/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The app of the tests with threads and subrequests. It writes what happens to
 * the file "events" in the folder that the property "dir" names, and waits
 * where the FIFO "gate" lets it.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "ngx_link_func_module.h"

#define TOGETHER  4

static char             dir[256];
static pthread_mutex_t  mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t   all_here = PTHREAD_COND_INITIALIZER;
static int              here;


static void
note(const char *text)
{
    int   fd, n;
    char  line[512];

    (void) snprintf(line, sizeof(line), "%s/events", dir);
    fd = open(line, O_WRONLY | O_APPEND | O_CREAT, 0666);
    n = snprintf(line, sizeof(line), "%s\n", text);

    if (fd < 0 || write(fd, line, (size_t) n) != n) {
        _exit(99);
    }

    (void) close(fd);
}


void
ngx_link_func_init_cycle(ngx_link_func_cycle_t *cycle)
{
    u_char  *value;

    value = ngx_link_func_cyc_get_prop(cycle, "dir", 3);
    (void) snprintf(dir, sizeof(dir), "%s", value ? (char *) value : ".");
    note("INIT");
}


void
ngx_link_func_exit_cycle(ngx_link_func_cycle_t *cycle)
{
    (void) cycle;
    note("EXIT");
}


static void
answer(ngx_link_func_ctx_t *ctx, const char *text)
{
    ngx_link_func_write_resp(ctx, 200, NULL, NULL, text, strlen(text));
}


static const char *
where(void)
{
    return syscall(SYS_gettid) == getpid() ? "loop" : "thread";
}


void
tid(ngx_link_func_ctx_t *ctx)
{
    answer(ctx, where());
}


/* Waits for one byte of the gate. */
void
gate(ngx_link_func_ctx_t *ctx)
{
    int   fd;
    char  path[300], byte;

    note("IN");
    (void) snprintf(path, sizeof(path), "%s/gate", dir);
    fd = open(path, O_RDONLY);

    if (fd < 0 || read(fd, &byte, 1) != 1) {
        _exit(98);
    }

    (void) close(fd);
    ngx_link_func_add_header_out(ctx, "X-Gate", 6, "passed", 6);
    answer(ctx, "through the gate");
    note("LEFT");
}


/* Answers when as many handlers run at once. */
void
together(ngx_link_func_ctx_t *ctx)
{
    (void) pthread_mutex_lock(&mutex);

    if (++here == TOGETHER) {
        (void) pthread_cond_broadcast(&all_here);
    }

    while (here < TOGETHER) {
        (void) pthread_cond_wait(&all_here, &mutex);
    }

    (void) pthread_mutex_unlock(&mutex);
    answer(ctx, "together");
}


void
empty(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_write_resp(ctx, 204, NULL, NULL, NULL, 0);
}


/* Uses all that the ABI has for one request. */
void
abi(ngx_link_func_ctx_t *ctx)
{
    int      i;
    char     name[16], *block;
    u_char  *seen;

    for (i = 0; i < 40; i++) {
        (void) snprintf(name, sizeof(name), "X-In-%d", i);
        ngx_link_func_add_header_in(ctx, name, strlen(name), "in", 2);
        name[2] = 'O';
        ngx_link_func_add_header_out(ctx, name, strlen(name), "out", 3);
        block = ngx_link_func_palloc(ctx, 1000);

        if (block != NULL) {
            memset(block, i, 1000);
        }
    }

    ngx_link_func_log_err(ctx, "from the thread");
    seen = ngx_link_func_get_header(ctx, "X-In-39");
    answer(ctx, seen != NULL ? (char *) seen : "(null)");
}


/* Counts in the cache under the lock. */
void
hammer(ngx_link_func_ctx_t *ctx)
{
    int    i, *count;
    char   text[32];

    for (i = 0; i < 50; i++) {
        ngx_link_func_shmtx_lock(ctx->shared_mem);
        count = ngx_link_func_cache_get(ctx->shared_mem, "count");

        if (count == NULL) {
            count = ngx_link_func_cache_new(ctx->shared_mem, "count",
                                            sizeof(*count));
            *count = 0;
        }

        (void) snprintf(text, sizeof(text), "%d", ++*count);
        ngx_link_func_shmtx_unlock(ctx->shared_mem);
    }

    answer(ctx, text);
}


/* Notes how it was called. */
void
step(ngx_link_func_ctx_t *ctx)
{
    char                 text[256];
    ngx_link_func_str_t  uri;

    (void) ngx_link_func_get_uri(ctx, &uri);
    (void) snprintf(text, sizeof(text), "%.*s %s args=%s body=%.*s",
                    (int) uri.len, uri.data, where(),
                    ctx->req_args ? ctx->req_args : "(null)",
                    (int) ctx->req_body_len,
                    ctx->req_body ? (char *) ctx->req_body : "");
    note(text);
    answer(ctx, text);
}


void
forbid(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_write_resp(ctx, 403, NULL, NULL, "no", 2);
}


void
moved(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_write_resp(ctx, 300, NULL, NULL, "other", 5);
}


void
add_user(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_add_header_in(ctx, "X-User", 6, "bob", 3);
    answer(ctx, "added");
}


void
user(ngx_link_func_ctx_t *ctx)
{
    u_char  *value;

    value = ngx_link_func_get_header(ctx, "X-User");
    answer(ctx, value != NULL ? (char *) value : "(null)");
}
