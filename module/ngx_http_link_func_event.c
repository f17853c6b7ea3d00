/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Variables for handlers in threads. What computes a variable belongs to nginx
 * or to another module and knows no threads: so the thread posts a request for
 * it, and the event loop computes it while the thread waits. The loop never
 * waits for such a thread: where it has to wait for something that a thread
 * may hold, it processes what is posted meanwhile.
 */
#include "module/ngx_http_link_func_module.h"

#if (NGX_THREADS)

#include <ngx_channel.h>
#include <pthread.h>
#include <time.h>

/* How often a thread checks whether the worker is terminating. */
#define CHECK_MS    50

/*
 * The loop may wait for a lock of the app that the handler holds: the handler
 * waits no longer than this.
 */
#define TIMEOUT_MS  30000

/* Between two tries to get the lock of the zone, in nanoseconds. */
#define PAUSE_NS    50000

enum { POSTED = 0, PROCESSING, DONE };

typedef struct {
    ngx_queue_t                queue;
    ngx_http_link_func_ctx_t  *ctx;
    ngx_str_t                 *name, *value;
    ngx_uint_t                 state, found;
    pthread_cond_t             changed;
} ngx_http_link_func_post_t;

static pthread_mutex_t  ngx_http_link_func_post_mutex =
                                                    PTHREAD_MUTEX_INITIALIZER;
static ngx_queue_t      ngx_http_link_func_posted;
static ngx_uint_t       ngx_http_link_func_post_closed;

/* Written by threads, to wake the event loop. */
static ngx_fd_t         ngx_http_link_func_post_pipe[2] = { -1, -1 };

static _Thread_local ngx_uint_t  ngx_http_link_func_in_thread;


/* In the loop: the thread of the request waits, so its pool is free. */
static void
ngx_http_link_func_post_compute(ngx_http_link_func_post_t *post)
{
    ngx_str_t                  *value = post->value;
    ngx_http_request_t         *r = post->ctx->r;
    ngx_http_variable_value_t  *v;

    ngx_http_set_log_request(r->connection->log, r);

    /* the variable may depend on what the handler has added so far */
    if (ngx_http_link_func_thread_add_headers(post->ctx) != NGX_OK) {
        return;
    }

    v = ngx_http_get_variable(r, post->name,
                              ngx_hash_key(post->name->data, post->name->len));

    if (v == NULL || !v->valid || v->not_found) {
        return;
    }

    value->data = ngx_pnalloc(post->ctx->thread->pool, v->len + 1);

    if (value->data != NULL) {
        ngx_memcpy(value->data, v->data, v->len);
        value->len = v->len;
        post->found = 1;
    }
}


void
ngx_http_link_func_event_process_posted(void)
{
    ngx_queue_t                *q;
    ngx_http_link_func_post_t  *post;

    (void) pthread_mutex_lock(&ngx_http_link_func_post_mutex);

    while (!ngx_queue_empty(&ngx_http_link_func_posted)) {
        q = ngx_queue_head(&ngx_http_link_func_posted);
        ngx_queue_remove(q);
        post = ngx_queue_data(q, ngx_http_link_func_post_t, queue);
        post->state = PROCESSING;
        (void) pthread_mutex_unlock(&ngx_http_link_func_post_mutex);

        ngx_http_link_func_post_compute(post);

        (void) pthread_mutex_lock(&ngx_http_link_func_post_mutex);
        post->state = DONE;
        (void) pthread_cond_signal(&post->changed);
    }

    (void) pthread_mutex_unlock(&ngx_http_link_func_post_mutex);
}


static void
ngx_http_link_func_post_event_handler(ngx_event_t *ev)
{
    u_char  bytes[64];

    (void) ev;

    while (read(ngx_http_link_func_post_pipe[0], bytes, sizeof(bytes)) > 0) {
        /* the number of bytes has no meaning */
    }

    ngx_http_link_func_event_process_posted();
}


ngx_int_t
ngx_http_link_func_event_open(void)
{
    ngx_fd_t  *fds = ngx_http_link_func_post_pipe;

    if (fds[0] != -1) {
        return NGX_OK;
    }

    ngx_queue_init(&ngx_http_link_func_posted);

    if (pipe(fds) != 0) {
        ngx_log_error(NGX_LOG_ALERT, ngx_cycle->log, ngx_errno,
                      "pipe() failed");
        fds[0] = -1;
        return NGX_ERROR;
    }

    /* nginx takes it for one of its own channels: no client, never drained */
    if (ngx_nonblocking(fds[0]) == 0 && ngx_nonblocking(fds[1]) == 0
        && fcntl(fds[0], F_SETFD, FD_CLOEXEC) == 0
        && fcntl(fds[1], F_SETFD, FD_CLOEXEC) == 0
        && ngx_add_channel_event((ngx_cycle_t *) ngx_cycle, fds[0],
                                 NGX_READ_EVENT,
                                 ngx_http_link_func_post_event_handler)
           == NGX_OK)
    {
        return NGX_OK;
    }

    (void) close(fds[0]);
    (void) close(fds[1]);
    fds[0] = -1;

    return NGX_ERROR;
}


void
ngx_http_link_func_event_close(void)
{
    (void) pthread_mutex_lock(&ngx_http_link_func_post_mutex);
    ngx_http_link_func_post_closed = 1;
    (void) pthread_mutex_unlock(&ngx_http_link_func_post_mutex);
}


void
ngx_http_link_func_event_init_thread(void)
{
    ngx_http_link_func_in_thread = 1;
}


/*
 * Nothing posted is processed any more: on TERM nginx waits for the threads of
 * its pools before it calls any module, and serves no event meanwhile.
 */
static ngx_uint_t
ngx_http_link_func_post_is_closed(void)
{
    return ngx_http_link_func_post_closed || ngx_terminate
           || (ngx_process == NGX_PROCESS_SINGLE && ngx_quit);
}


/* The mutex is held. NGX_ABORT: too long; NGX_DECLINED: never. */
static ngx_int_t
ngx_http_link_func_post_wait(ngx_http_link_func_post_t *post)
{
    long             waited;
    ngx_uint_t       over;
    struct timespec  until;

    (void) clock_gettime(CLOCK_MONOTONIC, &until);

    for (waited = 0; post->state != DONE; waited += CHECK_MS) {
        over = ngx_http_link_func_post_is_closed();

        if (post->state == POSTED && (over || waited >= TIMEOUT_MS)) {
            ngx_queue_remove(&post->queue);
            return over ? NGX_DECLINED : NGX_ABORT;
        }

        until.tv_nsec += CHECK_MS * 1000000;

        if (until.tv_nsec >= 1000000000) {
            until.tv_nsec -= 1000000000;
            until.tv_sec++;
        }

        while (post->state != DONE
               && pthread_cond_timedwait(&post->changed,
                                         &ngx_http_link_func_post_mutex,
                                         &until)
                  == 0)
        {
            /* done, or a spurious wakeup */
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_link_func_post_and_wait(ngx_http_link_func_post_t *post)
{
    ngx_int_t           rc;
    pthread_condattr_t  attr;

    if (pthread_condattr_init(&attr) != 0) {
        return NGX_ERROR;
    }

    (void) pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    rc = pthread_cond_init(&post->changed, &attr) == 0 ? NGX_OK : NGX_ERROR;
    (void) pthread_condattr_destroy(&attr);

    if (rc != NGX_OK) {
        return rc;
    }

    (void) pthread_mutex_lock(&ngx_http_link_func_post_mutex);

    ngx_queue_insert_tail(&ngx_http_link_func_posted, &post->queue);

    /* a pipe that is full wakes as well */
    (void) (write(ngx_http_link_func_post_pipe[1], "", 1) + 1);

    rc = ngx_http_link_func_post_wait(post);

    (void) pthread_mutex_unlock(&ngx_http_link_func_post_mutex);
    (void) pthread_cond_destroy(&post->changed);

    return rc;
}


ngx_uint_t
ngx_http_link_func_event_variable(ngx_http_link_func_ctx_t *ctx,
    ngx_str_t *name, ngx_str_t *value)
{
    ngx_http_link_func_post_t  post;

    ngx_memzero(&post, sizeof(post));
    post.ctx = ctx;
    post.name = name;
    post.value = value;

    switch (ngx_http_link_func_post_and_wait(&post)) {

    case NGX_OK:
        return post.found;

    case NGX_ABORT:
        ngx_log_error(NGX_LOG_ERR, &ctx->thread->log, 0, "the event loop did "
                      "not compute \"$%V\" for a handler within %d seconds: "
                      "something blocks it", name, TIMEOUT_MS / 1000);
        return 0;

    default:
        return 0;
    }
}


/*
 * For the loop: a thread of this worker may hold the lock and wait for a
 * variable. Where none runs, and in a thread, waiting as nginx does is better.
 */
void
ngx_http_link_func_event_lock(ngx_shmtx_t *lock)
{
    struct timespec  pause = { 0, PAUSE_NS };

    if (ngx_http_link_func_in_thread || ngx_http_link_func_post_pipe[0] == -1
        || ngx_http_link_func_thread_idle())
    {
        ngx_shmtx_lock(lock);
        return;
    }

    while (!ngx_shmtx_trylock(lock)) {
        ngx_http_link_func_event_process_posted();
        (void) nanosleep(&pause, NULL);
    }
}

#endif
