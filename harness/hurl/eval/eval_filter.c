/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Filters: a value goes in, another comes out. A filter that gets nothing, or
 * a type it cannot work on, is an error at its place in the script.
 */
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "lib/base/arena.h"
#include "harness/hurl/eval/eval_filter.h"

typedef int (*filter_fn)(struct eval *e, const struct script_filter *f,
                         struct value *v);


int
eval_filter_input(struct eval *e, const struct script_filter *f,
            const struct value *v)
{
    struct strbuf  shown = { 0 };

    if (v->kind == VALUE_NOTHING) {
        return eval_fail(e, &f->span, "Filter error",
                         "missing value to apply filter");
    }

    value_add_shown(&shown, v);
    (void) eval_fail(e, &f->span, "Filter error", "invalid filter input: %s",
                     shown.data != NULL ? shown.data : value_kind_name(v));
    strbuf_free(&shown);

    return -1;
}


int
eval_filter_fail(struct eval *e, const struct script_filter *f,
                 const char *what)
{
    return eval_fail(e, &f->span, "Filter error", "%s", what);
}


/* The result of an encoder: NULL is out of memory. */
int
eval_filter_set(struct eval *e, const struct script_filter *f, struct value *v,
         enum value_kind kind, const char *text, size_t len)
{
    if (text == NULL) {
        return eval_filter_fail(e, f, "there is not enough memory");
    }

    memset(v, 0, sizeof(*v));
    v->kind = kind;
    v->text.data = text;
    v->text.len = len;

    return 0;
}


int
eval_filter_take(struct eval *e, const struct script_filter *f, struct value *v,
     struct strbuf *from)
{
    size_t  len = from->len;
    char   *text = from->failed ? NULL
                   : arena_memdup(e->arena, from->data, len);

    strbuf_free(from);

    return eval_filter_set(e, f, v, VALUE_STRING, text, len);
}


/* ---- lists ------------------------------------------------------------- */

static int
count(struct eval *e, const struct script_filter *f, struct value *v)
{
    switch (v->kind) {
    case VALUE_LIST:
        *v = value_int((long long) v->count);
        return 0;
    case VALUE_BYTES:
        *v = value_int((long long) v->text.len);
        return 0;
    default:
        return eval_filter_input(e, f, v);
    }
}


static int
pick(struct eval *e, const struct script_filter *f, struct value *v,
     long long n)
{
    struct value  item;

    if (v->kind != VALUE_LIST) {
        return eval_filter_input(e, f, v);
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
        return eval_expect(e, &f->arg, "integer", &n);
    }

    return pick(e, f, v, n.integer);
}


static int
first_or_last(struct eval *e, const struct script_filter *f, struct value *v)
{
    if (v->kind == VALUE_LIST && v->count == 0) {
        return eval_filter_fail(e, f, "list is empty");
    }

    return pick(e, f, v, f->kind == SCRIPT_FILTER_FIRST ? 0 : -1);
}


/* ---- kinds ------------------------------------------------------------- */

/* What does not fit becomes the nearest that does; NaN is 0. */
static long long
truncated(double number)
{
    if (isnan(number)) {
        return 0;
    }

    return number >= 9223372036854775808.0 ? LLONG_MAX
           : number < -9223372036854775808.0 ? LLONG_MIN
           : (long long) number;
}


static int
to_int(struct eval *e, const struct script_filter *f, struct value *v)
{
    char        *end;
    long long    n;
    const char  *text;

    if (v->kind == VALUE_INT && !v->big) {
        return 0;
    }

    if (v->kind == VALUE_FLOAT) {
        *v = value_int(truncated(v->number));
        return 0;
    }

    if (v->kind != VALUE_STRING) {
        return eval_filter_input(e, f, v);
    }

    text = arena_memdup(e->arena, v->text.data, v->text.len);
    if (text == NULL) {
        return eval_no_memory(e, &f->span);
    }

    errno = 0;
    n = strtoll(text, &end, 10);
    if (errno != 0 || end == text || end != text + v->text.len
        || strchr(" \t\n\v\f\r", text[0]) != NULL)
    {
        return eval_filter_input(e, f, v);
    }

    *v = value_int(n);

    return 0;
}


/* 0, or -1. strtod takes more: blanks, hex digits, "nan(..)". */
static int
read_float(const char *text, size_t len, double *number)
{
    char                     *end;
    size_t                    i;
    const char               *p = text + (*text == '+' || *text == '-');
    static const char *const  words[] = { "inf", "infinity", "nan" };

    *number = strtod(text, &end);

    for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcasecmp(p, words[i]) == 0) {
            return 0;
        }
    }

    return strspn(text, "+-.0123456789eE") == len && end == text + len
           && len > 0 ? 0 : -1;
}


static int
to_float(struct eval *e, const struct script_filter *f, struct value *v)
{
    double       n;
    const char  *text;

    if (v->kind == VALUE_FLOAT) {
        return 0;
    }

    if (v->kind == VALUE_INT && !v->big) {
        n = (double) v->integer;

    } else if (v->kind == VALUE_STRING) {
        text = arena_memdup(e->arena, v->text.data, v->text.len);
        if (text == NULL) {
            return eval_no_memory(e, &f->span);
        }
        if (read_float(text, v->text.len, &n) != 0) {
            return eval_filter_input(e, f, v);
        }

    } else {
        return eval_filter_input(e, f, v);
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

    if (value_add_rendered(&out, v) != 0) {
        strbuf_free(&out);
        return eval_filter_input(e, f, v);
    }

    return eval_filter_take(e, f, v, &out);
}


static int
charset_decode(struct eval *e, const struct script_filter *f, struct value *v)
{
    struct str  name;

    if (v->kind != VALUE_BYTES) {
        return eval_filter_input(e, f, v);
    }

    return eval_template(e, f->arg.string, &name) != 0 ? -1
           : eval_decode(e, &f->span, "Filter error", name.data,
                         v->text.data, v->text.len, v);
}


/* Whole days, counted from now. */
static int
days(struct eval *e, const struct script_filter *f, struct value *v)
{
    long long  n;

    if (v->kind != VALUE_DATE) {
        return eval_filter_input(e, f, v);
    }

    n = (v->integer - (long long) time(NULL)) / 86400;
    *v = value_int(f->kind == SCRIPT_FILTER_DAYS_AFTER_NOW ? n : -n);

    return 0;
}


static int
filter_jsonpath(struct eval *e, const struct script_filter *f, struct value *v)
{
    struct str                path;
    struct json_error         error;
    const struct json_value  *root;

    if (v->kind != VALUE_STRING) {
        return eval_filter_input(e, f, v);
    }
    if (eval_template(e, f->arg.string, &path) != 0) {
        return -1;
    }

    root = json_parse(e->arena, v->text.data, v->text.len, &error);
    if (root == NULL) {
        return eval_fail(e, &f->span, "Invalid JSON", "the input is not JSON: "
                         "line %u, column %u: %s", error.line, error.column,
                         error.text);
    }

    return eval_jsonpath(e, &f->arg.span, root, path.data, v);
}


/* By kind; NULL: not supported yet. */
static const filter_fn  functions[SCRIPT_FILTER_XPATH + 1] = {
    [SCRIPT_FILTER_BASE64_DECODE] = eval_base64_in,
    [SCRIPT_FILTER_BASE64_URL_SAFE_DECODE] = eval_base64_in,
    [SCRIPT_FILTER_BASE64_ENCODE] = eval_base64_out,
    [SCRIPT_FILTER_BASE64_URL_SAFE_ENCODE] = eval_base64_out,
    [SCRIPT_FILTER_CHARSET_DECODE] = charset_decode,
    [SCRIPT_FILTER_COUNT] = count,
    [SCRIPT_FILTER_DATE_FORMAT] = eval_date_format,
    [SCRIPT_FILTER_DAYS_AFTER_NOW] = days,
    [SCRIPT_FILTER_DAYS_BEFORE_NOW] = days,
    [SCRIPT_FILTER_FIRST] = first_or_last,
    [SCRIPT_FILTER_LAST] = first_or_last,
    [SCRIPT_FILTER_HTML_ESCAPE] = eval_html_escape,
    [SCRIPT_FILTER_JSONPATH] = filter_jsonpath,
    [SCRIPT_FILTER_NTH] = nth,
    [SCRIPT_FILTER_REGEX] = eval_regex,
    [SCRIPT_FILTER_REPLACE] = eval_replace,
    [SCRIPT_FILTER_REPLACE_REGEX] = eval_replace_regex,
    [SCRIPT_FILTER_SPLIT] = eval_split,
    [SCRIPT_FILTER_TO_DATE] = eval_to_date,
    [SCRIPT_FILTER_TO_FLOAT] = to_float,
    [SCRIPT_FILTER_TO_HEX] = eval_to_hex,
    [SCRIPT_FILTER_TO_INT] = to_int,
    [SCRIPT_FILTER_TO_STRING] = to_string,
    [SCRIPT_FILTER_URL_DECODE] = eval_url_decode,
    [SCRIPT_FILTER_URL_ENCODE] = eval_url_encode,
    [SCRIPT_FILTER_URL_QUERY_PARAM] = eval_url_query_param,
    [SCRIPT_FILTER_UTF8_DECODE] = eval_utf8,
    [SCRIPT_FILTER_UTF8_ENCODE] = eval_utf8,
};


int
eval_filters(struct eval *e, const struct script_filter *f, struct value *v)
{
    filter_fn  fn;

    for ( ; f != NULL; f = f->next) {
        fn = functions[f->kind];

        if (fn == NULL) {
            return eval_fail(e, &f->span, "Filter error",
                             "filter %s is not supported yet", f->name);
        }
        if (v->kind == VALUE_NOTHING) {
            return eval_filter_input(e, f, v);
        }
        if (fn(e, f, v) != 0) {
            return -1;
        }
    }

    return 0;
}
