/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Templates: text with {{expressions}}. A string is first read to its end, so
 * that its own errors come first, and then split into parts here.
 */
#include "harness/hurl/syntax/script_parser.h"


static enum script_result
expr_name(struct script_parser *p, struct script_expr *expr)
{
    struct script_pos         start;
    enum script_result        rc;
    struct script_template   *name;

    start = p->cur.pos;
    expr->name = script_word(p, script_is_name_char);

    if (expr->name.len == 0) {
        return script_fail(p, "Parsing template variable", start,
                           "expecting a variable");
    }

    if (script_str_is(expr->name, "newUuid")) {
        expr->kind = SCRIPT_EXPR_NEW_UUID;

    } else if (script_str_is(expr->name, "newDate")) {
        expr->kind = SCRIPT_EXPR_NEW_DATE;

    } else if (script_str_is(expr->name, "getEnv")) {
        expr->kind = SCRIPT_EXPR_GET_ENV;
        (void) script_skip_blanks(p);
        start = p->cur.pos;
        rc = script_quoted_required(p, &name);

        if (rc != SCRIPT_OK) {
            return rc;
        }

        if (name->parts == NULL || name->parts->next != NULL
            || name->parts->expr != NULL)
        {
            return script_fail(p, "Parsing template variable", start,
                               "getEnv needs the plain name of an "
                               "environment variable");
        }

        expr->name = name->parts->text;
    }

    return SCRIPT_OK;
}


/* Name or function, then filters; stops before what it does not know. */
static enum script_result
parse_expr(struct script_parser *p, struct script_expr **out)
{
    struct script_expr  *expr;
    enum script_result   rc;

    expr = script_new(p, sizeof(*expr));

    if (expr == NULL) {
        return script_no_memory(p);
    }

    if (p->depth >= SCRIPT_MAX_DEPTH) {
        return script_fail(p, "Parsing template variable", p->cur.pos,
                           "templates are nested too deeply");
    }

    p->depth++;
    (void) script_skip_blanks(p);
    expr->span.start = p->cur.pos;
    rc = expr_name(p, expr);

    if (rc == SCRIPT_OK) {
        rc = script_filters(p, &expr->filters);
    }

    expr->span.end = p->cur.pos;
    (void) script_skip_blanks(p);
    p->depth--;
    *out = expr;

    return rc;
}


/* {{expr}} on its own. */
enum script_result
script_placeholder(struct script_parser *p, struct script_expr **out)
{
    enum script_result  rc;

    if (!script_accept(p, "{{")) {
        return SCRIPT_NO;
    }

    rc = parse_expr(p, out);

    return rc == SCRIPT_OK ? script_expect(p, "}}") : rc;
}


/*
 * Read up to the }} inside a string. Sets `inner` to parse what is between:
 * the source itself, or a copy when it holds escapes such as \".
 */
static enum script_result
find_expr_end(struct script_parser *p, enum script_text_style style,
    size_t end, struct script_parser *inner)
{
    bool                   escaped, brace;
    size_t                 from;
    enum script_result     rc;
    struct script_char     c;
    struct script_cursor   start;
    struct script_builder  text = { 0 };

    start = p->cur;
    escaped = false;
    brace = false;

    while (p->cur.off < end) {
        from = p->cur.off;

        if (script_char_next(p, style, &c) != SCRIPT_OK) {
            break;
        }

        escaped |= c.escaped;

        if (brace && !c.escaped && c.bytes[0] == '}') {
            *inner = *p;
            inner->cur = start;
            inner->len = p->cur.off - 2;

            if (escaped) {
                inner->src = text.text;
                inner->len = text.len - 1;
                inner->cur.off = 0;
            }

            return SCRIPT_OK;
        }

        brace = !c.escaped && c.bytes[0] == '}';
        rc = script_build_char(p, &text, from, &c);

        if (rc != SCRIPT_OK) {
            return rc;
        }
    }

    return script_fail(p, "Parsing literal", p->cur.pos, "expecting '}}'");
}


static enum script_result
inner_expr(struct script_parser *p, enum script_text_style style, size_t end,
    struct script_builder *b)
{
    enum script_result    rc;
    struct script_expr   *expr;
    struct script_parser  inner;

    rc = find_expr_end(p, style, end, &inner);

    if (rc != SCRIPT_OK) {
        return rc;
    }

    rc = parse_expr(&inner, &expr);
    p->no_memory |= inner.no_memory;

    if (rc != SCRIPT_OK) {
        return rc;
    }

    if (!script_at_end(&inner)) {
        return script_fail(p, "Parsing literal", inner.cur.pos,
                           "expecting '}}'");
    }

    return script_build_expr(p, b, expr, style == SCRIPT_TEXT_JSON);
}


/* JSON text stays as written, all other text loses its escapes. */
static enum script_result
add_char(struct script_parser *p, enum script_text_style style, size_t from,
    const struct script_char *c, struct script_builder *b)
{
    struct str  raw;

    if (style == SCRIPT_TEXT_JSON) {
        raw = script_slice(p, from);
        return script_build_text(p, b, raw.data, raw.len);
    }

    return script_build_char(p, b, from, c);
}


/* Split the text from start to end, which holds no bad escapes any more. */
enum script_result
script_templatize(struct script_parser *p, const struct script_cursor *start,
    const struct script_cursor *end, enum script_text_style style,
    struct script_builder *b)
{
    size_t              from;
    enum script_result  rc;
    struct script_char  c;

    p->cur = *start;

    while (p->cur.off < end->off) {
        if (end->off - p->cur.off >= 2 && script_accept(p, "{{")) {
            rc = inner_expr(p, style, end->off, b);

        } else {
            from = p->cur.off;
            rc = script_char_next(p, style, &c);

            if (rc == SCRIPT_OK) {
                rc = add_char(p, style, from, &c, b);
            }
        }

        if (rc == SCRIPT_NO) {
            break;
        }

        if (rc != SCRIPT_OK) {
            return rc;
        }
    }

    p->cur = *end;

    return SCRIPT_OK;
}


/* The same, as a template of its own without delimiters. */
enum script_result
script_template_until(struct script_parser *p,
    const struct script_cursor *start, const struct script_cursor *end,
    enum script_text_style style, struct script_template **out)
{
    enum script_result     rc;
    struct script_builder  b = { 0 };

    rc = script_templatize(p, start, end, style, &b);

    if (rc != SCRIPT_OK) {
        return rc;
    }

    return script_build_done(p, &b, start, out);
}
