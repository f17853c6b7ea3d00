/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Growing byte strings, see the header.
 */

#include "lib/base/strbuf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STRBUF_FIRST  64

/* Room for extra bytes and a NUL; 0 on success. */
static int
grow(struct strbuf *b, size_t extra)
{
    char    *data;
    size_t   cap;

    if (b->failed) {
        return -1;
    }
    if (b->cap > b->len && extra < b->cap - b->len) {
        return 0;
    }
    if (extra > SIZE_MAX / 2 - b->len - 1) {
        b->failed = 1;
        return -1;
    }
    cap = b->cap > 0 ? b->cap : STRBUF_FIRST;
    while (cap < b->len + extra + 1) {
        cap *= 2;
    }
    data = realloc(b->data, cap);
    if (data == NULL) {
        b->failed = 1;
        return -1;
    }
    b->data = data;
    b->cap = cap;

    return 0;
}

void
strbuf_add(struct strbuf *b, const void *data, size_t len)
{
    if (grow(b, len) != 0) {
        return;
    }
    if (len > 0) {
        memcpy(b->data + b->len, data, len);
    }
    b->len += len;
    b->data[b->len] = '\0';
}

void
strbuf_addch(struct strbuf *b, char c)
{
    strbuf_add(b, &c, 1);
}

void
strbuf_addstr(struct strbuf *b, const char *text)
{
    strbuf_add(b, text, strlen(text));
}

void
strbuf_printf(struct strbuf *b, const char *format, ...)
{
    va_list  args;
    int      len;

    va_start(args, format);
    len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len < 0 || grow(b, (size_t) len) != 0) {
        b->failed = 1;
        return;
    }
    va_start(args, format);
    (void) vsnprintf(b->data + b->len, (size_t) len + 1, format, args);
    va_end(args);
    b->len += (size_t) len;
}

static int
is_plain_word(const char *text, size_t len)
{
    size_t             i;
    static const char  safe[] = "abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789_@%+=:,./-";

    for (i = 0; i < len; i++) {
        if (text[i] == '\0' || strchr(safe, text[i]) == NULL) {
            return 0;
        }
    }

    return len != 0;
}

void
strbuf_add_shell(struct strbuf *b, const char *text, size_t len)
{
    size_t  i;

    if (is_plain_word(text, len)) {
        strbuf_add(b, text, len);
        return;
    }

    strbuf_addch(b, '\'');
    for (i = 0; i < len; i++) {
        if (text[i] == '\'') {
            strbuf_addstr(b, "'\\''");
        } else {
            strbuf_addch(b, text[i]);
        }
    }
    strbuf_addch(b, '\'');
}

char *
strbuf_reserve(struct strbuf *b, size_t more)
{
    return grow(b, more) == 0 ? b->data + b->len : NULL;
}

void
strbuf_shift(struct strbuf *b, size_t len)
{
    if (len >= b->len) {
        strbuf_clear(b);
        return;
    }
    memmove(b->data, b->data + len, b->len - len);
    b->len -= len;
    b->data[b->len] = '\0';
}

void
strbuf_clear(struct strbuf *b)
{
    b->len = 0;
    b->failed = 0;
    if (b->data != NULL) {
        b->data[0] = '\0';
    }
}

void
strbuf_free(struct strbuf *b)
{
    free(b->data);
    memset(b, 0, sizeof(*b));
}

char *
strbuf_steal(struct strbuf *b, size_t *len)
{
    char    *data = NULL;
    size_t   n = 0;

    if (b->data == NULL) {
        strbuf_add(b, "", 0);
    }
    if (!b->failed) {
        data = b->data;
        n = b->len;
        b->data = NULL;
    }
    strbuf_free(b);
    if (len != NULL) {
        *len = n;
    }

    return data;
}
