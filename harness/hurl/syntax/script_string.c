/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kinds of strings of the language: unquoted values, "quoted", `oneline`,
 * keys and file names. What a template is made of is script_template.c.
 */
#include "harness/hurl/syntax/script_parser.h"


/* To the end of the line or '#'; outer blanks are not part of the value. */
enum script_result
script_unquoted(struct script_parser *p, struct script_template **out)
{
    enum script_result    rc;
    struct script_char    c;
    struct script_cursor  start, end;

    start = p->cur;
    end = start;

    while ((rc = script_char_next(p, SCRIPT_TEXT_UNQUOTED, &c)) == SCRIPT_OK) {
        if (c.escaped || c.bytes[0] != ' ') {
            end = p->cur;
        }
    }

    if (rc == SCRIPT_FAIL) {
        return rc;
    }

    return script_template_until(p, &start, &end, SCRIPT_TEXT_UNQUOTED, out);
}


static enum script_result
delimited(struct script_parser *p, enum script_text_style style,
    const char *delimiter, struct script_template **out)
{
    enum script_result      rc;
    struct script_char      c;
    struct script_cursor    outer, start, end, after;
    struct script_template *t;

    outer = p->cur;

    if (!script_accept(p, delimiter)) {
        return SCRIPT_NO;
    }

    start = p->cur;

    do {
        end = p->cur;
        rc = script_char_next(p, style, &c);
    } while (rc == SCRIPT_OK);

    if (rc == SCRIPT_FAIL || script_expect(p, delimiter) != SCRIPT_OK) {
        return SCRIPT_FAIL;
    }

    after = p->cur;
    rc = script_template_until(p, &start, &end, style, &t);

    if (rc != SCRIPT_OK) {
        return rc;
    }

    p->cur = after;
    t->span.start = outer.pos;
    t->span.end = after.pos;
    t->source = script_slice(p, outer.off);
    t->delimiter = delimiter[0];
    *out = t;

    return SCRIPT_OK;
}


enum script_result
script_quoted(struct script_parser *p, struct script_template **out)
{
    return delimited(p, SCRIPT_TEXT_QUOTED, "\"", out);
}


enum script_result
script_quoted_required(struct script_parser *p, struct script_template **out)
{
    enum script_result  rc;

    rc = script_quoted(p, out);

    return rc == SCRIPT_NO ? script_expect(p, "\"") : rc;
}


enum script_result
script_backtick(struct script_parser *p, struct script_template **out)
{
    return delimited(p, SCRIPT_TEXT_BACKTICK, "`", out);
}


/* Text and placeholders in turn, up to a character that the style forbids. */
static enum script_result
mixed(struct script_parser *p, enum script_text_style style,
    struct script_builder *b)
{
    size_t               from;
    enum script_result   rc;
    struct script_char   c;
    struct script_expr  *expr;

    for ( ;; ) {
        rc = script_placeholder(p, &expr);

        if (rc == SCRIPT_OK) {
            rc = script_build_expr(p, b, expr, false);

        } else if (rc == SCRIPT_NO) {
            from = p->cur.off;
            rc = script_char_next(p, style, &c);

            if (rc == SCRIPT_NO) {
                return script_build_flush(p, b);
            }

            if (rc == SCRIPT_OK) {
                rc = script_build_char(p, b, from, &c);
            }
        }

        if (rc != SCRIPT_OK) {
            return rc;
        }
    }
}


/*
 * A bad key is SCRIPT_NO: the line may be something else than a key. A key
 * must not begin with '[', which begins a section or a JSON body.
 */
enum script_result
script_key(struct script_parser *p, struct script_template **out)
{
    struct script_cursor   start;
    struct script_builder  b = { 0 };

    start = p->cur;

    if (script_peek(p) == '[' || mixed(p, SCRIPT_TEXT_KEY, &b) != SCRIPT_OK
        || b.first == NULL)
    {
        p->cur = start;
        return p->no_memory ? SCRIPT_FAIL : SCRIPT_NO;
    }

    return script_build_done(p, &b, &start, out);
}


enum script_result
script_filename(struct script_parser *p, enum script_text_style style,
    struct script_template **out)
{
    enum script_result     rc;
    struct script_cursor   start;
    struct script_builder  b = { 0 };

    start = p->cur;
    rc = mixed(p, style, &b);

    if (rc != SCRIPT_OK) {
        return rc;
    }

    if (b.first == NULL || p->src[start.off] == '[') {
        return script_fail(p, "Parsing filename", start.pos,
                           "expecting a filename");
    }

    return script_build_done(p, &b, &start, out);
}
