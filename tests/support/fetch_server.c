/* SPDX-License-Identifier: BSD-2-Clause */
/* See fetch_server.h. One thread, one connection at a time. */
#include <arpa/inet.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/ssl.h>

#include "fetch_server.h"

struct fetch_server {
    int              fd;
    unsigned         port, count;
    int              hold;
    char            *data;
    size_t           len;
    char             request[8192];
    SSL_CTX         *tls;
    pthread_t        thread;
    pthread_mutex_t  lock;
};


static int
get(SSL *ssl, int fd, char *to, size_t size)
{
    return ssl != NULL ? SSL_read(ssl, to, (int) size)
                       : (int) recv(fd, to, size, 0);
}


static void
put(SSL *ssl, int fd, const char *data, size_t len)
{
    int  n;

    while (len > 0) {
        n = ssl != NULL ? SSL_write(ssl, data, (int) len)
                        : (int) send(fd, data, len, MSG_NOSIGNAL);
        if (n <= 0) {
            return;
        }

        data += n;
        len -= (size_t) n;
    }
}


static void
talk(struct fetch_server *server, SSL *ssl, int fd)
{
    int     n, hold;
    char    rest[256], request[8192], *data;
    size_t  len = 0;

    for ( ;; ) {
        request[len] = '\0';
        if (strstr(request, "\r\n\r\n") != NULL) {
            break;
        }

        n = get(ssl, fd, request + len, sizeof(request) - 1 - len);
        if (n <= 0) {
            return;
        }

        len += (size_t) n;
    }

    pthread_mutex_lock(&server->lock);
    memcpy(server->request, request, len + 1);
    server->count++;
    hold = server->hold;
    len = server->len;
    data = malloc(len + 1);
    if (data != NULL) {
        memcpy(data, server->data, len);
    }
    pthread_mutex_unlock(&server->lock);

    if (data != NULL) {
        put(ssl, fd, data, len);
    }

    free(data);

    while (hold && get(ssl, fd, rest, sizeof(rest)) > 0) { }
}


static void *
run(void *arg)
{
    int                   fd;
    SSL                  *ssl;
    struct fetch_server  *server = arg;

    while ((fd = accept(server->fd, NULL, NULL)) >= 0) {
        ssl = NULL;

        if (server->tls != NULL) {
            ssl = SSL_new(server->tls);
            (void) SSL_set_fd(ssl, fd);
        }

        if (ssl == NULL || SSL_accept(ssl) == 1) {
            talk(server, ssl, fd);
        }

        if (ssl != NULL) {
            (void) SSL_shutdown(ssl);
            SSL_free(ssl);
        }

        (void) close(fd);
    }

    return NULL;
}


static int
start(struct fetch_server *server, const char *cert, const char *key)
{
    socklen_t           len;
    struct sockaddr_in  addr;

    if (cert != NULL) {
        server->tls = SSL_CTX_new(TLS_server_method());
        if (server->tls == NULL
            || SSL_CTX_use_certificate_file(server->tls, cert,
                                            SSL_FILETYPE_PEM) != 1
            || SSL_CTX_use_PrivateKey_file(server->tls, key,
                                           SSL_FILETYPE_PEM) != 1)
        {
            return -1;
        }
    }

    memset(&addr, 0, sizeof(addr));
    addr.sin_family = AF_INET;
    addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    len = sizeof(addr);
    server->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (server->fd < 0
        || bind(server->fd, (struct sockaddr *) &addr, len) != 0
        || listen(server->fd, 16) != 0
        || getsockname(server->fd, (struct sockaddr *) &addr, &len) != 0)
    {
        return -1;
    }

    server->port = ntohs(addr.sin_port);

    return pthread_create(&server->thread, NULL, run, server) == 0 ? 0 : -1;
}


struct fetch_server *
fetch_server_new(const char *cert, const char *key)
{
    struct fetch_server  *server;

    server = calloc(1, sizeof(*server));
    if (server == NULL) {
        return NULL;
    }

    (void) signal(SIGPIPE, SIG_IGN);
    server->fd = -1;
    pthread_mutex_init(&server->lock, NULL);

    if (start(server, cert, key) != 0) {
        SSL_CTX_free(server->tls);
        free(server);
        return NULL;
    }

    return server;
}


void
fetch_server_free(struct fetch_server **server)
{
    if (*server == NULL) {
        return;
    }

    (void) shutdown((*server)->fd, SHUT_RDWR);
    (void) pthread_join((*server)->thread, NULL);
    (void) close((*server)->fd);
    SSL_CTX_free((*server)->tls);
    pthread_mutex_destroy(&(*server)->lock);
    free((*server)->data);
    free(*server);
    *server = NULL;
}


void
fetch_server_answer(struct fetch_server *server, const void *data, size_t len,
                    int hold)
{
    char  *copy = malloc(len + 1);

    if (copy == NULL) {
        abort();
    }

    memcpy(copy, data, len);
    pthread_mutex_lock(&server->lock);
    free(server->data);
    server->data = copy;
    server->len = len;
    server->hold = hold;
    pthread_mutex_unlock(&server->lock);
}


const char *
fetch_server_request(struct fetch_server *server)
{
    return server->request;
}


unsigned
fetch_server_count(struct fetch_server *server)
{
    return server->count;
}


unsigned
fetch_server_port(struct fetch_server *server)
{
    return server->port;
}
