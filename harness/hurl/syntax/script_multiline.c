/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Multiline strings between ``` fences, with their hints and, for GraphQL,
 * the variables behind the query.
 */
#include <string.h>

#include "harness/hurl/syntax/script_parser.h"

#define FENCE  "```"
#define TITLE  "Parsing multiline"

struct header {
    enum script_hint  hint;
    bool              escape;
    bool              novariable;
};


/* One word behind the opening fence: a hint, or an attribute of old files. */
static bool
header_word(struct str word, bool first, struct header *h)
{
    static const char *const  hints[] = {
        [SCRIPT_HINT_JSON] = "json", [SCRIPT_HINT_XML] = "xml",
        [SCRIPT_HINT_GRAPHQL] = "graphql", [SCRIPT_HINT_RAW] = "raw"
    };

    for (size_t i = SCRIPT_HINT_JSON; first && i <= SCRIPT_HINT_RAW; i++) {
        if (script_str_is(word, hints[i])) {
            h->hint = (enum script_hint) i;
            return true;
        }
    }

    if (script_str_is(word, "escape")) {
        h->escape = true;
        return true;
    }

    if (script_str_is(word, "novariable")) {
        h->novariable = true;
        return true;
    }

    return false;
}


static enum script_result
parse_header(struct script_parser *p, struct header *h)
{
    bool               first;
    struct str         word;
    struct script_pos  start, place;

    start = p->cur.pos;
    first = true;

    do {
        (void) script_skip_blanks(p);
        place = p->cur.pos;
        word = script_word(p, script_is_alnum);

        if ((word.len > 0 || !first) && !header_word(word, first, h)) {
            return script_fail(p, TITLE, first ? start : place,
                               "'%.*s' is not a kind of multiline string; "
                               "valid are json, xml, graphql and raw",
                               (int) (word.len < 40 ? word.len : 40),
                               word.data);
        }

        (void) script_skip_blanks(p);
        first = false;
    } while (script_accept(p, ","));

    if (!script_accept_newline(p)) {
        return script_fail(p, TITLE, start, "the text of a multiline string "
                           "must begin on the line behind ```");
    }

    return SCRIPT_OK;
}


/* Text parts as written, for raw and for novariable. */
static enum script_result
plain_text(struct script_parser *p, const struct script_cursor *start,
    const struct script_cursor *end, enum script_text_style style,
    struct script_template **out)
{
    size_t                 from;
    enum script_result     rc;
    struct script_char     c;
    struct script_builder  b = { 0 };

    p->cur = *start;

    while (p->cur.off < end->off) {
        from = p->cur.off;
        rc = script_char_next(p, style, &c);

        if (rc == SCRIPT_OK) {
            rc = script_build_char(p, &b, from, &c);
        }

        if (rc != SCRIPT_OK) {
            return SCRIPT_FAIL;
        }
    }

    return script_build_done(p, &b, start, out);
}


/* `variables {json}` at the beginning of a line of a GraphQL text. */
static enum script_result
graphql_variables(struct script_parser *p, struct script_template **out)
{
    int                   c;
    struct script_cursor  start;

    if (!script_accept(p, "variables")) {
        return SCRIPT_NO;
    }

    (void) script_skip_blanks(p);
    start = p->cur;

    if (script_peek(p) != '{' || script_json(p, out) != SCRIPT_OK) {
        return script_fail(p, "Parsing GraphQL variables", start.pos,
                           "expecting an object as GraphQL variables");
    }

    for (c = script_peek(p); c == ' ' || c == '\t' || c == '\n' || c == '\r';
         c = script_peek(p))
    {
        script_advance(p);
    }

    return SCRIPT_OK;
}


/* Move to the closing fence; `end` is where the text ends. */
static enum script_result
find_end(struct script_parser *p, enum script_text_style style,
    struct script_multiline *m, struct script_cursor *end)
{
    bool                line_start;
    enum script_result  rc;
    struct script_char  c;

    line_start = false;

    while (!script_at_end(p) && !script_looking_at(p, FENCE)) {
        *end = p->cur;

        if (line_start && m->hint == SCRIPT_HINT_GRAPHQL) {
            rc = graphql_variables(p, &m->variables);

            if (rc != SCRIPT_NO) {
                return rc;
            }
        }

        line_start = script_peek(p) == '\n';

        if (script_char_next(p, style, &c) == SCRIPT_FAIL) {
            return SCRIPT_FAIL;
        }
    }

    *end = p->cur;

    return SCRIPT_OK;
}


enum script_result
script_parse_multiline(struct script_parser *p, struct script_multiline **out)
{
    enum script_result        rc;
    struct header             h = { SCRIPT_HINT_NONE, false, false };
    struct script_cursor      start, end, after;
    enum script_text_style    style;
    struct script_multiline  *m;

    if (!script_accept(p, FENCE)) {
        return SCRIPT_NO;
    }

    if (parse_header(p, &h) != SCRIPT_OK) {
        return SCRIPT_FAIL;
    }

    m = script_new(p, sizeof(*m));

    if (m == NULL) {
        return script_no_memory(p);
    }

    m->hint = h.hint;
    style = h.escape ? SCRIPT_TEXT_MULTILINE_ESCAPE : SCRIPT_TEXT_MULTILINE;
    start = p->cur;

    if (find_end(p, style, m, &end) != SCRIPT_OK
        || script_expect(p, FENCE) != SCRIPT_OK)
    {
        return SCRIPT_FAIL;
    }

    after = p->cur;

    if (h.novariable || h.hint == SCRIPT_HINT_RAW) {
        rc = plain_text(p, &start, &end, style, &m->text);
    } else {
        rc = script_template_until(p, &start, &end, style, &m->text);
    }

    p->cur = after;
    *out = m;

    return rc;
}
