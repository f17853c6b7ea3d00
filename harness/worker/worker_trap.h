/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How a worker reports its own end: a page that it shares with the CLI holds
 * what it is doing and, after a crash or exit(), what happened; then it stops
 * itself, so that the CLI can look at its stack.
 */
#ifndef WORKER_TRAP_H
#define WORKER_TRAP_H

#include <stdint.h>
#include <sys/types.h>

#include "harness/worker/worker.h"

#define WORKER_TRAP_NAME    256

struct worker_trap_frame {
    uintptr_t  address, base;
    char       file[WORKER_TRAP_NAME];
    char       symbol[WORKER_TRAP_NAME];
};

struct worker_page_call {
    pid_t     thread;
    uint64_t  id;                        /* 0: it has no request */
};

/*
 * Written by the worker, and by a wild app: the CLI believes nothing in it
 * that it has not checked.
 */
struct worker_page {
    volatile pid_t     pid;
    volatile int       phase;
    volatile int       kind;             /* enum worker_death_kind, or 0 */
    int                status, signal, code, rule;
    uintptr_t          address, ip, sp;
    pid_t              thread;
    volatile struct worker_page_call  calls[WORKER_THREADS_MAX];
    volatile int       want_frames;      /* set by the CLI before SIGCONT */
    volatile unsigned  frame_count;
    struct worker_trap_frame  frames[WORKER_FRAMES_MAX];
};

/* In the worker, before the app is opened. */
void worker_trap_install(struct worker_page *page);

/*
 * A stack for the handlers of the calling thread, which is not the main one;
 * NULL: there is none, or a sanitizer has its own. End it in that thread.
 */
void *worker_trap_begin_thread(void);
void worker_trap_end_thread(void *stack);

#endif /* WORKER_TRAP_H */
