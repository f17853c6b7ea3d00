/* SPDX-License-Identifier: BSD-2-Clause */
/* Filters that make texts of texts. */
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/encode.h"
#include "harness/hurl/eval/eval_filter.h"
#include "lib/regex/regexp.h"


/* ---- text -------------------------------------------------------------- */

/*
 * Where old stands from *at on, which is moved behind it. An empty old stands
 * before each character and at the end; *at is NULL then.
 */
static const char *
next_match(const char **at, const char *end, const struct str *old)
{
    size_t       n;
    uint32_t     code;
    const char  *found = *at;

    if (old->len > 0) {
        found = memmem(*at, (size_t) (end - *at), old->data, old->len);
        *at = found != NULL ? found + old->len : NULL;

    } else {
        /* a variable from outside may be no UTF-8: byte by byte then */
        n = utf8_decode(found, (size_t) (end - found), &code);
        *at = found == end ? NULL : found + (n > 0 ? n : 1);
    }

    return found;
}


/* A piece of a text as an item of a list; 0, or -1: no memory. */
static int
set_piece(struct eval *e, struct value *item, const char *from,
          const char *end)
{
    size_t  len = (size_t) (end - from);

    *item = value_string(arena_memdup(e->arena, from, len), len);

    return item->text.data != NULL ? 0 : -1;
}


int
eval_split(struct eval *e, const struct script_filter *f, struct value *v)
{
    size_t         n = 1, count;
    const char    *at, *from, *next, *end;
    struct value  *items;
    struct str     by;

    if (v->kind != VALUE_STRING) {
        return eval_filter_input(e, f, v);
    }
    if (eval_template(e, f->arg.string, &by) != 0) {
        return -1;
    }

    end = v->text.data + v->text.len;
    for (at = v->text.data; at != NULL && next_match(&at, end, &by) != NULL;
         n++)
    {
        /* counting */
    }

    items = arena_alloc(e->arena, n * sizeof(*items));
    at = from = v->text.data;

    for (count = 0; items != NULL && count < n; count++) {
        next = at != NULL ? next_match(&at, end, &by) : NULL;
        if (set_piece(e, &items[count], from, next != NULL ? next : end)
            != 0)
        {
            items = NULL;
        }
        from = next != NULL ? next + by.len : end;
    }

    if (items == NULL) {
        return eval_no_memory(e, &f->span);
    }

    memset(v, 0, sizeof(*v));
    v->kind = VALUE_LIST;
    v->items = items;
    v->count = n;

    return 0;
}


int
eval_replace(struct eval *e, const struct script_filter *f, struct value *v)
{
    const char    *at, *from, *next, *end;
    struct strbuf  out = { 0 };
    struct str     old, new;

    if (v->kind != VALUE_STRING) {
        return eval_filter_input(e, f, v);
    }
    if (eval_template(e, f->arg.string, &old) != 0
        || eval_template(e, f->arg2.string, &new) != 0)
    {
        return -1;
    }

    at = from = v->text.data;
    end = at + v->text.len;

    while (at != NULL && (next = next_match(&at, end, &old)) != NULL) {
        strbuf_add(&out, from, (size_t) (next - from));
        strbuf_add(&out, new.data, new.len);
        from = next + old.len;
    }

    strbuf_add(&out, from, (size_t) (end - from));

    return eval_filter_take(e, f, v, &out);
}


int
eval_html_escape(struct eval *e, const struct script_filter *f,
                 struct value *v)
{
    size_t         i;
    const char    *found;
    struct strbuf  out = { 0 };
    static const char         special[] = "&<>\"'";
    static const char *const  names[] = {
        "&amp;", "&lt;", "&gt;", "&quot;", "&#x27;"
    };

    if (v->kind != VALUE_STRING) {
        return eval_filter_input(e, f, v);
    }

    for (i = 0; i < v->text.len; i++) {
        found = v->text.data[i] != '\0' ? strchr(special, v->text.data[i])
                                        : NULL;
        if (found != NULL) {
            strbuf_addstr(&out, names[found - special]);
        } else {
            strbuf_addch(&out, v->text.data[i]);
        }
    }

    return eval_filter_take(e, f, v, &out);
}


/* The pattern of a filter: /../ or a string. */
static struct regex *
pattern(struct eval *e, const struct script_filter *f)
{
    struct regex        *regex;
    struct value         text;
    struct regex_error   error;

    if (eval_value(e, &f->arg, &text) != 0) {
        return NULL;
    }

    regex = regex_new(e->arena, text.text.data, text.text.len, REGEX_HURL,
                      &error);
    if (regex == NULL) {
        (void) eval_fail(e, &f->arg.span, "Invalid regex", "%s",
                         error.message);
    }

    return regex;
}


int
eval_regex(struct eval *e, const struct script_filter *f, struct value *v)
{
    int                  rc;
    struct regex        *regex;
    struct regex_match   match;
    struct regex_error   error;

    if (v->kind != VALUE_STRING) {
        return eval_filter_input(e, f, v);
    }

    regex = pattern(e, f);
    if (regex == NULL) {
        return -1;
    }

    rc = regex_find(regex, v->text.data, v->text.len, 0, &match, &error);

    if (rc < 0) {
        return eval_fail(e, &f->span, "Filter error", "%s", error.message);
    }

    if (rc == 0 || match.count < 2 || match.start[1] == REGEX_NONE) {
        memset(v, 0, sizeof(*v));
        return 0;
    }

    return eval_filter_set(e, f, v, VALUE_STRING,
                    arena_memdup(e->arena, v->text.data + match.start[1],
                                 match.end[1] - match.start[1]),
                    match.end[1] - match.start[1]);
}


int
eval_replace_regex(struct eval *e, const struct script_filter *f,
                   struct value *v)
{
    int                 rc;
    struct regex       *regex;
    struct strbuf       out = { 0 };
    struct str          with;
    struct regex_error  error;

    if (v->kind != VALUE_STRING) {
        return eval_filter_input(e, f, v);
    }
    if (eval_template(e, f->arg2.string, &with) != 0) {
        return -1;
    }

    regex = pattern(e, f);
    if (regex == NULL) {
        return -1;
    }

    rc = regex_replace_all(regex, v->text.data, v->text.len, with.data,
                           with.len, &out, &error);

    if (rc != 0) {
        strbuf_free(&out);
        return eval_fail(e, &f->span, "Filter error", "%s", error.message);
    }

    return eval_filter_take(e, f, v, &out);
}
