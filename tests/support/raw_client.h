/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A client that sends and reads bytes as they are: a test must see what stands
 * on the wire, also what a proper client would hide. Waits end after ten
 * seconds. Functions return 0, or -1.
 */
#ifndef LF_TESTS_RAW_CLIENT_H
#define LF_TESTS_RAW_CLIENT_H

#include <stddef.h>

struct raw_client;

struct raw_response {
    int      status;
    char    *head;               /* with its empty line, NUL-terminated */
    size_t   head_len;
    char    *body;               /* decoded if chunked; NUL-terminated */
    size_t   body_len;
    size_t   wire_len;           /* bytes read for this response */
};

/* Connect to a Unix socket, or NULL. */
struct raw_client *raw_client_open(const char *path);

/* Close and clear. */
void raw_client_close(struct raw_client **client);

int raw_client_send(struct raw_client *client, const void *data, size_t len);

/* The same for a C string. */
int raw_client_text(struct raw_client *client, const char *text);

/*
 * Read one response, and no byte of the next. no_body: it answers a HEAD; 204,
 * 304 and 1xx are known to have none. Free it with raw_response_free.
 */
int raw_client_read(struct raw_client *client, int no_body,
                    struct raw_response *response);

/* Read all that comes until the server closes: yours, NUL-terminated. */
char *raw_client_read_all(struct raw_client *client, size_t *len);

/* Wait until there is something to read; until the server has closed. */
int raw_client_wait_readable(struct raw_client *client);
int raw_client_wait_closed(struct raw_client *client);

/* Send what ends the stream of the client, keep reading. */
int raw_client_shutdown(struct raw_client *client);

void raw_response_free(struct raw_response *response);

/* The value of the first header of that name: yours, or NULL. */
char *raw_response_header(const struct raw_response *response,
                          const char *name);

/* How many headers of that name it has. */
unsigned raw_response_count(const struct raw_response *response,
                            const char *name);

/* Open, send, read one response, close. */
int raw_request(const char *path, const void *data, size_t len, int no_body,
                struct raw_response *response);

#endif /* LF_TESTS_RAW_CLIENT_H */
