/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An app that does everything wrong, one defect a handler: each must be
 * reported by linkfunc, with the function and the file named.
 */
#include <ngx_link_func_module.h>

#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/wire/wire.h"
#include "tests/apps/apps.h"

static void *volatile  nowhere;


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


static void __attribute__((noinline))
write_to(volatile int *place)
{
    *place = 1;
}


void
null_pointer(ngx_link_func_ctx_t *ctx)
{
    write_to(nowhere);
    answer(ctx, "not reached");
}


static int __attribute__((noinline))
recurse(volatile char *last)
{
    volatile char  room[4096];

    room[0] = *last;

    return recurse(room) + room[1];
}


void
stack_overflow(ngx_link_func_ctx_t *ctx)
{
    char  first = (char) (ctx != NULL);

    (void) recurse(&first);
}


static int __attribute__((noinline))
quotient(int a, volatile int b)
{
    return a / b;
}


void
division(ngx_link_func_ctx_t *ctx)
{
    (void) quotient(1, nowhere != NULL);
    answer(ctx, "not reached");
}


void
aborts(ngx_link_func_ctx_t *ctx)
{
    (void) ctx;
    abort();
}


void
exits(ngx_link_func_ctx_t *ctx)
{
    (void) ctx;
    exit(7);
}


void
exits_at_once(ngx_link_func_ctx_t *ctx)
{
    (void) ctx;
    _exit(8);
}


void
killed(ngx_link_func_ctx_t *ctx)
{
    (void) ctx;
    (void) raise(SIGKILL);
}


/* Says so before it stops, for whoever looks from outside. */
void
hangs(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_log(info, ctx, "hangs now");

    for ( ;; ) {
        (void) pause();
    }
}


static void *
crash_in_thread(void *data)
{
    write_to(nowhere);

    return data;
}


void
thread_crashes(ngx_link_func_ctx_t *ctx)
{
    pthread_t  thread;

    (void) ctx;

    if (pthread_create(&thread, NULL, crash_in_thread, NULL) == 0) {
        (void) pthread_join(thread, NULL);
    }
}


void
overrun(ngx_link_func_ctx_t *ctx)
{
    char  *text;

    text = ngx_link_func_palloc(ctx, 10);
    memset(text, 'x', 11);
    ngx_link_func_write_resp(ctx, 200, NULL, NULL, text, 10);
}


static char  *kept;

void
keeps(ngx_link_func_ctx_t *ctx)
{
    if (kept != NULL) {
        kept[0] = 'x';
    }

    kept = ngx_link_func_strdup(ctx, "of this request");
    answer(ctx, "kept");
}


void
private_field(ngx_link_func_ctx_t *ctx)
{
    write_to(ctx->__r__);
}


void
keeps_lock(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_shmtx_lock(ctx->shared_mem);
    answer(ctx, "locked");
}


void
hangs_with_lock(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_shmtx_lock(ctx->shared_mem);
    ngx_link_func_log(info, ctx, "has the lock");

    for ( ;; ) {
        (void) pause();
    }
}


void
dies_with_lock(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_shmtx_lock(ctx->shared_mem);
    write_to(nowhere);
}


/* Once in a zone; all other requests are fine, whoever serves them. */
void
dies_once_with_lock(ngx_link_func_ctx_t *ctx)
{
    int  *seen;

    ngx_link_func_shmtx_lock(ctx->shared_mem);
    seen = ngx_link_func_cache_get(ctx->shared_mem, "seen");

    if (seen == NULL) {
        (void) ngx_link_func_cache_new(ctx->shared_mem, "seen", sizeof(int));
        write_to(nowhere);
    }

    ngx_link_func_shmtx_unlock(ctx->shared_mem);
    answer(ctx, "fine\n");
}


/* Without words: the pattern of bytes is no frame of ours. */
void
scribbles(ngx_link_func_ctx_t *ctx)
{
    int  fd;

    for (fd = 3; fd < 64; fd++) {
        if (write(fd, "garbage garbage garbage garbage", 31) == -1) {
            continue;
        }
    }

    answer(ctx, "scribbled");
}


void
logs_much(ngx_link_func_ctx_t *ctx)
{
    char  line[4096];

    memset(line, 'x', sizeof(line) - 1);
    line[sizeof(line) - 1] = '\0';
    ngx_link_func_log_info(ctx, line);
    answer(ctx, "logged");
}


static void
forge(const void *frame, size_t size)
{
    int  fd;

    for (fd = 3; fd < 64; fd++) {
        (void) send(fd, frame, size, MSG_NOSIGNAL | MSG_DONTWAIT);
        (void) shutdown(fd, SHUT_WR);
    }
}


/* As a player of "run" reports a file that passed. */
void
forges_result(ngx_link_func_ctx_t *ctx)
{
    struct {
        struct wire_head  head;
        uint64_t          verdict, entries, checks, na, status;
    } frame = { { WIRE_MAGIC, 2, 5 * sizeof(uint64_t) }, 0, 1, 1, 0, 0 };

    forge(&frame, sizeof(frame));
    ngx_link_func_write_resp(ctx, 500, NULL, "text/plain", "bad", 3);
}


static void
forge_and_hang(uint32_t type)
{
    struct wire_head  frame = { WIRE_MAGIC, type, 0 };

    forge(&frame, sizeof(frame));

    for ( ;; ) {
        (void) pause();
    }
}


/* As a worker reports that it is loaded: the deadline begins again. */
void
forges_loaded(ngx_link_func_ctx_t *ctx)
{
    (void) ctx;
    forge_and_hang(3);
}


/* As a worker reports that it is ready: no deadline any more. */
void
forges_ready(ngx_link_func_ctx_t *ctx)
{
    (void) ctx;
    forge_and_hang(4);
}


/* As a worker reports why it cannot serve. */
void
forges_refusal(ngx_link_func_ctx_t *ctx)
{
    struct {
        struct wire_head  head;
        uint64_t          len;
        char              text[8];
    } frame = { { WIRE_MAGIC, 5, sizeof(uint64_t) + 8 }, 7, "forged!" };

    (void) ctx;
    forge(&frame, sizeof(frame));

    for ( ;; ) {
        (void) pause();
    }
}


void
closes_all(ngx_link_func_ctx_t *ctx)
{
    int  fd;

    for (fd = 3; fd < 64; fd++) {
        (void) close(fd);
    }

    answer(ctx, "closed");
}


void
forks(ngx_link_func_ctx_t *ctx)
{
    if (fork() == 0) {
        for ( ;; ) {
            (void) pause();
        }
    }

    answer(ctx, "forked");
}
