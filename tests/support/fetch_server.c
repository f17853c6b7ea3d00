/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * See fetch_server.h. A process of its own, one connection at a time: what is
 * tested forks, and a fork beside a thread may find a lock of that thread held
 * for ever.
 */
#include <arpa/inet.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <openssl/ssl.h>

#include "tests/support/fetch_server.h"

#define DATA_MAX  (8u << 20)
#define WAIT_S    60             /* for a slow machine, and Valgrind */

/* Both processes see it. */
struct fetch_server {
    pthread_mutex_t  lock;
    pthread_cond_t   came;               /* a request more */
    pid_t            pid;
    int              fd;
    unsigned         port, count;
    int              hold;
    SSL_CTX         *tls;
    char             request[8192];
    size_t           len;
    char             data[DATA_MAX];
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
    pthread_cond_broadcast(&server->came);
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


static void
run(struct fetch_server *server)
{
    int   fd;
    SSL  *ssl;

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
    server->pid = fork();

    if (server->pid == 0) {
        (void) prctl(PR_SET_PDEATHSIG, SIGKILL);
        run(server);
        _exit(1);
    }

    return server->pid > 0 ? 0 : -1;
}


struct fetch_server *
fetch_server_new(const char *cert, const char *key)
{
    pthread_condattr_t    clock;
    pthread_mutexattr_t   shared;
    struct fetch_server  *server;

    server = mmap(NULL, sizeof(*server), PROT_READ | PROT_WRITE,
                  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (server == MAP_FAILED) {
        return NULL;
    }

    (void) signal(SIGPIPE, SIG_IGN);
    (void) pthread_mutexattr_init(&shared);
    (void) pthread_mutexattr_setpshared(&shared, PTHREAD_PROCESS_SHARED);
    (void) pthread_mutex_init(&server->lock, &shared);
    (void) pthread_condattr_init(&clock);
    (void) pthread_condattr_setpshared(&clock, PTHREAD_PROCESS_SHARED);
    (void) pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    (void) pthread_cond_init(&server->came, &clock);
    server->fd = -1;
    server->pid = -1;

    if (start(server, cert, key) != 0) {
        fetch_server_free(&server);
    }

    return server;
}


void
fetch_server_free(struct fetch_server **server)
{
    struct fetch_server  *s = *server;

    if (s == NULL) {
        return;
    }

    if (s->pid > 0) {
        (void) kill(s->pid, SIGKILL);
        (void) waitpid(s->pid, NULL, 0);
    }

    if (s->fd >= 0) {
        (void) close(s->fd);
    }

    SSL_CTX_free(s->tls);
    (void) munmap(s, sizeof(*s));
    *server = NULL;
}


void
fetch_server_answer(struct fetch_server *server, const void *data, size_t len,
                    int hold)
{
    if (len > DATA_MAX) {
        abort();
    }

    pthread_mutex_lock(&server->lock);
    memcpy(server->data, data, len);
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


int
fetch_server_wait(struct fetch_server *server, unsigned count)
{
    int              rc = 0;
    struct timespec  end;

    (void) clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_sec += WAIT_S;
    pthread_mutex_lock(&server->lock);

    while (server->count < count && rc == 0) {
        rc = pthread_cond_timedwait(&server->came, &server->lock, &end);
    }

    pthread_mutex_unlock(&server->lock);

    return rc == 0 ? 0 : -1;
}


unsigned
fetch_server_port(struct fetch_server *server)
{
    return server->port;
}
