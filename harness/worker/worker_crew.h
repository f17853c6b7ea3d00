/* SPDX-License-Identifier: BSD-2-Clause */
/* What worker.c and worker_event.c share; nobody else includes this. */
#ifndef WORKER_CREW_H
#define WORKER_CREW_H

#include <poll.h>

#include "harness/worker/worker.h"
#include "harness/worker/worker_child.h"
#include "harness/worker/worker_trap.h"

struct worker_call {                         /* a request in progress */
    uint64_t  id;
    uint64_t  deadline;                      /* ns; 0: none */
};

struct worker {
    struct worker_crew   *crew;
    const struct worker_setup  *setup;
    struct worker        *next;
    unsigned              index;
    pid_t                 pid;               /* 0: no process, or reaped */
    int                   fd;                /* -1: --no-fork, or closed */
    struct worker_page   *page;
    struct wire_in        in;                /* has the last event, too */
    struct strbuf         out;
    size_t                sent;              /* of out */
    uint64_t              deadline;          /* the next; ns; 0: none */
    struct worker_call   *calls;             /* room for all threads */
    unsigned              call_count;
    int                   status;            /* as of waitpid */
    struct worker_child  *local;             /* --no-fork */
    void                 *data;
    unsigned              ended:1;           /* see status */
    unsigned              stopped:1;         /* itself, after a trap */
    unsigned              eof:1;
    unsigned              stopping:1;        /* is to end */
    unsigned              loaded:1;          /* each of these comes once: */
    unsigned              ready:1;           /* an app that sends them could */
    unsigned              refused:1;         /* stop the clock */
    unsigned              done:1;            /* it says that it ended well */
    unsigned              over:1;            /* its last event was given */
};

struct worker_crew {
    const struct worker_setup  *setup;
    struct worker              *workers;     /* in order of start */
    struct lf_fake_header      *headers;     /* of the last response */
    struct pollfd              *polls;
    unsigned                    count;
    int                         signal_fd;
};

uint64_t worker_now(void);

/* The current phase has begun now. */
void worker_set_deadline(struct worker *worker);

/* A request came back, or did not: 0, or -1: it was not in progress. */
int worker_end_call(struct worker *worker, uint64_t id);

/* Write what can be written. */
void worker_flush(struct worker *worker);

/* See whether it stopped or ended; never waits. */
void worker_reap(struct worker *worker);

/* 1: an event; 0: nothing for the caller; -1: nonsense. */
int worker_take_frame(struct worker *worker, struct wire_frame *frame,
                      struct worker_event *event);

#endif /* WORKER_CREW_H */
