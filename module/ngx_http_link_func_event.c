/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Variables for handlers in threads. What computes a variable belongs to nginx
 * or to another module and knows no threads: so the thread asks, and the event
 * loop computes while the thread waits. The loop never waits for a thread that
 * asks: where it has to wait for something that a thread may hold, it answers
 * meanwhile.
 */
#include "module/ngx_http_link_func_module.h"

#if (NGX_THREADS)

#include <ngx_channel.h>
#include <pthread.h>
#include <time.h>

/* A worker that is told to end answers no more: look for that so often. */
#define LOOK_MS   50

/*
 * The loop may wait for a lock of the app that the asking handler holds: no
 * more than so long.
 */
#define LIMIT_MS  30000

/* Between two tries to get the lock of the zone, in nanoseconds. */
#define PAUSE_NS  50000

enum { WAITING = 0, TAKEN, ANSWERED };

typedef struct ask_s  ask_t;

struct ask_s {
    ngx_http_link_func_ctx_t  *ctx;
    ngx_str_t                 *name, *value;
    ngx_uint_t                 state, found;
    pthread_cond_t             changed;
    ask_t                     *next;
};

static pthread_mutex_t  mutex = PTHREAD_MUTEX_INITIALIZER;
static ask_t           *first, **last = &first;
static ngx_uint_t       closed;
static ngx_fd_t         ends[2] = { -1, -1 };     /* of the pipe that wakes */

static _Thread_local ngx_uint_t  in_thread;


/* In the loop: the thread of the request waits, so its pool is free. */
static void
compute(ask_t *ask)
{
    ngx_str_t                  *value = ask->value;
    ngx_http_request_t         *r = ask->ctx->r;
    ngx_http_variable_value_t  *v;

    ngx_http_set_log_request(r->connection->log, r);

    /* the thread waits: what it has added so far is to be seen */
    if (ngx_http_link_func_thread_add_headers(ask->ctx) != NGX_OK) {
        return;
    }

    v = ngx_http_get_variable(r, ask->name,
                              ngx_hash_key(ask->name->data, ask->name->len));

    if (v == NULL || !v->valid || v->not_found) {
        return;
    }

    value->data = ngx_pnalloc(ask->ctx->thread->pool, v->len + 1);

    if (value->data != NULL) {
        ngx_memcpy(value->data, v->data, v->len);
        value->len = v->len;
        ask->found = 1;
    }
}


/* The mutex is held. */
static void
take_out(ask_t *ask)
{
    ask_t  **link;

    for (link = &first; *link != ask; link = &(*link)->next) {
        /* it is there */
    }

    *link = ask->next;

    if (last == &ask->next) {
        last = link;
    }
}


void
ngx_http_link_func_ask_serve(void)
{
    ask_t  *ask;

    (void) pthread_mutex_lock(&mutex);

    while ((ask = first) != NULL) {
        take_out(ask);
        ask->state = TAKEN;
        (void) pthread_mutex_unlock(&mutex);

        compute(ask);

        (void) pthread_mutex_lock(&mutex);
        ask->state = ANSWERED;
        (void) pthread_cond_signal(&ask->changed);
    }

    (void) pthread_mutex_unlock(&mutex);
}


static void
wake_handler(ngx_event_t *ev)
{
    u_char  bytes[64];

    (void) ev;

    while (read(ends[0], bytes, sizeof(bytes)) > 0) {
        /* how many there are says nothing */
    }

    ngx_http_link_func_ask_serve();
}


ngx_int_t
ngx_http_link_func_ask_open(void)
{
    if (ends[0] != -1) {
        return NGX_OK;
    }

    if (pipe(ends) != 0) {
        ngx_log_error(NGX_LOG_ALERT, ngx_cycle->log, ngx_errno,
                      "pipe() failed");
        ends[0] = -1;
        return NGX_ERROR;
    }

    /* nginx takes it for one of its own channels: no client, never drained */
    if (ngx_nonblocking(ends[0]) == 0 && ngx_nonblocking(ends[1]) == 0
        && fcntl(ends[0], F_SETFD, FD_CLOEXEC) == 0
        && fcntl(ends[1], F_SETFD, FD_CLOEXEC) == 0
        && ngx_add_channel_event((ngx_cycle_t *) ngx_cycle, ends[0],
                                 NGX_READ_EVENT, wake_handler)
           == NGX_OK)
    {
        return NGX_OK;
    }

    (void) close(ends[0]);
    (void) close(ends[1]);
    ends[0] = -1;

    return NGX_ERROR;
}


void
ngx_http_link_func_ask_close(void)
{
    (void) pthread_mutex_lock(&mutex);
    closed = 1;
    (void) pthread_mutex_unlock(&mutex);
}


void
ngx_http_link_func_ask_enter(void)
{
    in_thread = 1;
}


/*
 * Nobody answers any more: on TERM nginx waits for the threads of its pools
 * before it calls any module, and serves no event meanwhile.
 */
static ngx_uint_t
is_over(void)
{
    return closed || ngx_terminate
           || (ngx_process == NGX_PROCESS_SINGLE && ngx_quit);
}


static void
add_ms(struct timespec *time, long ms)
{
    time->tv_sec += ms / 1000;
    time->tv_nsec += ms % 1000 * 1000000;

    if (time->tv_nsec >= 1000000000) {
        time->tv_nsec -= 1000000000;
        time->tv_sec++;
    }
}


/* The mutex is held. NGX_ABORT: too long; NGX_DECLINED: never. */
static ngx_int_t
wait_for(ask_t *ask)
{
    long             waited;
    struct timespec  until;

    (void) clock_gettime(CLOCK_MONOTONIC, &until);

    for (waited = 0; ask->state != ANSWERED; waited += LOOK_MS) {
        if (ask->state == WAITING && (is_over() || waited >= LIMIT_MS)) {
            take_out(ask);
            return is_over() ? NGX_DECLINED : NGX_ABORT;
        }

        add_ms(&until, LOOK_MS);

        while (ask->state != ANSWERED
               && pthread_cond_timedwait(&ask->changed, &mutex, &until) == 0)
        {
            /* answered, or woken for nothing */
        }
    }

    return NGX_OK;
}


static ngx_int_t
post(ask_t *ask)
{
    ngx_int_t           rc;
    pthread_condattr_t  attr;

    if (pthread_condattr_init(&attr) != 0) {
        return NGX_ERROR;
    }

    (void) pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    rc = pthread_cond_init(&ask->changed, &attr) == 0 ? NGX_OK : NGX_ERROR;
    (void) pthread_condattr_destroy(&attr);

    if (rc != NGX_OK) {
        return rc;
    }

    (void) pthread_mutex_lock(&mutex);

    *last = ask;
    last = &ask->next;

    /* a pipe that is full wakes as well */
    (void) (write(ends[1], "", 1) + 1);

    rc = wait_for(ask);

    (void) pthread_mutex_unlock(&mutex);
    (void) pthread_cond_destroy(&ask->changed);

    return rc;
}


ngx_uint_t
ngx_http_link_func_ask_variable(ngx_http_link_func_ctx_t *ctx, ngx_str_t *name,
    ngx_str_t *value)
{
    ask_t  ask;

    ngx_memzero(&ask, sizeof(ask));
    ask.ctx = ctx;
    ask.name = name;
    ask.value = value;

    switch (post(&ask)) {

    case NGX_OK:
        return ask.found;

    case NGX_ABORT:
        ngx_log_error(NGX_LOG_ERR, &ctx->thread->log, 0, "the event loop did "
                      "not compute \"$%V\" for a handler within %d seconds: "
                      "something holds it up", name, LIMIT_MS / 1000);
        return 0;

    default:
        return 0;
    }
}


/*
 * For the loop: a thread of this worker may hold the lock and ask. Where none
 * runs (or never has), and in a thread, the way of nginx is the better one.
 */
void
ngx_http_link_func_ask_lock(ngx_shmtx_t *lock)
{
    struct timespec  pause = { 0, PAUSE_NS };

    if (in_thread || ends[0] == -1 || ngx_http_link_func_thread_idle()) {
        ngx_shmtx_lock(lock);
        return;
    }

    while (!ngx_shmtx_trylock(lock)) {
        ngx_http_link_func_ask_serve();
        (void) nanosleep(&pause, NULL);
    }
}

#endif
