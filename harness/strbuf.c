/* SPDX-License-Identifier: BSD-2-Clause */
/* Growing byte strings; see the header. */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strbuf.h"


/* Room for len more bytes and a NUL; 0, or -1. */
static int
grow(struct strbuf *b, size_t len)
{
    char    *data;
    size_t   cap;

    if (b->failed || len >= SIZE_MAX / 4 - b->len) {
        b->failed = 1;
        return -1;
    }

    if (b->len + len + 1 <= b->cap) {
        return 0;
    }

    cap = b->cap * 2 > b->len + len + 1 ? b->cap * 2 : b->len + len + 64;
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
    if (grow(b, len) == 0) {
        if (len > 0) {
            memcpy(b->data + b->len, data, len);
        }
        b->len += len;
        b->data[b->len] = '\0';
    }
}


void
strbuf_addch(struct strbuf *b, int c)
{
    char  byte = (char) c;

    strbuf_add(b, &byte, 1);
}


void
strbuf_addstr(struct strbuf *b, const char *text)
{
    strbuf_add(b, text, strlen(text));
}


void
strbuf_printf(struct strbuf *b, const char *format, ...)
{
    int      len;
    va_list  args;

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


const char *
strbuf_text(const struct strbuf *b)
{
    return b->data != NULL ? b->data : "";
}


void
strbuf_free(struct strbuf *b)
{
    free(b->data);
    memset(b, 0, sizeof(*b));
}


char *
strbuf_steal(struct strbuf *b)
{
    char  *data;

    if (b->data == NULL) {
        strbuf_addstr(b, "");
    }

    data = b->failed ? NULL : b->data;
    if (data == NULL) {
        free(b->data);
    }
    memset(b, 0, sizeof(*b));

    return data;
}
