/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * XML bodies: finds the end of the root element and checks that the text is
 * well-formed enough to know it (tags match, attributes are quoted). It
 * builds nothing and expands no entity, so it needs no XML library.
 */
#include <stdio.h>
#include <string.h>

#include "harness/hurl/syntax/script_parser.h"

struct scan {
    struct script_parser  *p;
    struct str             open[SCRIPT_MAX_DEPTH];
    size_t                 depth;
    const char            *problem;     /* NULL: none */
    struct script_pos      where;
};


static bool
problem(struct scan *s, const char *text)
{
    s->problem = text;
    s->where = s->p->cur.pos;

    return false;
}


static bool
is_space(int c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}


static bool
is_name(int c)
{
    return script_is_name_char(c) || c == ':' || c == '.';
}


/* Move behind the literal. */
static bool
skip_past(struct scan *s, const char *literal, const char *missing)
{
    while (!script_at_end(s->p)) {
        if (script_accept(s->p, literal)) {
            return true;
        }

        script_advance(s->p);
    }

    return problem(s, missing);
}


/* <!DOCTYPE name [ internal subset ]> */
static bool
skip_doctype(struct scan *s)
{
    int       c, quote;
    unsigned  brackets;

    brackets = 0;
    quote = 0;

    for ( ;; script_advance(s->p)) {
        c = script_peek(s->p);

        if (c < 0) {
            return problem(s, "the document type is not closed");
        }

        if (quote != 0) {
            quote = c == quote ? 0 : quote;

        } else if (c == '"' || c == '\'') {
            quote = c;

        } else if (c == '[') {
            brackets++;

        } else if (c == ']' && brackets > 0) {
            brackets--;

        } else if (c == '>' && brackets == 0) {
            script_advance(s->p);
            return true;
        }
    }
}


static bool
attribute(struct scan *s)
{
    int  quote, c;

    if (script_word(s->p, is_name).len == 0) {
        return problem(s, "expecting an attribute or '>'");
    }

    (void) script_word(s->p, is_space);

    if (!script_accept(s->p, "=")) {
        return problem(s, "an attribute needs a value");
    }

    (void) script_word(s->p, is_space);
    quote = script_peek(s->p);

    if (quote != '"' && quote != '\'') {
        return problem(s, "the value of an attribute must be quoted");
    }

    do {
        script_advance(s->p);
        c = script_peek(s->p);
    } while (c >= 0 && c != quote && c != '<');

    if (c != quote) {
        return problem(s, "the value of an attribute is not closed");
    }

    script_advance(s->p);

    return true;
}


/* Behind '<': name, attributes, '>' or '/>'. */
static bool
start_tag(struct scan *s)
{
    bool        space;
    struct str  name;

    name = script_word(s->p, is_name);

    if (name.len == 0 || script_is_digit(name.data[0])) {
        return problem(s, "expecting the name of an element");
    }

    for ( ;; ) {
        space = script_word(s->p, is_space).len > 0;

        if (script_accept(s->p, "/>")) {
            return true;
        }

        if (script_accept(s->p, ">")) {
            break;
        }

        if (!space) {
            return problem(s, "expecting a space, '>' or '/>'");
        }

        if (!attribute(s)) {
            return false;
        }
    }

    if (s->depth == SCRIPT_MAX_DEPTH) {
        return problem(s, "elements are nested too deeply");
    }

    s->open[s->depth++] = name;

    return true;
}


/* Behind '</'. */
static bool
end_tag(struct scan *s)
{
    struct str         name, open;
    struct script_pos  start;

    start = s->p->cur.pos;
    name = script_word(s->p, is_name);

    if (s->depth == 0) {
        return problem(s, "this closing tag was never opened");
    }

    open = s->open[s->depth - 1];

    if (name.len != open.len || memcmp(name.data, open.data, name.len) != 0) {
        (void) problem(s, "this closing tag does not match the open one");
        s->where = start;
        return false;
    }

    (void) script_word(s->p, is_space);

    if (!script_accept(s->p, ">")) {
        return problem(s, "expecting '>'");
    }

    s->depth--;

    return true;
}


/* One piece of markup, at '<'. Sets `element` for a start or end tag. */
static bool
markup(struct scan *s, bool *element)
{
    *element = false;

    if (script_accept(s->p, "<!--")) {
        return skip_past(s, "-->", "a comment is not closed");
    }

    if (script_accept(s->p, "<?")) {
        return skip_past(s, "?>", "a processing instruction is not closed");
    }

    if (script_accept(s->p, "<![CDATA[")) {
        return s->depth > 0
               ? skip_past(s, "]]>", "a CDATA section is not closed")
               : problem(s, "text outside the root element");
    }

    if (script_accept(s->p, "<!DOCTYPE")) {
        return s->depth == 0 ? skip_doctype(s)
                             : problem(s, "a document type stands before the "
                                       "root element");
    }

    *element = true;

    if (script_accept(s->p, "</")) {
        return end_tag(s);
    }

    script_advance(s->p);

    return start_tag(s);
}


static bool
scan_document(struct scan *s)
{
    int   c;
    bool  element;

    for ( ;; ) {
        c = script_peek(s->p);

        if (c < 0) {
            return problem(s, s->depth == 0 ? "there is no root element"
                                            : "an element is not closed");
        }

        if (c != '<') {
            if (s->depth == 0 && !is_space(c)) {
                return problem(s, "text outside the root element");
            }

            script_advance(s->p);
            continue;
        }

        if (!markup(s, &element)) {
            return false;
        }

        if (element && s->depth == 0) {
            return true;
        }
    }
}


/* The whole document, up to where its root element closes. */
enum script_result
script_xml(struct script_parser *p, struct str *out)
{
    struct scan           s;
    struct script_cursor  start;

    if (script_peek(p) != '<') {
        return SCRIPT_NO;
    }

    start = p->cur;
    s.p = p;
    s.depth = 0;
    s.problem = NULL;

    if (!scan_document(&s)) {
        return script_fail(p, "Parsing XML", start.pos,
                           "invalid XML: line %u, column %u: %s",
                           s.where.line, s.where.column, s.problem);
    }

    *out = script_slice(p, start.off);

    return SCRIPT_OK;
}
