/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Requests and responses: the first line, then headers, sections and body in
 * the order that the language fixes.
 */
#include "harness/hurl/syntax/script_parser.h"

#define COUNT(a)  (sizeof(a) / sizeof((a)[0]))


static bool
is_upper(int c)
{
    return c >= 'A' && c <= 'Z';
}


static bool
is_visible(int c)
{
    return c > ' ';
}


static enum script_result
method_fail(struct script_parser *p, struct str word,
    struct script_pos pos)
{
    const char                *near;
    static const char *const   names[] = {
        "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS",
        "TRACE", "PATCH"
    };

    near = script_nearest(word, names, COUNT(names));

    /* A misspelt query ends its section, so that it is met here. */
    if (near == NULL) {
        near = script_query_nearest(word);
    }

    return script_fail(p, "Parsing method", pos,
                       "the HTTP method <%.*s> is not valid. %s%s%s",
                       (int) (word.len < 60 ? word.len : 60), word.data,
                       near != NULL ? "Did you mean " : "A method is a word "
                       "of upper-case letters, such as GET or POST",
                       near != NULL ? near : "", near != NULL ? "?" : "");
}


static enum script_result
parse_method(struct script_parser *p, struct script_request *request)
{
    struct script_cursor  start;

    start = p->cur;
    request->method = script_word(p, is_upper);
    request->method_span.start = start.pos;
    request->method_span.end = p->cur.pos;

    if (request->method.len == 0 || script_is_alnum(script_peek(p))) {
        p->cur = start;
        return method_fail(p, script_word(p, is_visible), start.pos);
    }

    if (!script_skip_blanks(p)) {
        return script_fail(p, "Parsing space", p->cur.pos,
                           "expecting a space");
    }

    return SCRIPT_OK;
}


static enum script_result
parse_url(struct script_parser *p, struct script_request *request)
{
    struct script_pos  start;

    start = p->cur.pos;

    if (script_unquoted(p, &request->url) != SCRIPT_OK) {
        return SCRIPT_FAIL;
    }

    if (request->url->parts == NULL) {
        return script_fail(p, "Parsing URL", start, "expecting a url");
    }

    return SCRIPT_OK;
}


static bool
same_name(struct str a, struct str b)
{
    if (a.len != b.len) {
        return false;
    }

    for (size_t i = 0; i < a.len; i++) {
        if (a.data[i] != b.data[i]) {
            return false;
        }
    }

    return true;
}


/* The same spelling twice; an old and a new name side by side pass. */
static enum script_result
no_duplicates(struct script_parser *p, const struct script_section *first)
{
    const struct script_section  *a, *b;

    for (b = first; b != NULL; b = b->next) {
        for (a = first; a != b; a = a->next) {
            if (same_name(a->name, b->name)) {
                return script_fail(p, "Parsing section", b->span.start,
                                   "the section is already defined");
            }
        }
    }

    return SCRIPT_OK;
}


static enum script_result
optional_body(struct script_parser *p, struct script_body **out)
{
    return script_parse_body(p, out) == SCRIPT_FAIL ? SCRIPT_FAIL : SCRIPT_OK;
}


/* At the method; comments and directives above it have been read. */
enum script_result
script_parse_request(struct script_parser *p, struct script_request *request)
{
    request->span.start = p->cur.pos;

    if (parse_method(p, request) != SCRIPT_OK
        || parse_url(p, request) != SCRIPT_OK)
    {
        return SCRIPT_FAIL;
    }

    request->span.end = p->cur.pos;

    if (script_line_end(p) != SCRIPT_OK
        || script_pairs(p, false, &request->headers) != SCRIPT_OK
        || script_request_sections(p, &request->sections) != SCRIPT_OK
        || optional_body(p, &request->body) != SCRIPT_OK)
    {
        return SCRIPT_FAIL;
    }

    return no_duplicates(p, request->sections);
}


static enum script_result
parse_version(struct script_parser *p, struct script_response *response)
{
    int                       c;
    struct script_cursor      start;
    static const char *const  versions[] = {
        [SCRIPT_VERSION_10] = "/1.0", [SCRIPT_VERSION_11] = "/1.1",
        [SCRIPT_VERSION_2] = "/2", [SCRIPT_VERSION_3] = "/3"
    };

    start = p->cur;
    response->version_span.start = start.pos;

    if (!script_accept(p, "HTTP")) {
        return SCRIPT_NO;
    }

    for (size_t i = SCRIPT_VERSION_10; i < COUNT(versions); i++) {
        if (script_accept(p, versions[i])) {
            response->version = (enum script_version) i;
            break;
        }
    }

    response->version_span.end = p->cur.pos;
    c = script_peek(p);

    if (c == '/' || script_is_alnum(c) || c == '.' || c == '*') {
        return script_fail(p, "Parsing version", start.pos, "the HTTP version "
                           "is not valid. Valid values are HTTP, HTTP/1.0, "
                           "HTTP/1.1, HTTP/2, HTTP/3");
    }

    if (!script_skip_blanks(p)) {
        return script_fail(p, "Parsing space", p->cur.pos,
                           "expecting a space");
    }

    return SCRIPT_OK;
}


static enum script_result
parse_status(struct script_parser *p, struct script_response *response)
{
    struct script_pos  start;

    start = p->cur.pos;
    response->status_span.start = start;
    response->any_status = script_accept(p, "*");

    if (!response->any_status
        && script_natural(p, &response->status) != SCRIPT_OK)
    {
        return script_fail(p, "Parsing HTTP status", start, "the HTTP status "
                           "is not valid: expecting a number or *");
    }

    response->status_span.end = p->cur.pos;

    return SCRIPT_OK;
}


static enum script_result
response_head(struct script_parser *p, struct script_response *response)
{
    enum script_result    rc;
    struct script_cursor  begin;

    begin = p->cur;
    script_skip_lines(p);
    (void) script_skip_blanks(p);
    response->span.start = p->cur.pos;
    rc = parse_version(p, response);

    if (rc == SCRIPT_NO) {
        p->cur = begin;
    }

    if (rc != SCRIPT_OK) {
        return rc;
    }

    if (script_no_stray(p) != SCRIPT_OK
        || parse_status(p, response) != SCRIPT_OK)
    {
        return SCRIPT_FAIL;
    }

    response->span.end = p->cur.pos;

    return script_line_end(p);
}


/* Leaves *out NULL when there is no response. */
enum script_result
script_parse_response(struct script_parser *p, struct script_response **out)
{
    enum script_result       rc;
    struct script_response   response = { 0 };

    rc = response_head(p, &response);

    if (rc != SCRIPT_OK) {
        return rc == SCRIPT_NO ? SCRIPT_OK : rc;
    }

    *out = script_new(p, sizeof(**out));

    if (*out == NULL) {
        return script_no_memory(p);
    }

    **out = response;

    if (script_pairs(p, false, &(*out)->headers) != SCRIPT_OK
        || script_response_sections(p, &(*out)->sections) != SCRIPT_OK)
    {
        return SCRIPT_FAIL;
    }

    return optional_body(p, &(*out)->body);
}
