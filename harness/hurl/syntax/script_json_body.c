/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * JSON bodies: checked strictly, copied as written, with {{expressions}}
 * inside strings and in place of values. lib/json has the grammar; what is
 * reported, and where, is as in Hurl.
 */
#include "harness/hurl/syntax/script_parser.h"
#include "lib/json/json_scan.h"

#define TITLE     "Parsing JSON"
#define NO_VALUE  "expecting a boolean, number, string, array, object or null"
#define EMPTY     "expecting an element; found empty element instead"
#define CONTROL   "a control character in a string must be escaped"

struct json_body {
    struct script_parser   *p;          /* as far as it is copied */
    struct script_builder   b;
    enum script_result      rc;         /* of the last handler */
};


static enum script_result
copy_to(struct json_body *body, const char *end)
{
    struct str             raw;
    struct script_parser  *p = body->p;

    raw.data = p->src + p->cur.off;
    raw.len = (size_t) (end - raw.data);
    script_advance_to(p, p->cur.off + raw.len);

    return raw.len == 0 ? SCRIPT_OK
                        : script_build_text(p, &body->b, raw.data, raw.len);
}


/* {{expression}} in place of a value. */
static int
on_other(struct json_scan *s)
{
    struct json_body    *body = s->data;
    struct script_expr  *expr;

    if (s->end - s->pos < 2 || s->pos[0] != '{' || s->pos[1] != '{') {
        return 0;
    }

    body->rc = copy_to(body, s->pos);

    if (body->rc == SCRIPT_OK) {
        body->rc = script_placeholder(body->p, &expr);
    }

    if (body->rc == SCRIPT_OK) {
        body->rc = script_build_expr(body->p, &body->b, expr, false);
    }

    s->pos = body->p->src + body->p->cur.off;

    return body->rc == SCRIPT_OK ? 1 : -1;
}


/* Up to the closing quote. NO: the string has a raw control character. */
static enum script_result
string_parts(struct script_parser *p, struct script_builder *b)
{
    int                   c;
    enum script_result    rc;
    struct script_char    ch;
    struct script_cursor  start = p->cur, end;

    do {
        end = p->cur;
        rc = script_char_next(p, SCRIPT_TEXT_JSON, &ch);
    } while (rc == SCRIPT_OK);

    c = script_peek(p);

    if (rc == SCRIPT_NO && c >= 0 && c != '"') {
        return SCRIPT_NO;
    }

    if (rc == SCRIPT_FAIL || script_expect(p, "\"") != SCRIPT_OK) {
        return SCRIPT_FAIL;
    }

    return script_templatize(p, &start, &end, SCRIPT_TEXT_JSON, b);
}


static int
on_string(struct json_scan *s, int is_name)
{
    struct json_body   *body = s->data;
    enum script_result  rc;
    struct script_pos   quote;

    rc = copy_to(body, s->pos);
    quote = body->p->cur.pos;

    if (rc == SCRIPT_OK) {
        rc = copy_to(body, s->pos + 1);
    }

    if (rc == SCRIPT_OK) {
        rc = string_parts(body->p, &body->b);
    }

    if (rc == SCRIPT_NO && s->depth > 0) {
        rc = script_fail(body->p, TITLE, quote, is_name ? CONTROL : NO_VALUE);
    }

    body->rc = rc;
    s->pos = body->p->src + body->p->cur.off + 1;

    return rc == SCRIPT_OK ? 0 : -1;
}


/* No value where one must stand, or no name. */
static enum script_result
no_item(struct script_parser *p, const struct json_scan *s)
{
    int          c;
    const char  *at = s->pos, *message = NO_VALUE, *comma, *colon;

    c = at < s->end ? (unsigned char) *at : -1;
    comma = colon = s->separator;

    if (comma != NULL && *comma == ','
        && c == (s->fault == JSON_FAULT_NAME ? '}' : ']'))
    {
        at = comma;
        message = "trailing comma is not allowed";

    } else if (s->fault == JSON_FAULT_NAME) {
        script_advance_to(p, (size_t) (at - p->src));
        return script_expect(p, "\"");

    } else if (colon != NULL && *colon == ':' && (c < 0 || c == '}')) {
        at = colon + 1;
        message = EMPTY;

    } else if (c == ',') {
        message = EMPTY;
    }

    script_advance_to(p, (size_t) (at - p->src));

    return script_fail(p, TITLE, p->cur.pos, "%s", message);
}


static enum script_result
fault(struct script_parser *p, const struct json_scan *s)
{
    if (s->fault == JSON_FAULT_VALUE || s->fault == JSON_FAULT_MINUS
        || s->fault == JSON_FAULT_NAME)
    {
        return s->depth == 0 ? SCRIPT_NO : no_item(p, s);
    }

    script_advance_to(p, (size_t) (s->at - p->src));

    switch (s->fault) {

    case JSON_FAULT_DEPTH:
        return script_fail(p, TITLE, p->cur.pos, "arrays and objects are "
                           "nested more than %d levels deep",
                           SCRIPT_MAX_DEPTH);

    case JSON_FAULT_DIGIT:
        return script_fail(p, TITLE, p->cur.pos, "expecting digits");

    case JSON_FAULT_ZERO:
        /* for Hurl, the number ends behind its 0 */
        (void) script_accept(p, "-");
        (void) script_accept(p, "0");
        return s->depth == 0 ? script_line_end(p)
                             : script_expect(p, s->in_object ? "}" : "]");

    case JSON_FAULT_COLON:
        return script_expect(p, ":");

    default:
        return script_expect(p, s->fault == JSON_FAULT_OBJECT ? "}" : "]");
    }
}


enum script_result
script_json(struct script_parser *p, struct script_template **out)
{
    enum script_result     rc;
    struct json_body       body = { .p = p };
    struct json_scan       scan = { .data = &body };
    struct script_cursor   start = p->cur;

    static const struct json_handlers  handlers = {
        .other = on_other, .string = on_string
    };

    scan.on = &handlers;
    scan.pos = p->src + p->cur.off;
    scan.end = p->src + p->len;
    scan.depth_max = SCRIPT_MAX_DEPTH;

    if (json_scan_value(&scan) == 0) {
        rc = copy_to(&body, scan.pos);

    } else {
        rc = scan.fault != JSON_FAULT_NONE ? fault(p, &scan) : body.rc;
    }

    if (rc == SCRIPT_NO) {
        p->cur = start;
    }

    return rc == SCRIPT_OK ? script_build_done(p, &body.b, &start, out) : rc;
}
