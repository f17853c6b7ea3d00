/* SPDX-License-Identifier: BSD-2-Clause */
/* Filters that decode and encode: parts of URLs, base64, hex, UTF-8. */
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/encode.h"
#include "lib/base/url_parts.h"
#include "harness/hurl/eval/eval_filter.h"


/* A part of a query: '+' is a blank, bytes that are no UTF-8 are replaced. */
static int
query_part(struct eval *e, const char *from, const char *end,
           struct str *to)
{
    char           *text = arena_memdup(e->arena, from,
                                        (size_t) (end - from));
    size_t          i, n, len;
    uint32_t        code;
    struct strbuf   out = { 0 };

    for (i = 0; text != NULL && text[i] != '\0'; i++) {
        text[i] = text[i] == '+' ? ' ' : text[i];
    }

    text = text == NULL ? NULL
           : percent_decode(e->arena, text, (size_t) (end - from), &len);

    for (i = 0; text != NULL && i < len; i += n) {
        n = utf8_decode(text + i, len - i, &code);
        strbuf_add(&out, n > 0 ? text + i : "\xef\xbf\xbd", n > 0 ? n : 3);
        n += (n == 0);
    }

    to->len = out.len;
    to->data = text == NULL || out.failed ? NULL
               : arena_memdup(e->arena, out.data, out.len);
    strbuf_free(&out);

    return to->data != NULL ? 0 : -1;
}


/* The value of the first parameter of that name. 0, or -1: no memory. */
static int
find_param(struct eval *e, const char *url, const struct str *wanted,
           struct str *found)
{
    const char        *at, *stop, *equal;
    struct str         name;
    struct url_parts   parts;

    url_split(url, &parts);
    found->data = NULL;

    for (at = parts.query + (*parts.query == '?'); at < parts.fragment;
         at = stop + 1)
    {
        stop = memchr(at, '&', (size_t) (parts.fragment - at));
        stop = stop != NULL ? stop : parts.fragment;
        equal = memchr(at, '=', (size_t) (stop - at));
        equal = equal != NULL ? equal : stop;

        if (query_part(e, at, equal, &name) != 0) {
            return -1;
        }
        if (stop > at && name.len == wanted->len
            && memcmp(name.data, wanted->data, name.len) == 0)
        {
            return query_part(e, equal + (equal < stop), stop, found);
        }
    }

    return 0;
}


int
eval_url_query_param(struct eval *e, const struct script_filter *f,
                     struct value *v)
{
    const char  *url;
    struct str   wanted, found;

    if (v->kind != VALUE_STRING) {
        return eval_filter_input(e, f, v);
    }
    if (eval_template(e, f->arg.string, &wanted) != 0) {
        return -1;
    }

    url = arena_memdup(e->arena, v->text.data, v->text.len);
    if (url == NULL) {
        return eval_no_memory(e, &f->span);
    }
    if (strncmp(url, "http://", 7) != 0 && strncmp(url, "https://", 8) != 0) {
        return eval_fail(e, &f->span, "Invalid URL", "invalid URL <%s> "
                         "(missing protocol http or https)", url);
    }
    if (find_param(e, url, &wanted, &found) != 0) {
        return eval_no_memory(e, &f->span);
    }
    if (found.data != NULL) {
        return eval_filter_set(e, f, v, VALUE_STRING, found.data, found.len);
    }

    memset(v, 0, sizeof(*v));

    return 0;
}


/* ---- encodings --------------------------------------------------------- */

/* Only what encoding would have made: padding and spare bits count. */
static int
is_canonical(struct eval *e, const struct str *text, const char *bytes,
             size_t len, enum base64_alphabet alphabet)
{
    size_t  again_len;
    char   *again = base64_encode(e->arena, bytes, len, alphabet, &again_len);

    return again != NULL && again_len == text->len
           && memcmp(again, text->data, again_len) == 0;
}


int
eval_base64_in(struct eval *e, const struct script_filter *f, struct value *v)
{
    char                   *bytes;
    size_t                  len = 0, bad;
    enum base64_alphabet    alphabet = f->kind == SCRIPT_FILTER_BASE64_DECODE
                                       ? BASE64_STANDARD : BASE64_URL;

    if (v->kind != VALUE_STRING) {
        return eval_filter_input(e, f, v);
    }

    bytes = base64_decode(e->arena, v->text.data, v->text.len, alphabet, &len,
                          &bad);
    if (bytes == NULL && bad == ENCODE_OK) {
        return eval_no_memory(e, &f->span);
    }
    if (bytes == NULL) {
        return eval_fail(e, &f->span, "Filter error",
                         "value is not valid base64 at byte %zu", bad);
    }
    if (!is_canonical(e, &v->text, bytes, len, alphabet)) {
        return eval_filter_fail(e, f, "value is not valid base64: padding");
    }

    return eval_filter_set(e, f, v, VALUE_BYTES, bytes, len);
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
        return eval_filter_fail(e, f, "the decoded bytes are not UTF-8");
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
        return eval_filter_fail(e, f, "the bytes are not UTF-8");
    }

    v->kind = decode ? VALUE_STRING : VALUE_BYTES;

    return 0;
}
