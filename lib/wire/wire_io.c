/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames through a stream socket; see wire.h. */
#include "lib/wire/wire.h"

#include <errno.h>
#include <sys/socket.h>

/* How much is received at once, at least and at most. */
#define RECV_MIN  ((size_t) 16 * 1024)
#define RECV_MAX  ((size_t) 1024 * 1024)


int
wire_send(int fd, struct strbuf *out, size_t *sent, int flags)
{
    ssize_t  n;

    if (out->failed) {
        return -1;
    }

    while (*sent < out->len) {
        n = send(fd, out->data + *sent, out->len - *sent,
                 flags | MSG_NOSIGNAL);

        if (n >= 0) {
            *sent += (size_t) n;

        } else if (errno == EAGAIN) {
            return 0;

        } else if (errno != EINTR) {
            return -1;
        }
    }

    strbuf_clear(out);
    *sent = 0;

    return 1;
}


int
wire_recv(int fd, struct wire_in *in, int flags)
{
    char     *space;
    size_t    size;
    ssize_t   n;

    if (in->used != 0) {
        strbuf_shift(&in->buf, in->used);
        in->used = 0;
    }

    size = in->missing < RECV_MIN ? RECV_MIN
           : in->missing > RECV_MAX ? RECV_MAX : in->missing;
    space = strbuf_reserve(&in->buf, size);

    if (space == NULL) {
        return -1;
    }

    n = recv(fd, space, size, flags);

    if (n > 0) {
        in->buf.len += (size_t) n;
        return 1;
    }

    return n < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
}
