/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A server that sends what a test wrote down, byte by byte, also what HTTP
 * forbids. It reads one request, sends the next text, and so on. It runs in a
 * thread and knows no test framework.
 */
#ifndef LF_TESTS_CANNED_SERVER_H
#define LF_TESTS_CANNED_SERVER_H

#include <stddef.h>

struct canned_server;

/*
 * Listens on a Unix socket of its own, or on a free port of 127.0.0.1. texts
 * end with NULL; one that begins with '!' is sent without it and ends the
 * connection, "-" sends nothing and waits. NULL: no socket, no memory.
 */
struct canned_server *canned_server_new(int tcp, const char *const *texts);

/* Ends the thread, removes the socket, clears the pointer. */
void canned_server_free(struct canned_server **server);

const char *canned_server_socket(const struct canned_server *server);
unsigned canned_server_port(const struct canned_server *server);

/* Send more on the connection that is open now, which has been answered. */
void canned_server_send(struct canned_server *server, const char *text);

/* All requests as they came; stops the server. */
const char *canned_server_seen(struct canned_server *server, size_t *len);

/* How many connections it took; stops the server. */
unsigned canned_server_connections(struct canned_server *server);

#endif /* LF_TESTS_CANNED_SERVER_H */
