/* SPDX-License-Identifier: BSD-2-Clause */
/* See call_tell.h. As JSON nothing about a request is said on stderr. */
#include "harness/call/call_tell.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/exit_status.h"
#include "lib/base/message.h"

/* Findings that are told apart; the same one is told once. */
#define FINDINGS_MAX  256

struct call_tell_seen {
    const struct lf_rule  *rule;
    uintptr_t              site, alloc_site;
    unsigned long          count;
};


void
call_tell_status(struct call_tell *tell, int status)
{
    static const int  rank[] = { 0, 2, 2, 3, 1 };

    if (rank[status] > rank[tell->status]) {
        tell->status = status;
    }
}


static char *
repeat_line(const struct call_tell *tell)
{
    struct strbuf               line;
    const struct call_options  *options = tell->options;

    memset(&line, 0, sizeof(line));
    strbuf_addstr(&line, "linkfunc call");
    strbuf_add(&line, options->rerun.data, options->rerun.len);
    strbuf_addch(&line, ' ');
    strbuf_add_shell(&line, options->app, strlen(options->app));
    strbuf_addch(&line, ' ');
    strbuf_add_shell(&line, options->symbol, strlen(options->symbol));
    request_print_options(tell->request, &line);

    return strbuf_steal(&line, NULL);
}


int
call_tell_start(struct call_tell *tell, const struct call_options *options,
    const struct request *request, int stdout_fd)
{
    memset(tell, 0, sizeof(*tell));
    tell->options = options;
    tell->request = request;
    call_output_start(&tell->output, options, request, stdout_fd);

    tell->repeat = repeat_line(tell);
    tell->seen = calloc(FINDINGS_MAX, sizeof(*tell->seen));
    tell->context.app = options->app;
    tell->context.repeat = tell->repeat;
    tell->context.timeout = options->timeout;
    tell->context.total = options->repeat;

    if (options->json_format) {
        tell->json = call_json_new(options, request, tell->repeat);
    }

    if (tell->repeat == NULL || tell->seen == NULL
        || (options->json_format && tell->json == NULL))
    {
        message_error("out of memory");
        tell->status = EXIT_APP;
        return -1;
    }

    return 0;
}


/* An object that is finished. */
static void
write_line(struct call_tell *tell, int rc, struct strbuf *line)
{
    if (rc != 0) {
        message_error("out of memory");
        call_tell_status(tell, EXIT_APP);
        tell->cancelled = 1;

    } else if (call_output_text(&tell->output, line) != 0) {
        call_tell_status(tell, EXIT_USAGE);
        tell->cancelled = 1;
    }

    strbuf_free(line);
}


/* Each waits for the next one: what is said of no request is for the last. */
static void
finish_object(struct call_tell *tell, uint64_t id)
{
    int            rc;
    struct strbuf  line = { 0 };

    if (tell->last != 0) {
        rc = call_json_line(tell->json, tell->last, &line);
        write_line(tell, rc, &line);
    }

    tell->last = id;
}


void
call_tell_trouble(struct call_tell *tell, int status, const char *kind,
    const char *text)
{
    call_tell_status(tell, status);

    if (tell->json != NULL) {
        call_json_trouble(tell->json, 0, kind, text, NULL, 0);

    } else {
        message_error("%s", text);
    }
}


static void
warn(struct call_tell *tell, uint64_t id, const struct strbuf *text)
{
    const char  *what = text->failed ? "out of memory" : text->data;

    if (tell->json != NULL) {
        call_json_note(tell->json, id, what);

    } else {
        message_warning("%s", what);
    }
}


void
call_tell_sent(struct call_tell *tell, uint64_t id, unsigned worker)
{
    struct strbuf  text;

    if (tell->json != NULL && call_json_begin(tell->json, id, worker) != 0) {
        message_error("out of memory");
        call_tell_status(tell, EXIT_APP);
        tell->cancelled = 1;
    }

    if (!tell->options->verbose) {
        return;
    }

    memset(&text, 0, sizeof(text));
    request_print_head(tell->request, "> ", "\n", &text);

    if (!text.failed) {
        text.data[text.len - 1] = '\0';
        message_plain("%s", text.data);
    }

    strbuf_free(&text);
}


static void
show_response(const struct call_tell *tell,
    const struct worker_response *response)
{
    struct strbuf  text;

    if (!tell->options->verbose) {
        return;
    }

    memset(&text, 0, sizeof(text));
    call_output_head(response, "< ", "\n", &text);
    strbuf_printf(&text, "* time: %.1f us in %s",
                  (double) response->ns / 1000, tell->options->symbol);
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
note_response(struct call_tell *tell, uint64_t id,
    const struct worker_response *response)
{
    const char     *symbol = tell->options->symbol;
    struct strbuf   text = { 0 };

    if (response->refused) {
        strbuf_printf(&text, "nginx answers this request with %d itself: %s "
                      "was not called", response->refused, symbol);

    } else if (response->written == 0) {
        strbuf_printf(&text, "%s wrote no response: nginx goes on to the next "
                      "content handler, here a %d page", symbol,
                      response->status);
    }

    if (text.len != 0) {
        warn(tell, id, &text);
    }

    strbuf_free(&text);
}


/* -1: nothing more can be written. */
static int
put_answer(struct call_tell *tell, uint64_t id,
    const struct worker_response *response)
{
    if (tell->json == NULL) {
        return call_output_response(&tell->output, response);
    }

    call_json_answer(tell->json, id, response);

    return call_output_dump(&tell->output, response);
}


static void
fail_status(struct call_tell *tell, uint64_t id,
    const struct worker_response *response)
{
    struct strbuf  text = { 0 };

    strbuf_printf(&text, "%s answered %d (--fail)", tell->options->symbol,
                  response->status);

    if (tell->json != NULL) {
        call_json_trouble(tell->json, id, "status",
                          text.failed ? "--fail" : text.data, NULL, 1);

    } else {
        message_error("%s", text.failed ? "--fail" : text.data);
    }

    call_tell_status(tell, EXIT_ASSERT);
    strbuf_free(&text);
}


void
call_tell_response(struct call_tell *tell, const struct worker_event *event)
{
    const struct worker_response  *response = &event->response;

    show_response(tell, response);
    note_response(tell, event->id, response);

    if (put_answer(tell, event->id, response) != 0) {
        call_tell_status(tell, EXIT_USAGE);
        tell->cancelled = 1;
        return;
    }

    if (tell->options->fail && response->status >= 400) {
        fail_status(tell, event->id, response);
    }

    if (tell->json != NULL) {
        finish_object(tell, event->id);
    }
}


void
call_tell_log(struct call_tell *tell, const struct worker_event *event)
{
    if (tell->json != NULL) {
        call_json_log(tell->json, event);
    }
}


void
call_tell_finding(struct call_tell *tell, const struct worker_event *event)
{
    size_t                        i;
    uintptr_t                     site, alloc_site;
    struct call_tell_seen        *seen;
    const struct worker_finding  *finding = &event->finding;

    if (finding->rule->breaks) {
        call_tell_status(tell, EXIT_APP);
    }

    if (tell->json != NULL) {
        call_json_finding(tell->json, event);
        return;
    }

    site = finding->site.address - finding->site.base;
    alloc_site = finding->alloc_site.address - finding->alloc_site.base;

    for (i = 0; i < tell->seen_count; i++) {
        seen = &tell->seen[i];

        if (seen->rule == finding->rule && seen->site == site
            && seen->alloc_site == alloc_site)
        {
            seen->count++;
            return;
        }
    }

    if (tell->seen_count < FINDINGS_MAX) {
        seen = &tell->seen[tell->seen_count++];
        seen->rule = finding->rule;
        seen->site = site;
        seen->alloc_site = alloc_site;
        seen->count = 1;
    }

    crash_report_finding(&tell->context, finding);
}


void
call_tell_unresolved(struct call_tell *tell, const char *names)
{
    struct strbuf  text = { 0 };

    strbuf_printf(&text, "%s: nobody provides what the app calls: %s (%s); "
                  "such a call ends the process", tell->options->app, names,
                  lf_rules[LF_RULE_UNRESOLVED].id);
    warn(tell, 0, &text);
    strbuf_free(&text);

    free(tell->unresolved);
    tell->unresolved = strdup(names);
    tell->context.unresolved = tell->unresolved;
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
death_objects(struct call_tell *tell, const struct worker_event *event,
    const uint64_t *ids, size_t count, const char *text)
{
    int     known;
    size_t  i;

    known = 0;

    for (i = 0; i < count; i++) {
        known |= event->id == ids[i];
    }

    if (count == 0) {
        call_json_trouble(tell->json, 0, kind_of(&event->death), text,
                          &event->death, 0);
    }

    for (i = 0; i < count; i++) {
        if (known && ids[i] != event->id) {
            call_json_trouble(tell->json, ids[i], "lost", "another request "
                              "ended the process while this one was on its "
                              "way", NULL, 0);
        } else {
            call_json_trouble(tell->json, ids[i], kind_of(&event->death),
                              text, &event->death, 0);
        }

        finish_object(tell, ids[i]);
    }
}


void
call_tell_death(struct call_tell *tell, struct worker_event *event,
    const uint64_t *ids, size_t count)
{
    struct strbuf  text = { 0 };

    call_tell_status(tell, EXIT_APP);
    tell->context.request = event->id;
    crash_text(&tell->context, &event->death, event->worker, &text);

    if (count > 1) {
        strbuf_printf(&text, "\n    lost with it: %zu other %s of the same "
                      "process", count - 1,
                      count == 2 ? "request" : "requests");
    }

    if (tell->json != NULL) {
        death_objects(tell, event, ids, count,
                      text.failed ? "the app died" : text.data);

    } else {
        message_error("%s", text.failed ? "the app died" : text.data);
    }

    strbuf_free(&text);
}


void
call_tell_unsent(struct call_tell *tell, unsigned long count)
{
    struct strbuf  text = { 0 };

    strbuf_printf(&text, "%lu of %lu requests were not sent: no worker is "
                  "left", count, tell->options->repeat);
    warn(tell, tell->last, &text);
    strbuf_free(&text);
}


static void
tell_again(const struct call_tell *tell)
{
    size_t                        i;
    const struct call_tell_seen  *seen;

    for (i = 0; i < tell->seen_count; i++) {
        seen = &tell->seen[i];

        if (seen->count > 1) {
            message_warning("%s was seen %lu times in all", seen->rule->id,
                            seen->count);
        }
    }
}


/* Whatever is left: of requests that never came back, and of none. */
static void
last_objects(struct call_tell *tell)
{
    int            rc;
    uint64_t       id;
    struct strbuf  line = { 0 };

    while (!tell->cancelled
           && (id = call_json_open(tell->json, tell->last)) != 0)
    {
        call_json_trouble(tell->json, id, "interrupted", "the command was "
                          "ended before the answer came", NULL, 0);
        finish_object(tell, id);
    }

    if (!tell->cancelled) {
        rc = call_json_last(tell->json, tell->last, &line);
        write_line(tell, rc, &line);
    }
}


int
call_tell_end(struct call_tell *tell)
{
    if (tell->json != NULL) {
        last_objects(tell);

    } else if (tell->seen != NULL) {
        tell_again(tell);
    }

    if (call_output_end(&tell->output) != 0) {
        call_tell_status(tell, EXIT_USAGE);
    }

    call_json_free(&tell->json);
    free(tell->repeat);
    free(tell->unresolved);
    free(tell->seen);

    return tell->status;
}
