/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A server on a free port of 127.0.0.1 that answers given bytes to a path,
 * also what no proper server would send. With a certificate it speaks TLS.
 */
#ifndef LF_TESTS_FETCH_SERVER_H
#define LF_TESTS_FETCH_SERVER_H

#include <stddef.h>

struct fetch_server;

/* cert and key: PEM files, or NULL for plain http. */
struct fetch_server *fetch_server_new(const char *cert, const char *key);
void fetch_server_free(struct fetch_server **server);

/*
 * All following requests get these bytes (8 MiB at most), then the end of the
 * connection; with hold, the connection stays open until the client closes it.
 */
void fetch_server_answer(struct fetch_server *server, const void *data,
                         size_t len, int hold);

/* The last request, and how many came. */
const char *fetch_server_request(struct fetch_server *server);
unsigned fetch_server_count(struct fetch_server *server);

/* Wait until so many came: 0, or -1 after a minute. */
int fetch_server_wait(struct fetch_server *server, unsigned count);

unsigned fetch_server_port(struct fetch_server *server);

#endif /* LF_TESTS_FETCH_SERVER_H */
