/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A byte string that grows.  Starts as all zeroes.  Running out of memory is
 * remembered in `failed`, so that a writer checks once, at its end.
 */

#ifndef HARNESS_STRBUF_H
#define HARNESS_STRBUF_H

#include <stddef.h>

#pragma GCC visibility push(hidden)

struct strbuf {
    char    *data;    /* NULL while nothing was added; else ends with a NUL */
    size_t   len;     /* without that NUL */
    size_t   cap;
    int      failed;  /* out of memory once: nothing more was added */
};

void strbuf_add(struct strbuf *b, const void *data, size_t len);
void strbuf_addch(struct strbuf *b, char c);
void strbuf_addstr(struct strbuf *b, const char *text);
void strbuf_printf(struct strbuf *b, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Adds text as one word of a shell, quoted if it needs it. */
void strbuf_add_shell(struct strbuf *b, const char *text, size_t len);

/*
 * Room for more bytes at data + len, which the caller counts in; a NUL may
 * have to be set behind them.  NULL: out of memory, now or before.
 */
char *strbuf_reserve(struct strbuf *b, size_t more);

/* Removes bytes from the front. */
void strbuf_shift(struct strbuf *b, size_t len);

/* Empty again, with its memory; a failure is forgotten. */
void strbuf_clear(struct strbuf *b);

/* Frees the bytes; the buffer is empty and can be used again. */
void strbuf_free(struct strbuf *b);

/*
 * Hands over the bytes, yours: free with free().  len may be NULL.  An empty
 * buffer gives "".  NULL: out of memory, now or before.  The buffer is empty
 * afterwards in every case.
 */
char *strbuf_steal(struct strbuf *b, size_t *len);

#pragma GCC visibility pop

#endif /* HARNESS_STRBUF_H */
