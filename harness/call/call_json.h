/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `call --format json`: an object for each request, put together while it is
 * in progress. What belongs to no request stands in the last object, so that
 * nothing is said but in objects; see docs/call-json.md.
 */
#ifndef CALL_JSON_H
#define CALL_JSON_H

#include "harness/call/call_options.h"
#include "lib/http/request.h"
#include "harness/worker/worker.h"

struct call_json;

/* All borrowed; NULL: no memory. repeat: the command line for one request. */
struct call_json *call_json_new(const struct call_options *options,
                                const struct request *request,
                                const char *repeat);
void call_json_free(struct call_json **json);

/* A request is sent; 0, or -1: no memory. */
int call_json_begin(struct call_json *json, uint64_t id, unsigned worker);

/* id 0, or one that is over: what is said of no request. */
void call_json_log(struct call_json *json, const struct worker_event *event);
void call_json_finding(struct call_json *json,
                       const struct worker_event *event);
void call_json_note(struct call_json *json, uint64_t id, const char *text);
void call_json_answer(struct call_json *json, uint64_t id,
                      const struct worker_response *response);

/* failed: the assertion of --fail, not trouble. death may be NULL. */
void call_json_trouble(struct call_json *json, uint64_t id, const char *kind,
                       const char *text, const struct worker_death *death,
                       int failed);

/*
 * The object of a request that came back or never will, with a newline: 0, or
 * -1: no memory. The request is forgotten.
 */
int call_json_line(struct call_json *json, uint64_t id, struct strbuf *line);

/*
 * The last one: what was said of no request goes into it. id 0: no request was
 * sent.
 */
int call_json_last(struct call_json *json, uint64_t id, struct strbuf *line);

/* The first request that has no line yet, but for one; 0: none. */
uint64_t call_json_open(const struct call_json *json, uint64_t but);

#endif /* CALL_JSON_H */
