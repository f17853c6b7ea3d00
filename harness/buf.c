/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * See buf.h. Sizes double, so that a body read piece by piece costs no more
 * than twice its size.
 */
#include "buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>


void
buf_free(struct buf *buf)
{
    free(buf->data);
    memset(buf, 0, sizeof(*buf));
}


void
buf_clear(struct buf *buf)
{
    buf->len = 0;
    buf->failed = 0;

    if (buf->data != NULL) {
        buf->data[0] = '\0';
    }
}


char *
buf_reserve(struct buf *buf, size_t more)
{
    char    *data;
    size_t   size, need;

    if (buf->failed || more >= SIZE_MAX / 2 - buf->len) {
        buf->failed = 1;
        return NULL;
    }

    need = buf->len + more + 1;

    if (need > buf->size) {
        size = buf->size ? buf->size : 64;

        while (size < need) {
            size *= 2;
        }

        data = realloc(buf->data, size);
        if (data == NULL) {
            buf->failed = 1;
            return NULL;
        }

        buf->data = data;
        buf->size = size;
    }

    return buf->data + buf->len;
}


void
buf_add(struct buf *buf, const void *data, size_t len)
{
    if (buf_reserve(buf, len) == NULL) {
        return;
    }

    if (len != 0) {
        memcpy(buf->data + buf->len, data, len);
    }

    buf->len += len;
    buf->data[buf->len] = '\0';
}


void
buf_puts(struct buf *buf, const char *text)
{
    buf_add(buf, text, strlen(text));
}


void
buf_putc(struct buf *buf, char c)
{
    buf_add(buf, &c, 1);
}


void
buf_printf(struct buf *buf, const char *format, ...)
{
    int      len;
    va_list  args;

    va_start(args, format);
    len = vsnprintf(NULL, 0, format, args);
    va_end(args);

    if (len < 0 || buf_reserve(buf, (size_t) len) == NULL) {
        buf->failed = 1;
        return;
    }

    va_start(args, format);
    (void) vsnprintf(buf->data + buf->len, (size_t) len + 1, format, args);
    va_end(args);

    buf->len += (size_t) len;
}


static int
plain_word(const char *text, size_t len)
{
    static const char  safe[] = "abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789_@%+=:,./-";
    size_t             i;

    for (i = 0; i < len; i++) {
        if (text[i] == '\0' || strchr(safe, text[i]) == NULL) {
            return 0;
        }
    }

    return len != 0;
}


void
buf_shell(struct buf *buf, const char *text, size_t len)
{
    size_t  i;

    if (plain_word(text, len)) {
        buf_add(buf, text, len);
        return;
    }

    buf_putc(buf, '\'');

    for (i = 0; i < len; i++) {
        if (text[i] == '\'') {
            buf_puts(buf, "'\\''");

        } else {
            buf_putc(buf, text[i]);
        }
    }

    buf_putc(buf, '\'');
}


void
buf_shift(struct buf *buf, size_t len)
{
    if (len >= buf->len) {
        buf_clear(buf);
        return;
    }

    memmove(buf->data, buf->data + len, buf->len - len + 1);
    buf->len -= len;
}


int
buf_ok(const struct buf *buf)
{
    return !buf->failed;
}


char *
buf_take(struct buf *buf)
{
    char  *text;

    buf_add(buf, "", 0);
    text = buf->data;

    if (buf->failed) {
        free(text);
        text = NULL;
    }

    memset(buf, 0, sizeof(*buf));

    return text;
}
