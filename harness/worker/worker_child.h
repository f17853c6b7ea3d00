/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The worker's own side: opens the app, runs its hooks and handlers, and
 * reports to the CLI. Runs in the forked process, or with --no-fork in
 * the CLI itself.
 */
#ifndef WORKER_CHILD_H
#define WORKER_CHILD_H

#include <pthread.h>

#include "harness/worker/worker.h"
#include "harness/worker/worker_trap.h"
#include "lib/wire/wire.h"

/* Frames between the CLI and its workers. */
enum worker_frame_type {
    /* to the worker */
    FRAME_REQUEST = 1, FRAME_STOP,
    /* from the worker */
    FRAME_LOADED, FRAME_READY, FRAME_REFUSED, FRAME_UNRESOLVED, FRAME_FINDING,
    FRAME_LOG, FRAME_RESPONSE, FRAME_UNROUTED, FRAME_DONE
};

#define WORKER_FRAME_MAX  ((uint64_t) 1 << 32)

struct worker_pool;

struct worker_child_call {                   /* of one thread */
    uint64_t        id;
    unsigned long   number;                  /* of the host; 0: none */
    struct strbuf   out;                     /* its answer */
};

struct worker_child {
    const struct worker_setup  *setup;
    struct worker_page         *page;
    int                         fd;          /* -1: frames go to out alone */
    struct strbuf              *out;
    struct lf_app               app;
    lf_handler_pt              *handlers;
    pthread_mutex_t             lock;        /* of out, fd, calls, running */
    struct worker_child_call    calls[WORKER_THREADS_MAX];
    unsigned                    slots;       /* used of calls, so far */
    unsigned                    running;
    struct worker_pool         *pool;        /* NULL: all on this thread */
    unsigned                    first:1;     /* reports undefined symbols */
    size_t                      initialised; /* init hooks that went well */
};

void worker_child_init(struct worker_child *child,
                       const struct worker_setup *setup,
                       struct worker_page *page, int fd, struct strbuf *out);

/* Open the app and run its init hook. 0: ready; -1: refused, and reported. */
int worker_child_load(struct worker_child *child);

/*
 * Run one request, in the calling thread and a slot of its own; 0, or -1: no
 * memory, or the frame was nonsense.
 */
int worker_child_serve(struct worker_child *child, unsigned slot,
                       struct wire_frame *frame);

/* What a request of the host is called in events, or 0. The lock is held. */
uint64_t worker_child_id(const struct worker_child *child,
                         unsigned long number);

void worker_child_phase(struct worker_child *child, enum worker_phase phase);
void worker_child_send_text(struct worker_child *child,
                       enum worker_frame_type type, const char *text);

/* Send frames that a thread has put together, and clear them. */
void worker_child_send(struct worker_child *child, struct strbuf *frame);

/*
 * Threads that serve requests: started when the app is loaded and initialised,
 * gone before its exit hook. 0, or -1: none is there, with a text in err, or
 * the request was lost for lack of memory.
 */
int worker_pool_start(struct worker_child *child, char *err);
int worker_pool_add(struct worker_child *child,
                    const struct wire_frame *frame);
void worker_pool_end(struct worker_child *child);

/* Run the exit hook, report that all is done. */
void worker_child_finish(struct worker_child *child);

/* The life of a forked worker, from the fork to exit(). */
void worker_child_main(struct worker_child *child) __attribute__((noreturn));

#endif /* WORKER_CHILD_H */
