/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * See worker_child.h. Findings go out at once, from the thread that made them:
 * the next instruction of the app may be its last.
 */
#include "harness/worker/worker_child.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>


void
worker_child_phase(struct worker_child *child, enum worker_phase phase)
{
    child->page->phase = (int) phase;
}


/* The lock is held. The CLI being gone is no trouble of ours. */
static void
flush(struct worker_child *child, struct strbuf *frame)
{
    size_t  sent = 0;

    if (frame->failed || (child->fd == -1 && frame == child->out)) {
        return;
    }

    if (child->fd == -1) {
        strbuf_add(child->out, frame->data, frame->len);

    } else {
        (void) wire_send(child->fd, frame, &sent, 0);
    }

    strbuf_clear(frame);
}


void
worker_child_send(struct worker_child *child, struct strbuf *frame)
{
    (void) pthread_mutex_lock(&child->lock);
    flush(child, frame);
    (void) pthread_mutex_unlock(&child->lock);
}


void
worker_child_send_text(struct worker_child *child, enum worker_frame_type type,
    const char *text)
{
    size_t  start;

    (void) pthread_mutex_lock(&child->lock);

    start = wire_begin(child->out, type);
    if (text != NULL) {
        wire_put_string(child->out, text);
    }

    wire_end(child->out, start);
    flush(child, child->out);

    (void) pthread_mutex_unlock(&child->lock);
}


static void
put_place(struct strbuf *out, const void *address)
{
    Dl_info  info;

    memset(&info, 0, sizeof(info));

    if (address != NULL) {
        (void) dladdr(address, &info);
    }

    wire_put_number(out, (uintptr_t) address);
    wire_put_number(out, (uintptr_t) info.dli_fbase);
    wire_put_string(out, info.dli_fname);
    wire_put_string(out, info.dli_sname);
}


/* The lock is held. */
static void
put_origin(struct worker_child *child, unsigned long number)
{
    wire_put_number(child->out, worker_child_id(child, number));
    wire_put_number(child->out, (uint64_t) child->page->phase);
}


static void
on_log(void *data, const struct lf_fake_log_line *line)
{
    size_t                start;
    struct worker_child  *child;

    child = data;

    (void) pthread_mutex_lock(&child->lock);

    start = wire_begin(child->out, FRAME_LOG);
    put_origin(child, line->request);
    wire_put_number(child->out, (uint64_t) line->level);
    wire_put_number(child->out, line->app);
    wire_put_text(child->out, line->text, line->len);
    wire_end(child->out, start);
    flush(child, child->out);

    (void) pthread_mutex_unlock(&child->lock);
}


static void
on_finding(void *data, const struct lf_fake_finding *finding)
{
    size_t                start;
    struct worker_child  *child;

    child = data;

    (void) pthread_mutex_lock(&child->lock);

    start = wire_begin(child->out, FRAME_FINDING);
    put_origin(child, finding->request);
    wire_put_number(child->out, (uint64_t) (finding->rule - lf_rules));
    wire_put_string(child->out, finding->text);
    put_place(child->out, finding->site);
    put_place(child->out, finding->alloc_site);
    wire_end(child->out, start);
    flush(child, child->out);

    (void) pthread_mutex_unlock(&child->lock);
}


void
worker_child_init(struct worker_child *child,
    const struct worker_setup *setup, struct worker_page *page, int fd,
    struct strbuf *out)
{
    memset(child, 0, sizeof(*child));
    child->setup = setup;
    child->page = page;
    child->fd = fd;
    child->out = out;
    (void) pthread_mutex_init(&child->lock, NULL);
    lf_fake_on_finding(setup->host, on_finding, child);

    if (setup->log_events) {
        lf_fake_on_log(setup->host, on_log, child);
    }
}


static void
add_name(void *data, const char *name)
{
    struct strbuf  *names;

    names = data;
    strbuf_printf(names, "%s%s", names->len ? ", " : "", name);
}


static void
report_unresolved(struct worker_child *child)
{
    struct strbuf  names;

    memset(&names, 0, sizeof(names));

    if (lf_app_unresolved(&child->app, child->setup->app, add_name, &names)
        != 0 && !names.failed)
    {
        worker_child_send_text(child, FRAME_UNRESOLVED, names.data);
    }

    strbuf_free(&names);
}


static void
add_clash(void *data, const char *name, const char *library)
{
    struct strbuf  *names;

    names = data;
    strbuf_printf(names, "%s\"%s\" (%s)", names->len ? ", " : "", name,
               library);
}


static void
report_clashes(struct worker_child *child)
{
    struct strbuf  names = { 0 };

    if (lf_app_clashes(&child->app, child->setup->app, add_clash, &names) != 0
        && !names.failed)
    {
        lf_report(LF_RULE_CLASH, NULL, "symbols of the app are taken from "
                  "other libraries: %s; link the app with -Wl,-Bsymbolic",
                  names.data);
    }

    strbuf_free(&names);
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

    worker_child_phase(child, WORKER_LOADING);

    if (lf_app_open(&child->app, child->setup->app, err) != 0) {
        worker_child_send_text(child, FRAME_REFUSED, err);
        return -1;
    }

    if (find_handlers(child, err) != 0) {
        worker_child_send_text(child, FRAME_REFUSED, err);
        return -1;
    }

    if (child->first) {
        report_unresolved(child);
        report_clashes(child);
    }

    if (child->app.exit == NULL) {
        lf_report(LF_RULE_NO_EXIT, NULL, "the app has no function "
                  "ngx_link_func_exit_cycle");
    }

    worker_child_send_text(child, FRAME_LOADED, NULL);
    worker_child_phase(child, WORKER_INIT);

    if (run_init_hooks(child) != 0) {
        worker_child_send_text(child, FRAME_REFUSED,
             "the init hook of the app set has_error: it refuses to start");
        return -1;
    }

    worker_child_phase(child, WORKER_IDLE);

    if (child->setup->threads != 0 && worker_pool_start(child, err) != 0) {
        worker_child_send_text(child, FRAME_REFUSED, err);
        return -1;
    }

    worker_child_send_text(child, FRAME_READY, NULL);

    return 0;
}


void
worker_child_finish(struct worker_child *child)
{
    size_t  i;

    worker_pool_end(child);

    for (i = 0; i < child->initialised; i++) {
        worker_child_phase(child, WORKER_EXIT_HOOK);
        (void) lf_fake_exit_on(child->setup->host, &child->app,
                               cycle_props(child, i));
        (void) fflush(stdout);
    }

    worker_child_phase(child, WORKER_ENDING);

    /* The app stays open: its threads may still run, and exit() ends it. */
    free(child->handlers);
    child->handlers = NULL;

    for (i = 0; i < WORKER_THREADS_MAX; i++) {
        strbuf_free(&child->calls[i].out);
    }

    worker_child_send_text(child, FRAME_DONE, NULL);
}


/* The next frame of the CLI in in; 0, or -1: the CLI is gone. */
static int
receive(struct worker_child *child, struct wire_in *in,
    struct wire_frame *frame)
{
    int  rc;

    while ((rc = wire_take(in, WORKER_FRAME_MAX, frame)) == 0) {
        if (wire_recv(child->fd, in, 0) == -1) {
            return -1;
        }
    }

    return rc == 1 ? 0 : -1;
}


void
worker_child_main(struct worker_child *child)
{
    int                rc;
    struct wire_in     in = { 0 };
    struct wire_frame  frame;

    rc = worker_child_load(child);

    while (rc == 0 && receive(child, &in, &frame) == 0
           && frame.type == FRAME_REQUEST)
    {
        rc = child->pool != NULL ? worker_pool_add(child, &frame)
                                 : worker_child_serve(child, 0, &frame);
    }

    strbuf_free(&in.buf);
    worker_child_finish(child);

    exit(EXIT_SUCCESS);
}
