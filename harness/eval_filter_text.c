/* SPDX-License-Identifier: BSD-2-Clause */
/* Filters that make texts of texts, and encodings. */
#include <string.h>

#include "arena.h"
#include "encode.h"
#include "eval_filter.h"
#include "regexp.h"


/* ---- text -------------------------------------------------------------- */

int
eval_replace(struct eval *e, const struct script_filter *f, struct value *v)
{
    const char         *at, *next, *end;
    struct strbuf       out = { 0 };
    struct script_str   old, new;

    if (v->kind != VALUE_STRING) {
        return eval_filter_input(e, f, v);
    }
    if (eval_template(e, f->arg.string, &old) != 0
        || eval_template(e, f->arg2.string, &new) != 0)
    {
        return -1;
    }

    end = v->text.data + v->text.len;

    for (at = v->text.data; old.len > 0
         && (next = memmem(at, (size_t) (end - at), old.data, old.len));
         at = next + old.len)
    {
        strbuf_add(&out, at, (size_t) (next - at));
        strbuf_add(&out, new.data, new.len);
    }

    strbuf_add(&out, at, (size_t) (end - at));

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
    int                  rc;
    struct regex        *regex;
    struct strbuf        out = { 0 };
    struct script_str    with;
    struct regex_error   error;

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


int
eval_url_query_param(struct eval *e, const struct script_filter *f,
                struct value *v)
{
    char               *name, *value;
    size_t              len, name_len, value_len;
    const char         *at, *end, *stop, *equal;
    struct script_str   wanted;

    if (v->kind != VALUE_STRING) {
        return eval_filter_input(e, f, v);
    }
    if (eval_template(e, f->arg.string, &wanted) != 0) {
        return -1;
    }
    if (strstr(v->text.data, "://") == NULL) {
        return eval_filter_fail(e, f, "the input is no URL");
    }

    at = strchr(v->text.data, '?');
    len = at != NULL ? strcspn(++at, "#") : 0;
    end = len > 0 ? at + len : NULL;

    for ( ; end != NULL && at <= end; at = stop + 1) {
        stop = memchr(at, '&', (size_t) (end - at));
        stop = stop != NULL ? stop : end;
        equal = memchr(at, '=', (size_t) (stop - at));
        equal = equal != NULL ? equal : stop;

        name = percent_decode(e->arena, at, (size_t) (equal - at), &name_len);
        if (name == NULL) {
            return eval_filter_fail(e, f, "there is not enough memory");
        }
        if (name_len != wanted.len || memcmp(name, wanted.data, name_len)) {
            continue;
        }

        equal += equal < stop;
        value = percent_decode(e->arena, equal, (size_t) (stop - equal),
                               &value_len);

        return eval_filter_set(e, f, v, VALUE_STRING, value, value_len);
    }

    memset(v, 0, sizeof(*v));

    return 0;
}


/* ---- encodings --------------------------------------------------------- */

int
eval_base64_in(struct eval *e, const struct script_filter *f, struct value *v)
{
    char    *text;
    size_t   len = 0, bad;

    if (v->kind != VALUE_STRING) {
        return eval_filter_input(e, f, v);
    }

    text = base64_decode(e->arena, v->text.data, v->text.len,
                         f->kind == SCRIPT_FILTER_BASE64_DECODE
                         ? BASE64_STANDARD : BASE64_URL, &len, &bad);
    if (text == NULL && bad != ENCODE_OK) {
        return eval_fail(e, &f->span, "Filter error",
                         "value is not valid base64 at byte %zu", bad);
    }

    return eval_filter_set(e, f, v, VALUE_BYTES, text, len);
}


int
eval_base64_out(struct eval *e, const struct script_filter *f, struct value *v)
{
    char    *text;
    size_t   len = 0;

    if (v->kind != VALUE_BYTES) {
        return eval_filter_input(e, f, v);
    }

    text = base64_encode(e->arena, v->text.data, v->text.len,
                         f->kind == SCRIPT_FILTER_BASE64_ENCODE
                         ? BASE64_STANDARD : BASE64_URL, &len);

    return eval_filter_set(e, f, v, VALUE_STRING, text, len);
}


int
eval_to_hex(struct eval *e, const struct script_filter *f, struct value *v)
{
    if (v->kind != VALUE_BYTES) {
        return eval_filter_input(e, f, v);
    }

    return eval_filter_set(e, f, v, VALUE_STRING,
                    hex_encode(e->arena, v->text.data, v->text.len),
                    2 * v->text.len);
}


int
eval_url_decode(struct eval *e, const struct script_filter *f, struct value *v)
{
    char    *text;
    size_t   len = 0;

    if (v->kind != VALUE_STRING) {
        return eval_filter_input(e, f, v);
    }

    text = percent_decode(e->arena, v->text.data, v->text.len, &len);
    if (text != NULL && utf8_check(text, len) != ENCODE_OK) {
        return eval_filter_fail(e, f, "the decoded bytes are no UTF-8");
    }

    return eval_filter_set(e, f, v, VALUE_STRING, text, len);
}


int
eval_url_encode(struct eval *e, const struct script_filter *f, struct value *v)
{
    char    *text;
    size_t   len = 0;

    if (v->kind != VALUE_STRING) {
        return eval_filter_input(e, f, v);
    }

    text = percent_encode(e->arena, v->text.data, v->text.len, PERCENT_PATH,
                          &len);

    return eval_filter_set(e, f, v, VALUE_STRING, text, len);
}


int
eval_utf8(struct eval *e, const struct script_filter *f, struct value *v)
{
    int  decode = f->kind == SCRIPT_FILTER_UTF8_DECODE;

    if (v->kind != (decode ? VALUE_BYTES : VALUE_STRING)) {
        return eval_filter_input(e, f, v);
    }
    if (decode && utf8_check(v->text.data, v->text.len) != ENCODE_OK) {
        return eval_filter_fail(e, f, "the bytes are no UTF-8");
    }

    v->kind = decode ? VALUE_STRING : VALUE_BYTES;

    return 0;
}
