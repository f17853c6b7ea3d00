/* SPDX-License-Identifier: BSD-2-Clause */
/* Base64, hex and percent signs; see the header. */
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/encode.h"

static const char  standard_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char  url_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";


char *
base64_encode(struct arena *arena, const void *data, size_t len,
              enum base64_alphabet alphabet, size_t *out_len)
{
    char                 *out, *p;
    size_t                i, rest;
    uint32_t              bits;
    const char           *digits;
    const unsigned char  *in = data;

    digits = alphabet == BASE64_URL ? url_digits : standard_digits;
    if (len > SIZE_MAX / 2) {
        return NULL;
    }
    out = p = arena_alloc(arena, (len + 2) / 3 * 4 + 1);
    if (out == NULL) {
        return NULL;
    }

    for (i = 0; i < len; i += 3) {
        rest = len - i;
        bits = (uint32_t) in[i] << 16;
        bits |= rest > 1 ? (uint32_t) in[i + 1] << 8 : 0;
        bits |= rest > 2 ? (uint32_t) in[i + 2] : 0;
        *p++ = digits[bits >> 18];
        *p++ = digits[bits >> 12 & 63];
        if (rest > 1) {
            *p++ = digits[bits >> 6 & 63];
        } else if (alphabet == BASE64_STANDARD) {
            *p++ = '=';
        }
        if (rest > 2) {
            *p++ = digits[bits & 63];
        } else if (alphabet == BASE64_STANDARD) {
            *p++ = '=';
        }
    }

    *out_len = (size_t) (p - out);
    return out;
}


static int
base64_digit(char c, enum base64_alphabet alphabet)
{
    if (c >= 'A' && c <= 'Z') {
        return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
        return c - 'a' + 26;
    }
    if (c >= '0' && c <= '9') {
        return c - '0' + 52;
    }
    if (c == (alphabet == BASE64_URL ? '-' : '+')) {
        return 62;
    }
    if (c == (alphabet == BASE64_URL ? '_' : '/')) {
        return 63;
    }

    return -1;
}


/* The digits' count when what follows them is right; else -1 and *bad. */
static int
base64_body(const char *text, size_t len, enum base64_alphabet alphabet,
            size_t *digits, size_t *bad)
{
    size_t  n = 0;

    while (n < len && base64_digit(text[n], alphabet) >= 0) {
        n++;
    }

    *digits = n;
    *bad = n;
    if (n % 4 == 1) {
        *bad = n - 1;
        return -1;
    }
    if (n == len) {
        return 0;
    }
    if (text[n] != '=' || n % 4 == 0) {
        return -1;
    }
    for ( ; n < len && text[n] == '='; n++) {
        if (n % 4 == 0) {
            break;
        }
    }
    *bad = n;

    return n == len && n % 4 == 0 ? 0 : -1;
}


char *
base64_decode(struct arena *arena, const char *text, size_t len,
              enum base64_alphabet alphabet, size_t *out_len, size_t *bad)
{
    char      *out, *p;
    size_t     i, digits;
    uint32_t   bits = 0;

    if (base64_body(text, len, alphabet, &digits, bad) != 0) {
        return NULL;
    }
    *bad = ENCODE_OK;
    out = p = arena_alloc(arena, digits / 4 * 3 + 4);
    if (out == NULL) {
        return NULL;
    }

    for (i = 0; i < digits; i++) {
        bits = bits << 6 | (uint32_t) base64_digit(text[i], alphabet);
        if (i % 4 != 0) {
            *p++ = (char) (bits >> (6 - 2 * (i % 4)) & 255);
        }
    }

    *out_len = (size_t) (p - out);
    return out;
}


int
hex_digit(int c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    if (c >= 'A' && c <= 'F') {
        return c - 'A' + 10;
    }

    return -1;
}


char *
hex_encode(struct arena *arena, const void *data, size_t len)
{
    char                 *out;
    size_t                i;
    const unsigned char  *in = data;

    if (len > SIZE_MAX / 4) {
        return NULL;
    }
    out = arena_alloc(arena, len * 2 + 1);
    if (out == NULL) {
        return NULL;
    }

    for (i = 0; i < len; i++) {
        out[2 * i] = "0123456789abcdef"[in[i] >> 4];
        out[2 * i + 1] = "0123456789abcdef"[in[i] & 15];
    }

    return out;
}


char *
hex_decode(struct arena *arena, const char *text, size_t len, size_t *out_len,
           size_t *bad)
{
    char    *out;
    size_t   i;

    for (i = 0; i < len && hex_digit(text[i]) >= 0; i++) {
        continue;
    }
    if (i < len || len % 2 != 0) {
        *bad = i;
        return NULL;
    }

    *bad = ENCODE_OK;
    out = arena_alloc(arena, len / 2 + 1);
    if (out == NULL) {
        return NULL;
    }
    for (i = 0; i < len; i += 2) {
        out[i / 2] = (char) (hex_digit(text[i]) << 4 | hex_digit(text[i + 1]));
    }

    *out_len = len / 2;
    return out;
}


static int
percent_keeps(unsigned char c, enum percent_set set)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')
           || (c >= '0' && c <= '9')
           || c == '-' || c == '.' || c == '_' || c == '~'
           || (c == '/' && set == PERCENT_PATH);
}


char *
percent_encode(struct arena *arena, const void *data, size_t len,
               enum percent_set set, size_t *out_len)
{
    char                 *out, *p;
    size_t                i, size = 1;
    const unsigned char  *in = data;

    if (len > SIZE_MAX / 4) {
        return NULL;
    }
    for (i = 0; i < len; i++) {
        size += percent_keeps(in[i], set) ? 1 : 3;
    }
    out = p = arena_alloc(arena, size);
    if (out == NULL) {
        return NULL;
    }

    for (i = 0; i < len; i++) {
        if (percent_keeps(in[i], set)) {
            *p++ = (char) in[i];
            continue;
        }
        *p++ = '%';
        *p++ = "0123456789ABCDEF"[in[i] >> 4];
        *p++ = "0123456789ABCDEF"[in[i] & 15];
    }

    *out_len = size - 1;
    return out;
}


char *
percent_decode(struct arena *arena, const char *text, size_t len,
               size_t *out_len)
{
    char    *out, *p;
    size_t   i;

    out = p = arena_alloc(arena, len + 1);
    if (out == NULL) {
        return NULL;
    }

    for (i = 0; i < len; i++) {
        if (text[i] == '%' && len - i > 2 && hex_digit(text[i + 1]) >= 0
            && hex_digit(text[i + 2]) >= 0)
        {
            *p++ = (char) (hex_digit(text[i + 1]) << 4
                           | hex_digit(text[i + 2]));
            i += 2;
            continue;
        }
        *p++ = text[i];
    }

    *out_len = (size_t) (p - out);
    return out;
}
