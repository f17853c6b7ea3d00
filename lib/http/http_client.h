/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Requests to a real server through libcurl, over a connection that is kept.
 * A request goes out as it stands in struct request, nothing added; whatever
 * HTTP forbids in what comes back makes the exchange fail. No redirect is
 * followed.
 */
#ifndef HTTP_CLIENT_H
#define HTTP_CLIENT_H

#include "lib/base/error.h"
#include "lib/http/answer.h"
#include "lib/http/request.h"

struct arena;

/* A body of an answer may be this large. */
#define HTTP_BODY_MAX    (1024L * 1024 * 1024)
#define HTTP_TIMEOUT_MS  30000

struct http_client;

struct http_target {
    const char  *url;            /* "http://host:port/"; its path is not used */
    const char  *socket;         /* a Unix socket to go there by, or NULL */
};

/*
 * may_resend: a request that meets the end of a kept connection is sent again
 * on a new one, as HTTP allows. NULL with a text in err: no libcurl.
 */
struct http_client *http_client_new(int may_resend, char *err);

void http_client_free(struct http_client **client);

/*
 * One exchange: the outcome HTTP_ANSWERED, HTTP_FAILED or HTTP_TIMED_OUT with
 * a text. What the answer holds lives in the arena. timeout_ms 0 is
 * HTTP_TIMEOUT_MS. Returns 0, or -1 with a text in err: no memory, or Ctrl-C.
 */
int http_client_exchange(struct http_client *client, struct arena *arena,
                         const struct http_target *target,
                         const struct request *request, unsigned timeout_ms,
                         struct http_answer *answer, char *err);

/* The last exchange failed because the connection ended, or never was. */
int http_client_lost(const struct http_client *client);

/* Bytes that came on the kept connection since the last answer: at least. */
size_t http_client_excess(struct http_client *client);

#endif /* HTTP_CLIENT_H */
