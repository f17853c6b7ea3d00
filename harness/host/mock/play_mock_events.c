/* SPDX-License-Identifier: BSD-2-Clause */
/* What workers of the mock say while a script waits for them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "harness/worker/crash.h"
#include "harness/host/mock/play_mock_private.h"


static void
add_finding(struct mock_gather *g, const char *rule, int breaks,
            struct strbuf *text)
{
    struct host_finding  *f, **last = &g->answer->findings;

    f = arena_alloc(g->arena, sizeof(*f));
    if (f == NULL || text->failed) {
        return;
    }

    f->rule = rule;
    f->breaks = breaks & 1;
    f->text = arena_strdup(g->arena, text->data);

    while (*last != NULL) {
        last = &(*last)->next;
    }
    *last = f->text != NULL ? f : NULL;
}


static void
on_finding(struct mock_gather *g, const struct worker_finding *finding)
{
    struct strbuf         text;
    struct crash_context  context = { .app = g->app->path };

    memset(&text, 0, sizeof(text));
    crash_finding_text(&context, finding, &text);
    add_finding(g, finding->rule->id, finding->rule->breaks, &text);
    strbuf_free(&text);
}


static void
on_unresolved(struct mock_gather *g, const char *names)
{
    struct strbuf  text;

    free(g->app->unresolved);
    g->app->unresolved = strdup(names);

    memset(&text, 0, sizeof(text));
    strbuf_printf(&text, "%s: undefined symbols: %s (%s)",
                  g->app->path, names, lf_rules[LF_RULE_UNRESOLVED].id);
    add_finding(g, lf_rules[LF_RULE_UNRESOLVED].id, 0, &text);
    strbuf_free(&text);
}


static int
on_death(struct mock_gather *g, struct worker_event *event)
{
    struct strbuf         text;
    struct crash_context  context = { .app = g->app->path };

    context.unresolved = g->app->unresolved;
    context.timeout = g->timeout;
    memset(&text, 0, sizeof(text));
    crash_text(&context, &event->death, event->worker, &text);

    g->app->worker = NULL;
    g->answer->outcome = event->death.kind == WORKER_TIMED_OUT
                         ? HOST_TIMED_OUT : HOST_CRASHED;
    g->answer->signal = event->death.kind == WORKER_CRASHED
                        ? event->death.signal : 0;
    g->answer->text = !text.failed && text.data != NULL
                      ? arena_strdup(g->arena, text.data) : "the app died";
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
copy_response(struct mock_gather *g, const struct worker_response *r)
{
    int                  rc;
    size_t               i;
    struct host_answer  *a = g->answer;
    struct http_answer  *http = &a->http;

    a->outcome = HOST_ANSWERED;
    a->has_figures = 1;
    a->app = g->app->path;
    a->function = r->symbol < g->app->symbol_count ? g->app->symbols[r->symbol]
                                                   : NULL;
    a->allocs = r->alloc_count;
    a->pool_bytes = r->alloc_bytes;

    http->status = wire_status(r);
    http->version = "1.1";
    http->duration_us = r->ns / 1000;
    http->header_count = r->header_count;
    http->headers = arena_alloc(g->arena,
                                r->header_count * sizeof(*http->headers));

    rc = http->headers != NULL
         && copy_text(g->arena, &r->status_line, &http->status_line) == 0
         && copy_text(g->arena, &r->body, &http->body) == 0 ? 0 : -1;

    for (i = 0; rc == 0 && i < r->header_count; i++) {
        rc = copy_text(g->arena, &r->headers[i].name, &http->headers[i].name)
             == 0
             ? copy_text(g->arena, &r->headers[i].value,
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
 * Handle events until the app of g has come to the given one, or died. Returns
 * 0, or -1 with a text in err: a signal, no memory, or it refuses to start.
 */
int
play_mock_wait(struct mock_gather *g, enum worker_event_type wanted, char *err)
{
    int                   rc, ended;
    struct worker             *refused = NULL;
    struct mock_app           *app = g->app;
    struct worker_event   event;

    while ((rc = worker_next(g->mock->crew, &event)) == 1) {
        g->app = app_with(g->mock, event.worker);
        if (g->app == NULL) {
            g->app = app;                    /* an old worker, on reload */
        }

        ended = refused != NULL && event.worker == refused
                && (event.type == WORKER_DONE || event.type == WORKER_DIED);

        switch (event.type) {
        case WORKER_UNRESOLVED:
            on_unresolved(g, event.text);
            break;

        case WORKER_FINDING:
            on_finding(g, &event.finding);
            break;

        case WORKER_REFUSED:
            /* the exit hooks of the servers before this one still run */
            (void) snprintf(err, LF_ERR_LEN, "%s", event.text);
            refused = event.worker;
            break;

        case WORKER_RESPONSE:
            if (copy_response(g, &event.response) != 0) {
                (void) snprintf(err, LF_ERR_LEN, "out of memory");
                return -1;
            }
            break;

        case WORKER_UNROUTED:
            g->answer->outcome = HOST_NOT_APPLICABLE;
            g->answer->text = arena_strdup(g->arena, event.text);
            break;

        case WORKER_DIED:
            (void) on_death(g, &event);
            break;

        case WORKER_DONE:
            (void) worker_kill(event.worker);
            g->app->worker = NULL;
            break;

        case WORKER_READY:
        case WORKER_LOG:
            break;
        }

        if (ended) {
            g->app = app;
            return -1;
        }

        rc = g->app == app && (event.type == wanted
                               || event.type == WORKER_DIED
                               || event.type == WORKER_UNROUTED);
        g->app = app;

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
play_mock_need_worker(struct mock_gather *g, char *err)
{
    struct mock_app  *app = g->app;

    if (app->worker != NULL) {
        return 0;
    }

    app->setup.timeout = g->mock->settings.timeout;
    app->worker = worker_start_app(g->mock->crew, &app->setup, err);
    if (app->worker == NULL) {
        return -1;
    }

    if (play_mock_wait(g, WORKER_READY, err) != 0) {
        return -1;
    }

    if (app->worker == NULL) {               /* died: the answer says how */
        (void) snprintf(err, LF_ERR_LEN, "%s", g->answer->text);
        return -1;
    }

    return 0;
}
