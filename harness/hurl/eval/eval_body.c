/* SPDX-License-Identifier: BSD-2-Clause */
/* Queries that look at the body of an answer: text, bytes, JSON, digests. */
#include <string.h>
#include <strings.h>

#include "lib/base/arena.h"
#include "lib/base/digest.h"
#include "harness/hurl/eval/eval_query.h"
#include "lib/json/jsonpath.h"
#include "lib/regex/regexp.h"


static const struct http_header *
find(const struct eval *e, const char *name)
{
    size_t  at = 0;

    return eval_header(e->answer, name, &at);
}


/* Content-Encoding is undone only where it was put on: not yet at all. */
static int
check_encoding(struct eval *e, const struct script_span *where)
{
    const struct http_header  *h = find(e, "Content-Encoding");

    if (h == NULL || strcasecmp(h->value.data, "identity") == 0) {
        return 0;
    }

    return eval_fail(e, where, "Decompression error", "the body has "
                     "Content-Encoding %s, which is not supported yet: do "
                     "not request it with Accept-Encoding",
                     h->value.data);
}


/* The charset parameter of Content-Type; utf-8 without one. */
static const char *
charset(struct eval *e)
{
    size_t                     len;
    const char                *at;
    const struct http_header  *h = find(e, "Content-Type");

    at = h != NULL ? strcasestr(h->value.data, "charset=") : NULL;
    if (at == NULL) {
        return "utf-8";
    }

    at += 8;
    at += (*at == '"');
    len = strcspn(at, "\"; \t");

    return arena_memdup(e->arena, at, len);
}


int
eval_body_text(struct eval *e, const struct script_span *where,
               struct value *text)
{
    const char                *name;
    struct value              *body;
    const struct http_answer  *a = e->answer;

    if (e->body != NULL) {
        *text = *e->body;
        return 0;
    }

    name = charset(e);
    body = arena_alloc(e->arena, sizeof(*body));
    if (name == NULL || body == NULL) {
        return eval_no_memory(e, where);
    }

    if (check_encoding(e, where) != 0
        || eval_decode(e, where, "Decoding error", name,
                       a->body.data, a->body.len, body) != 0)
    {
        return -1;
    }

    e->body = body;
    *text = *body;

    return 0;
}


int
eval_query_bytes(struct eval *e, const struct script_query *q, struct value *v)
{
    if (check_encoding(e, &q->span) != 0) {
        return -1;
    }

    v->kind = VALUE_BYTES;
    v->text.data = e->answer->body.len > 0 ? e->answer->body.data
                                           : "";
    v->text.len = e->answer->body.len;

    return 0;
}


int
eval_query_digest(struct eval *e, const struct script_query *q, struct value *v)
{
    size_t          len;
    const char     *error = "";
    unsigned char   digest[DIGEST_MAX];

    if (eval_query_bytes(e, q, v) != 0) {
        return -1;
    }

    len = digest_compute(q->kind == SCRIPT_QUERY_MD5 ? DIGEST_MD5
                                                     : DIGEST_SHA256,
                         v->text.data, v->text.len, digest, &error);
    if (len == 0) {
        return eval_fail(e, &q->span, "Digest error", "%s", error);
    }

    v->text.data = arena_memdup(e->arena, digest, len);
    v->text.len = len;

    return v->text.data != NULL ? 0 : eval_no_memory(e, &q->span);
}


/* ---- JSON and regex ---------------------------------------------------- */

int
eval_query_jsonpath(struct eval *e, const struct script_query *q,
                    struct value *v)
{
    struct value       text;
    struct json_error  error;
    struct str         path;

    if (eval_template(e, q->arg.string, &path) != 0) {
        return -1;
    }

    if (e->json == NULL) {
        if (eval_body_text(e, &q->span, &text) != 0) {
            return -1;
        }

        e->json = json_parse(e->arena, text.text.data, text.text.len, &error);
        if (e->json == NULL) {
            return eval_fail(e, &q->span, "Invalid JSON", "the body is not "
                             "JSON: line %u, column %u: %s", error.line,
                             error.column, error.text);
        }
    }

    return eval_jsonpath(e, &q->arg.span, e->json, path.data, v);
}


int
eval_query_regex(struct eval *e, const struct script_query *q, struct value *v)
{
    int                   rc;
    struct value          text, pattern;
    struct regex         *regex;
    struct regex_match    match;
    struct regex_error    error;

    if (eval_value(e, &q->arg, &pattern) != 0
        || eval_body_text(e, &q->span, &text) != 0)
    {
        return -1;
    }

    regex = regex_new(e->arena, pattern.text.data, pattern.text.len,
                      REGEX_HURL, &error);
    if (regex == NULL) {
        return eval_fail(e, &q->arg.span, "Invalid regex", "%s",
                         error.message);
    }

    rc = regex_find(regex, text.text.data, text.text.len, 0, &match, &error);

    if (rc < 0) {
        return eval_fail(e, &q->arg.span, "Invalid regex", "%s",
                         error.message);
    }

    if (rc == 1 && match.count >= 2 && match.start[1] != REGEX_NONE) {
        v->kind = VALUE_STRING;
        v->text.len = match.end[1] - match.start[1];
        v->text.data = arena_memdup(e->arena,
                                    text.text.data + match.start[1],
                                    v->text.len);
        if (v->text.data == NULL) {
            return eval_no_memory(e, &q->span);
        }
    }

    return 0;
}


int
eval_jsonpath(struct eval *e, const struct script_span *where,
              const struct json_value *root, const char *path,
              struct value *v)
{
    size_t                  i;
    struct jsonpath        *query;
    struct jsonpath_error   error;
    struct jsonpath_nodes   nodes;

    query = jsonpath_parse(e->arena, path, strlen(path), &error);
    if (query == NULL
        || jsonpath_eval(query, e->arena, root, &nodes, &error) != 0)
    {
        return eval_fail(e, where, "Invalid JSONPath", "%s (at byte %zu of "
                         "the query)", error.text, error.offset);
    }

    memset(v, 0, sizeof(*v));

    if (nodes.count == 1) {
        return value_from_json(e->arena, nodes.items[0], v) == 0 ? 0
               : eval_no_memory(e, where);
    }

    if (nodes.count > 1) {
        v->kind = VALUE_LIST;
        v->count = nodes.count;
        v->items = arena_alloc(e->arena, nodes.count * sizeof(*v->items));
        for (i = 0; v->items != NULL && i < nodes.count; i++) {
            if (value_from_json(e->arena, nodes.items[i], &v->items[i]) != 0) {
                return eval_no_memory(e, where);
            }
        }
        if (v->items == NULL) {
            return eval_no_memory(e, where);
        }
    }

    return 0;
}


