/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a worker and the CLI write to each other: frames of a type, a length,
 * and numbers and texts in a fixed order. Both are the same program on the
 * same machine; but an app may scribble on the socket, so reading checks
 * everything.
 */
#ifndef WORKER_WIRE_H
#define WORKER_WIRE_H

#include <stdint.h>

#include "lib/base/strbuf.h"

enum wire_type {
    /* to the worker */
    WIRE_REQUEST = 1, WIRE_STOP,
    /* from the worker */
    WIRE_LOADED, WIRE_READY, WIRE_REFUSED, WIRE_UNRESOLVED, WIRE_FINDING,
    WIRE_LOG, WIRE_RESPONSE, WIRE_UNROUTED, WIRE_DONE,
    WIRE_TYPES
};

struct wire_head {
    uint32_t  magic;
    uint32_t  type;
    uint64_t  len;               /* of what follows */
};

#define WIRE_MAGIC    0x4c464b31u
#define WIRE_LEN_MAX  ((uint64_t) 1 << 32)

/* Begin a frame; returns its offset, for wire_end. */
size_t wire_begin(struct strbuf *buf, enum wire_type type);
void wire_end(struct strbuf *buf, size_t start);

void wire_put_number(struct strbuf *buf, uint64_t value);
void wire_put_text(struct strbuf *buf, const void *text, size_t len);

struct wire_reader {
    const char  *at;
    size_t       left;
    unsigned     bad:1;          /* it was not what it should be */
};

uint64_t wire_get_number(struct wire_reader *reader);

/* A view, NUL behind it; "" when bad. */
const char *wire_get_text(struct wire_reader *reader, size_t *len);

/*
 * Is there a whole frame at the front? 1: head is filled, reader set to its
 * contents; 0: not yet, *missing bytes are needed; -1: this is no frame.
 */
int wire_frame(const struct strbuf *buf, struct wire_head *head,
               struct wire_reader *reader, size_t *missing);

#endif /* WORKER_WIRE_H */
