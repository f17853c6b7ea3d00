/* SPDX-License-Identifier: BSD-2-Clause */
/* See call_report.h. As JSON nothing about a request is said on stderr. */
#include "harness/call/call_report.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/exit_status.h"
#include "lib/base/message.h"

/* Findings seen so far; the same one is reported once. */
#define FINDINGS_MAX  256

struct call_report_seen {
    const struct lf_rule  *rule;
    uintptr_t              site, alloc_site;
    unsigned long          count;
};


void
call_report_status(struct call_report *report, int status)
{
    static const int  rank[] = { 0, 2, 2, 3, 1 };

    if (rank[status] > rank[report->status]) {
        report->status = status;
    }
}


static char *
repeat_line(const struct call_report *report)
{
    struct strbuf               line;
    const struct call_options  *options = report->options;

    memset(&line, 0, sizeof(line));
    strbuf_addstr(&line, "linkfunc call");
    strbuf_add(&line, options->rerun.data, options->rerun.len);
    strbuf_addch(&line, ' ');
    strbuf_add_shell(&line, options->app, strlen(options->app));
    strbuf_addch(&line, ' ');
    strbuf_add_shell(&line, options->symbol, strlen(options->symbol));
    request_print_options(report->request, &line);

    return strbuf_steal(&line, NULL);
}


int
call_report_start(struct call_report *report,
                  const struct call_options *options,
                  const struct request *request, int stdout_fd)
{
    memset(report, 0, sizeof(*report));
    report->options = options;
    report->request = request;
    call_output_start(&report->output, options, request, stdout_fd);

    report->repeat = repeat_line(report);
    report->seen = calloc(FINDINGS_MAX, sizeof(*report->seen));
    report->context.app = options->app;
    report->context.repeat = report->repeat;
    report->context.timeout = options->timeout;
    report->context.total = options->repeat;

    if (options->json_format) {
        report->json = call_json_new(options, request, report->repeat);
    }

    if (report->repeat == NULL || report->seen == NULL
        || (options->json_format && report->json == NULL))
    {
        message_error("out of memory");
        report->status = EXIT_APP;
        return -1;
    }

    return 0;
}


/* An object that is finished. */
static void
write_line(struct call_report *report, int rc, struct strbuf *line)
{
    if (rc != 0) {
        message_error("out of memory");
        call_report_status(report, EXIT_APP);
        report->cancelled = 1;

    } else if (call_output_text(&report->output, line) != 0) {
        call_report_status(report, EXIT_USAGE);
        report->cancelled = 1;
    }

    strbuf_free(line);
}


/* Each waits for the next one: what is said of no request is for the last. */
static void
finish_object(struct call_report *report, uint64_t id)
{
    int            rc;
    struct strbuf  line = { 0 };

    if (report->last != 0) {
        rc = call_json_line(report->json, report->last, &line);
        write_line(report, rc, &line);
    }

    report->last = id;
}


void
call_report_trouble(struct call_report *report, int status, const char *kind,
                    const char *text)
{
    call_report_status(report, status);

    if (report->json != NULL) {
        call_json_trouble(report->json, 0, kind, text, NULL, 0);

    } else {
        message_error("%s", text);
    }
}


static void
warn(struct call_report *report, uint64_t id, const struct strbuf *text)
{
    const char  *what = text->failed ? "out of memory" : text->data;

    if (report->json != NULL) {
        call_json_note(report->json, id, what);

    } else {
        message_warning("%s", what);
    }
}


void
call_report_sent(struct call_report *report, uint64_t id, unsigned worker)
{
    struct strbuf  text;

    if (report->json != NULL
        && call_json_begin(report->json, id, worker) != 0)
    {
        message_error("out of memory");
        call_report_status(report, EXIT_APP);
        report->cancelled = 1;
    }

    if (!report->options->verbose) {
        return;
    }

    memset(&text, 0, sizeof(text));
    request_print_head(report->request, "> ", "\n", &text);

    if (!text.failed) {
        text.data[text.len - 1] = '\0';
        message_plain("%s", text.data);
    }

    strbuf_free(&text);
}


static void
show_response(const struct call_report *report,
    const struct worker_response *response)
{
    struct strbuf  text;

    if (!report->options->verbose) {
        return;
    }

    memset(&text, 0, sizeof(text));
    call_output_head(response, "< ", "\n", &text);
    strbuf_printf(&text, "* time: %.1f us in %s",
                  (double) response->ns / 1000, report->options->symbol);
    strbuf_printf(&text, "\n* pool: %zu allocations, %zu bytes",
                  response->alloc_count, response->alloc_bytes);
    strbuf_printf(&text, "\n* zone: %zu pages, %zu free",
                  response->zone_pages, response->zone_free);

    if (!text.failed) {
        message_plain("%s", text.data);
    }

    strbuf_free(&text);
}


static void
note_response(struct call_report *report, uint64_t id,
    const struct worker_response *response)
{
    const char    *symbol = report->options->symbol;
    struct strbuf  text = { 0 };

    if (response->refused) {
        strbuf_printf(&text, "nginx itself responds with %d: %s was not "
                      "called", response->refused, symbol);

    } else if (response->written == 0) {
        strbuf_printf(&text, "%s wrote no response: nginx goes on to the next "
                      "content handler, here a %d page", symbol,
                      response->status);
    }

    if (text.len != 0) {
        warn(report, id, &text);
    }

    strbuf_free(&text);
}


/* -1: nothing more can be written. */
static int
put_answer(struct call_report *report, uint64_t id,
    const struct worker_response *response)
{
    if (report->json == NULL) {
        return call_output_response(&report->output, response);
    }

    call_json_answer(report->json, id, response);

    return call_output_dump(&report->output, response);
}


static void
fail_status(struct call_report *report, uint64_t id,
    const struct worker_response *response)
{
    struct strbuf  text = { 0 };

    strbuf_printf(&text, "%s returned status %d (--fail)",
                  report->options->symbol, response->status);

    if (report->json != NULL) {
        call_json_trouble(report->json, id, "status",
                          text.failed ? "--fail" : text.data, NULL, 1);

    } else {
        message_error("%s", text.failed ? "--fail" : text.data);
    }

    call_report_status(report, EXIT_ASSERT);
    strbuf_free(&text);
}


void
call_report_response(struct call_report *report,
                      const struct worker_event *event)
{
    const struct worker_response  *response = &event->response;

    show_response(report, response);
    note_response(report, event->id, response);

    if (put_answer(report, event->id, response) != 0) {
        call_report_status(report, EXIT_USAGE);
        report->cancelled = 1;
        return;
    }

    if (report->options->fail && response->status >= 400) {
        fail_status(report, event->id, response);
    }

    if (report->json != NULL) {
        finish_object(report, event->id);
    }
}


void
call_report_log(struct call_report *report, const struct worker_event *event)
{
    if (report->json != NULL) {
        call_json_log(report->json, event);
    }
}


void
call_report_finding(struct call_report *report,
                     const struct worker_event *event)
{
    size_t                        i;
    uintptr_t                     site, alloc_site;
    struct call_report_seen        *seen;
    const struct worker_finding  *finding = &event->finding;

    if (finding->rule->breaks) {
        call_report_status(report, EXIT_APP);
    }

    if (report->json != NULL) {
        call_json_finding(report->json, event);
        return;
    }

    site = finding->site.address - finding->site.base;
    alloc_site = finding->alloc_site.address - finding->alloc_site.base;

    for (i = 0; i < report->seen_count; i++) {
        seen = &report->seen[i];

        if (seen->rule == finding->rule && seen->site == site
            && seen->alloc_site == alloc_site)
        {
            seen->count++;
            return;
        }
    }

    if (report->seen_count < FINDINGS_MAX) {
        seen = &report->seen[report->seen_count++];
        seen->rule = finding->rule;
        seen->site = site;
        seen->alloc_site = alloc_site;
        seen->count = 1;
    }

    crash_report_finding(&report->context, finding);
}


void
call_report_unresolved(struct call_report *report, const char *names)
{
    struct strbuf  text = { 0 };

    strbuf_printf(&text, "%s: undefined symbols: %s (%s); a call of one "
                  "ends the process", report->options->app, names,
                  lf_rules[LF_RULE_UNRESOLVED].id);
    warn(report, 0, &text);
    strbuf_free(&text);

    free(report->unresolved);
    report->unresolved = strdup(names);
    report->context.unresolved = report->unresolved;
}


static const char *
kind_of(const struct worker_death *death)
{
    switch (death->kind) {
    case WORKER_CRASHED:      return "crash";
    case WORKER_CALLED_EXIT:  return "exit";
    case WORKER_TIMED_OUT:    return "timeout";
    case WORKER_NONSENSE:     return "descriptor";
    default:                  return "ended";
    }
}


/* The request that did it gets the error; the others were lost with it. */
static void
death_objects(struct call_report *report, const struct worker_event *event,
    const uint64_t *ids, size_t count, const char *text)
{
    int     known;
    size_t  i;

    known = 0;

    for (i = 0; i < count; i++) {
        known |= event->id == ids[i];
    }

    if (count == 0) {
        call_json_trouble(report->json, 0, kind_of(&event->death), text,
                          &event->death, 0);
    }

    for (i = 0; i < count; i++) {
        if (known && ids[i] != event->id) {
            call_json_trouble(report->json, ids[i], "lost", "another request "
                              "ended the process while this one was running",
                              NULL, 0);
        } else {
            call_json_trouble(report->json, ids[i], kind_of(&event->death),
                              text, &event->death, 0);
        }

        finish_object(report, ids[i]);
    }
}


void
call_report_death(struct call_report *report, struct worker_event *event,
                  const uint64_t *ids, size_t count)
{
    struct strbuf  text = { 0 };

    call_report_status(report, EXIT_APP);
    report->context.request = event->id;
    crash_text(&report->context, &event->death, event->worker, &text);

    if (count > 1) {
        strbuf_printf(&text, "\n    lost with it: %zu other %s of the same "
                      "process", count - 1,
                      count == 2 ? "request" : "requests");
    }

    if (report->json != NULL) {
        death_objects(report, event, ids, count,
                      text.failed ? "the app died" : text.data);

    } else {
        message_error("%s", text.failed ? "the app died" : text.data);
    }

    strbuf_free(&text);
}


void
call_report_unsent(struct call_report *report, unsigned long count)
{
    struct strbuf  text = { 0 };

    strbuf_printf(&text, "%lu of %lu requests were not sent: no worker is "
                  "left", count, report->options->repeat);
    warn(report, report->last, &text);
    strbuf_free(&text);
}


static void
report_repeated(const struct call_report *report)
{
    size_t                        i;
    const struct call_report_seen  *seen;

    for (i = 0; i < report->seen_count; i++) {
        seen = &report->seen[i];

        if (seen->count > 1) {
            message_warning("%s was reported %lu times in all", seen->rule->id,
                            seen->count);
        }
    }
}


/* Whatever is left: of requests that never came back, and of none. */
static void
last_objects(struct call_report *report)
{
    int            rc;
    uint64_t       id;
    struct strbuf  line = { 0 };

    while (!report->cancelled
           && (id = call_json_open(report->json, report->last)) != 0)
    {
        call_json_trouble(report->json, id, "interrupted", "the command was "
                          "ended before the response came", NULL, 0);
        finish_object(report, id);
    }

    if (!report->cancelled) {
        rc = call_json_last(report->json, report->last, &line);
        write_line(report, rc, &line);
    }
}


int
call_report_end(struct call_report *report)
{
    if (report->json != NULL) {
        last_objects(report);

    } else if (report->seen != NULL) {
        report_repeated(report);
    }

    if (call_output_end(&report->output) != 0) {
        call_report_status(report, EXIT_USAGE);
    }

    call_json_free(&report->json);
    free(report->repeat);
    free(report->unresolved);
    free(report->seen);

    return report->status;
}
