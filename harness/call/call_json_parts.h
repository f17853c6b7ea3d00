/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Parts of the objects of `call --format json`, in the words of the report of
 * `run` (docs/report-json.md) as far as it has them. Each appends one JSON
 * value, without a comma.
 */
#ifndef CALL_JSON_PARTS_H
#define CALL_JSON_PARTS_H

#include "lib/http/request.h"
#include "lib/base/strbuf.h"
#include "harness/worker/worker.h"

/* "name": in front of a value. */
void call_json_name(struct strbuf *out, const char *name);

/* A string; wrong bytes become U+FFFD. text NULL: null. */
void call_json_text(struct strbuf *out, const void *text, size_t len);

/* The two at once, of a C string or NULL. */
void call_json_field(struct strbuf *out, const char *name, const char *text);

void call_json_request(struct strbuf *out, const struct request *request);
void call_json_response(struct strbuf *out,
                        const struct worker_response *response);
void call_json_log_line(struct strbuf *out, const struct worker_event *event);
void call_json_found(struct strbuf *out, const struct worker_event *event);

/* What happened, from a text with lines of details and frames behind it. */
void call_json_error(struct strbuf *out, const char *kind, const char *text,
                     const struct worker_death *death);

#endif /* CALL_JSON_PARTS_H */
