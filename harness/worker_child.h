/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The worker's own side: opens the app, runs its hooks and handlers, and tells
 * the CLI what came of it. Runs in the forked process, or with --no-fork in
 * the CLI itself.
 */
#ifndef WORKER_CHILD_H
#define WORKER_CHILD_H

#include <pthread.h>

#include "worker.h"
#include "worker_trap.h"
#include "worker_wire.h"

struct worker_child {
    const struct worker_setup  *setup;
    struct worker_page         *page;
    int                         fd;          /* -1: frames go to out alone */
    struct strbuf              *out;
    struct lf_app               app;
    lf_handler_pt              *handlers;
    pthread_mutex_t             lock;        /* of out and fd */
    unsigned                    first:1;     /* tells of unresolved names */
    size_t                      initialised; /* init hooks that went well */
};

void worker_child_init(struct worker_child *child,
                       const struct worker_setup *setup,
                       struct worker_page *page, int fd, struct strbuf *out);

/* Open the app and run its init hook. 0: ready; -1: refused, and told so. */
int worker_child_load(struct worker_child *child);

/* Run one request; 0, or -1: the frame was nonsense. */
int worker_child_serve(struct worker_child *child, struct wire_reader *frame);

/* Run the exit hook, tell that all is done. */
void worker_child_finish(struct worker_child *child);

/* The life of a forked worker, from the fork to exit(). */
void worker_child_main(struct worker_child *child) __attribute__((noreturn));

#endif /* WORKER_CHILD_H */
