/* SPDX-License-Identifier: BSD-2-Clause */
/* See wire.h. */
#include "lib/wire/wire.h"

#include <string.h>

/* The empty text: its length, its NUL. */
#define TEXT_MIN  (sizeof(uint64_t) + 1)


size_t
wire_begin(struct strbuf *out, uint32_t type)
{
    size_t            start = out->len;
    struct wire_head  head = { WIRE_MAGIC, type, 0 };

    strbuf_add(out, &head, sizeof(head));

    return start;
}


void
wire_end(struct strbuf *out, size_t start)
{
    uint64_t  len = out->len - start - sizeof(struct wire_head);

    if (!out->failed) {
        memcpy(out->data + start + offsetof(struct wire_head, len), &len,
               sizeof(len));
    }
}


void
wire_put_number(struct strbuf *out, uint64_t value)
{
    strbuf_add(out, &value, sizeof(value));
}


void
wire_put_text(struct strbuf *out, const void *text, size_t len)
{
    uint64_t   n = len;
    char      *to = strbuf_reserve(out, TEXT_MIN + len);

    if (to == NULL) {
        return;
    }

    memcpy(to, &n, sizeof(n));

    if (len > 0) {
        memcpy(to + sizeof(n), text, len);
    }

    out->len += TEXT_MIN + len;
    out->data[out->len - 1] = out->data[out->len] = '\0';
}


void
wire_put_string(struct strbuf *out, const char *string)
{
    wire_put_text(out, string, string != NULL ? strlen(string) : 0);
}


int
wire_take(struct wire_in *in, uint64_t max, struct wire_frame *frame)
{
    size_t            have;
    struct wire_head  head;

    if (in->used == in->buf.len) {
        strbuf_clear(&in->buf);
        in->used = 0;
    }

    have = in->buf.len - in->used;
    in->missing = sizeof(head);

    if (have >= sizeof(head)) {
        memcpy(&head, in->buf.data + in->used, sizeof(head));

        if (head.magic != WIRE_MAGIC || head.len > max
            || head.len > SIZE_MAX - sizeof(head))
        {
            return -1;
        }

        in->missing += (size_t) head.len;
    }

    if (have < in->missing) {
        in->missing -= have;
        return 0;
    }

    frame->type = head.type;
    frame->bad = 0;
    frame->left = (size_t) head.len;
    frame->at = in->buf.data + in->used + sizeof(head);
    in->used += in->missing;

    return 1;
}


/* The next bytes; NULL: there are not so many. */
static const char *
get_bytes(struct wire_frame *frame, uint64_t len)
{
    const char  *bytes = frame->at;

    if (frame->bad || len > frame->left) {
        frame->bad = 1;
        return NULL;
    }

    frame->at += len;
    frame->left -= (size_t) len;

    return bytes;
}


uint64_t
wire_get_number(struct wire_frame *frame)
{
    uint64_t     value = 0;
    const char  *bytes = get_bytes(frame, sizeof(value));

    if (bytes != NULL) {
        memcpy(&value, bytes, sizeof(value));
    }

    return value;
}


uint64_t
wire_get_range(struct wire_frame *frame, uint64_t min, uint64_t max)
{
    uint64_t  value = wire_get_number(frame);

    if (value < min || value > max) {
        frame->bad = 1;
        return min;
    }

    return value;
}


size_t
wire_get_count(struct wire_frame *frame, size_t texts)
{
    uint64_t  count = wire_get_number(frame);

    if (count > frame->left / (texts * TEXT_MIN)) {
        frame->bad = 1;
        return 0;
    }

    return (size_t) count;
}


const char *
wire_get_text(struct wire_frame *frame, size_t *len)
{
    uint64_t     n = wire_get_number(frame);
    const char  *text = get_bytes(frame, n);

    *len = 0;

    if (text == NULL || get_bytes(frame, 1) == NULL || text[n] != '\0') {
        frame->bad = 1;
        return "";
    }

    *len = (size_t) n;

    return text;
}


const char *
wire_get_string(struct wire_frame *frame)
{
    size_t       len;
    const char  *text = wire_get_text(frame, &len);

    if (strlen(text) != len) {
        frame->bad = 1;
        return "";
    }

    return text;
}


void
wire_copy_string(struct wire_frame *frame, char *to, size_t size)
{
    const char  *text = wire_get_string(frame);

    if (strlen(text) >= size) {
        frame->bad = 1;
        text = "";
    }

    memcpy(to, text, strlen(text) + 1);
}


int
wire_finish(const struct wire_frame *frame)
{
    return frame->bad || frame->left != 0 ? -1 : 0;
}
