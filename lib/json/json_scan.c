/* SPDX-License-Identifier: BSD-2-Clause */
/* Recursion is as deep as the text, which depth_max bounds. */
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/encode.h"
#include "lib/json/json_scan.h"

static int scan_value(struct json_scan *s);


static int
fail(struct json_scan *s, enum json_fault fault, const char *at)
{
    s->fault = fault;
    s->at = at;

    return -1;
}


void
json_scan_space(struct json_scan *s)
{
    while (s->pos < s->end && (*s->pos == ' ' || *s->pos == '\n'
                               || *s->pos == '\r' || *s->pos == '\t'))
    {
        s->pos++;
    }
}


static int
accept(struct json_scan *s, char c)
{
    if (s->pos == s->end || *s->pos != c) {
        return 0;
    }
    s->pos++;

    return 1;
}


static int
skip_digits(struct json_scan *s)
{
    const char  *start = s->pos;

    while (s->pos < s->end && *s->pos >= '0' && *s->pos <= '9') {
        s->pos++;
    }

    return s->pos > start;
}


static int
skip_number(struct json_scan *s, enum json_type *type)
{
    const char  *start = s->pos;

    *type = JSON_INT;
    (void) accept(s, '-');
    if (accept(s, '0')) {
        if (skip_digits(s)) {
            return fail(s, JSON_FAULT_ZERO, start);
        }
    } else if (!skip_digits(s)) {
        return fail(s, s->pos > start ? JSON_FAULT_MINUS : JSON_FAULT_VALUE,
                    s->pos);
    }
    if (accept(s, '.')) {
        *type = JSON_FLOAT;
        if (!skip_digits(s)) {
            return fail(s, JSON_FAULT_DIGIT, s->pos);
        }
    }
    if (accept(s, 'e') || accept(s, 'E')) {
        *type = JSON_FLOAT;
        if (!accept(s, '-')) {
            (void) accept(s, '+');
        }
        if (!skip_digits(s)) {
            return fail(s, JSON_FAULT_DIGIT, s->pos);
        }
    }

    return 0;
}


int
json_scan_scalar(struct json_scan *s, struct json_value *value)
{
    size_t       i, len;
    const char  *start = s->pos;

    static const struct {
        const char      *word;
        enum json_type   type;
        int              boolean;
    } words[] = {
        { "null", JSON_NULL, 0 },
        { "true", JSON_BOOL, 1 },
        { "false", JSON_BOOL, 0 }
    };

    for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        len = strlen(words[i].word);
        if ((size_t) (s->end - start) >= len && *start == *words[i].word
            && memcmp(start, words[i].word, len) == 0)
        {
            value->type = words[i].type;
            value->u.boolean = words[i].boolean;
            s->pos += len;
            return 0;
        }
    }

    if (skip_number(s, &value->type) != 0) {
        s->pos = start;
        return -1;
    }
    value->u.text.len = (size_t) (s->pos - start);
    value->u.text.data = s->arena == NULL ? start
                         : arena_memdup(s->arena, start, value->u.text.len);

    return value->u.text.data != NULL ? 0 : fail(s, JSON_FAULT_MEMORY, start);
}


/* Four digits at *at, which moves behind them, or to what is none. */
static int
read_hex4(struct json_scan *s, const char **at, uint32_t *code)
{
    int  i, digit;

    *code = 0;
    for (i = 0; i < 4; i++) {
        digit = *at < s->end ? hex_digit(**at) : -1;
        if (digit < 0) {
            return fail(s, JSON_FAULT_HEX, *at);
        }
        *code = *code << 4 | (uint32_t) digit;
        (*at)++;
    }

    return 0;
}


/* \uXXXX, once or twice. Half of a pair is a fault behind its digits. */
static int
scan_unicode(struct json_scan *s, uint32_t *code)
{
    uint32_t     low = 0;
    const char  *half, *at = s->pos + 2;

    if (read_hex4(s, &at, code) != 0) {
        return -1;
    }
    half = at;

    if (*code >= 0xd800 && *code <= 0xdfff && s->end - at >= 2
        && memcmp(at, "\\u", 2) == 0)
    {
        at += 2;
        if (read_hex4(s, &at, &low) != 0) {
            return -1;
        }
        if (*code <= 0xdbff && low >= 0xdc00 && low <= 0xdfff) {
            *code = 0x10000 + ((*code - 0xd800) << 10) + (low - 0xdc00);
        }
    }
    if (*code >= 0xd800 && *code <= 0xdfff) {
        return fail(s, JSON_FAULT_PAIR, half);
    }
    s->pos = at;

    return 0;
}


int
json_scan_escape(struct json_scan *s, char quote, uint32_t *code)
{
    char         c = s->end - s->pos > 1 ? s->pos[1] : '\0';
    const char  *found;

    static const char  letters[] = "\\/bfnrt";
    static const char  meanings[] = "\\/\b\f\n\r\t";

    if (c == 'u') {
        return scan_unicode(s, code);
    }

    found = c != '\0' ? strchr(letters, c) : NULL;
    if (found != NULL) {
        *code = (uint32_t) meanings[found - letters];
    } else if (c == quote) {
        *code = (uint32_t) quote;
    } else {
        return fail(s, JSON_FAULT_ESCAPE, s->pos + 1);
    }
    s->pos += 2;

    return 0;
}


/* The closing quote, or NULL. Does a backslash stand before it? */
static const char *
find_quote(struct json_scan *s, int *escaped)
{
    char         quote = *s->pos;
    const char  *c;

    *escaped = 0;
    for (c = s->pos + 1; c < s->end; c++) {
        if (*c == quote) {
            return c;
        }
        if ((unsigned char) *c < 0x20) {
            (void) fail(s, JSON_FAULT_CONTROL, c);
            return NULL;
        }
        if (*c == '\\') {
            *escaped = 1;
            c++;
        }
    }
    (void) fail(s, JSON_FAULT_QUOTE, s->end);

    return NULL;
}


int
json_scan_string(struct json_scan *s, struct str *text)
{
    int          escaped;
    char        *out, quote = *s->pos;
    uint32_t     code;
    const char  *close;

    close = find_quote(s, &escaped);
    if (close == NULL) {
        return -1;
    }
    text->len = (size_t) (close - ++s->pos);
    text->data = out = arena_memdup(s->arena, s->pos, text->len);
    if (out == NULL) {
        return fail(s, JSON_FAULT_MEMORY, s->pos);
    }

    if (escaped) {
        while (s->pos < close) {
            if (*s->pos != '\\') {
                *out++ = *s->pos++;
            } else if (json_scan_escape(s, quote, &code) == 0) {
                out += utf8_encode(code, out);
            } else {
                return -1;
            }
        }
        *out = '\0';
        text->len = (size_t) (out - text->data);
    }
    s->pos = close + 1;

    return 0;
}


/* A name, and all up to its value. */
static int
scan_name(struct json_scan *s)
{
    if (s->pos == s->end || *s->pos != '"') {
        return fail(s, JSON_FAULT_NAME, s->pos);
    }
    if (s->on->string(s, 1) != 0) {
        return -1;
    }
    json_scan_space(s);
    s->separator = s->pos;
    if (!accept(s, ':')) {
        return fail(s, JSON_FAULT_COLON, s->pos);
    }
    json_scan_space(s);

    return 0;
}


/* The values between brackets, and the closing one. */
static int
scan_items(struct json_scan *s, int is_object, size_t *count)
{
    char  close = is_object ? '}' : ']';

    json_scan_space(s);
    s->separator = NULL;
    if (accept(s, close)) {
        return 0;
    }

    for ( ;; ) {
        if (is_object && scan_name(s) != 0) {
            return -1;
        }
        s->in_object = is_object != 0;
        if (scan_value(s) != 0) {
            return -1;
        }
        (*count)++;

        json_scan_space(s);
        s->separator = s->pos;
        if (accept(s, close)) {
            return 0;
        }
        if (!accept(s, ',')) {
            return fail(s, is_object ? JSON_FAULT_OBJECT : JSON_FAULT_ARRAY,
                        s->pos);
        }
        json_scan_space(s);
    }
}


static int
scan_nested(struct json_scan *s)
{
    int       is_object = *s->pos == '{';
    size_t    count = 0;
    unsigned  in_object = s->in_object;

    if (s->depth == s->depth_max) {
        return fail(s, JSON_FAULT_DEPTH, s->pos);
    }
    s->depth++;
    s->pos++;
    if (scan_items(s, is_object, &count) != 0) {
        return -1;
    }
    s->depth--;
    s->in_object = in_object & 1;

    return s->on->close == NULL ? 0
           : s->on->close(s, is_object ? JSON_OBJECT : JSON_ARRAY, count);
}


static int
scan_value(struct json_scan *s)
{
    int                rc = s->on->other != NULL ? s->on->other(s) : 0;
    struct json_value  value;

    if (rc != 0) {
        return rc > 0 ? 0 : -1;
    }

    switch (s->pos < s->end ? *s->pos : '\0') {
    case '{':
    case '[':
        return scan_nested(s);
    case '"':
        return s->on->string(s, 0);
    default:
        rc = json_scan_scalar(s, &value);
        return rc == 0 && s->on->scalar != NULL ? s->on->scalar(s, &value)
                                                : rc;
    }
}


int
json_scan_value(struct json_scan *s)
{
    s->depth = 0;
    s->in_object = 0;
    s->separator = NULL;
    s->fault = JSON_FAULT_NONE;

    return scan_value(s);
}
