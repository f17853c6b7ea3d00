/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A byte string that grows. Zero bytes make an empty one. When memory runs out
 * `failed` is set and stays set, so a row of additions is checked once.
 */
#ifndef STRBUF_H
#define STRBUF_H

#include <stddef.h>

struct strbuf {
    char    *data;                   /* NUL-terminated; NULL while empty */
    size_t   len, cap;
    int      failed;
};

void strbuf_add(struct strbuf *b, const void *data, size_t len);
void strbuf_addch(struct strbuf *b, int c);
void strbuf_addstr(struct strbuf *b, const char *text);
void strbuf_printf(struct strbuf *b, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The text so far; "" while empty. */
const char *strbuf_text(const struct strbuf *b);

/* Frees and makes empty. */
void strbuf_free(struct strbuf *b);

/* The text, yours: free() it; NULL when memory ran out. */
char *strbuf_steal(struct strbuf *b);

#endif /* STRBUF_H */
