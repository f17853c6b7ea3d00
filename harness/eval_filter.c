/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Filters: a value goes in, another comes out. A filter that gets nothing, or
 * a type it cannot work on, is an error at its place in the script.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "encode.h"
#include "eval.h"
#include "regexp.h"

typedef int (*filter_fn)(struct eval *e, const struct script_filter *f,
                         struct value *v);


static int
wrong_input(struct eval *e, const struct script_filter *f,
            const struct value *v)
{
    if (v->kind == VALUE_NOTHING) {
        return eval_fail(e, &f->span, "Missing value to apply filter",
                         "missing value to apply filter");
    }

    return eval_fail(e, &f->span, "Filter error",
                     "invalid filter input: %s", value_kind_name(v));
}


static int
wrong_text(struct eval *e, const struct script_filter *f, const char *what)
{
    return eval_fail(e, &f->span, "Filter error", "%s", what);
}


/* The result of an encoder: NULL is out of memory. */
static int
set_text(struct eval *e, const struct script_filter *f, struct value *v,
         enum value_kind kind, const char *text, size_t len)
{
    if (text == NULL) {
        return wrong_text(e, f, "there is not enough memory");
    }

    memset(v, 0, sizeof(*v));
    v->kind = kind;
    v->text.data = text;
    v->text.len = len;

    return 0;
}


static int
take(struct eval *e, const struct script_filter *f, struct value *v,
     struct strbuf *from)
{
    size_t  len = from->len;
    char   *text = from->failed ? NULL
                   : arena_memdup(e->arena, from->data, len);

    strbuf_free(from);

    return set_text(e, f, v, VALUE_STRING, text, len);
}


/* ---- lists ------------------------------------------------------------- */

static int
count(struct eval *e, const struct script_filter *f, struct value *v)
{
    switch (v->kind) {
    case VALUE_LIST:
    case VALUE_OBJECT:
        *v = value_int((long long) v->count);
        return 0;
    case VALUE_BYTES:
        *v = value_int((long long) v->text.len);
        return 0;
    default:
        return wrong_input(e, f, v);
    }
}


static int
pick(struct eval *e, const struct script_filter *f, struct value *v,
     long long n)
{
    struct value  item;

    if (v->kind != VALUE_LIST) {
        return wrong_input(e, f, v);
    }

    if (n < 0) {
        n += (long long) v->count;
    }

    if (n < 0 || n >= (long long) v->count) {
        return eval_fail(e, &f->span, "Filter error",
                         "out of bound - size is %zu", v->count);
    }

    item = v->items[n];
    *v = item;

    return 0;
}


static int
nth(struct eval *e, const struct script_filter *f, struct value *v)
{
    struct value  n;

    if (eval_value(e, &f->arg, &n) != 0) {
        return -1;
    }

    if (n.kind != VALUE_INT || n.big) {
        return eval_fail(e, &f->arg.span, "Filter error",
                         "nth needs an integer, not %s", value_kind_name(&n));
    }

    return pick(e, f, v, n.integer);
}


static int
first_or_last(struct eval *e, const struct script_filter *f, struct value *v)
{
    if (v->kind == VALUE_LIST && v->count == 0) {
        memset(v, 0, sizeof(*v));
        return 0;
    }

    return pick(e, f, v, f->kind == SCRIPT_FILTER_FIRST ? 0 : -1);
}


static int
split(struct eval *e, const struct script_filter *f, struct value *v)
{
    size_t             n = 1;
    const char        *at, *next, *end;
    struct value      *items;
    struct script_str  by;

    if (v->kind != VALUE_STRING) {
        return wrong_input(e, f, v);
    }
    if (eval_template(e, f->arg.string, &by) != 0) {
        return -1;
    }
    if (by.len == 0) {
        return eval_fail(e, &f->arg.span, "Filter error",
                         "split needs a separator");
    }

    end = v->text.data + v->text.len;
    for (at = v->text.data;
         (at = memmem(at, (size_t) (end - at), by.data, by.len)) != NULL;
         at += by.len)
    {
        n++;
    }

    items = arena_alloc(e->arena, n * sizeof(*items));
    if (items == NULL) {
        return wrong_text(e, f, "there is not enough memory");
    }

    at = v->text.data;
    for (n = 0; at != NULL; at = next, n++) {
        next = memmem(at, (size_t) (end - at), by.data, by.len);
        items[n] = value_string(at, (size_t) ((next ? next : end) - at));
        items[n].text.data = arena_memdup(e->arena, at, items[n].text.len);
        if (items[n].text.data == NULL) {
            return wrong_text(e, f, "there is not enough memory");
        }
        next = next != NULL ? next + by.len : NULL;
    }

    memset(v, 0, sizeof(*v));
    v->kind = VALUE_LIST;
    v->items = items;
    v->count = n;

    return 0;
}


/* ---- text -------------------------------------------------------------- */

static int
replace(struct eval *e, const struct script_filter *f, struct value *v)
{
    const char         *at, *next, *end;
    struct strbuf       out = { 0 };
    struct script_str   old, new;

    if (v->kind != VALUE_STRING) {
        return wrong_input(e, f, v);
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

    return take(e, f, v, &out);
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


static int
regex_filter(struct eval *e, const struct script_filter *f, struct value *v)
{
    int                  rc;
    struct regex        *regex;
    struct regex_match   match;
    struct regex_error   error;

    if (v->kind != VALUE_STRING) {
        return wrong_input(e, f, v);
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

    return set_text(e, f, v, VALUE_STRING,
                    arena_memdup(e->arena, v->text.data + match.start[1],
                                 match.end[1] - match.start[1]),
                    match.end[1] - match.start[1]);
}


static int
replace_regex(struct eval *e, const struct script_filter *f, struct value *v)
{
    int                  rc;
    struct regex        *regex;
    struct strbuf        out = { 0 };
    struct script_str    with;
    struct regex_error   error;

    if (v->kind != VALUE_STRING) {
        return wrong_input(e, f, v);
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

    return take(e, f, v, &out);
}


static int
url_query_param(struct eval *e, const struct script_filter *f,
                struct value *v)
{
    char               *name, *value;
    size_t              len, name_len, value_len;
    const char         *at, *end, *stop, *equal;
    struct script_str   wanted;

    if (v->kind != VALUE_STRING) {
        return wrong_input(e, f, v);
    }
    if (eval_template(e, f->arg.string, &wanted) != 0) {
        return -1;
    }
    if (strstr(v->text.data, "://") == NULL) {
        return wrong_text(e, f, "the input is no URL");
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
            return wrong_text(e, f, "there is not enough memory");
        }
        if (name_len != wanted.len || memcmp(name, wanted.data, name_len)) {
            continue;
        }

        equal += equal < stop;
        value = percent_decode(e->arena, equal, (size_t) (stop - equal),
                               &value_len);

        return set_text(e, f, v, VALUE_STRING, value, value_len);
    }

    memset(v, 0, sizeof(*v));

    return 0;
}


/* ---- encodings --------------------------------------------------------- */

static int
base64_in(struct eval *e, const struct script_filter *f, struct value *v)
{
    char    *text;
    size_t   len = 0, bad;

    if (v->kind != VALUE_STRING) {
        return wrong_input(e, f, v);
    }

    text = base64_decode(e->arena, v->text.data, v->text.len,
                         f->kind == SCRIPT_FILTER_BASE64_DECODE
                         ? BASE64_STANDARD : BASE64_URL, &len, &bad);
    if (text == NULL && bad != ENCODE_OK) {
        return eval_fail(e, &f->span, "Filter error",
                         "value is not valid base64 at byte %zu", bad);
    }

    return set_text(e, f, v, VALUE_BYTES, text, len);
}


static int
base64_out(struct eval *e, const struct script_filter *f, struct value *v)
{
    char    *text;
    size_t   len = 0;

    if (v->kind != VALUE_BYTES) {
        return wrong_input(e, f, v);
    }

    text = base64_encode(e->arena, v->text.data, v->text.len,
                         f->kind == SCRIPT_FILTER_BASE64_ENCODE
                         ? BASE64_STANDARD : BASE64_URL, &len);

    return set_text(e, f, v, VALUE_STRING, text, len);
}


static int
to_hex(struct eval *e, const struct script_filter *f, struct value *v)
{
    if (v->kind != VALUE_BYTES) {
        return wrong_input(e, f, v);
    }

    return set_text(e, f, v, VALUE_STRING,
                    hex_encode(e->arena, v->text.data, v->text.len),
                    2 * v->text.len);
}


static int
url_decode(struct eval *e, const struct script_filter *f, struct value *v)
{
    char    *text;
    size_t   len = 0;

    if (v->kind != VALUE_STRING) {
        return wrong_input(e, f, v);
    }

    text = percent_decode(e->arena, v->text.data, v->text.len, &len);
    if (text != NULL && utf8_check(text, len) != ENCODE_OK) {
        return wrong_text(e, f, "the decoded bytes are no UTF-8");
    }

    return set_text(e, f, v, VALUE_STRING, text, len);
}


static int
url_encode(struct eval *e, const struct script_filter *f, struct value *v)
{
    char    *text;
    size_t   len = 0;

    if (v->kind != VALUE_STRING) {
        return wrong_input(e, f, v);
    }

    text = percent_encode(e->arena, v->text.data, v->text.len, PERCENT_PATH,
                          &len);

    return set_text(e, f, v, VALUE_STRING, text, len);
}


static int
utf8(struct eval *e, const struct script_filter *f, struct value *v)
{
    int  decode = f->kind == SCRIPT_FILTER_UTF8_DECODE;

    if (v->kind != (decode ? VALUE_BYTES : VALUE_STRING)) {
        return wrong_input(e, f, v);
    }
    if (decode && utf8_check(v->text.data, v->text.len) != ENCODE_OK) {
        return wrong_text(e, f, "the bytes are no UTF-8");
    }

    v->kind = decode ? VALUE_STRING : VALUE_BYTES;

    return 0;
}


/* ---- kinds ------------------------------------------------------------- */

static int
to_int(struct eval *e, const struct script_filter *f, struct value *v)
{
    char       *end;
    long long   n;

    if (v->kind == VALUE_INT) {
        return 0;
    }

    if (v->kind == VALUE_FLOAT && fabs(v->number) < 9.2e18) {
        *v = value_int((long long) v->number);
        return 0;
    }

    if (v->kind != VALUE_STRING) {
        return wrong_input(e, f, v);
    }

    errno = 0;
    n = strtoll(v->text.data, &end, 10);
    if (errno != 0 || end == v->text.data
        || end != v->text.data + v->text.len
        || strchr(" \t\n\v\f\r", v->text.data[0]) != NULL)
    {
        return wrong_text(e, f, "the string is no integer");
    }

    *v = value_int(n);

    return 0;
}


static int
to_float(struct eval *e, const struct script_filter *f, struct value *v)
{
    char    *end;
    double   n;

    if (v->kind == VALUE_FLOAT) {
        return 0;
    }

    if (v->kind == VALUE_INT) {
        n = v->big ? strtod(v->text.data, NULL) : (double) v->integer;

    } else if (v->kind == VALUE_STRING) {
        n = strtod(v->text.data, &end);
        if (end == v->text.data || end != v->text.data + v->text.len
            || strspn(v->text.data, "+-.0123456789eE") != v->text.len)
        {
            return wrong_text(e, f, "the string is no number");
        }

    } else {
        return wrong_input(e, f, v);
    }

    memset(v, 0, sizeof(*v));
    v->kind = VALUE_FLOAT;
    v->number = n;

    return 0;
}


static int
to_string(struct eval *e, const struct script_filter *f, struct value *v)
{
    struct strbuf  out = { 0 };

    if (v->kind == VALUE_NOTHING || value_add_rendered(&out, v) != 0) {
        strbuf_free(&out);
        return wrong_input(e, f, v);
    }

    return take(e, f, v, &out);
}


static int
jsonpath(struct eval *e, const struct script_filter *f, struct value *v)
{
    struct script_str          path;
    struct json_error          error;
    const struct json_value   *root;

    if (v->kind != VALUE_STRING) {
        return wrong_input(e, f, v);
    }
    if (eval_template(e, f->arg.string, &path) != 0) {
        return -1;
    }

    root = json_parse(e->arena, v->text.data, v->text.len, &error);
    if (root == NULL) {
        return eval_fail(e, &f->span, "Invalid JSON", "the input is no JSON: "
                         "line %u, column %u: %s", error.line, error.column,
                         error.text);
    }

    return eval_jsonpath(e, &f->arg.span, root, path.data, v);
}


static filter_fn
function_of(enum script_filter_kind kind)
{
    switch (kind) {
    case SCRIPT_FILTER_BASE64_DECODE:
    case SCRIPT_FILTER_BASE64_URL_SAFE_DECODE:
        return base64_in;
    case SCRIPT_FILTER_BASE64_ENCODE:
    case SCRIPT_FILTER_BASE64_URL_SAFE_ENCODE:
        return base64_out;
    case SCRIPT_FILTER_COUNT:
        return count;
    case SCRIPT_FILTER_FIRST:
    case SCRIPT_FILTER_LAST:
        return first_or_last;
    case SCRIPT_FILTER_JSONPATH:
        return jsonpath;
    case SCRIPT_FILTER_NTH:
        return nth;
    case SCRIPT_FILTER_REGEX:
        return regex_filter;
    case SCRIPT_FILTER_REPLACE:
        return replace;
    case SCRIPT_FILTER_REPLACE_REGEX:
        return replace_regex;
    case SCRIPT_FILTER_SPLIT:
        return split;
    case SCRIPT_FILTER_TO_FLOAT:
        return to_float;
    case SCRIPT_FILTER_TO_HEX:
        return to_hex;
    case SCRIPT_FILTER_TO_INT:
        return to_int;
    case SCRIPT_FILTER_TO_STRING:
        return to_string;
    case SCRIPT_FILTER_URL_DECODE:
        return url_decode;
    case SCRIPT_FILTER_URL_ENCODE:
        return url_encode;
    case SCRIPT_FILTER_URL_QUERY_PARAM:
        return url_query_param;
    case SCRIPT_FILTER_UTF8_DECODE:
    case SCRIPT_FILTER_UTF8_ENCODE:
        return utf8;
    default:
        return NULL;
    }
}


int
eval_filters(struct eval *e, const struct script_filter *f, struct value *v)
{
    filter_fn  fn;

    for ( ; f != NULL; f = f->next) {
        fn = function_of(f->kind);

        if (fn == NULL) {
            return eval_fail(e, &f->span, "Filter error",
                             "filter %s is not supported yet", f->name);
        }
        if (v->kind == VALUE_NOTHING) {
            return wrong_input(e, f, v);
        }
        if (fn(e, f, v) != 0) {
            return -1;
        }
    }

    return 0;
}
