/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * See call_run.h. Requests start when all workers are ready, so that they run
 * side by side; each idle worker gets the next one.
 */
#include "call_run.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "crash.h"
#include "message.h"
#include "worker.h"

/* Findings that are told apart; the same one is told once. */
#define FINDINGS_MAX  256

struct seen {
    const struct lf_rule  *rule;
    uintptr_t              site, alloc_site;
    unsigned long          count;
};

struct slot {
    struct worker  *worker;
    unsigned        idle:1;
};

struct call {
    struct call_options     *options;
    const struct request    *request;
    struct lf_fake          *host;
    struct worker_setup      setup;
    struct worker_crew      *crew;
    struct slot             *slots;
    struct call_output       output;
    struct crash_context     context;
    char                    *unresolved;
    struct seen              seen[FINDINGS_MAX];
    size_t                   seen_count;
    unsigned long            sent;
    unsigned long            starting;   /* workers not ready yet */
    int                      status;
    unsigned                 refused:1;  /* and told so */
    unsigned                 cancelled:1;
};


/* The gravest wins; trouble of the app is graver than an assertion. */
static void
set_status(struct call *call, int status)
{
    static const int  rank[] = { 0, 2, 2, 3, 1 };

    if (rank[status] > rank[call->status]) {
        call->status = status;
    }
}


static char *
repeat_line(struct call *call)
{
    struct strbuf  line;

    memset(&line, 0, sizeof(line));
    strbuf_addstr(&line, "linkfunc call");
    call_options_print_host(call->options, &line);
    strbuf_addch(&line, ' ');
    strbuf_add_shell(&line, call->options->app, strlen(call->options->app));
    strbuf_addch(&line, ' ');
    strbuf_add_shell(&line, call->options->symbol,
                     strlen(call->options->symbol));
    request_print_options(call->request, &line);

    return strbuf_steal(&line, NULL);
}


static void
show_request(struct call *call)
{
    struct strbuf  text;

    if (!call->options->verbose) {
        return;
    }

    memset(&text, 0, sizeof(text));
    request_print_head(call->request, "> ", "\n", &text);

    if (!text.failed) {
        text.data[text.len - 1] = '\0';
        message_plain("%s", text.data);
    }

    strbuf_free(&text);
}


static void
show_response(struct call *call, const struct worker_response *response)
{
    struct strbuf  text;

    if (!call->options->verbose) {
        return;
    }

    memset(&text, 0, sizeof(text));
    call_output_head(response, "< ", "\n", &text);
    strbuf_printf(&text, "* time: %.1f us in %s", (double) response->ns / 1000,
                  call->options->symbol);
    strbuf_printf(&text, "\n* pool: %zu allocations, %zu bytes",
                  response->alloc_count, response->alloc_bytes);
    strbuf_printf(&text, "\n* zone: %zu pages, %zu free", response->zone_pages,
                  response->zone_free);

    if (!text.failed) {
        message_plain("%s", text.data);
    }

    strbuf_free(&text);
}


static void
note_response(struct call *call, const struct worker_response *response)
{
    if (response->refused) {
        message_warning("nginx answers this request with %d itself: %s was "
                        "not called", response->refused,
                        call->options->symbol);

    } else if (response->written == 0) {
        message_warning("%s wrote no response: nginx goes on to the next "
                        "content handler, here a %d page",
                        call->options->symbol, response->status);
    }
}


static void
on_response(struct call *call, const struct worker_response *response)
{
    show_response(call, response);
    note_response(call, response);

    if (call_output_response(&call->output, response) != 0) {
        set_status(call, CMD_USAGE);
        call->cancelled = 1;
        return;
    }

    if (call->options->fail && response->status >= 400) {
        message_error("%s answered %d (--fail)", call->options->symbol,
                      response->status);
        set_status(call, CMD_ASSERT);
    }
}


static void
on_finding(struct call *call, const struct worker_finding *finding)
{
    size_t        i;
    uintptr_t     site, alloc_site;
    struct seen  *seen;

    site = finding->site.address - finding->site.base;
    alloc_site = finding->alloc_site.address - finding->alloc_site.base;

    if (finding->rule->breaks) {
        set_status(call, CMD_APP);
    }

    for (i = 0; i < call->seen_count; i++) {
        seen = &call->seen[i];

        if (seen->rule == finding->rule && seen->site == site
            && seen->alloc_site == alloc_site)
        {
            seen->count++;
            return;
        }
    }

    if (call->seen_count < FINDINGS_MAX) {
        seen = &call->seen[call->seen_count++];
        seen->rule = finding->rule;
        seen->site = site;
        seen->alloc_site = alloc_site;
        seen->count = 1;
    }

    crash_report_finding(&call->context, finding);
}


static void
on_unresolved(struct call *call, const char *names)
{
    const struct lf_rule  *rule;

    rule = &lf_rules[LF_RULE_UNRESOLVED];
    message_warning("%s: nobody provides what the app calls: %s (%s); such a "
                    "call ends the process", call->options->app, names,
                    rule->id);

    free(call->unresolved);
    call->unresolved = strdup(names);
    call->context.unresolved = call->unresolved;
}


static struct slot *
slot_of(struct call *call, const struct worker *worker)
{
    return &call->slots[worker_index(worker)];
}


/* Nothing more comes from this worker. */
static void
drop(struct call *call, struct worker *worker)
{
    struct slot  *slot;

    slot = slot_of(call, worker);

    if (slot->worker != NULL) {
        slot->worker = NULL;
        slot->idle = 0;
    }
}


/* All workers are refused for the same reason: once is enough. */
static void
on_refused(struct call *call, const struct worker_event *event)
{
    call->starting--;
    worker_set_data(event->worker, call);
    set_status(call, CMD_APP);

    if (!call->refused) {
        call->refused = 1;
        message_error("%s", event->text);
    }
}


static void
on_event(struct call *call, struct worker_event *event)
{
    switch (event->type) {

    case WORKER_READY:
        call->starting--;
        slot_of(call, event->worker)->idle = 1;
        worker_set_data(event->worker, call);
        break;

    case WORKER_REFUSED:
        on_refused(call, event);
        break;

    case WORKER_UNRESOLVED:
        on_unresolved(call, event->text);
        break;

    case WORKER_FINDING:
        on_finding(call, &event->finding);
        break;

    case WORKER_RESPONSE:
        slot_of(call, event->worker)->idle = 1;
        on_response(call, &event->response);
        break;

    case WORKER_UNROUTED:
        slot_of(call, event->worker)->idle = 1;
        message_error("%s", event->text);
        set_status(call, CMD_APP);
        break;

    case WORKER_DONE:
        drop(call, event->worker);
        (void) worker_kill(event->worker);
        break;

    case WORKER_DIED:
        if (worker_data(event->worker) == NULL) {
            call->starting--;
        }

        set_status(call, CMD_APP);
        drop(call, event->worker);
        crash_report(&call->context, &event->death, event->worker);
        break;
    }
}


/* Give work to whoever has none, or let them end. */
static void
dispatch(struct call *call)
{
    size_t        i;
    struct slot  *slot;

    if (call->starting != 0) {
        return;
    }

    for (i = 0; i < call->options->workers; i++) {
        slot = &call->slots[i];

        if (!slot->idle) {
            continue;
        }

        slot->idle = 0;

        if (call->sent == call->options->repeat || call->refused) {
            worker_stop(slot->worker);
            continue;
        }

        call->sent++;
        show_request(call);

        if (worker_send(slot->worker, call->request, 0) != 0) {
            message_error("out of memory");
            set_status(call, CMD_APP);
            call->cancelled = 1;
        }
    }
}


static int
start_workers(struct call *call)
{
    char            err[LF_ERR_LEN];
    unsigned long   i;

    call->crew = worker_crew_new(&call->setup);
    call->slots = calloc(call->options->workers, sizeof(*call->slots));

    if (call->crew == NULL || call->slots == NULL) {
        message_error("out of memory or descriptors");
        return -1;
    }

    for (i = 0; i < call->options->workers; i++) {
        call->slots[i].worker = worker_start(call->crew, err);

        if (call->slots[i].worker == NULL) {
            message_error("%s", err);
            return -1;
        }

        call->starting++;
    }

    return 0;
}


static void
tell_rest(const struct call *call)
{
    size_t              i;
    const struct seen  *seen;

    if (call->sent != 0 && call->sent < call->options->repeat
        && !call->cancelled && !worker_interrupted())
    {
        message_warning("%lu of %lu requests were not sent: no worker is left",
                        call->options->repeat - call->sent,
                        call->options->repeat);
    }

    for (i = 0; i < call->seen_count; i++) {
        seen = &call->seen[i];

        if (seen->count > 1) {
            message_warning("%s was seen %lu times in all", seen->rule->id,
                            seen->count);
        }
    }
}


static void
set_up(struct call *call, struct call_options *options, char *repeat)
{
    call->setup.host = call->host;
    call->setup.app = options->app;
    call->setup.symbols = &options->symbol;
    call->setup.symbol_count = 1;
    call->setup.timeout = options->timeout;
    call->setup.no_fork = options->no_fork;
    call->setup.zone_figures = options->verbose;

    call->context.app = options->app;
    call->context.repeat = repeat;
    call->context.timeout = options->timeout;
}


/* -1: interrupted. */
static int
serve(struct call *call)
{
    int                  rc;
    struct worker_event  event;

    for (rc = 0; !call->cancelled; ) {
        rc = worker_next(call->crew, &event);
        if (rc != 1) {
            break;
        }

        on_event(call, &event);

        if (!call->cancelled) {
            dispatch(call);
        }
    }

    return rc;
}


int
call_run(struct call_options *options, const struct request *request,
    struct lf_fake *host, int stdout_fd, int *raised)
{
    int                   rc, status;
    char                 *repeat;
    struct call          *call;

    call = calloc(1, sizeof(*call));
    if (call == NULL) {
        message_error("out of memory");
        return CMD_APP;
    }

    *raised = 0;
    call->options = options;
    call->request = request;
    call->host = host;
    call_output_start(&call->output, options, request, stdout_fd);
    repeat = repeat_line(call);
    set_up(call, options, repeat);

    if (start_workers(call) != 0) {
        set_status(call, CMD_APP);

    } else {
        rc = serve(call);
        *raised = rc == -1 ? worker_interrupted()
                  : call->output.pipe_closed ? SIGPIPE : 0;
    }

    worker_crew_free(&call->crew);

    if (call_output_end(&call->output) != 0) {
        set_status(call, CMD_USAGE);
    }

    tell_rest(call);
    status = call->status;

    free(repeat);
    free(call->unresolved);
    free(call->slots);
    free(call);

    return status;
}
