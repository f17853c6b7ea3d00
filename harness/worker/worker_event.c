/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Waiting for workers; see worker.h. Nothing here waits for a worker alone:
 * its socket, its process and its deadline are watched together, so that no
 * app can hold the CLI.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>

#include "harness/worker/worker_crew.h"
#include "harness/worker/worker_signal.h"

/* How long a stopped worker may take to collect its own frames. */
#define FRAMES_TIMEOUT  2000000000ull


/* The request that a thread of the worker was in; 0: not known. */
static uint64_t
call_of_thread(const struct worker *worker, pid_t thread)
{
    unsigned                                 i;
    const volatile struct worker_page_call  *call;

    for (i = 0; i < WORKER_THREADS_MAX; i++) {
        call = &worker->page->calls[i];

        if (call->thread == thread && call->id != 0) {
            return call->id;
        }
    }

    return worker->call_count == 1 ? worker->calls[0].id : 0;
}


/* The request whose time is over, and the thread that it is in. */
static void
set_late_call(const struct worker *worker, struct worker_event *event)
{
    unsigned                                 i;
    const volatile struct worker_page_call  *call;

    for (i = 0; i < worker->call_count; i++) {
        if (worker->calls[i].deadline == worker->deadline) {
            event->id = worker->calls[i].id;
            break;
        }
    }

    for (i = 0; event->id != 0 && i < WORKER_THREADS_MAX; i++) {
        call = &worker->page->calls[i];

        if (call->id == event->id && call->thread > 0) {
            event->death.thread = call->thread;
        }
    }
}


static int
set_death(struct worker *worker, struct worker_event *event,
    enum worker_death_kind kind)
{
    struct worker_page   *page;
    struct worker_death  *death;

    page = worker->page;
    death = &event->death;

    event->type = WORKER_DIED;
    event->worker = worker;
    death->kind = kind;
    death->phase = (enum worker_phase) page->phase;

    if (death->phase < WORKER_LOADING || death->phase > WORKER_ENDING) {
        death->phase = WORKER_LOADING;
    }

    death->status = kind == WORKER_CALLED_EXIT ? page->status
                                               : worker->status;
    death->thread = worker->pid;
    event->id = worker->call_count == 1 ? worker->calls[0].id : 0;

    if (kind == WORKER_TIMED_OUT) {
        set_late_call(worker, event);
    }

    if (kind == WORKER_CRASHED || kind == WORKER_CALLED_EXIT) {
        death->signal = page->signal;
        death->code = page->code;
        death->address = page->address;
        death->ip = page->ip;
        death->sp = page->sp;
        death->thread = page->thread;
        event->id = call_of_thread(worker, page->thread);
        death->rule = page->rule < 0 || page->rule >= LF_RULE_COUNT ? NULL
                      : &lf_rules[page->rule];
    }

    worker->over = 1;
    worker->deadline = 0;

    return 1;
}


/* 1: something came; 0: nothing is there now. */
static int
read_some(struct worker *worker)
{
    int  rc;

    rc = worker->eof ? 0 : wire_recv(worker->fd, &worker->in, MSG_DONTWAIT);

    if (rc == -1) {
        worker->eof = 1;
    }

    return rc == 1;
}


/* What has arrived from a worker; of one that ended, all that it sent. */
static int
next_frame(struct worker *worker, struct worker_event *event)
{
    int                rc;
    struct wire_frame  frame;

    for ( ;; ) {
        rc = wire_take(&worker->in, WORKER_FRAME_MAX, &frame);

        if (rc == 0) {
            if (worker->fd != -1 && (worker->ended || worker->stopped)
                && read_some(worker))
            {
                continue;
            }

            return 0;
        }

        memset(event, 0, sizeof(*event));
        event->worker = worker;

        if (rc == 1) {
            rc = worker_take_frame(worker, &frame, event);
        }

        if (rc == 1) {
            return 1;
        }

        if (rc == -1) {
            return set_death(worker, event, WORKER_NONSENSE);
        }
    }
}


/* After its last frame: did it end, and how? */
static int
next_end(struct worker *worker, struct worker_event *event, uint64_t now)
{
    int  well;

    memset(event, 0, sizeof(*event));

    if (worker->stopped) {
        return set_death(worker, event,
                         worker->page->kind == WORKER_CALLED_EXIT
                         ? WORKER_CALLED_EXIT : WORKER_CRASHED);
    }

    if (worker->ended || worker->local != NULL) {
        if (worker->local != NULL && !worker->done) {
            return 0;
        }

        well = worker->done && worker->call_count == 0 && worker->status == 0
               && (worker->stopping || worker->refused);

        if (!well) {
            return set_death(worker, event, WORKER_VANISHED);
        }

        event->type = WORKER_DONE;
        event->worker = worker;
        worker->over = 1;
        worker->deadline = 0;

        return 1;
    }

    if (worker->deadline != 0 && now >= worker->deadline) {
        return set_death(worker, event, WORKER_TIMED_OUT);
    }

    return 0;
}


static int
poll_workers(struct worker_crew *crew, struct worker_event *event,
             uint64_t *wait)
{
    unsigned        alive;
    uint64_t        now;
    struct worker  *worker;

    now = worker_now();
    alive = 0;
    *wait = 0;

    for (worker = crew->workers; worker != NULL; worker = worker->next) {
        if (worker->over) {
            continue;
        }

        alive++;

        /* The end is seen first, so that nothing is sent after it. */
        worker_reap(worker);

        if (next_frame(worker, event) || next_end(worker, event, now)) {
            return 1;
        }

        if (worker->deadline != 0
            && (*wait == 0 || worker->deadline - now < *wait))
        {
            *wait = worker->deadline - now;
        }
    }

    return alive == 0 ? 0 : -1;
}


static void
wait_for_any(struct worker_crew *crew, uint64_t wait)
{
    nfds_t            count;
    nfds_t            i;
    struct worker    *worker;
    struct timespec   timeout;

    crew->polls[0].fd = crew->signal_fd;
    crew->polls[0].events = POLLIN;
    count = 1;

    for (worker = crew->workers; worker != NULL; worker = worker->next) {
        crew->polls[count].fd = worker->over || worker->eof ? -1 : worker->fd;
        crew->polls[count].events = POLLIN;

        if (worker->sent < worker->out.len) {
            crew->polls[count].events |= POLLOUT;
        }

        crew->polls[count++].revents = 0;
    }

    timeout.tv_sec = (time_t) (wait / 1000000000ull);
    timeout.tv_nsec = (long) (wait % 1000000000ull);

    if (ppoll(crew->polls, count, wait ? &timeout : NULL, NULL) <= 0) {
        return;
    }

    if (crew->polls[0].revents) {
        worker_signal_drain();
    }

    for (i = 1, worker = crew->workers; worker != NULL;
         worker = worker->next, i++)
    {
        if (crew->polls[i].revents & POLLOUT) {
            worker_flush(worker);
        }

        if (crew->polls[i].revents & ~POLLOUT) {
            (void) read_some(worker);
        }
    }
}


int
worker_next(struct worker_crew *crew, struct worker_event *event)
{
    int       rc;
    uint64_t  wait;

    for ( ;; ) {
        if (worker_interrupted()) {
            return -1;
        }

        rc = poll_workers(crew, event, &wait);
        if (rc != -1) {
            return rc;
        }

        if (crew->setup->no_fork) {
            return 0;
        }

        wait_for_any(crew, wait);
    }
}


size_t
worker_frames(struct worker *worker, struct worker_location *places, size_t max)
{
    size_t                     i, count;
    uint64_t                   until;
    struct timespec            pause;
    struct worker_trap_frame  *frame;

    if (!worker->stopped || worker->ended) {
        return 0;
    }

    worker->page->want_frames = 1;
    (void) kill(worker->pid, SIGCONT);

    pause.tv_sec = 0;
    pause.tv_nsec = 1000000;

    for (until = worker_now() + FRAMES_TIMEOUT;
         worker->page->frame_count == 0 && worker_now() < until; )
    {
        (void) nanosleep(&pause, NULL);
    }

    count = worker->page->frame_count;
    count = count > WORKER_FRAMES_MAX ? WORKER_FRAMES_MAX : count;

    for (i = 0; i < count && i < max; i++) {
        frame = &worker->page->frames[i];
        frame->file[WORKER_TRAP_NAME - 1] = '\0';
        frame->symbol[WORKER_TRAP_NAME - 1] = '\0';
        places[i].address = frame->address;
        places[i].base = frame->base;
        places[i].file = frame->file;
        places[i].symbol = frame->symbol;
    }

    return i;
}
