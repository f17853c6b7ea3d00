/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Builds the parts of a template: text that is added piece by piece, and
 * expressions between. Most text stands in the source as it is and is only
 * pointed to, which keeps large scripts small.
 */
#include <string.h>

#include "harness/hurl/syntax/script_parser.h"


static bool
in_source(const struct script_parser *p, const char *data)
{
    return data >= p->src && data < p->src + p->len;
}


static enum script_result
grow(struct script_parser *p, struct script_builder *b, size_t len)
{
    char    *grown;
    size_t   cap;

    if (b->own || b->cap < b->len + len) {
        cap = 2 * (b->len + len) + 32;
        grown = script_new(p, cap);

        if (grown == NULL) {
            return script_no_memory(p);
        }

        b->buf = grown;
        b->cap = cap;
    }

    if (b->len > 0) {
        memcpy(b->buf, b->text, b->len);
    }

    b->text = b->buf;
    b->own = true;

    return SCRIPT_OK;
}


/* Collect text of the part that is being built. */
enum script_result
script_build_text(struct script_parser *p, struct script_builder *b,
    const char *data, size_t len)
{
    enum script_result  rc;

    if (b->len == 0 && in_source(p, data)) {
        b->text = data;
        b->len = len;
        b->own = false;
        return SCRIPT_OK;
    }

    if (!b->own && b->len > 0 && b->text + b->len == data) {
        b->len += len;
        return SCRIPT_OK;
    }

    if (!b->own || len > b->cap - b->len) {
        rc = grow(p, b, len);

        if (rc != SCRIPT_OK) {
            return rc;
        }
    }

    memcpy(b->buf + b->len, data, len);
    b->len += len;

    return SCRIPT_OK;
}


/* The character that was just read, from offset `from` on. */
enum script_result
script_build_char(struct script_parser *p, struct script_builder *b,
    size_t from, const struct script_char *c)
{
    if (c->escaped) {
        return script_build_text(p, b, c->bytes, c->len);
    }

    return script_build_text(p, b, p->src + from, p->cur.off - from);
}


static struct script_part *
add_part(struct script_parser *p, struct script_builder *b)
{
    struct script_part  *part;

    part = script_new(p, sizeof(*part));

    if (part == NULL) {
        return NULL;
    }

    if (b->last != NULL) {
        b->last->next = part;
    } else {
        b->first = part;
    }

    b->last = part;

    return part;
}


/* Make the collected text, if any, a part. */
enum script_result
script_build_flush(struct script_parser *p, struct script_builder *b)
{
    struct script_part  *part;

    if (b->len == 0) {
        return SCRIPT_OK;
    }

    part = add_part(p, b);

    if (part == NULL) {
        return script_no_memory(p);
    }

    part->text = (struct str) { b->text, b->len };

    if (b->own) {
        b->buf += b->len;
        b->cap -= b->len;
    }

    b->len = 0;
    b->own = false;

    return SCRIPT_OK;
}


enum script_result
script_build_expr(struct script_parser *p, struct script_builder *b,
    struct script_expr *expr, bool in_string)
{
    struct script_part  *part;
    enum script_result   rc;

    rc = script_build_flush(p, b);

    if (rc != SCRIPT_OK) {
        return rc;
    }

    part = add_part(p, b);

    if (part == NULL) {
        return script_no_memory(p);
    }

    part->expr = expr;
    part->in_string = in_string;

    return SCRIPT_OK;
}


/* The template runs from start to the cursor. */
enum script_result
script_build_done(struct script_parser *p, struct script_builder *b,
    const struct script_cursor *start, struct script_template **out)
{
    struct script_template  *t;

    if (script_build_flush(p, b) != SCRIPT_OK) {
        return SCRIPT_FAIL;
    }

    t = script_new(p, sizeof(*t));

    if (t == NULL) {
        return script_no_memory(p);
    }

    t->span.start = start->pos;
    t->span.end = p->cur.pos;
    t->source = script_slice(p, start->off);
    t->parts = b->first;
    *out = t;

    return SCRIPT_OK;
}
