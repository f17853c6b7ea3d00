/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One request in a worker: read from its frame, run, answered. Several may run
 * side by side, each in a thread and a slot of its own.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "fakes/lf_fake_zone.h"
#include "harness/worker/worker_child.h"


static struct lf_fake_request *
new_request(struct worker_child *child, uint64_t tag, const char *method,
    const char *target)
{
    struct lf_fake               *host = child->setup->host;
    const struct worker_router   *router = child->setup->router;

    return router == NULL ? lf_fake_request_new(host, method, target)
           : lf_fake_request_on(host, router->server(router->data, tag),
                                method, target);
}


/* 0 with the function that answered; -1 with *why: there is none. */
static int
run_request(struct worker_child *child, uint64_t tag,
    struct lf_fake_request *request, size_t *symbol, const char **why)
{
    const struct worker_router  *router = child->setup->router;

    if (router != NULL) {
        return router->run(router->data, tag, request, child->handlers,
                           symbol, why);
    }

    if (tag >= child->setup->symbol_count) {
        *why = "no such function";
        return -1;
    }

    *symbol = tag;
    lf_fake_run(request, child->handlers[tag]);

    return 0;
}


static struct lf_fake_request *
read_request(struct worker_child *child, struct wire_frame *frame,
    uint64_t *tag)
{
    int                      failed;
    size_t                   headers, len, name_len, value_len;
    uint64_t                 http_1_0, has_body;
    const char              *method, *target, *name, *value, *body;
    struct lf_fake_request  *request;

    *tag = wire_get_number(frame);
    http_1_0 = wire_get_range(frame, 0, 1);
    method = wire_get_string(frame);
    target = wire_get_string(frame);

    request = new_request(child, *tag, method, target);
    if (request == NULL) {
        return NULL;
    }

    if (http_1_0) {
        lf_fake_set_http_1_0(request);
    }

    failed = 0;

    for (headers = wire_get_count(frame, 2); headers != 0; headers--) {
        name = wire_get_text(frame, &name_len);
        value = wire_get_text(frame, &value_len);
        failed |= lf_fake_add_header(request, name, name_len, value,
                                     value_len);
    }

    has_body = wire_get_range(frame, 0, 1);
    body = wire_get_text(frame, &len);

    if (has_body) {
        failed |= lf_fake_set_body(request, body, len);
    }

    if (failed || wire_finish(frame) != 0) {
        lf_fake_request_free(&request);
    }

    return request;
}


/*
 * The request that the calling thread serves, for what is said about none or
 * about one that ended before.
 */
static _Thread_local uint64_t  current_id;


uint64_t
worker_child_id(const struct worker_child *child, unsigned long number)
{
    unsigned  i;

    for (i = 0; number != 0 && i < child->slots; i++) {
        if (child->calls[i].number == number) {
            return child->calls[i].id;
        }
    }

    return current_id;
}


/* Known by its number from now on. */
static void
begin_call(struct worker_child *child, unsigned slot, unsigned long number)
{
    (void) pthread_mutex_lock(&child->lock);

    child->slots = slot >= child->slots ? slot + 1 : child->slots;
    child->calls[slot].id = current_id;
    child->calls[slot].number = number;
    child->page->calls[slot].thread = lf_thread_id();
    child->page->calls[slot].id = current_id;

    if (child->running++ == 0) {
        worker_child_phase(child, WORKER_REQUEST);
    }

    (void) pthread_mutex_unlock(&child->lock);
}


static void
end_call(struct worker_child *child, unsigned slot)
{
    (void) pthread_mutex_lock(&child->lock);

    if (--child->running == 0) {
        worker_child_phase(child, WORKER_IDLE);
    }

    child->page->calls[slot].id = 0;

    (void) pthread_mutex_unlock(&child->lock);
}


/*
 * Drops the findings of this request; those of others, such as late writes to
 * memory of an older one, when no request runs.
 */
static void
forget_call(struct worker_child *child, unsigned slot, unsigned long number)
{
    (void) pthread_mutex_lock(&child->lock);
    child->calls[slot].number = 0;

    if (child->running != 0) {
        lf_fake_forget(child->setup->host, number);

    } else {
        lf_fake_clear(child->setup->host);
    }

    (void) pthread_mutex_unlock(&child->lock);
}


static uint64_t
now(void)
{
    struct timespec  ts;

    (void) clock_gettime(CLOCK_MONOTONIC, &ts);

    return (uint64_t) ts.tv_sec * 1000000000ull + (uint64_t) ts.tv_nsec;
}


static void
put_response(struct strbuf *out, struct lf_fake_request *request,
    const struct lf_fake_response *response, size_t symbol)
{
    size_t  i;

    wire_put_number(out, (uint64_t) response->status);
    wire_put_text(out, response->status_line.data, response->status_line.len);
    wire_put_number(out, response->by_app);
    wire_put_number(out, (uint64_t) lf_fake_refused(request));
    wire_put_number(out, lf_fake_core(request)->response.written);
    wire_put_number(out, lf_fake_core(request)->number);
    wire_put_number(out, symbol);
    wire_put_number(out, response->header_count);

    for (i = 0; i < response->header_count; i++) {
        wire_put_text(out, response->headers[i].name.data,
                      response->headers[i].name.len);
        wire_put_text(out, response->headers[i].value.data,
                      response->headers[i].value.len);
    }

    wire_put_text(out, response->body.data, response->body.len);
}


static void
put_figures(struct strbuf *out, struct worker_child *child,
    struct lf_fake_request *request, uint64_t ns)
{
    size_t  pages, unused;

    pages = 0;
    unused = 0;

    if (child->setup->zone_figures) {
        lf_fake_zone_figures(lf_fake_zone(child->setup->host), &pages,
                             &unused);
    }

    wire_put_number(out, ns);
    wire_put_number(out, lf_fake_alloc_count(request));
    wire_put_number(out, lf_fake_alloc_bytes(request));
    wire_put_number(out, pages);
    wire_put_number(out, unused);
}


static void
send_unrouted(struct worker_child *child, struct strbuf *out, const char *why)
{
    size_t  start;

    start = wire_begin(out, FRAME_UNROUTED);
    wire_put_number(out, current_id);
    wire_put_string(out, why);
    wire_end(out, start);
    worker_child_send(child, out);
}


/* 0, or -1: no memory. */
static int
send_response(struct worker_child *child, struct strbuf *out,
    struct lf_fake_request *request, size_t symbol, uint64_t ns)
{
    size_t                          start;
    const struct lf_fake_response  *response;

    response = lf_fake_get_response(request);
    if (response == NULL) {
        return -1;
    }

    start = wire_begin(out, FRAME_RESPONSE);
    wire_put_number(out, current_id);
    put_response(out, request, response, symbol);
    put_figures(out, child, request, ns);
    wire_end(out, start);
    worker_child_send(child, out);

    return out->failed ? -1 : 0;
}


int
worker_child_serve(struct worker_child *child, unsigned slot,
    struct wire_frame *frame)
{
    int                      rc;
    size_t                   symbol = SIZE_MAX;
    uint64_t                 tag, began;
    const char              *why = NULL;
    unsigned long            number;
    struct strbuf           *out;
    struct lf_fake_request  *request;

    current_id = wire_get_number(frame);
    out = &child->calls[slot].out;
    request = read_request(child, frame, &tag);

    if (request == NULL) {
        return -1;
    }

    number = lf_fake_core(request)->number;
    begin_call(child, slot, number);
    began = now();
    rc = run_request(child, tag, request, &symbol, &why);
    began = now() - began;
    (void) fflush(stdout);
    end_call(child, slot);

    if (rc == 0) {
        rc = send_response(child, out, request, symbol, began);

    } else {
        send_unrouted(child, out, why != NULL ? why : "no such function");
        rc = 0;
    }

    lf_fake_request_free(&request);
    forget_call(child, slot, number);
    current_id = 0;

    return rc;
}
