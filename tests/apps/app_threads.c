/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An app whose handlers run side by side in threads of one process. They wait
 * for each other, so that a test knows that they do.
 */
#define _GNU_SOURCE
#include <ngx_link_func_module.h>

#include <pthread.h>
#include <unistd.h>

#include "tests/apps/apps.h"

static pthread_mutex_t  lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t   changed = PTHREAD_COND_INITIALIZER;
static unsigned         inside, total;
static int *volatile    nowhere;


void
ngx_link_func_init_cycle(ngx_link_func_cycle_t *cycle)
{
    ngx_link_func_cyc_log(info, cycle, "init hook");
}


void
ngx_link_func_exit_cycle(ngx_link_func_cycle_t *cycle)
{
    ngx_link_func_cyc_log(info, cycle, "exit hook after %u", total);
}


/* How many came before; the first waits until there are two. */
static unsigned
meet_another(void)
{
    unsigned  before;

    (void) pthread_mutex_lock(&lock);
    before = inside++;
    (void) pthread_cond_broadcast(&changed);

    while (inside < 2) {
        (void) pthread_cond_wait(&changed, &lock);
    }

    (void) pthread_mutex_unlock(&lock);

    return before;
}


/* Comes to an end only when two are here at once. */
void
meets(ngx_link_func_ctx_t *ctx)
{
    (void) meet_another();
    answer(ctx, "met\n");
}


/* Right with a mutex of the app's own, under any number of threads. */
void
counts(ngx_link_func_ctx_t *ctx)
{
    char      text[32];
    unsigned  now;

    (void) pthread_mutex_lock(&lock);
    now = ++total;
    (void) pthread_mutex_unlock(&lock);

    (void) snprintf(text, sizeof(text), "%u\n", now);
    answer(ctx, text);
}


static void __attribute__((noinline))
crash_here(void)
{
    *nowhere = 1;
}


/* Of two, the second crashes while the first waits for ever. */
void
second_crashes(ngx_link_func_ctx_t *ctx)
{
    if (meet_another() == 1) {
        ngx_link_func_log(info, ctx, "crashes now");
        crash_here();
    }

    for ( ;; ) {
        (void) pause();
    }
}


/* Of two, the second never comes back. */
void
second_hangs(ngx_link_func_ctx_t *ctx)
{
    if (meet_another() == 1) {
        ngx_link_func_log(info, ctx, "hangs now");

        for ( ;; ) {
            (void) pause();
        }
    }

    answer(ctx, "fine\n");
}


static int __attribute__((noinline))
recurse(volatile char *last)
{
    volatile char  room[4096];

    room[0] = *last;

    return recurse(room) + room[1];
}


void
overflows(ngx_link_func_ctx_t *ctx)
{
    char  first = (char) (ctx != NULL);

    (void) recurse(&first);
}


void
exits(ngx_link_func_ctx_t *ctx)
{
    (void) ctx;
    exit(9);
}


void
overruns(ngx_link_func_ctx_t *ctx)
{
    char  *text;

    (void) meet_another();
    text = ngx_link_func_palloc(ctx, 10);
    memset(text, 'x', 11);
    ngx_link_func_write_resp(ctx, 200, NULL, NULL, text, 10);
}


void
keeps_lock(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_shmtx_lock(ctx->shared_mem);
    answer(ctx, "kept\n");
}


/* A long body of one letter: of the thread, so that mixing can be seen. */
void
stripes(ngx_link_func_ctx_t *ctx)
{
    char    *text;
    size_t   size = 300000;

    text = ngx_link_func_palloc(ctx, size);
    memset(text, 'a' + gettid() % 26, size - 1);
    text[size - 1] = '\n';
    ngx_link_func_write_resp(ctx, 200, NULL, NULL, text, size);
}


/* Everything of the ABI that has a state, once; the answer says what it saw. */
void
all_at_once(ngx_link_func_ctx_t *ctx)
{
    int         i, *value;
    char       *copy, key[32];
    void       *block;
    const char *body = ctx->req_body != NULL ? (char *) ctx->req_body : "";

    for (i = 0; i < 20; i++) {
        copy = ngx_link_func_strdup(ctx, body);
        (void) snprintf(key, sizeof(key), "k%d", i);

        ngx_link_func_shmtx_lock(ctx->shared_mem);
        value = ngx_link_func_cache_get(ctx->shared_mem, key);

        if (value == NULL) {
            value = ngx_link_func_cache_new(ctx->shared_mem, key,
                                            sizeof(int));
            *value = 0;
        }

        (*value)++;
        ngx_link_func_shmtx_unlock(ctx->shared_mem);

        block = ngx_link_func_shm_alloc(ctx->shared_mem, 100);
        ngx_link_func_shm_free(ctx->shared_mem, block);
        ngx_link_func_log(debug, ctx, "%s %d", copy, i);
    }

    ngx_link_func_add_header_out(ctx, "X-Agent", 7,
                                 (char *) ngx_link_func_get_header(
                                                    ctx, "User-Agent"), 5);
    answer(ctx, ngx_link_func_get_query_param(ctx, "word"));
}
