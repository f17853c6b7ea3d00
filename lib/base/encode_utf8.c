/* SPDX-License-Identifier: BSD-2-Clause */
/* UTF-8 as RFC 3629 says: no overlong forms, no surrogates. */
#include <string.h>

#include "lib/base/encode.h"


static int
is_tail(char c)
{
    return ((unsigned char) c & 0xc0) == 0x80;
}


size_t
utf8_decode(const char *text, size_t len, uint32_t *code)
{
    size_t         i, count;
    uint32_t       value, least;
    unsigned char  first;

    if (len == 0) {
        return 0;
    }

    first = (unsigned char) text[0];
    if (first < 0x80) {
        *code = first;
        return 1;
    }
    if (first >= 0xc2 && first <= 0xdf) {
        count = 2, least = 0x80, value = first & 0x1f;
    } else if (first >= 0xe0 && first <= 0xef) {
        count = 3, least = 0x800, value = first & 0x0f;
    } else if (first >= 0xf0 && first <= 0xf4) {
        count = 4, least = 0x10000, value = first & 0x07;
    } else {
        return 0;
    }
    if (count > len) {
        return 0;
    }

    for (i = 1; i < count; i++) {
        if (!is_tail(text[i])) {
            return 0;
        }
        value = value << 6 | ((unsigned char) text[i] & 0x3f);
    }
    if (value < least || value > 0x10ffff
        || (value >= 0xd800 && value <= 0xdfff))
    {
        return 0;
    }

    *code = value;
    return count;
}


size_t
utf8_check(const char *text, size_t len)
{
    size_t    i, n;
    uint64_t  eight;
    uint32_t  code;

    for (i = 0; i < len; i += n) {
        if (len - i >= 8) {
            memcpy(&eight, text + i, 8);
            if ((eight & 0x8080808080808080u) == 0) {
                n = 8;
                continue;
            }
        }
        n = utf8_decode(text + i, len - i, &code);
        if (n == 0) {
            return i;
        }
    }

    return ENCODE_OK;
}


size_t
utf8_encode(uint32_t code, char *out)
{
    if (code < 0x80) {
        out[0] = (char) code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char) (0xc0 | code >> 6);
        out[1] = (char) (0x80 | (code & 0x3f));
        return 2;
    }
    if (code < 0x10000) {
        if (code >= 0xd800 && code <= 0xdfff) {
            return 0;
        }
        out[0] = (char) (0xe0 | code >> 12);
        out[1] = (char) (0x80 | (code >> 6 & 0x3f));
        out[2] = (char) (0x80 | (code & 0x3f));
        return 3;
    }
    if (code <= 0x10ffff) {
        out[0] = (char) (0xf0 | code >> 18);
        out[1] = (char) (0x80 | (code >> 12 & 0x3f));
        out[2] = (char) (0x80 | (code >> 6 & 0x3f));
        out[3] = (char) (0x80 | (code & 0x3f));
        return 4;
    }

    return 0;
}


size_t
utf8_count(const char *text, size_t len)
{
    size_t  i, count = 0;

    for (i = 0; i < len; i++) {
        count += !is_tail(text[i]);
    }

    return count;
}


void
text_position(const char *text, size_t offset, unsigned *line,
              unsigned *column)
{
    size_t  i;

    *line = 1;
    *column = 1;
    for (i = 0; i < offset; i++) {
        if (text[i] == '\n') {
            (*line)++;
            *column = 1;
        } else if (!is_tail(text[i])) {
            (*column)++;
        }
    }
}
