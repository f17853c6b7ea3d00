/* SPDX-License-Identifier: BSD-2-Clause */
/* See call_json.h. Lists are kept as JSON text, ready to be put together. */
#include "harness/call/call_json.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "harness/call/call_json_parts.h"
#include "harness/run/report/verdict.h"

/* What is said about a request, or about none. */
struct record {
    struct record     *next;
    uint64_t           id;
    unsigned           worker;
    enum run_verdict   verdict;
    struct strbuf      log, findings, notes, error;
    struct strbuf      trouble;              /* the error as plain text */
    struct strbuf      response;             /* and its figures; or empty */
};

struct call_json {
    const struct call_options  *options;
    const struct request       *request;
    const char                 *repeat;
    struct record              *records;     /* in progress, oldest first */
    struct record               before;      /* of none: loading, init hook */
    struct record               others;      /* of none: all the rest */
};


struct call_json *
call_json_new(const struct call_options *options,
    const struct request *request, const char *repeat)
{
    struct call_json  *json;

    json = calloc(1, sizeof(*json));

    if (json != NULL) {
        json->options = options;
        json->request = request;
        json->repeat = repeat;
    }

    return json;
}


static void
clear_record(struct record *record)
{
    strbuf_free(&record->log);
    strbuf_free(&record->findings);
    strbuf_free(&record->notes);
    strbuf_free(&record->error);
    strbuf_free(&record->trouble);
    strbuf_free(&record->response);
    record->verdict = RUN_PASSED;
}


void
call_json_free(struct call_json **json)
{
    struct record  *record;

    if (*json == NULL) {
        return;
    }

    while ((record = (*json)->records) != NULL) {
        (*json)->records = record->next;
        clear_record(record);
        free(record);
    }

    clear_record(&(*json)->before);
    clear_record(&(*json)->others);
    free(*json);
    *json = NULL;
}


int
call_json_begin(struct call_json *json, uint64_t id, unsigned worker)
{
    struct record  *record, **end;

    record = calloc(1, sizeof(*record));
    if (record == NULL) {
        return -1;
    }

    record->id = id;
    record->worker = worker;

    for (end = &json->records; *end != NULL; end = &(*end)->next) {
        /* to the end */
    }

    *end = record;

    return 0;
}


static struct record *
record_of(struct call_json *json, uint64_t id, enum worker_phase phase)
{
    struct record  *record;

    for (record = json->records; record != NULL; record = record->next) {
        if (id != 0 && record->id == id) {
            return record;
        }
    }

    return phase == WORKER_LOADING || phase == WORKER_INIT ? &json->before
                                                           : &json->others;
}


static void
add_comma(struct strbuf *list)
{
    if (list->len != 0) {
        strbuf_addch(list, ',');
    }
}


void
call_json_log(struct call_json *json, const struct worker_event *event)
{
    struct record  *record;

    record = record_of(json, event->id, event->phase);
    add_comma(&record->log);
    call_json_log_line(&record->log, event);
}


void
call_json_finding(struct call_json *json, const struct worker_event *event)
{
    struct record  *record;

    record = record_of(json, event->id, event->phase);
    add_comma(&record->findings);
    call_json_found(&record->findings, event);

    if (event->finding.rule->breaks) {
        record->verdict = verdict_worse(record->verdict, RUN_ERROR);
    }
}


/* Notes are plain text until the end: lines. */
void
call_json_note(struct call_json *json, uint64_t id, const char *text)
{
    struct record  *record;

    record = record_of(json, id, WORKER_REQUEST);
    strbuf_printf(&record->notes, "%s%s", record->notes.len ? "\n" : "",
                  text);
}


void
call_json_answer(struct call_json *json, uint64_t id,
    const struct worker_response *response)
{
    struct strbuf  *out;

    out = &record_of(json, id, WORKER_REQUEST)->response;
    call_json_response(out, response);
    strbuf_printf(out, ",\"time\":%" PRIu64 ".%03" PRIu64
                  ",\"alloc_count\":%zu,\"alloc_bytes\":%zu"
                  ",\"zone_pages\":%zu,\"zone_free\":%zu",
                  response->ns / 1000000, response->ns / 1000 % 1000,
                  response->alloc_count, response->alloc_bytes,
                  response->zone_pages, response->zone_free);
}


/* The first trouble is the error, others are notes. */
void
call_json_trouble(struct call_json *json, uint64_t id, const char *kind,
    const char *text, const struct worker_death *death, int failed)
{
    struct record  *record;

    record = record_of(json, id, WORKER_REQUEST);
    record->verdict = verdict_worse(record->verdict,
                                   failed ? RUN_FAILED : RUN_ERROR);

    if (record->error.len != 0) {
        call_json_note(json, id, text);
        return;
    }

    call_json_error(&record->error, kind, text, death);
    strbuf_add(&record->trouble, text, strcspn(text, "\n"));
}


static void
add_list(struct strbuf *out, const char *name, const struct strbuf *first,
    const struct strbuf *second, const struct strbuf *third)
{
    size_t                i;
    const char           *between = "";
    const struct strbuf  *lists[3] = { first, second, third };

    strbuf_addch(out, ',');
    call_json_name(out, name);
    strbuf_addch(out, '[');

    for (i = 0; i < 3; i++) {
        out->failed |= lists[i]->failed;

        if (lists[i]->len != 0) {
            strbuf_addstr(out, between);
            strbuf_add(out, lists[i]->data, lists[i]->len);
            between = ",";
        }
    }

    strbuf_addch(out, ']');
}


static void
put_head(struct call_json *json, const struct record *record,
    struct strbuf *out)
{
    strbuf_addch(out, '{');
    call_json_field(out, "app", json->options->app);
    strbuf_addch(out, ',');
    call_json_field(out, "symbol", json->options->symbol);

    if (record->id == 0) {
        strbuf_addstr(out, ",\"index\":0,\"worker\":null,");
    } else {
        strbuf_printf(out, ",\"index\":%" PRIu64 ",\"worker\":%u,",
                      record->id, record->worker);
    }

    call_json_field(out, "verdict", verdict_name(record->verdict));
    strbuf_printf(out, ",\"success\":%s,\"request\":",
                  record->verdict < RUN_FAILED ? "true" : "false");
    call_json_request(out, json->request);
    strbuf_addstr(out, ",\"response\":");

    if (record->response.len != 0) {
        strbuf_add(out, record->response.data, record->response.len);
    } else {
        strbuf_addstr(out, "null,\"time\":null,\"alloc_count\":null,"
                      "\"alloc_bytes\":null,\"zone_pages\":null,"
                      "\"zone_free\":null");
    }
}


static int
put_line(struct call_json *json, struct record *record,
    const struct record *before, const struct record *others,
    struct strbuf *out)
{
    put_head(json, record, out);
    add_list(out, "log", &before->log, &record->log, &others->log);
    add_list(out, "findings", &before->findings, &record->findings,
             &others->findings);
    strbuf_addch(out, ',');
    call_json_name(out, "notes");
    call_json_text(out, record->notes.data, record->notes.len);
    strbuf_addstr(out, ",\"error\":");

    if (record->error.len != 0) {
        strbuf_add(out, record->error.data, record->error.len);
    } else {
        strbuf_addstr(out, "null");
    }

    strbuf_addch(out, ',');
    call_json_field(out, "linkfunc_cmd", json->repeat);
    strbuf_addstr(out, "}\n");

    return out->failed || record->response.failed || record->error.failed
           || record->notes.failed ? -1 : 0;
}


static struct record *
take_record(struct call_json *json, uint64_t id)
{
    struct record  *record, **link;

    for (link = &json->records; (record = *link) != NULL;
         link = &record->next)
    {
        if (record->id == id) {
            *link = record->next;
            break;
        }
    }

    return record;
}


int
call_json_line(struct call_json *json, uint64_t id, struct strbuf *line)
{
    int                         rc;
    struct record              *record;
    static const struct record  none;

    record = take_record(json, id);
    if (record == NULL) {
        return 0;
    }

    rc = put_line(json, record, &none, &none, line);
    clear_record(record);
    free(record);

    return rc;
}


static void
add_note(struct record *record, const struct strbuf *text)
{
    if (text->len != 0) {
        strbuf_printf(&record->notes, "%s%s", record->notes.len ? "\n" : "",
                      text->data);
    }
}


/* What belongs to no request: trouble there is trouble of the whole call. */
static void
merge(struct record *record, const struct record *other)
{
    record->verdict = verdict_worse(record->verdict, other->verdict);
    add_note(record, &other->notes);

    if (record->error.len == 0) {
        strbuf_add(&record->error, other->error.data, other->error.len);

    } else {
        add_note(record, &other->trouble);
    }
}


int
call_json_last(struct call_json *json, uint64_t id, struct strbuf *line)
{
    int             rc;
    struct record  *record, none;

    memset(&none, 0, sizeof(none));
    record = id == 0 ? NULL : take_record(json, id);

    if (record == NULL) {
        record = &none;
    }

    merge(record, &json->before);
    merge(record, &json->others);
    rc = put_line(json, record, &json->before, &json->others, line);
    clear_record(record);

    if (record != &none) {
        free(record);
    }

    return rc;
}


uint64_t
call_json_open(const struct call_json *json, uint64_t but)
{
    const struct record  *record;

    for (record = json->records; record != NULL; record = record->next) {
        if (record->id != but) {
            return record->id;
        }
    }

    return 0;
}
