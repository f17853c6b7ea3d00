/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Threads of a worker, as the pool of nginx's aio threads: they share the app,
 * the zone and the process. Nobody may fork once they run.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "harness/worker/worker_child.h"

struct job {
    struct job  *next;
    size_t       len;
    char         data[];
};

struct pool_thread {
    struct worker_child  *child;
    pthread_t             thread;
    unsigned              slot;
};

struct worker_pool {
    pthread_mutex_t      lock;
    pthread_cond_t       changed;
    struct job          *first, *last;
    unsigned             closed:1;
    unsigned             count;              /* threads that run */
    struct pool_thread   threads[];
};


/* NULL: the pool is closed. */
static struct job *
take_job(struct worker_pool *pool)
{
    struct job  *job;

    (void) pthread_mutex_lock(&pool->lock);

    while (pool->first == NULL && !pool->closed) {
        (void) pthread_cond_wait(&pool->changed, &pool->lock);
    }

    job = pool->first;

    if (job != NULL) {
        pool->first = job->next;
    }

    (void) pthread_mutex_unlock(&pool->lock);

    return job;
}


static void *
serve(void *data)
{
    void                *stack;
    struct job          *job;
    struct pool_thread  *self;
    struct wire_frame    frame = { 0 };

    self = data;
    stack = worker_trap_begin_thread();

    while ((job = take_job(self->child->pool)) != NULL) {
        frame.at = job->data;
        frame.left = job->len;
        frame.bad = 0;

        if (worker_child_serve(self->child, self->slot, &frame) != 0) {
            /* The main thread waits for a frame: it ends the worker. */
            (void) shutdown(self->child->fd, SHUT_RD);
        }

        free(job);
    }

    worker_trap_end_thread(stack);

    return NULL;
}


int
worker_pool_start(struct worker_child *child, char *err)
{
    int                  rc;
    unsigned             i, count;
    struct worker_pool  *pool;

    count = child->setup->threads;
    pool = calloc(1, sizeof(*pool) + count * sizeof(pool->threads[0]));

    if (pool == NULL) {
        (void) snprintf(err, LF_ERR_LEN, "out of memory");
        return -1;
    }

    (void) pthread_mutex_init(&pool->lock, NULL);
    (void) pthread_cond_init(&pool->changed, NULL);
    child->pool = pool;

    for (i = 0; i < count; i++) {
        pool->threads[i].child = child;
        pool->threads[i].slot = i;
        rc = pthread_create(&pool->threads[i].thread, NULL, serve,
                            &pool->threads[i]);
        if (rc != 0) {
            (void) snprintf(err, LF_ERR_LEN, "cannot start thread %u of %u: "
                            "%s", i + 1, count, strerror(rc));
            worker_pool_end(child);
            return -1;
        }

        pool->count++;
    }

    return 0;
}


int
worker_pool_add(struct worker_child *child, const struct wire_frame *frame)
{
    struct job          *job;
    struct worker_pool  *pool = child->pool;

    job = malloc(sizeof(*job) + frame->left);
    if (job == NULL) {
        return -1;
    }

    job->next = NULL;
    job->len = frame->left;
    memcpy(job->data, frame->at, frame->left);

    (void) pthread_mutex_lock(&pool->lock);

    if (pool->first == NULL) {
        pool->first = job;

    } else {
        pool->last->next = job;
    }

    pool->last = job;

    (void) pthread_cond_signal(&pool->changed);
    (void) pthread_mutex_unlock(&pool->lock);

    return 0;
}


void
worker_pool_end(struct worker_child *child)
{
    unsigned             i;
    struct worker_pool  *pool = child->pool;

    if (pool == NULL) {
        return;
    }

    (void) pthread_mutex_lock(&pool->lock);
    pool->closed = 1;
    (void) pthread_cond_broadcast(&pool->changed);
    (void) pthread_mutex_unlock(&pool->lock);

    for (i = 0; i < pool->count; i++) {
        (void) pthread_join(pool->threads[i].thread, NULL);
    }

    (void) pthread_cond_destroy(&pool->changed);
    (void) pthread_mutex_destroy(&pool->lock);
    free(pool);
    child->pool = NULL;
}
