/* SPDX-License-Identifier: BSD-2-Clause */
/* See canned_server.h. */
#define _GNU_SOURCE
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/support/canned_server.h"

struct canned_server {
    char                 dir[64], path[80];
    int                  fd, end;            /* end: an eventfd */
    int                  open;               /* the connection */
    unsigned             port, connections;
    pthread_t            thread;
    int                  runs;
    const char *const   *texts;
    char                *seen;
    size_t               len, size;
};


/* Readable within reach: 1; 0 when the server is to end. */
static int
wait_for(struct canned_server *s, int fd)
{
    struct pollfd  fds[] = { { fd, POLLIN, 0 }, { s->end, POLLIN, 0 } };

    while (poll(fds, 2, -1) < 0) {
        /* interrupted */
    }

    return fds[1].revents == 0;
}


static int
is_whole(const char *request)
{
    const char  *body = strstr(request, "\r\n\r\n"), *length;

    if (body == NULL) {
        return 0;
    }

    if (strcasestr(request, "\r\nTransfer-Encoding: chunked") != NULL) {
        return strstr(body, "0\r\n\r\n") != NULL;
    }

    length = strcasestr(request, "\r\nContent-Length:");

    return length == NULL || length > body
           || strlen(body + 4) >= strtoul(length + 17, NULL, 10);
}


/* One request into seen: 1, or 0 at the end. */
static int
read_request(struct canned_server *s, int fd)
{
    char     *more;
    size_t    start = s->len;
    ssize_t   n;

    for ( ;; ) {
        if (s->size - s->len < 65536) {
            more = realloc(s->seen, s->size + 262144);
            if (more == NULL) {
                return 0;
            }
            s->seen = more;
            s->size += 262144;
        }

        n = wait_for(s, fd) ? read(fd, s->seen + s->len, 65535) : 0;
        if (n <= 0) {
            return 0;
        }

        s->len += (size_t) n;
        s->seen[s->len] = '\0';
        if (is_whole(s->seen + start)) {
            return 1;
        }
    }
}


static void
serve(struct canned_server *s, int fd)
{
    const char  *text;

    while (*s->texts != NULL && read_request(s, fd)) {
        text = *s->texts++;

        if (strcmp(text, "-") == 0) {
            (void) wait_for(s, fd);
            return;
        }

        if (text[0] == '!') {
            (void) send(fd, text + 1, strlen(text + 1), MSG_NOSIGNAL);
            return;
        }

        (void) send(fd, text, strlen(text), MSG_NOSIGNAL);
    }

    (void) wait_for(s, fd);
}


static void *
run(void *data)
{
    int                    fd;
    struct canned_server  *s = data;

    while (wait_for(s, s->fd)) {
        fd = accept4(s->fd, NULL, NULL, SOCK_CLOEXEC);
        if (fd >= 0) {
            s->connections++;
            __atomic_store_n(&s->open, fd, __ATOMIC_RELEASE);
            serve(s, fd);
            (void) close(fd);
        }
    }

    return NULL;
}


static int
listen_tcp(struct canned_server *s)
{
    socklen_t           len = sizeof(struct sockaddr_in);
    struct sockaddr_in  a = { .sin_family = AF_INET };

    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    s->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (s->fd < 0 || bind(s->fd, (struct sockaddr *) &a, len) != 0
        || getsockname(s->fd, (struct sockaddr *) &a, &len) != 0)
    {
        return -1;
    }

    s->port = ntohs(a.sin_port);

    return listen(s->fd, 8);
}


static int
listen_unix(struct canned_server *s)
{
    struct sockaddr_un  a = { .sun_family = AF_UNIX };

    (void) strcpy(s->dir, "/tmp/linkfunc-canned.XXXXXX");
    if (mkdtemp(s->dir) == NULL) {
        s->dir[0] = '\0';
        return -1;
    }

    (void) snprintf(s->path, sizeof(s->path), "%s/sock", s->dir);
    (void) strcpy(a.sun_path, s->path);
    s->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    return s->fd >= 0 && bind(s->fd, (struct sockaddr *) &a, sizeof(a)) == 0
           ? listen(s->fd, 8) : -1;
}


struct canned_server *
canned_server_new(int tcp, const char *const *texts)
{
    struct canned_server  *s = calloc(1, sizeof(*s));

    if (s == NULL) {
        return NULL;
    }

    s->fd = -1;
    s->texts = texts;
    s->end = eventfd(0, EFD_CLOEXEC);

    if (s->end < 0 || (tcp ? listen_tcp(s) : listen_unix(s)) != 0
        || pthread_create(&s->thread, NULL, run, s) != 0)
    {
        canned_server_free(&s);
        return NULL;
    }

    s->runs = 1;

    return s;
}


static void
stop(struct canned_server *s)
{
    if (s->runs) {
        (void) eventfd_write(s->end, 1);
        (void) pthread_join(s->thread, NULL);
        s->runs = 0;
    }
}


void
canned_server_free(struct canned_server **server)
{
    struct canned_server  *s = *server;

    if (s == NULL) {
        return;
    }

    stop(s);

    if (s->fd >= 0) {
        (void) close(s->fd);
    }
    if (s->end >= 0) {
        (void) close(s->end);
    }
    if (s->dir[0] != '\0') {
        (void) unlink(s->path);
        (void) rmdir(s->dir);
    }

    free(s->seen);
    free(s);
    *server = NULL;
}


const char *
canned_server_socket(const struct canned_server *s)
{
    return s->path;
}


unsigned
canned_server_port(const struct canned_server *s)
{
    return s->port;
}


void
canned_server_send(struct canned_server *s, const char *text)
{
    (void) send(__atomic_load_n(&s->open, __ATOMIC_ACQUIRE), text,
                strlen(text), MSG_NOSIGNAL);
}


const char *
canned_server_seen(struct canned_server *s, size_t *len)
{
    stop(s);

    if (len != NULL) {
        *len = s->len;
    }

    return s->seen != NULL ? s->seen : "";
}


unsigned
canned_server_connections(struct canned_server *s)
{
    stop(s);

    return s->connections;
}
