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

#include <ngx_link_func_module.h>

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
static void
wait_at_gate(void)
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
}


void
gate(ngx_link_func_ctx_t *ctx)
{
    wait_at_gate();
    ngx_link_func_add_header_out(ctx, "X-Gate", 6, "passed", 6);
    answer(ctx, "through the gate");
    note("LEFT");
}


/* More than the buffers of a socket hold. */
void
large(ngx_link_func_ctx_t *ctx)
{
    char  *body;

    body = ngx_link_func_pcalloc(ctx, 16 << 20);

    if (body != NULL) {
        ngx_link_func_write_resp(ctx, 200, NULL, NULL, body, 16 << 20);
    }
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


/* The value of a variable, or "-". */
static const char *
variable(ngx_link_func_ctx_t *ctx, const char *name)
{
    ngx_link_func_str_t  value;

    return ngx_link_func_get_variable(ctx, name, strlen(name), &value) == 0
           ? (const char *) value.data : "-";
}


/* Reads variables of all kinds again and again; the id is in the URI. */
void
vars(ngx_link_func_ctx_t *ctx)
{
    int          i;
    char         want[64];
    const char  *id, *request_id;

    id = ngx_link_func_get_query_param(ctx, "id");
    request_id = variable(ctx, "request_id");
    (void) snprintf(want, sizeof(want), "outer inner-%s", id ? id : "");

    for (i = 0; i < 200; i++) {
        if (strcmp(variable(ctx, "mapped"), want) != 0
            || strcmp(variable(ctx, "arg_id"), want + 12) != 0
            || strcmp(variable(ctx, "made"), want + 12) != 0
            || strcmp(variable(ctx, "request_id"), request_id) != 0
            || strcmp(variable(ctx, "no_such"), "-") != 0)
        {
            answer(ctx, variable(ctx, "mapped"));
            return;
        }
    }

    answer(ctx, "same");
}


void
ask_behind_gate(ngx_link_func_ctx_t *ctx)
{
    const char  *value;

    wait_at_gate();
    value = variable(ctx, "mapped");
    note(value);
    answer(ctx, value);
}


void
ask_with_lock(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_shmtx_lock(ctx->shared_mem);
    wait_at_gate();
    answer(ctx, variable(ctx, "mapped"));
    ngx_link_func_shmtx_unlock(ctx->shared_mem);
}


void
need_lock(ngx_link_func_ctx_t *ctx)
{
    note("NEEDS");
    ngx_link_func_shmtx_lock(ctx->shared_mem);
    ngx_link_func_shmtx_unlock(ctx->shared_mem);
    answer(ctx, "had it");
}


/* Adds a header at each step of a walk over them, up to a hundred. */
void
walk(ngx_link_func_ctx_t *ctx)
{
    int                  count = 0;
    char                 text[32];
    void                *iter = NULL;
    ngx_link_func_str_t  name, value;

    while (ngx_link_func_next_header(ctx, &iter, &name, &value) == 1) {
        if (++count <= 100) {
            (void) snprintf(text, sizeof(text), "X-Walk-%d", count);
            ngx_link_func_add_header_in(ctx, text, strlen(text), "w", 1);
        }
    }

    (void) snprintf(text, sizeof(text), "%d %s", count,
                    (char *) ngx_link_func_get_header(ctx, "x-walk-100"));
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
