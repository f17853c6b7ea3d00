/* SPDX-License-Identifier: BSD-2-Clause */
/* What workers of the mock say while a script waits for them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "harness/worker/crash.h"
#include "harness/host/mock/play_mock_private.h"


static void
add_finding(struct mock_wait *w, const char *rule, int breaks,
            struct strbuf *text)
{
    struct host_finding  *f, **last = &w->answer->findings;

    f = arena_alloc(w->arena, sizeof(*f));
    if (f == NULL || text->failed) {
        return;
    }

    f->rule = rule;
    f->breaks = breaks & 1;
    f->text = arena_strdup(w->arena, text->data);

    while (*last != NULL) {
        last = &(*last)->next;
    }
    *last = f->text != NULL ? f : NULL;
}


static void
on_finding(struct mock_wait *w, const struct worker_finding *finding)
{
    struct strbuf         text;
    struct crash_context  context = { .app = w->app->path };

    memset(&text, 0, sizeof(text));
    crash_finding_text(&context, finding, &text);
    add_finding(w, finding->rule->id, finding->rule->breaks, &text);
    strbuf_free(&text);
}


static void
on_unresolved(struct mock_wait *w, const char *names)
{
    struct strbuf  text;

    free(w->app->unresolved);
    w->app->unresolved = strdup(names);

    memset(&text, 0, sizeof(text));
    strbuf_printf(&text, "%s: undefined symbols: %s (%s)",
                  w->app->path, names, lf_rules[LF_RULE_UNRESOLVED].id);
    add_finding(w, lf_rules[LF_RULE_UNRESOLVED].id, 0, &text);
    strbuf_free(&text);
}


static int
on_death(struct mock_wait *w, struct worker_event *event)
{
    struct strbuf         text;
    struct crash_context  context = { .app = w->app->path };

    context.unresolved = w->app->unresolved;
    context.timeout = w->timeout;
    memset(&text, 0, sizeof(text));
    crash_text(&context, &event->death, event->worker, &text);

    w->app->worker = NULL;
    w->answer->outcome = event->death.kind == WORKER_TIMED_OUT
                         ? HOST_TIMED_OUT : HOST_CRASHED;
    w->answer->signal = event->death.kind == WORKER_CRASHED
                        ? event->death.signal : 0;
    w->answer->text = !text.failed && text.data != NULL
                      ? arena_strdup(w->arena, text.data) : "the app died";
    strbuf_free(&text);

    return 0;
}


/* A client reads the number in the line, which may not be the app's status. */
static unsigned
wire_status(const struct worker_response *r)
{
    size_t    i;
    unsigned  n = 0;

    for (i = 0; i < 3 && i < r->status_line.len; i++) {
        unsigned  digit = (unsigned) r->status_line.data[i] - '0';

        if (digit > 9) {
            break;
        }
        n = n * 10 + digit;
    }

    return i == 3 ? n : (unsigned) r->status;
}


static int
copy_text(struct arena *arena, const lf_str_t *from, struct str *to)
{
    to->len = from->len;
    to->data = arena_memdup(arena, from->data, from->len);

    return to->data != NULL ? 0 : -1;
}


static int
copy_response(struct mock_wait *w, const struct worker_response *r)
{
    int                  rc;
    size_t               i;
    struct host_answer  *a = w->answer;
    struct http_answer  *http = &a->http;

    a->outcome = HOST_ANSWERED;
    a->has_figures = 1;
    a->app = w->app->path;
    a->function = r->symbol < w->app->symbol_count ? w->app->symbols[r->symbol]
                                                   : NULL;
    a->allocs = r->alloc_count;
    a->pool_bytes = r->alloc_bytes;

    http->status = wire_status(r);
    http->version = "1.1";
    http->duration_us = r->ns / 1000;
    http->header_count = r->header_count;
    http->headers = arena_alloc(w->arena,
                                r->header_count * sizeof(*http->headers));

    rc = http->headers != NULL
         && copy_text(w->arena, &r->status_line, &http->status_line) == 0
         && copy_text(w->arena, &r->body, &http->body) == 0 ? 0 : -1;

    for (i = 0; rc == 0 && i < r->header_count; i++) {
        rc = copy_text(w->arena, &r->headers[i].name, &http->headers[i].name)
             == 0
             ? copy_text(w->arena, &r->headers[i].value,
                         &http->headers[i].value)
             : -1;
    }

    return rc;
}


static struct mock_app *
app_with(struct play_mock *mock, const struct worker *worker)
{
    struct mock_app  *a;

    for (a = mock->apps; a != NULL; a = a->next) {
        if (a->worker == worker) {
            break;
        }
    }

    return a;
}


/*
 * Handle events until the app of w has come to the given one, or died. Returns
 * 0, or -1 with a text in err: a signal, no memory, or it refuses to start.
 */
int
play_mock_wait(struct mock_wait *w, enum worker_event_type wanted, char *err)
{
    int                   rc, ended;
    struct worker             *refused = NULL;
    struct mock_app           *app = w->app;
    struct worker_event   event;

    while ((rc = worker_next(w->mock->crew, &event)) == 1) {
        w->app = app_with(w->mock, event.worker);
        if (w->app == NULL) {
            w->app = app;                    /* an old worker, on reload */
        }

        ended = refused != NULL && event.worker == refused
                && (event.type == WORKER_DONE || event.type == WORKER_DIED);

        switch (event.type) {
        case WORKER_UNRESOLVED:
            on_unresolved(w, event.text);
            break;

        case WORKER_FINDING:
            on_finding(w, &event.finding);
            break;

        case WORKER_REFUSED:
            /* the exit hooks of the servers before this one still run */
            (void) snprintf(err, LF_ERR_LEN, "%s", event.text);
            refused = event.worker;
            break;

        case WORKER_RESPONSE:
            if (copy_response(w, &event.response) != 0) {
                (void) snprintf(err, LF_ERR_LEN, "out of memory");
                return -1;
            }
            break;

        case WORKER_UNROUTED:
            w->answer->outcome = HOST_NOT_APPLICABLE;
            w->answer->text = arena_strdup(w->arena, event.text);
            break;

        case WORKER_DIED:
            (void) on_death(w, &event);
            break;

        case WORKER_DONE:
            (void) worker_kill(event.worker);
            w->app->worker = NULL;
            break;

        case WORKER_READY:
        case WORKER_LOG:
            break;
        }

        if (ended) {
            w->app = app;
            return -1;
        }

        rc = w->app == app && (event.type == wanted
                               || event.type == WORKER_DIED
                               || event.type == WORKER_UNROUTED);
        w->app = app;

        if (rc) {
            return 0;
        }
    }

    (void) snprintf(err, LF_ERR_LEN, rc < 0 ? "stopped by a signal"
                                            : "the app has no worker");

    return -1;
}


/* A worker for the app, if it has none: 0; -1 with err when it cannot be. */
int
play_mock_need_worker(struct mock_wait *w, char *err)
{
    struct mock_app  *app = w->app;

    if (app->worker != NULL) {
        return 0;
    }

    app->setup.timeout = w->mock->settings.timeout;
    app->worker = worker_start_app(w->mock->crew, &app->setup, err);
    if (app->worker == NULL) {
        return -1;
    }

    if (play_mock_wait(w, WORKER_READY, err) != 0) {
        return -1;
    }

    if (app->worker == NULL) {               /* died: the answer says how */
        (void) snprintf(err, LF_ERR_LEN, "%s", w->answer->text);
        return -1;
    }

    return 0;
}
