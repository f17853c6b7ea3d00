/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads HTTP/1.x responses byte by byte from a buffer; see the header. */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/support/raw_client.h"

#define WAIT_MS  60000     /* for a slow machine, and Valgrind */

struct raw_client {
    int     fd;
    char   *data;                /* read, not yet taken */
    size_t  len, size;
};


struct raw_client *
raw_client_open(const char *path)
{
    struct raw_client   *client;
    struct sockaddr_un   address = { .sun_family = AF_UNIX };

    if (strlen(path) >= sizeof(address.sun_path)) {
        return NULL;
    }

    client = calloc(1, sizeof(*client));
    if (client == NULL) {
        return NULL;
    }

    memcpy(address.sun_path, path, strlen(path) + 1);
    client->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (client->fd < 0
        || connect(client->fd, (struct sockaddr *) &address, sizeof(address))
           != 0)
    {
        raw_client_close(&client);
    }

    return client;
}


void
raw_client_close(struct raw_client **client)
{
    if (*client != NULL) {
        if ((*client)->fd >= 0) {
            (void) close((*client)->fd);
        }

        free((*client)->data);
        free(*client);
        *client = NULL;
    }
}


/* 1: bytes came; 0: the end; -1: nothing in time, or an error. */
static int
more(struct raw_client *client)
{
    char           *grown;
    ssize_t         n;
    struct pollfd   event = { .fd = client->fd, .events = POLLIN };

    if (client->size - client->len < 65536) {
        grown = realloc(client->data, client->size * 2 + 131072);
        if (grown == NULL) {
            return -1;
        }

        client->data = grown;
        client->size = client->size * 2 + 131072;
    }

    if (poll(&event, 1, WAIT_MS) != 1) {
        return -1;
    }

    n = recv(client->fd, client->data + client->len,
             client->size - client->len - 1, 0);

    if (n > 0) {
        client->len += (size_t) n;
    }

    return n > 0 ? 1 : n == 0 || errno == ECONNRESET ? 0 : -1;
}


int
raw_client_send(struct raw_client *client, const void *data, size_t len)
{
    ssize_t         n;
    const char     *at = data;
    struct pollfd   event = { .fd = client->fd };

    while (len > 0) {
        /* an early answer must not block both sides: read while writing */
        event.events = POLLIN | POLLOUT;

        if (poll(&event, 1, WAIT_MS) != 1) {
            return -1;
        }

        if (event.revents & POLLOUT) {
            n = send(client->fd, at, len, MSG_NOSIGNAL | MSG_DONTWAIT);

            if (n < 0 && errno != EAGAIN) {
                return -1;
            }

            if (n > 0) {
                at += n;
                len -= (size_t) n;
                continue;
            }
        }

        if ((event.revents & (POLLIN | POLLHUP)) && more(client) != 1) {
            return -1;
        }
    }

    return 0;
}


int
raw_client_text(struct raw_client *client, const char *text)
{
    return raw_client_send(client, text, strlen(text));
}


static int
wait_for(struct raw_client *client, short what)
{
    struct pollfd  event = { .fd = client->fd, .events = what };

    return poll(&event, 1, WAIT_MS) == 1 ? 0 : -1;
}


int
raw_client_wait_readable(struct raw_client *client)
{
    return wait_for(client, POLLIN);
}


int
raw_client_wait_closed(struct raw_client *client)
{
    return wait_for(client, POLLRDHUP);
}


int
raw_client_shutdown(struct raw_client *client)
{
    return shutdown(client->fd, SHUT_WR);
}


/* Takes len bytes out of the front of the buffer: NUL-terminated copy. */
static char *
take(struct raw_client *client, size_t len)
{
    char  *copy;

    copy = malloc(len + 1);
    if (copy == NULL) {
        return NULL;
    }

    if (len > 0) {
        memcpy(copy, client->data, len);
    }

    copy[len] = '\0';
    client->len -= len;
    memmove(client->data, client->data + len, client->len);

    return copy;
}


static int
need(struct raw_client *client, size_t len)
{
    while (client->len < len) {
        if (more(client) != 1) {
            return -1;
        }
    }

    return 0;
}


/* The length up to and with the mark, waiting for it; 0: it never came. */
static size_t
need_mark(struct raw_client *client, size_t from, const char *mark)
{
    char  *at;

    for ( ;; ) {
        at = client->len > from
             ? memmem(client->data + from, client->len - from, mark,
                      strlen(mark))
             : NULL;

        if (at != NULL) {
            return (size_t) (at - client->data) + strlen(mark);
        }

        if (more(client) != 1) {
            return 0;
        }
    }
}


static int
read_chunked(struct raw_client *client, struct raw_response *response)
{
    char    *grown;
    size_t   at, end, n;

    at = 0;

    for ( ;; ) {
        end = need_mark(client, at, "\r\n");
        if (end == 0) {
            return -1;
        }

        n = strtoul(client->data + at, NULL, 16);
        at = end;

        if (need(client, at + n + 2) != 0
            || memcmp(client->data + at + n, "\r\n", 2) != 0)
        {
            return -1;
        }

        grown = realloc(response->body, response->body_len + n + 1);
        if (grown == NULL) {
            return -1;
        }

        response->body = grown;
        memcpy(grown + response->body_len, client->data + at, n);
        response->body_len += n;
        grown[response->body_len] = '\0';
        at += n + 2;

        if (n == 0) {
            response->wire_len += at;
            free(take(client, at));
            return 0;
        }
    }
}


static int
read_body(struct raw_client *client, struct raw_response *response)
{
    char    *value;
    size_t   len;

    if (raw_response_count(response, "Transfer-Encoding") > 0) {
        return read_chunked(client, response);
    }

    value = raw_response_header(response, "Content-Length");

    if (value != NULL) {
        len = strtoul(value, NULL, 10);
        free(value);

        if (need(client, len) != 0) {
            return -1;
        }

    } else {
        while (more(client) == 1) {
            /* until it closes */
        }

        len = client->len;
    }

    response->body = take(client, len);
    response->body_len = len;
    response->wire_len += len;

    return response->body != NULL ? 0 : -1;
}


int
raw_client_read(struct raw_client *client, int no_body,
                struct raw_response *response)
{
    size_t  len;

    memset(response, 0, sizeof(*response));

    len = need_mark(client, 0, "\r\n\r\n");
    if (len == 0) {
        return -1;
    }

    response->head = take(client, len);
    response->head_len = response->wire_len = len;

    if (response->head == NULL
        || strncmp(response->head, "HTTP/1.", 7) != 0)
    {
        return -1;
    }

    response->status = atoi(response->head + 9);

    if (no_body || response->status == 204 || response->status == 304
        || (response->status >= 100 && response->status < 200))
    {
        response->body = calloc(1, 1);
        return response->body != NULL ? 0 : -1;
    }

    return read_body(client, response);
}


char *
raw_client_read_all(struct raw_client *client, size_t *len)
{
    while (more(client) == 1) {
        /* until it closes */
    }

    *len = client->len;

    return take(client, client->len);
}


void
raw_response_free(struct raw_response *response)
{
    free(response->head);
    free(response->body);
    memset(response, 0, sizeof(*response));
}


/* The nth header of that name, as a view; NULL. */
static const char *
find_header(const struct raw_response *response, const char *name, unsigned nth,
            size_t *value_len)
{
    const char  *line, *end;
    size_t       len = strlen(name);

    line = response->head ? strstr(response->head, "\r\n") : NULL;

    for ( ; line != NULL; line = end) {
        line += 2;
        end = strstr(line, "\r\n");

        if (end == NULL) {
            break;
        }

        if (strncasecmp(line, name, len) == 0 && line[len] == ':'
            && nth-- == 0)
        {
            line += len + 1;
            line += *line == ' ';
            *value_len = (size_t) (end - line);
            return line;
        }
    }

    return NULL;
}


char *
raw_response_header(const struct raw_response *response, const char *name)
{
    size_t       len;
    const char  *value;

    value = find_header(response, name, 0, &len);

    return value != NULL ? strndup(value, len) : NULL;
}


unsigned
raw_response_count(const struct raw_response *response, const char *name)
{
    size_t    len;
    unsigned  n = 0;

    while (find_header(response, name, n, &len) != NULL) {
        n++;
    }

    return n;
}


int
raw_request(const char *path, const void *data, size_t len, int no_body,
            struct raw_response *response)
{
    int                 rc;
    struct raw_client  *client;

    memset(response, 0, sizeof(*response));
    client = raw_client_open(path);

    if (client == NULL) {
        return -1;
    }

    /* a server may answer and close before it has read everything */
    (void) raw_client_send(client, data, len);
    rc = raw_client_read(client, no_body, response);
    raw_client_close(&client);

    return rc;
}
