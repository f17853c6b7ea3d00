/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A growing string of bytes. A failed allocation is remembered instead of
 * returned at each call: append as much as is needed, then ask buf_ok once.
 * data is NUL-terminated behind len whenever it is not NULL.
 */
#ifndef BUF_H
#define BUF_H

#include <stddef.h>
#include <stdint.h>

struct buf {
    char      *data;
    size_t     len;
    size_t     size;
    unsigned   failed:1;
};

void buf_free(struct buf *buf);
void buf_clear(struct buf *buf);

/* Room for more bytes at data + len, to be counted in by the caller. */
char *buf_reserve(struct buf *buf, size_t more);

void buf_add(struct buf *buf, const void *data, size_t len);
void buf_puts(struct buf *buf, const char *text);
void buf_putc(struct buf *buf, char c);
void buf_printf(struct buf *buf, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Append text as one word of a shell, quoted if it needs it. */
void buf_shell(struct buf *buf, const char *text, size_t len);

/* Remove bytes from the front. */
void buf_shift(struct buf *buf, size_t len);

int buf_ok(const struct buf *buf);

/* The string, yours to free; NULL if memory ran out. The buf is empty then. */
char *buf_take(struct buf *buf);

#endif /* BUF_H */
