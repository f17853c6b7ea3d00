/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * See call_run.h. Requests start when all workers are ready, so that they run
 * side by side; each thread that is idle gets the next one.
 */
#include "harness/call/call_run.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/exit_status.h"
#include "lib/base/message.h"
#include "harness/worker/worker.h"

struct slot {
    struct worker  *worker;                  /* NULL: it is gone */
    uint64_t       *ids;                     /* of its requests in progress */
    unsigned        count;
    unsigned        ready:1;
    unsigned        stopping:1;
};

struct call {
    const struct call_options  *options;
    const struct request       *request;
    struct call_report         *report;
    struct worker_setup         setup;
    struct worker_crew         *crew;
    struct slot                *slots;
    unsigned                    room;        /* requests at a time, of each */
    unsigned long               sent;
    unsigned long               starting;    /* workers not ready yet */
    unsigned                    refused:1;   /* and reported */
};


static struct slot *
slot_of(struct call *call, const struct worker *worker)
{
    return &call->slots[worker_index(worker)];
}


/* It waits no more to be ready. */
static void
end_start(struct call *call, struct slot *slot)
{
    if (!slot->ready) {
        slot->ready = 1;
        call->starting--;
    }
}


static void
end_request(struct slot *slot, uint64_t id)
{
    unsigned  i;

    for (i = 0; i < slot->count; i++) {
        if (slot->ids[i] == id) {
            slot->ids[i] = slot->ids[--slot->count];
            return;
        }
    }
}


/* All workers are refused for the same reason: once is enough. */
static void
on_refused(struct call *call, struct slot *slot, const char *why)
{
    end_start(call, slot);
    slot->stopping = 1;
    call_report_status(call->report, EXIT_APP);

    if (!call->refused) {
        call->refused = 1;
        call_report_trouble(call->report, EXIT_APP, "refused", why);
    }
}


static void
on_died(struct call *call, struct slot *slot, struct worker_event *event)
{
    end_start(call, slot);
    slot->worker = NULL;
    call_report_death(call->report, event, slot->ids, slot->count);
    slot->count = 0;
}


static void
on_event(struct call *call, struct worker_event *event)
{
    struct slot  *slot;

    slot = slot_of(call, event->worker);

    switch (event->type) {

    case WORKER_READY:
        end_start(call, slot);
        break;

    case WORKER_REFUSED:
        on_refused(call, slot, event->text);
        break;

    case WORKER_UNRESOLVED:
        call_report_unresolved(call->report, event->text);
        break;

    case WORKER_FINDING:
        call_report_finding(call->report, event);
        break;

    case WORKER_LOG:
        call_report_log(call->report, event);
        break;

    case WORKER_RESPONSE:
        end_request(slot, event->id);
        call_report_response(call->report, event);
        break;

    case WORKER_UNROUTED:
        end_request(slot, event->id);
        call_report_trouble(call->report, EXIT_APP, "unrouted", event->text);
        break;

    case WORKER_DONE:
        slot->worker = NULL;
        (void) worker_kill(event->worker);
        break;

    case WORKER_DIED:
        on_died(call, slot, event);
        break;
    }
}


static void
send_one(struct call *call, struct slot *slot)
{
    uint64_t  id;

    id = ++call->sent;
    slot->ids[slot->count++] = id;
    call_report_sent(call->report, id, worker_index(slot->worker));

    if (worker_send(slot->worker, call->request, 0, id) != 0) {
        message_error("out of memory");
        call_report_status(call->report, EXIT_APP);
        call->report->cancelled = 1;
    }
}


/* Give work to whoever has least of it, or let them end. */
static void
dispatch(struct call *call)
{
    size_t        i;
    unsigned      round, rest;
    struct slot  *slot;

    if (call->starting != 0) {
        return;
    }

    for (round = 1; round <= call->room; round++) {
        for (i = 0; i < call->options->workers; i++) {
            slot = &call->slots[i];
            rest = call->sent < call->options->repeat && !call->refused;

            if (slot->worker == NULL || slot->stopping
                || slot->count >= round || !rest)
            {
                continue;
            }

            send_one(call, slot);
        }
    }

    for (i = 0; i < call->options->workers; i++) {
        slot = &call->slots[i];

        if (slot->worker != NULL && !slot->stopping && slot->count == 0) {
            slot->stopping = 1;
            worker_stop(slot->worker);
        }
    }
}


static int
start_workers(struct call *call)
{
    char            err[LF_ERR_LEN];
    uint64_t       *ids;
    unsigned long   i, workers = call->options->workers;

    call->crew = worker_crew_new(&call->setup);
    call->slots = calloc(workers, sizeof(*call->slots)
                                  + call->room * sizeof(*ids));

    if (call->crew == NULL || call->slots == NULL) {
        call_report_trouble(call->report, EXIT_APP, "host",
                            "out of memory or descriptors");
        return -1;
    }

    ids = (uint64_t *) (call->slots + workers);

    for (i = 0; i < workers; i++) {
        call->slots[i].ids = ids + i * call->room;
        call->slots[i].worker = worker_start(call->crew, err);

        if (call->slots[i].worker == NULL) {
            call_report_trouble(call->report, EXIT_APP, "host", err);
            return -1;
        }

        call->starting++;
    }

    return 0;
}


/* -1: interrupted. */
static int
serve(struct call *call)
{
    int                  rc;
    struct worker_event  event;

    for (rc = 0; !call->report->cancelled; ) {
        rc = worker_next(call->crew, &event);
        if (rc != 1) {
            break;
        }

        on_event(call, &event);

        if (!call->report->cancelled) {
            dispatch(call);
        }
    }

    return rc;
}


static void
set_up(struct call *call, const struct call_options *options,
    struct lf_fake *host)
{
    call->setup.host = host;
    call->setup.app = options->app;
    call->setup.symbols = &options->symbol;
    call->setup.symbol_count = 1;
    call->setup.timeout = options->timeout;
    call->setup.threads = (unsigned) options->threads;
    call->setup.no_fork = options->no_fork;
    call->setup.zone_figures = options->verbose || options->json_format;
    call->setup.log_events = options->json_format;
    call->room = options->threads != 0 ? (unsigned) options->threads : 1;
}


int
call_run(const struct call_options *options, const struct request *request,
    struct lf_fake *host, struct call_report *report)
{
    int          raised;
    struct call  call;

    memset(&call, 0, sizeof(call));
    call.options = options;
    call.request = request;
    call.report = report;
    set_up(&call, options, host);
    raised = 0;

    if (start_workers(&call) == 0) {
        raised = serve(&call) == -1 ? worker_interrupted()
                 : report->output.pipe_closed ? SIGPIPE : 0;
    }

    if (call.sent != 0 && call.sent < options->repeat && !report->cancelled
        && raised == 0)
    {
        call_report_unsent(report, options->repeat - call.sent);
    }

    worker_crew_free(&call.crew);
    free(call.slots);

    return raised;
}
