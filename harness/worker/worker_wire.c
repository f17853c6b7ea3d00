/* SPDX-License-Identifier: BSD-2-Clause */
/* See worker_wire.h. */
#include "harness/worker/worker_wire.h"

#include <string.h>


size_t
wire_begin(struct strbuf *buf, enum wire_type type)
{
    size_t            start;
    struct wire_head  head;

    start = buf->len;
    head.magic = WIRE_MAGIC;
    head.type = (uint32_t) type;
    head.len = 0;
    strbuf_add(buf, &head, sizeof(head));

    return start;
}


void
wire_end(struct strbuf *buf, size_t start)
{
    uint64_t  len;

    if (buf->failed) {
        return;
    }

    len = buf->len - start - sizeof(struct wire_head);
    memcpy(buf->data + start + offsetof(struct wire_head, len), &len,
           sizeof(len));
}


void
wire_put_number(struct strbuf *buf, uint64_t value)
{
    strbuf_add(buf, &value, sizeof(value));
}


void
wire_put_text(struct strbuf *buf, const void *text, size_t len)
{
    wire_put_number(buf, len);
    strbuf_add(buf, text, len);
    strbuf_addch(buf, '\0');
}


uint64_t
wire_get_number(struct wire_reader *reader)
{
    uint64_t  value;

    if (reader->bad || reader->left < sizeof(value)) {
        reader->bad = 1;
        return 0;
    }

    memcpy(&value, reader->at, sizeof(value));
    reader->at += sizeof(value);
    reader->left -= sizeof(value);

    return value;
}


const char *
wire_get_text(struct wire_reader *reader, size_t *len)
{
    uint64_t     n;
    const char  *text;

    n = wire_get_number(reader);
    *len = 0;

    if (reader->bad || n >= reader->left || reader->at[n] != '\0') {
        reader->bad = 1;
        return "";
    }

    text = reader->at;
    *len = (size_t) n;
    reader->at += n + 1;
    reader->left -= (size_t) n + 1;

    return text;
}


int
wire_frame(const struct strbuf *buf, struct wire_head *head,
    struct wire_reader *reader, size_t *missing)
{
    size_t  have;

    if (buf->len < sizeof(*head)) {
        *missing = sizeof(*head) - buf->len;
        return 0;
    }

    memcpy(head, buf->data, sizeof(*head));

    if (head->magic != WIRE_MAGIC || head->type == 0
        || head->type >= WIRE_TYPES || head->len > WIRE_LEN_MAX)
    {
        return -1;
    }

    have = buf->len - sizeof(*head);

    if (have < head->len) {
        *missing = (size_t) head->len - have;
        return 0;
    }

    reader->at = buf->data + sizeof(*head);
    reader->left = (size_t) head->len;
    reader->bad = 0;

    return 1;
}
