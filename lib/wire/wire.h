/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Frames between processes of one machine: a magic number with the version of
 * the format, a type and a length, then numbers and texts in the order that
 * belongs to the type. What a type means is up to its users. The other process
 * may run foreign code: nothing that it sends is believed unchecked.
 */
#ifndef WIRE_H
#define WIRE_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/strbuf.h"

#pragma GCC visibility push(hidden)

#define WIRE_VERSION  1
#define WIRE_MAGIC    (0x77697200u + WIRE_VERSION)

struct wire_head {
    uint32_t  magic;
    uint32_t  type;
    uint64_t  len;               /* of what follows */
};


/* ---- writing: out.failed is checked once, at the end -------------------- */

/* Begin a frame; returns its offset, for wire_end. */
size_t wire_begin(struct strbuf *out, uint32_t type);
void wire_end(struct strbuf *out, size_t start);

void wire_put_number(struct strbuf *out, uint64_t value);
void wire_put_text(struct strbuf *out, const void *text, size_t len);

/* A text up to its NUL; NULL is the empty one. */
void wire_put_string(struct strbuf *out, const char *string);


/* ---- reading ------------------------------------------------------------ */

struct wire_in {                 /* what came; starts as all zeroes */
    struct strbuf  buf;
    size_t         used;         /* of its bytes, by frames taken */
    size_t         missing;      /* bytes of the next frame, at least */
};

struct wire_frame {
    uint32_t     type;
    unsigned     bad:1;          /* a field was not what it should be */
    size_t       left;
    const char  *at;
};

/*
 * The next frame: 1; it is borrowed until the next wire_take or wire_recv. 0:
 * more bytes are needed. -1: this is no frame of this version, or its contents
 * are longer than max.
 */
int wire_take(struct wire_in *in, uint64_t max, struct wire_frame *frame);

/* Once a field is bad, all that follow are 0 or "". */
uint64_t wire_get_number(struct wire_frame *frame);

/* A number from min to max, as a flag or a value of an enum; min when bad. */
uint64_t wire_get_range(struct wire_frame *frame, uint64_t min, uint64_t max);

/* A number of things that follow, of at least so many texts each. */
size_t wire_get_count(struct wire_frame *frame, size_t texts);

/* Borrowed as the frame; a NUL stands behind it. A string holds no other. */
const char *wire_get_text(struct wire_frame *frame, size_t *len);
const char *wire_get_string(struct wire_frame *frame);

/* A string with its NUL into an array, which it must fit. */
void wire_copy_string(struct wire_frame *frame, char *to, size_t size);

/* 0: all fields were good, and none is left; or -1. */
int wire_finish(const struct wire_frame *frame);


/* ---- sockets ------------------------------------------------------------ */

/*
 * Send what stands in out behind *sent; flags as of send(2). 1: all went, and
 * out is empty again; 0: the rest has to wait; -1: the other side is gone, or
 * out has failed. No SIGPIPE is raised.
 */
int wire_send(int fd, struct strbuf *out, size_t *sent, int flags);

/*
 * Receive once, after wire_take has returned 0; flags as of recv(2). 1:
 * something came; 0: nothing yet; -1: the end, or no memory.
 */
int wire_recv(int fd, struct wire_in *in, int flags);

#pragma GCC visibility pop

#endif /* WIRE_H */
