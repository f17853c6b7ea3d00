/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Frames of a worker to events. An app may have written them: everything is
 * checked, and nothing is believed that could hurt the CLI.
 */
#include <stdlib.h>

#include "harness/worker/worker_crew.h"


const struct lf_rule *
worker_rule(uint64_t index)
{
    return index < LF_RULE_COUNT ? &lf_rules[index] : NULL;
}


static void
get_str(struct wire_reader *frame, lf_str_t *str)
{
    str->data = (u_char *) (uintptr_t) wire_get_text(frame, &str->len);
}


static void
get_place(struct wire_reader *frame, struct worker_place *place)
{
    size_t  len;

    place->address = (uintptr_t) wire_get_number(frame);
    place->base = (uintptr_t) wire_get_number(frame);
    place->file = wire_get_text(frame, &len);
    place->symbol = wire_get_text(frame, &len);
}


static int
get_finding(struct wire_reader *frame, struct worker_finding *finding)
{
    size_t  len;

    finding->rule = worker_rule(wire_get_number(frame));
    finding->text = wire_get_text(frame, &len);
    get_place(frame, &finding->site);
    get_place(frame, &finding->alloc_site);

    return frame->bad || finding->rule == NULL ? -1 : 0;
}


static int
get_headers(struct worker_crew *crew, struct wire_reader *frame,
    struct worker_response *response)
{
    size_t                  i;
    uint64_t                count;
    struct lf_fake_header  *headers;

    count = wire_get_number(frame);

    if (count > frame->left) {               /* each takes more than a byte */
        return -1;
    }

    headers = realloc(crew->headers, (count + 1) * sizeof(*headers));
    if (headers == NULL) {
        return -1;
    }

    crew->headers = headers;

    for (i = 0; i < count; i++) {
        get_str(frame, &headers[i].name);
        get_str(frame, &headers[i].value);
    }

    response->headers = headers;
    response->header_count = (size_t) count;

    return 0;
}


static int
get_response(struct worker_crew *crew, struct wire_reader *frame,
    struct worker_response *response)
{
    response->status = (int) wire_get_number(frame);
    get_str(frame, &response->status_line);
    response->by_app = wire_get_number(frame) != 0;
    response->refused = (int) wire_get_number(frame);
    response->written = (unsigned) wire_get_number(frame);
    response->number = (unsigned long) wire_get_number(frame);
    response->symbol = (size_t) wire_get_number(frame);

    if (get_headers(crew, frame, response) != 0) {
        return -1;
    }

    get_str(frame, &response->body);
    response->ns = wire_get_number(frame);
    response->alloc_count = (size_t) wire_get_number(frame);
    response->alloc_bytes = (size_t) wire_get_number(frame);
    response->zone_pages = (size_t) wire_get_number(frame);
    response->zone_free = (size_t) wire_get_number(frame);

    return frame->bad ? -1 : 0;
}


/* The answer to a request that is on its way, or -1. */
static int
end_request(struct worker *worker, struct wire_reader *frame,
    struct worker_event *event)
{
    event->id = wire_get_number(frame);

    return worker_end_call(worker, event->id);
}


static enum worker_phase
get_phase(struct wire_reader *frame)
{
    uint64_t  phase;

    phase = wire_get_number(frame);

    if (phase < WORKER_LOADING || phase > WORKER_ENDING) {
        frame->bad = 1;
        return WORKER_LOADING;
    }

    return (enum worker_phase) phase;
}


static int
get_log(struct wire_reader *frame, struct worker_log *log)
{
    uint64_t  level;

    level = wire_get_number(frame);
    log->level = (enum lf_level) level;
    log->app = wire_get_number(frame) != 0;
    get_str(frame, &log->text);

    return frame->bad || level < LF_EMERG || level > LF_DEBUG ? -1 : 0;
}


int
worker_take_frame(struct worker *worker, const struct wire_head *head,
    struct wire_reader *frame, struct worker_event *event)
{
    size_t  len;

    switch (head->type) {

    case WIRE_LOADED:
        worker_set_deadline(worker);
        return 0;

    case WIRE_READY:
        worker->deadline = 0;
        event->type = WORKER_READY;
        return 1;

    case WIRE_REFUSED:
        worker->refused = 1;
        worker_set_deadline(worker);
        event->type = WORKER_REFUSED;
        event->text = wire_get_text(frame, &len);
        return frame->bad ? -1 : 1;

    case WIRE_UNRESOLVED:
        event->type = WORKER_UNRESOLVED;
        event->text = wire_get_text(frame, &len);
        return frame->bad ? -1 : 1;

    case WIRE_FINDING:
        event->type = WORKER_FINDING;
        event->id = wire_get_number(frame);
        event->phase = get_phase(frame);
        return get_finding(frame, &event->finding) == 0 ? 1 : -1;

    case WIRE_LOG:
        event->type = WORKER_LOG;
        event->id = wire_get_number(frame);
        event->phase = get_phase(frame);
        return get_log(frame, &event->log) == 0 ? 1 : -1;

    case WIRE_RESPONSE:
        event->type = WORKER_RESPONSE;
        return end_request(worker, frame, event) == 0
               && get_response(worker->crew, frame, &event->response) == 0
               ? 1 : -1;

    case WIRE_UNROUTED:
        event->type = WORKER_UNROUTED;

        if (end_request(worker, frame, event) != 0) {
            return -1;
        }

        event->text = wire_get_text(frame, &len);
        return !frame->bad ? 1 : -1;

    case WIRE_DONE:
        worker->done = 1;
        return 0;

    default:
        return -1;
    }
}
