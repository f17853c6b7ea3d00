/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The lines of headers and of sections other than options: key: value pairs,
 * multipart fields, captures and asserts. A list ends at the first line that
 * does not begin like an item; from then on the line is somebody else's.
 */
#include "harness/hurl/syntax/script_parser.h"


/* `key :`; NO when the line begins otherwise. */
static enum script_result
item_key(struct script_parser *p, struct script_template **key,
    struct script_pos *start)
{
    enum script_result    rc;
    struct script_cursor  begin;

    begin = p->cur;
    script_skip_lines(p);
    (void) script_skip_blanks(p);
    *start = p->cur.pos;
    rc = script_key(p, key);

    if (rc == SCRIPT_FAIL) {
        return rc;
    }

    if (rc == SCRIPT_OK) {
        (void) script_skip_blanks(p);

        if (script_accept(p, ":")) {
            (void) script_skip_blanks(p);
            return script_no_stray(p);
        }
    }

    p->cur = begin;

    return SCRIPT_NO;
}


static enum script_result
new_pair(struct script_parser *p, struct script_pair **out)
{
    enum script_result       rc;
    struct script_pos        start;
    struct script_template  *key;

    rc = item_key(p, &key, &start);

    if (rc != SCRIPT_OK) {
        return rc;
    }

    *out = script_new(p, sizeof(**out));

    if (*out == NULL) {
        return script_no_memory(p);
    }

    (*out)->key = key;
    (*out)->span.start = start;

    return SCRIPT_OK;
}


enum script_result
script_pairs(struct script_parser *p, bool only_one, struct script_pair **out)
{
    enum script_result  rc;

    do {
        rc = new_pair(p, out);

        if (rc != SCRIPT_OK) {
            return rc == SCRIPT_NO ? SCRIPT_OK : rc;
        }

        rc = script_unquoted(p, &(*out)->value);
        (*out)->span.end = p->cur.pos;

        if (rc != SCRIPT_OK || script_line_end(p) != SCRIPT_OK) {
            return SCRIPT_FAIL;
        }

        out = &(*out)->next;
    } while (!only_one);

    return SCRIPT_OK;
}


/* file,NAME; [content-type] */
static enum script_result
multipart_file(struct script_parser *p, struct script_pair *pair)
{
    bool                  line_ends;
    struct script_cursor  after;

    pair->is_file = true;

    if (script_file(p, &pair->value) != SCRIPT_OK) {
        return SCRIPT_FAIL;
    }

    after = p->cur;
    line_ends = script_try_line_end(p);
    p->cur = after;

    if (line_ends) {
        return SCRIPT_OK;
    }

    (void) script_skip_blanks(p);

    return script_unquoted(p, &pair->content_type);
}


enum script_result
script_multipart(struct script_parser *p, struct script_pair **out)
{
    enum script_result  rc;

    for ( ;; ) {
        rc = new_pair(p, out);

        if (rc != SCRIPT_OK) {
            return rc == SCRIPT_NO ? SCRIPT_OK : rc;
        }

        rc = script_looking_at(p, "file,")
             ? multipart_file(p, *out)
             : script_unquoted(p, &(*out)->value);

        (*out)->span.end = p->cur.pos;

        if (rc != SCRIPT_OK || script_line_end(p) != SCRIPT_OK) {
            return SCRIPT_FAIL;
        }

        out = &(*out)->next;
    }
}


static enum script_result
required_query(struct script_parser *p, struct script_query *query)
{
    enum script_result  rc;

    rc = script_parse_query(p, query);

    if (rc != SCRIPT_NO) {
        return rc;
    }

    return script_fail(p, "Parsing query", p->cur.pos, "expecting a query, "
                       "such as status, header \"..\" or jsonpath \"..\"");
}


static enum script_result
capture_value(struct script_parser *p, struct script_capture *capture)
{
    if (required_query(p, &capture->query) != SCRIPT_OK
        || script_filters(p, &capture->filters) != SCRIPT_OK)
    {
        return SCRIPT_FAIL;
    }

    capture->span.end = p->cur.pos;

    if (script_skip_blanks(p)) {
        capture->redact_span.start = p->cur.pos;
        capture->redact = script_accept(p, "redact");
        capture->redact_span.end = p->cur.pos;
    }

    return script_line_end(p);
}


enum script_result
script_captures(struct script_parser *p, struct script_capture **out)
{
    enum script_result       rc;
    struct script_pos        start;
    struct script_template  *name;

    for ( ;; ) {
        rc = item_key(p, &name, &start);

        if (rc != SCRIPT_OK) {
            return rc == SCRIPT_NO ? SCRIPT_OK : rc;
        }

        *out = script_new(p, sizeof(**out));

        if (*out == NULL) {
            return script_no_memory(p);
        }

        (*out)->name = name;
        (*out)->span.start = start;

        if (capture_value(p, *out) != SCRIPT_OK) {
            return SCRIPT_FAIL;
        }

        out = &(*out)->next;
    }
}


/* What follows the query. */
static enum script_result
assert_rest(struct script_parser *p, struct script_assert *assert)
{
    if (script_no_stray(p) != SCRIPT_OK
        || script_filters(p, &assert->filters) != SCRIPT_OK)
    {
        return SCRIPT_FAIL;
    }

    if (!script_skip_blanks(p)) {
        return script_fail(p, "Parsing space", p->cur.pos,
                           "expecting a space, then a filter or a predicate");
    }

    if (script_parse_predicate(p, &assert->predicate) != SCRIPT_OK) {
        return SCRIPT_FAIL;
    }

    assert->span.end = p->cur.pos;

    return script_line_end(p);
}


enum script_result
script_asserts(struct script_parser *p, struct script_assert **out)
{
    struct script_pos     start;
    enum script_result    rc;
    struct script_query   query;
    struct script_cursor  begin;

    for ( ;; ) {
        begin = p->cur;
        script_skip_lines(p);
        (void) script_skip_blanks(p);
        start = p->cur.pos;
        query = (struct script_query) { 0 };
        rc = script_parse_query(p, &query);

        if (rc == SCRIPT_NO) {
            p->cur = begin;
            return SCRIPT_OK;
        }

        if (rc != SCRIPT_OK) {
            return rc;
        }

        *out = script_new(p, sizeof(**out));

        if (*out == NULL) {
            return script_no_memory(p);
        }

        (*out)->query = query;
        (*out)->span.start = start;

        if (assert_rest(p, *out) != SCRIPT_OK) {
            return SCRIPT_FAIL;
        }

        out = &(*out)->next;
    }
}
