/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libcurl sends the request and reads the answer. It is lenient where a
 * test must not be: bytes behind the end of an answer are only mentioned in
 * its debug texts (those behind HEAD's not even there, from version 8 on), and
 * a request whose connection dies is sent a second time. Both are caught here.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/base/arena.h"
#include "lib/http/http_client.h"
#include "lib/http/http_headers.h"
#include "lib/base/interrupt.h"
#include "lib/base/strbuf.h"
#include "lib/base/url_parts.h"

struct http_client {
    const struct curl_lib   *curl;
    CURL                    *handle;
    unsigned                 may_resend:1;

    /* those of the last request often are those of the next, too */
    struct curl_slist       *headers;
    struct strbuf            headers_text;

    /* of the exchange that runs, or ran last */
    struct arena        *arena;
    struct http_answer  *answer;
    size_t               header_room;
    struct strbuf        body;
    unsigned             sent:1;             /* the head of the request */
    unsigned             complete:1;         /* the head of the answer */
    unsigned             head_only:1;        /* stop there */
    unsigned             no_body:1;          /* HEAD, as libcurl knows it */
    unsigned             plain:1;            /* no TLS */
    unsigned             lost:1;
    unsigned             no_memory:1;
    unsigned             too_large:1;
    char                 excess[128];        /* how libcurl says it */
    size_t               unwanted;           /* what HEAD was answered with */
    char                 error[CURL_ERROR_SIZE];
};


/* ---- what comes back ---------------------------------------------------- */

static int
set_str(struct arena *arena, struct str *to, const char *text, size_t len)
{
    while (len > 0 && (*text == ' ' || *text == '\t')) {
        text++;
        len--;
    }
    while (len > 0 && strchr(" \t\r\n", text[len - 1]) != NULL) {
        len--;
    }

    to->len = len;
    to->data = arena_memdup(arena, text, len);

    return to->data != NULL ? 0 : -1;
}


/* "HTTP/1.1 200 OK": of several, after 1xx, the last one counts. */
static int
start_answer(struct http_client *c, const char *line, size_t len)
{
    const char          *blank = memchr(line, ' ', len);
    struct http_answer  *a = c->answer;

    c->complete = 0;
    a->header_count = 0;
    a->status = 0;

    if (blank == NULL) {
        blank = line + len;
    } else {
        a->status = (unsigned) strtoul(blank, NULL, 10);
    }

    a->version = arena_memdup(c->arena, line + 5, (size_t) (blank - line) - 5);

    return a->version != NULL
           ? set_str(c->arena, &a->status_line, blank,
                     len - (size_t) (blank - line))
           : -1;
}


static int
add_header(struct http_client *c, const char *line, size_t len)
{
    const char          *colon = memchr(line, ':', len);
    struct http_answer  *a = c->answer;
    struct http_header  *more;

    if (colon == NULL) {
        return 0;                            /* libcurl fails by itself */
    }

    if (a->header_count == c->header_room) {
        c->header_room = c->header_room > 0 ? c->header_room * 2 : 16;
        more = arena_alloc(c->arena, c->header_room * sizeof(*more));
        if (more == NULL) {
            return -1;
        }
        if (a->header_count > 0) {
            memcpy(more, a->headers, a->header_count * sizeof(*more));
        }
        a->headers = more;
    }

    more = &a->headers[a->header_count++];

    return set_str(c->arena, &more->name, line, (size_t) (colon - line)) != 0
           || set_str(c->arena, &more->value, colon + 1,
                      len - (size_t) (colon + 1 - line)) != 0 ? -1 : 0;
}


/* A line that begins with a blank goes on with the header before it. */
static int
continue_header(struct http_client *c, const char *line, size_t len)
{
    char                *text;
    struct str           more;
    struct http_header  *h = &c->answer->headers[c->answer->header_count - 1];

    if (set_str(c->arena, &more, line, len) != 0) {
        return -1;
    }

    text = arena_printf(c->arena, "%s %s", (char *) h->value.data,
                        (char *) more.data);
    if (text == NULL) {
        return -1;
    }

    h->value.data = text;
    h->value.len = strlen(text);

    return 0;
}


static size_t
on_header(char *line, size_t size, size_t count, void *data)
{
    int                  rc = 0;
    size_t               len = size * count;
    struct http_client  *c = data;

    if (len >= 5 && memcmp(line, "HTTP/", 5) == 0
        && (!c->complete || c->answer->status / 100 == 1))
    {
        rc = start_answer(c, line, len);

    } else if (c->complete) {
        return len;                          /* trailers are not looked at */

    } else if (len == 0 || line[0] == '\r' || line[0] == '\n') {
        c->complete = 1;
        if (c->head_only && c->answer->status / 100 != 1) {
            return 0;
        }

    } else if ((line[0] == ' ' || line[0] == '\t')
               && c->answer->header_count > 0)
    {
        rc = continue_header(c, line, len);

    } else {
        rc = add_header(c, line, len);
    }

    c->no_memory |= rc != 0;

    return rc == 0 ? len : 0;
}


static size_t
on_body(char *bytes, size_t size, size_t count, void *data)
{
    size_t               len = size * count;
    struct http_client  *c = data;

    if (len > (size_t) HTTP_BODY_MAX - c->body.len) {
        c->too_large = 1;
        return 0;
    }

    strbuf_add(&c->body, bytes, len);
    c->no_memory |= c->body.failed != 0;

    return c->body.failed ? 0 : len;
}


static int
on_debug(CURL *handle, curl_infotype type, char *text, size_t len, void *data)
{
    static const char   *said[] = { "xcess found", "Leftovers after" };
    struct http_client  *c = data;
    size_t               i;

    (void) handle;

    c->sent |= type == CURLINFO_HEADER_OUT;
    c->unwanted += type == CURLINFO_DATA_IN && c->no_body ? len : 0;

    for (i = 0; type == CURLINFO_TEXT && i < 2; i++) {
        if (memmem(text, len, said[i], strlen(said[i])) != NULL) {
            while (len > 0 && (text[len - 1] == '\n')) {
                len--;
            }
            (void) snprintf(c->excess, sizeof(c->excess), "%.*s", (int) len,
                            text);
        }
    }

    return 0;
}


/* A second connection within one exchange would send the request again. */
static curl_socket_t
on_socket(void *data, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct http_client  *c = data;

    (void) purpose;

    if (c->sent && !c->may_resend) {
        c->lost = 1;
        return CURL_SOCKET_BAD;
    }

    return socket(address->family, address->socktype | SOCK_CLOEXEC,
                  address->protocol);
}


static int
on_progress(void *data, curl_off_t total, curl_off_t now, curl_off_t up_total,
            curl_off_t up_now)
{
    (void) data;
    (void) total;
    (void) now;
    (void) up_total;
    (void) up_now;

    return interrupt_caught() != 0;
}


/* ---- what goes out ------------------------------------------------------ */

/* The list in the client: made anew when it is another one. */
static int
set_headers(struct http_client *c, const struct request *request)
{
    size_t         i;
    struct strbuf  text = { 0 };

    for (i = 0; i < request->header_count; i++) {
        strbuf_addstr(&text, request->headers[i].name);
        strbuf_addch(&text, ':');
        strbuf_addstr(&text, request->headers[i].value);
        strbuf_addch(&text, '\n');
    }

    if (c->headers != NULL && !text.failed && text.len == c->headers_text.len
        && (text.len == 0
            || memcmp(text.data, c->headers_text.data, text.len) == 0))
    {
        strbuf_free(&text);
        return 0;
    }

    c->curl->free_list(c->headers);
    strbuf_free(&c->headers_text);
    c->headers_text = text;
    c->headers = text.failed ? NULL : http_header_list(c->curl, request);
    (void) c->curl->setopt(c->handle, CURLOPT_HTTPHEADER, c->headers);

    return c->headers != NULL ? 0 : -1;
}


static void
set_method(struct http_client *c, const struct request *request)
{
    const char              *coding;
    const struct curl_lib   *curl = c->curl;

    coding = request_get_header(request, "Transfer-Encoding");
    c->head_only = c->no_body = 0;

    if (request->body_len > 0 || coding != NULL) {
        (void) curl->setopt(c->handle, CURLOPT_POST, 1L);
        (void) curl->setopt(c->handle, CURLOPT_POSTFIELDS,
                            request->body != NULL ? request->body : "");
        (void) curl->setopt(c->handle, CURLOPT_POSTFIELDSIZE_LARGE,
                            (curl_off_t) request->body_len);
        c->head_only = strcmp(request->method, "HEAD") == 0;

    } else if (strcmp(request->method, "HEAD") == 0) {
        (void) curl->setopt(c->handle, CURLOPT_NOBODY, 1L);
        c->no_body = 1;

    } else {
        (void) curl->setopt(c->handle, CURLOPT_HTTPGET, 1L);
    }
}


/* The few that copy their text fail when there is no memory. */
static int
set_request(struct http_client *c, const struct http_target *target,
            const struct request *request, unsigned timeout_ms)
{
    CURL                    *h = c->handle;
    const struct curl_lib   *curl = c->curl;

    set_method(c, request);

    (void) curl->setopt(h, CURLOPT_HTTP_VERSION,
                        (long) (request->http_1_0 ? CURL_HTTP_VERSION_1_0
                                                  : CURL_HTTP_VERSION_1_1));
    (void) curl->setopt(h, CURLOPT_TIMEOUT_MS,
                        (long) (timeout_ms > 0 ? timeout_ms
                                               : HTTP_TIMEOUT_MS));

    return curl->setopt(h, CURLOPT_URL, target->url) == CURLE_OK
           && curl->setopt(h, CURLOPT_UNIX_SOCKET_PATH, target->socket)
              == CURLE_OK
           && curl->setopt(h, CURLOPT_CUSTOMREQUEST, request->method)
              == CURLE_OK
           && curl->setopt(h, CURLOPT_REQUEST_TARGET, request->target)
              == CURLE_OK ? 0 : -1;
}


/* ---- the exchange ------------------------------------------------------- */

size_t
http_client_excess(struct http_client *c)
{
    char           bytes[256];
    ssize_t        n;
    curl_socket_t  fd = CURL_SOCKET_BAD;

    if (!c->plain
        || c->curl->getinfo(c->handle, CURLINFO_ACTIVESOCKET, &fd) != CURLE_OK
        || fd == CURL_SOCKET_BAD)
    {
        return 0;
    }

    n = recv(fd, bytes, sizeof(bytes), MSG_PEEK | MSG_DONTWAIT);

    return n > 0 ? (size_t) n : 0;
}


static int
fail(struct http_client *c, enum http_outcome outcome, const char *what,
     const char *detail, char *err)
{
    c->answer->outcome = outcome;
    c->answer->text = arena_printf(c->arena, "%s%s%s", what,
                                   *detail != '\0' ? ": " : "", detail);
    if (c->answer->text == NULL) {
        (void) snprintf(err, ERROR_LEN, "out of memory");
        return -1;
    }

    return 0;
}


/* Names the rule that excess bytes break. */
static int
fail_excess(struct http_client *c, const struct request *request,
            const char *detail, char *err)
{
    unsigned  status = c->answer->status;

    return fail(c, HTTP_FAILED, strcmp(request->method, "HEAD") == 0
                ? "a response to HEAD must not have a body"
                : status == 204 || status == 304
                ? "a response with status 204 or 304 must not have a body"
                : "bytes follow the end of the response", detail, err);
}


static int
explain(struct http_client *c, CURLcode code, unsigned timeout_ms, char *err)
{
    char         text[64];
    const char  *detail = c->error[0] != '\0' ? c->error
                                              : c->curl->error_text(code);

    switch (code) {

    case CURLE_OPERATION_TIMEDOUT:
        (void) snprintf(text, sizeof(text), "no complete response within %u ms",
                        timeout_ms > 0 ? timeout_ms : HTTP_TIMEOUT_MS);
        return fail(c, HTTP_TIMED_OUT, text, "", err);

    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
        return fail(c, HTTP_FAILED, "the server did not send HTTP",
                    detail, err);

    case CURLE_PARTIAL_FILE:
        c->lost = 1;
        return fail(c, HTTP_FAILED, "the body ended before its "
                    "Content-Length or its last chunk", detail, err);

    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
        c->lost = 1;
        return fail(c, HTTP_FAILED, "the connection was closed before the "
                    "response was complete", detail, err);

    case CURLE_COULDNT_CONNECT:
        if (c->lost) {                       /* on_socket refused to resend */
            return fail(c, HTTP_FAILED, "the connection was closed without a "
                        "response", "", err);
        }
        c->lost = 1;
        return fail(c, HTTP_FAILED, "cannot connect", detail, err);

    case CURLE_WRITE_ERROR:
        if (c->too_large) {
            return fail(c, HTTP_FAILED, "the body is larger than 1 GiB", "",
                        err);
        }
        return fail(c, HTTP_FAILED, detail, "", err);

    default:
        return fail(c, HTTP_FAILED, detail, "", err);
    }
}


static int
take_answer(struct http_client *c, const struct request *request, char *err)
{
    char                 text[64];
    size_t               excess;
    curl_off_t           us = 0;
    struct http_answer  *a = c->answer;

    (void) c->curl->getinfo(c->handle, CURLINFO_TOTAL_TIME_T, &us);
    a->duration_us = (uint64_t) us;

    if (c->excess[0] != '\0') {
        return fail_excess(c, request, c->excess, err);
    }

    excess = c->unwanted > 0 ? c->unwanted : http_client_excess(c);
    if (excess > 0) {
        (void) snprintf(text, sizeof(text), "at least %zu extra bytes",
                        excess);
        return fail_excess(c, request, text, err);
    }

    a->outcome = HTTP_ANSWERED;
    a->body.len = c->body.len;
    a->body.data = arena_memdup(c->arena, c->body.data,
                                           c->body.len);
    if (a->body.data == NULL) {
        (void) snprintf(err, ERROR_LEN, "out of memory");
        return -1;
    }

    return 0;
}


int
http_client_exchange(struct http_client *c, struct arena *arena,
                     const struct http_target *target,
                     const struct request *request, unsigned timeout_ms,
                     struct http_answer *answer, char *err)
{
    int       rc = -1;
    CURLcode  code;

    memset(answer, 0, sizeof(*answer));
    c->arena = arena;
    c->answer = answer;
    c->header_room = c->unwanted = 0;
    c->sent = c->complete = c->lost = c->no_memory = c->too_large = 0;
    c->excess[0] = c->error[0] = '\0';
    c->plain = !url_has_scheme(target->url, "https");

    if (set_headers(c, request) != 0
        || set_request(c, target, request, timeout_ms) != 0)
    {
        (void) snprintf(err, ERROR_LEN, "out of memory");
        return -1;
    }

    code = c->curl->perform(c->handle);

    if (c->no_memory || code == CURLE_OUT_OF_MEMORY) {
        (void) snprintf(err, ERROR_LEN, "out of memory");

    } else if (code == CURLE_ABORTED_BY_CALLBACK) {
        (void) snprintf(err, ERROR_LEN, "stopped by a signal");

    } else if (code == CURLE_OK
               || (code == CURLE_WRITE_ERROR && c->head_only && c->complete))
    {
        rc = take_answer(c, request, err);

    } else {
        rc = explain(c, code, timeout_ms, err);
    }

    strbuf_free(&c->body);

    return rc;
}


int
http_client_lost(const struct http_client *c)
{
    return c->lost;
}


struct http_client *
http_client_new(int may_resend, char *err)
{
    CURL                    *h;
    const char              *why;
    struct http_client      *c;
    const struct curl_lib   *curl = curl_lib_open(&why);

    if (curl == NULL) {
        (void) snprintf(err, ERROR_LEN, "%s", why);
        return NULL;
    }

    c = calloc(1, sizeof(*c));
    h = c != NULL ? curl->init() : NULL;
    if (h == NULL) {
        free(c);
        (void) snprintf(err, ERROR_LEN, "out of memory");
        return NULL;
    }

    c->curl = curl;
    c->handle = h;
    c->may_resend = may_resend != 0;

    (void) curl->setopt(h, CURLOPT_NOSIGNAL, 1L);
    (void) curl->setopt(h, CURLOPT_PROXY, "");
    (void) curl->setopt(h, CURLOPT_PATH_AS_IS, 1L);
    (void) curl->setopt(h, CURLOPT_ERRORBUFFER, c->error);
    (void) curl->setopt(h, CURLOPT_HEADERFUNCTION, on_header);
    (void) curl->setopt(h, CURLOPT_HEADERDATA, c);
    (void) curl->setopt(h, CURLOPT_WRITEFUNCTION, on_body);
    (void) curl->setopt(h, CURLOPT_WRITEDATA, c);
    (void) curl->setopt(h, CURLOPT_VERBOSE, 1L);
    (void) curl->setopt(h, CURLOPT_DEBUGFUNCTION, on_debug);
    (void) curl->setopt(h, CURLOPT_DEBUGDATA, c);
    (void) curl->setopt(h, CURLOPT_OPENSOCKETFUNCTION, on_socket);
    (void) curl->setopt(h, CURLOPT_OPENSOCKETDATA, c);
    (void) curl->setopt(h, CURLOPT_NOPROGRESS, 0L);
    (void) curl->setopt(h, CURLOPT_XFERINFOFUNCTION, on_progress);

    return c;
}


void
http_client_free(struct http_client **client)
{
    if (*client != NULL) {
        (*client)->curl->cleanup((*client)->handle);
        (*client)->curl->free_list((*client)->headers);
        strbuf_free(&(*client)->headers_text);
        free(*client);
        *client = NULL;
    }
}
