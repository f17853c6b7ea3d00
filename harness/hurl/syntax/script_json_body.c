/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * JSON bodies: checked strictly, kept as written, with {{expressions}} inside
 * strings and in place of values. Not the parser of JSON values: that one
 * knows no templates.
 */
#include "harness/hurl/syntax/script_parser.h"

#define TITLE  "Parsing JSON"

static enum script_result body_value(struct script_parser *p,
    struct script_builder *b);


/* Copy the source between `from` and the cursor as it stands. */
static enum script_result
keep(struct script_parser *p, struct script_builder *b, size_t from)
{
    struct str  raw;

    raw = script_slice(p, from);

    return raw.len == 0 ? SCRIPT_OK
                        : script_build_text(p, b, raw.data, raw.len);
}


static bool
is_space(int c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}


static enum script_result
keep_space(struct script_parser *p, struct script_builder *b)
{
    size_t  from;

    from = p->cur.off;
    (void) script_word(p, is_space);

    return keep(p, b, from);
}


static enum script_result
keep_literal(struct script_parser *p, struct script_builder *b,
    const char *literal)
{
    size_t  from;

    from = p->cur.off;

    if (script_expect(p, literal) != SCRIPT_OK) {
        return SCRIPT_FAIL;
    }

    return keep(p, b, from);
}


/* NO: no string begins here, or it holds a raw control character. */
static enum script_result
body_string(struct script_parser *p, struct script_builder *b)
{
    int                   c;
    enum script_result    rc;
    struct script_char    ch;
    struct script_cursor  outer, start, end;

    outer = p->cur;

    if (!script_accept(p, "\"")) {
        return SCRIPT_NO;
    }

    start = p->cur;

    do {
        end = p->cur;
        rc = script_char_next(p, SCRIPT_TEXT_JSON, &ch);
    } while (rc == SCRIPT_OK);

    c = script_peek(p);

    if (rc == SCRIPT_NO && c >= 0 && c != '"') {
        p->cur = outer;
        return SCRIPT_NO;
    }

    if (rc == SCRIPT_FAIL || script_expect(p, "\"") != SCRIPT_OK
        || script_build_text(p, b, p->src + outer.off, 1) != SCRIPT_OK
        || script_templatize(p, &start, &end, SCRIPT_TEXT_JSON, b)
           != SCRIPT_OK)
    {
        return SCRIPT_FAIL;
    }

    return keep_literal(p, b, "\"");
}


static enum script_result
body_number(struct script_parser *p, struct script_builder *b)
{
    struct script_cursor  start;

    start = p->cur;
    (void) script_accept(p, "-");

    if (!script_accept(p, "0") && script_word(p, script_is_digit).len == 0) {
        p->cur = start;
        return SCRIPT_NO;
    }

    if (script_accept(p, ".") && script_word(p, script_is_digit).len == 0) {
        return script_fail(p, TITLE, p->cur.pos, "expecting digits");
    }

    if (script_accept(p, "e") || script_accept(p, "E")) {
        if (!script_accept(p, "-")) {
            (void) script_accept(p, "+");
        }

        if (script_word(p, script_is_digit).len == 0) {
            return script_fail(p, TITLE, p->cur.pos, "expecting digits");
        }
    }

    return keep(p, b, start.off);
}


/* A value where one must stand. */
static enum script_result
body_element(struct script_parser *p, struct script_builder *b)
{
    enum script_result  rc;

    if (script_peek(p) == ',') {
        return script_fail(p, TITLE, p->cur.pos, "expecting an element; found "
                           "empty element instead");
    }

    rc = body_value(p, b);

    if (rc != SCRIPT_NO) {
        return rc;
    }

    return script_fail(p, TITLE, p->cur.pos, "expecting a boolean, number, "
                       "string, array, object or null");
}


static enum script_result
body_member(struct script_parser *p, struct script_builder *b)
{
    int                 c;
    struct script_pos   colon;
    enum script_result  rc;

    rc = body_string(p, b);

    if (rc == SCRIPT_NO) {
        return script_looking_at(p, "\"")
               ? script_fail(p, TITLE, p->cur.pos, "a control character in "
                             "a string must be escaped")
               : script_expect(p, "\"");
    }

    if (rc == SCRIPT_FAIL || keep_space(p, b) != SCRIPT_OK
        || keep_literal(p, b, ":") != SCRIPT_OK)
    {
        return SCRIPT_FAIL;
    }

    colon = p->cur.pos;

    if (keep_space(p, b) != SCRIPT_OK) {
        return SCRIPT_FAIL;
    }

    c = script_peek(p);

    if (c < 0 || c == '}') {
        return script_fail(p, TITLE, colon, "expecting an element; found "
                           "empty element instead");
    }

    return body_element(p, b);
}


static enum script_result
body_comma(struct script_parser *p, struct script_builder *b, int close)
{
    struct script_pos  comma;

    comma = p->cur.pos;

    if (keep_literal(p, b, ",") != SCRIPT_OK
        || keep_space(p, b) != SCRIPT_OK)
    {
        return SCRIPT_FAIL;
    }

    if (script_peek(p) == close) {
        return script_fail(p, TITLE, comma, "trailing comma is not allowed");
    }

    return SCRIPT_OK;
}


/* [..] or {..}, from the opening bracket on. */
static enum script_result
body_collection(struct script_parser *p, struct script_builder *b,
    const char *open, const char *close)
{
    enum script_result  rc;

    if (keep_literal(p, b, open) != SCRIPT_OK
        || keep_space(p, b) != SCRIPT_OK)
    {
        return SCRIPT_FAIL;
    }

    while (script_peek(p) != close[0]) {
        rc = open[0] == '[' ? body_element(p, b) : body_member(p, b);

        if (rc != SCRIPT_OK || keep_space(p, b) != SCRIPT_OK) {
            return SCRIPT_FAIL;
        }

        if (script_peek(p) != ',') {
            break;
        }

        if (body_comma(p, b, close[0]) != SCRIPT_OK) {
            return SCRIPT_FAIL;
        }
    }

    return keep_literal(p, b, close);
}


static enum script_result
body_nested(struct script_parser *p, struct script_builder *b)
{
    enum script_result  rc;

    if (p->depth >= SCRIPT_MAX_DEPTH) {
        return script_fail(p, TITLE, p->cur.pos, "arrays and objects are "
                           "nested more than %d levels deep",
                           SCRIPT_MAX_DEPTH);
    }

    p->depth++;
    rc = script_peek(p) == '[' ? body_collection(p, b, "[", "]")
                               : body_collection(p, b, "{", "}");
    p->depth--;

    return rc;
}


static enum script_result
body_value(struct script_parser *p, struct script_builder *b)
{
    size_t               from;
    enum script_result   rc;
    struct script_expr  *expr;

    from = p->cur.off;

    if (script_accept(p, "null") || script_accept(p, "true")
        || script_accept(p, "false"))
    {
        return keep(p, b, from);
    }

    switch (script_peek(p)) {

    case '"':
        return body_string(p, b);

    case '{':
        if (!script_looking_at(p, "{{")) {
            return body_nested(p, b);
        }

        rc = script_placeholder(p, &expr);

        return rc == SCRIPT_OK ? script_build_expr(p, b, expr, false) : rc;

    case '[':
        return body_nested(p, b);

    default:
        return body_number(p, b);
    }
}


enum script_result
script_json(struct script_parser *p, struct script_template **out)
{
    enum script_result     rc;
    struct script_cursor   start;
    struct script_builder  b = { 0 };

    start = p->cur;
    rc = body_value(p, &b);

    return rc == SCRIPT_OK ? script_build_done(p, &b, &start, out) : rc;
}
