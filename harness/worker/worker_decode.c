/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Frames of a worker to events. An app may have written them: everything is
 * checked, and nothing is believed that could hurt the CLI.
 */
#include <limits.h>
#include <stdlib.h>

#include "harness/worker/worker_crew.h"


static void
get_str(struct wire_frame *frame, lf_str_t *str)
{
    str->data = (u_char *) (uintptr_t) wire_get_text(frame, &str->len);
}


static void
get_location(struct wire_frame *frame, struct worker_location *place)
{
    place->address = (uintptr_t) wire_get_number(frame);
    place->base = (uintptr_t) wire_get_number(frame);
    place->file = wire_get_string(frame);
    place->symbol = wire_get_string(frame);
}


static void
get_finding(struct wire_frame *frame, struct worker_finding *finding)
{
    finding->rule = &lf_rules[wire_get_range(frame, 0, LF_RULE_COUNT - 1)];
    finding->text = wire_get_string(frame);
    get_location(frame, &finding->site);
    get_location(frame, &finding->alloc_site);
}


static void
get_headers(struct worker_crew *crew, struct wire_frame *frame,
    struct worker_response *response)
{
    size_t                  i, count;
    struct lf_fake_header  *headers;

    count = wire_get_count(frame, 2);
    headers = realloc(crew->headers, (count + 1) * sizeof(*headers));

    if (headers == NULL) {
        frame->bad = 1;
        return;
    }

    crew->headers = headers;

    for (i = 0; i < count; i++) {
        get_str(frame, &headers[i].name);
        get_str(frame, &headers[i].value);
    }

    response->headers = headers;
    response->header_count = count;
}


static void
get_response(struct worker_crew *crew, struct wire_frame *frame,
    struct worker_response *response)
{
    response->status = (int) wire_get_range(frame, 0, INT_MAX);
    get_str(frame, &response->status_line);
    response->by_app = wire_get_range(frame, 0, 1) != 0;
    response->refused = (int) wire_get_range(frame, 0, INT_MAX);
    response->written = (unsigned) wire_get_range(frame, 0, UINT_MAX);
    response->number = (unsigned long) wire_get_number(frame);
    response->symbol = (size_t) wire_get_number(frame);
    get_headers(crew, frame, response);
    get_str(frame, &response->body);
    response->ns = wire_get_number(frame);
    response->alloc_count = (size_t) wire_get_number(frame);
    response->alloc_bytes = (size_t) wire_get_number(frame);
    response->zone_pages = (size_t) wire_get_number(frame);
    response->zone_free = (size_t) wire_get_number(frame);
}


/* Bad unless it answers a request in progress. */
static void
end_request(struct worker *worker, struct wire_frame *frame,
    struct worker_event *event)
{
    event->id = wire_get_number(frame);

    if (worker_end_call(worker, event->id) != 0) {
        frame->bad = 1;
    }
}


/* Of which request a finding or log line is, and when it came. */
static void
get_origin(struct wire_frame *frame, struct worker_event *event)
{
    event->id = wire_get_number(frame);
    event->phase = (enum worker_phase)
                   wire_get_range(frame, WORKER_LOADING, WORKER_ENDING);
}


static void
get_log(struct wire_frame *frame, struct worker_log *log)
{
    log->level = (enum lf_level) wire_get_range(frame, LF_EMERG, LF_DEBUG);
    log->app = wire_get_range(frame, 0, 1) != 0;
    get_str(frame, &log->text);
}


/* The type of the event; 0: it says nothing to the caller. */
static enum worker_event_type
get_event(struct worker *worker, struct wire_frame *frame,
    struct worker_event *event)
{
    switch (frame->type) {

    case FRAME_LOADED:
        frame->bad |= worker->loaded;
        worker->loaded = 1;
        worker_set_deadline(worker);
        return 0;

    case FRAME_READY:
        frame->bad |= worker->ready;
        worker->ready = 1;
        worker->deadline = 0;
        return WORKER_READY;

    case FRAME_REFUSED:
        frame->bad |= worker->ready | worker->refused;
        worker->refused = 1;
        worker_set_deadline(worker);
        event->text = wire_get_string(frame);
        return WORKER_REFUSED;

    case FRAME_UNRESOLVED:
        event->text = wire_get_string(frame);
        return WORKER_UNRESOLVED;

    case FRAME_FINDING:
        get_origin(frame, event);
        get_finding(frame, &event->finding);
        return WORKER_FINDING;

    case FRAME_LOG:
        get_origin(frame, event);
        get_log(frame, &event->log);
        return WORKER_LOG;

    case FRAME_RESPONSE:
        end_request(worker, frame, event);
        get_response(worker->crew, frame, &event->response);
        return WORKER_RESPONSE;

    case FRAME_UNROUTED:
        end_request(worker, frame, event);
        event->text = wire_get_string(frame);
        return WORKER_UNROUTED;

    case FRAME_DONE:
        worker->done = 1;
        return 0;

    default:
        frame->bad = 1;
        return 0;
    }
}


int
worker_take_frame(struct worker *worker, struct wire_frame *frame,
    struct worker_event *event)
{
    event->type = get_event(worker, frame, event);

    return wire_finish(frame) != 0 ? -1 : event->type != 0;
}
