/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * See worker_child.h. Findings go out at once, from the thread that made them:
 * the next instruction of the app may be its last.
 */
#define _GNU_SOURCE
#include "worker_child.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>


static void
set_phase(struct worker_child *child, enum worker_phase phase)
{
    child->page->phase = (int) phase;
}


/* Send what stands in out; the CLI being gone is no trouble of ours. */
static void
flush(struct worker_child *child)
{
    size_t   sent;
    ssize_t  n;

    if (child->fd == -1 || !buf_ok(child->out)) {
        return;
    }

    for (sent = 0; sent < child->out->len; sent += (size_t) n) {
        n = send(child->fd, child->out->data + sent, child->out->len - sent,
                 MSG_NOSIGNAL);

        if (n == -1 && errno == EINTR) {
            n = 0;

        } else if (n <= 0) {
            break;
        }
    }

    buf_clear(child->out);
}


static void
tell(struct worker_child *child, enum wire_type type, const char *text)
{
    size_t  start;

    (void) pthread_mutex_lock(&child->lock);

    start = wire_begin(child->out, type);
    if (text != NULL) {
        wire_put_text(child->out, text, strlen(text));
    }

    wire_end(child->out, start);
    flush(child);

    (void) pthread_mutex_unlock(&child->lock);
}


static void
put_place(struct buf *out, const void *address)
{
    Dl_info  info;

    memset(&info, 0, sizeof(info));

    if (address != NULL) {
        (void) dladdr(address, &info);
    }

    wire_put_number(out, (uintptr_t) address);
    wire_put_number(out, (uintptr_t) info.dli_fbase);
    wire_put_text(out, info.dli_fname ? info.dli_fname : "",
                  info.dli_fname ? strlen(info.dli_fname) : 0);
    wire_put_text(out, info.dli_sname ? info.dli_sname : "",
                  info.dli_sname ? strlen(info.dli_sname) : 0);
}


static void
on_finding(void *data, const struct lf_fake_finding *finding)
{
    size_t                start;
    struct worker_child  *child;

    child = data;

    (void) pthread_mutex_lock(&child->lock);

    start = wire_begin(child->out, WIRE_FINDING);
    wire_put_number(child->out, (uint64_t) (finding->rule - lf_rules));
    wire_put_text(child->out, finding->text, strlen(finding->text));
    put_place(child->out, finding->site);
    put_place(child->out, finding->alloc_site);
    wire_end(child->out, start);
    flush(child);

    (void) pthread_mutex_unlock(&child->lock);
}


void
worker_child_init(struct worker_child *child,
    const struct worker_setup *setup, struct worker_page *page, int fd,
    struct buf *out)
{
    memset(child, 0, sizeof(*child));
    child->setup = setup;
    child->page = page;
    child->fd = fd;
    child->out = out;
    (void) pthread_mutex_init(&child->lock, NULL);
    lf_fake_on_finding(setup->host, on_finding, child);
}


static void
add_name(void *data, const char *name)
{
    struct buf  *names;

    names = data;
    buf_printf(names, "%s%s", names->len ? ", " : "", name);
}


static void
tell_unresolved(struct worker_child *child)
{
    struct buf  names;

    memset(&names, 0, sizeof(names));

    if (lf_app_unresolved(&child->app, child->setup->app, add_name, &names)
        != 0 && buf_ok(&names))
    {
        tell(child, WIRE_UNRESOLVED, names.data);
    }

    buf_free(&names);
}


static int
find_handlers(struct worker_child *child, char *err)
{
    size_t  i;

    child->handlers = calloc(child->setup->symbol_count + 1,
                             sizeof(*child->handlers));
    if (child->handlers == NULL) {
        (void) snprintf(err, LF_ERR_LEN, "out of memory");
        return -1;
    }

    for (i = 0; i < child->setup->symbol_count; i++) {
        child->handlers[i] = lf_app_handler(&child->app,
                                            child->setup->symbols[i], err);
        if (child->handlers[i] == NULL) {
            return -1;
        }
    }

    return 0;
}


static const struct lf_props *
cycle_props(const struct worker_child *child, size_t i)
{
    return i < child->setup->cycle_count ? child->setup->cycles[i] : NULL;
}


/* Once for each server, until one refuses. */
static int
run_init_hooks(struct worker_child *child)
{
    size_t  count;

    count = child->setup->cycle_count ? child->setup->cycle_count : 1;

    while (child->initialised < count) {
        if (lf_fake_init_on(child->setup->host, &child->app,
                            cycle_props(child, child->initialised)) != 0)
        {
            return -1;
        }

        child->initialised++;
    }

    return 0;
}


int
worker_child_load(struct worker_child *child)
{
    char  err[LF_ERR_LEN];

    set_phase(child, WORKER_LOADING);

    if (lf_app_open(&child->app, child->setup->app, err) != 0) {
        tell(child, WIRE_REFUSED, err);
        return -1;
    }

    if (find_handlers(child, err) != 0) {
        tell(child, WIRE_REFUSED, err);
        return -1;
    }

    if (child->first) {
        tell_unresolved(child);
    }

    if (child->app.exit == NULL) {
        lf_report(LF_RULE_NO_EXIT, NULL, "the app has no function "
                  "ngx_link_func_exit_cycle");
    }

    tell(child, WIRE_LOADED, NULL);
    set_phase(child, WORKER_INIT);

    if (run_init_hooks(child) != 0) {
        tell(child, WIRE_REFUSED,
             "the init hook of the app set has_error: it refuses to start");
        return -1;
    }

    set_phase(child, WORKER_IDLE);
    tell(child, WIRE_READY, NULL);

    return 0;
}


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
read_request(struct worker_child *child, struct wire_reader *frame,
    uint64_t *tag)
{
    int                      failed;
    size_t                   len, name_len, value_len;
    uint64_t                 http_1_0, has_body, headers;
    const char              *method, *target, *name, *value, *body;
    struct lf_fake_request  *request;

    *tag = wire_get_number(frame);
    http_1_0 = wire_get_number(frame);
    method = wire_get_text(frame, &len);
    target = wire_get_text(frame, &len);

    request = new_request(child, *tag, method, target);
    if (request == NULL) {
        return NULL;
    }

    if (http_1_0) {
        lf_fake_set_http_1_0(request);
    }

    failed = 0;

    for (headers = wire_get_number(frame); headers != 0 && !frame->bad;
         headers--)
    {
        name = wire_get_text(frame, &name_len);
        value = wire_get_text(frame, &value_len);
        failed |= lf_fake_add_header(request, name, name_len, value,
                                     value_len);
    }

    has_body = wire_get_number(frame);
    body = wire_get_text(frame, &len);

    if (has_body && !frame->bad) {
        failed |= lf_fake_set_body(request, body, len);
    }

    if (failed || frame->bad) {
        lf_fake_request_free(&request);
    }

    return request;
}


static uint64_t
now(void)
{
    struct timespec  ts;

    (void) clock_gettime(CLOCK_MONOTONIC, &ts);

    return (uint64_t) ts.tv_sec * 1000000000ull + (uint64_t) ts.tv_nsec;
}


static void
put_response(struct worker_child *child, struct lf_fake_request *request,
    const struct lf_fake_response *response, size_t symbol)
{
    size_t       i;
    struct buf  *out;

    out = child->out;

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
put_figures(struct worker_child *child, struct lf_fake_request *request,
    uint64_t ns)
{
    size_t  pages, unused;

    pages = 0;
    unused = 0;

    if (child->setup->zone_figures) {
        lf_fake_zone_figures(lf_fake_zone(child->setup->host), &pages,
                             &unused);
    }

    wire_put_number(child->out, ns);
    wire_put_number(child->out, lf_fake_alloc_count(request));
    wire_put_number(child->out, lf_fake_alloc_bytes(request));
    wire_put_number(child->out, pages);
    wire_put_number(child->out, unused);
}


int
worker_child_serve(struct worker_child *child, struct wire_reader *frame)
{
    int                             rc;
    size_t                          start, symbol;
    uint64_t                        tag, began;
    const char                     *why;
    struct lf_fake_request         *request;
    const struct lf_fake_response  *response;

    request = read_request(child, frame, &tag);
    if (request == NULL) {
        return -1;
    }

    why = NULL;
    symbol = SIZE_MAX;
    set_phase(child, WORKER_REQUEST);
    began = now();
    rc = run_request(child, tag, request, &symbol, &why);
    began = now() - began;
    (void) fflush(stdout);
    set_phase(child, WORKER_IDLE);

    if (rc != 0) {
        lf_fake_request_free(&request);
        lf_fake_clear(child->setup->host);
        tell(child, WIRE_UNROUTED, why != NULL ? why : "no such function");
        return 0;
    }

    response = lf_fake_response(request);

    if (response != NULL) {
        (void) pthread_mutex_lock(&child->lock);
        start = wire_begin(child->out, WIRE_RESPONSE);
        put_response(child, request, response, symbol);
        put_figures(child, request, began);
        wire_end(child->out, start);
        flush(child);
        (void) pthread_mutex_unlock(&child->lock);
    }

    lf_fake_request_free(&request);
    lf_fake_clear(child->setup->host);

    return response == NULL || !buf_ok(child->out) ? -1 : 0;
}


void
worker_child_finish(struct worker_child *child)
{
    size_t  i;

    for (i = 0; i < child->initialised; i++) {
        set_phase(child, WORKER_EXIT_HOOK);
        (void) lf_fake_exit_on(child->setup->host, &child->app,
                               cycle_props(child, i));
        (void) fflush(stdout);
    }

    set_phase(child, WORKER_ENDING);

    /* The app stays open: its threads may still run, and exit() ends it. */
    free(child->handlers);
    child->handlers = NULL;
    tell(child, WIRE_DONE, NULL);
}


/* The next frame of the CLI in in; 0, or -1: the CLI is gone. */
static int
receive(struct worker_child *child, struct buf *in, struct wire_head *head,
    struct wire_reader *frame)
{
    int      rc;
    char    *space;
    size_t   missing;
    ssize_t  n;

    while ((rc = wire_frame(in, head, frame, &missing)) == 0) {
        missing = missing < 4096 ? 4096 : missing;

        space = buf_reserve(in, missing);
        if (space == NULL) {
            return -1;
        }

        n = recv(child->fd, space, missing, 0);

        if (n > 0) {
            in->len += (size_t) n;

        } else if (n == 0 || errno != EINTR) {
            return -1;
        }
    }

    return rc == 1 ? 0 : -1;
}


void
worker_child_main(struct worker_child *child)
{
    int                 rc;
    struct buf          in;
    struct wire_head    head;
    struct wire_reader  frame;

    memset(&in, 0, sizeof(in));
    rc = worker_child_load(child);

    while (rc == 0 && receive(child, &in, &head, &frame) == 0) {
        if (head.type != WIRE_REQUEST) {
            break;
        }

        rc = worker_child_serve(child, &frame);
        buf_shift(&in, sizeof(head) + (size_t) head.len);
    }

    buf_free(&in);
    worker_child_finish(child);

    exit(EXIT_SUCCESS);
}
