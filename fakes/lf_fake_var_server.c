/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of nginx's variables, and those that the server knows: names,
 * times, and how far the answer is. The client is at 127.0.0.1, as in the log.
 */
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "fakes/lf_fake_vars.h"

#define HTTP_PORT       80
#define BODY_IN_MEMORY  8192     /* client_body_buffer_size */


static int
copied(struct lf_fake_request *request, const char *text, lf_str_t *value)
{
    return lf_fake_arena_copy(&request->arena, value, text, strlen(text)) == 0;
}


static int
number(struct lf_fake_request *request, size_t n, lf_str_t *value)
{
    char  text[32];

    (void) snprintf(text, sizeof(text), "%zu", n);

    return copied(request, text, value);
}


static int
server_name(struct lf_fake_request *request, const lf_str_t *name,
            lf_str_t *value)
{
    (void) name;
    *value = request->server_conf->name;

    return 1;
}


static int
server_port(struct lf_fake_request *request, const lf_str_t *name,
            lf_str_t *value)
{
    unsigned  port = request->server_conf->port;

    (void) name;

    return number(request, port != 0 ? port : HTTP_PORT, value);
}


static int
hostname(struct lf_fake_request *request, const lf_str_t *name,
         lf_str_t *value)
{
    char  host[256];

    (void) name;

    if (gethostname(host, sizeof(host)) != 0) {
        return 0;
    }

    host[sizeof(host) - 1] = '\0';

    return copied(request, host, value);
}


static int
pid(struct lf_fake_request *request, const lf_str_t *name, lf_str_t *value)
{
    (void) name;

    return number(request, (size_t) getpid(), value);
}


static int
address(struct lf_fake_request *request, const lf_str_t *name,
        lf_str_t *value)
{
    (void) request;
    (void) lf_fake_var_text(value, "127.0.0.1");

    if (lf_fake_var_is(name, "binary_remote_addr")) {
        value->data = (u_char *) (uintptr_t) "\x7f\0\0\x01";
        value->len = 4;
    }

    return 1;
}


/* The same each time in this request. */
static int
request_id(struct lf_fake_request *request, const lf_str_t *name,
           lf_str_t *value)
{
    size_t         i;
    unsigned char  bytes[16];

    (void) name;

    if (request->id[0] == '\0') {
        if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t) sizeof(bytes)) {
            return 0;
        }

        for (i = 0; i < sizeof(bytes); i++) {
            (void) snprintf(request->id + 2 * i, 3, "%02x", bytes[i]);
        }
    }

    return lf_fake_var_text(value, request->id);
}


static int
body_was_read(const struct lf_fake_request *request)
{
    return request->ran && lf_request_wants_body(&request->core.method);
}


static int
body(struct lf_fake_request *request, const lf_str_t *name, lf_str_t *value)
{
    (void) name;
    *value = request->body;

    return body_was_read(request) && request->body.len > 0
           && request->body.len <= BODY_IN_MEMORY;
}


/* On the wire; a chunked body as one chunk, which is how clients send it. */
static size_t
body_length(const struct lf_fake_request *request)
{
    size_t  n = request->body.len, frame = 0;

    if (!body_was_read(request)) {
        return 0;
    }

    if (request->transfer_encoding.data != NULL) {
        frame = sizeof("0\r\n\r\n") - 1;

        if (n > 0) {
            frame += (size_t) snprintf(NULL, 0, "%zx\r\n\r\n", n);
        }
    }

    return n + frame;
}


static int
request_length(struct lf_fake_request *request, const lf_str_t *name,
               lf_str_t *value)
{
    (void) name;

    /* nobody has sent a request that is inside another */
    if (request->main != request) {
        return lf_fake_var_text(value, "0");
    }

    lf_fake_head_finish(request);

    return number(request, request->head_len + body_length(request), value);
}


/* The answer has not begun while a handler runs. */
static int
constant(struct lf_fake_request *request, const lf_str_t *name,
         lf_str_t *value)
{
    size_t  i;

    static const struct { const char *name, *value; }  rows[] = {
        { "body_bytes_sent", "0" }, { "bytes_sent", "0" }, { "http2", "" },
        { "https", "" }, { "limit_rate", "0" },
        { "nginx_version", &LF_FAKE_SERVER[6] }, { "pipe", "." },
        { "request_completion", "" }, { "request_time", "0.000" },
        { "scheme", "http" }, { "status", "000" },
    };

    (void) request;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (lf_fake_var_is(name, rows[i].name)) {
            return lf_fake_var_text(value, rows[i].value);
        }
    }

    return 0;
}


static int
now(struct lf_fake_request *request, const lf_str_t *name, lf_str_t *value)
{
    char             text[64];
    size_t           n;
    struct tm        tm;
    struct timespec  at;

    (void) clock_gettime(CLOCK_REALTIME, &at);
    (void) localtime_r(&at.tv_sec, &tm);

    if (lf_fake_var_is(name, "msec")) {
        (void) snprintf(text, sizeof(text), "%lld.%03ld",
                        (long long) at.tv_sec, at.tv_nsec / 1000000);

    } else if (lf_fake_var_is(name, "time_local")) {
        (void) strftime(text, sizeof(text), "%d/%b/%Y:%H:%M:%S %z", &tm);

    } else {
        n = strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S%z", &tm);
        (void) memmove(text + n - 1, text + n - 2, 3);     /* +02:00 */
        text[n - 2] = ':';
    }

    return copied(request, text, value);
}


/* nginx's, but no request to this host has it. */
static int
never(struct lf_fake_request *request, const lf_str_t *name, lf_str_t *value)
{
    (void) request;
    (void) name;
    (void) value;

    return 0;
}


const struct lf_fake_var  lf_fake_vars[] = {
    { "arg_", 1, lf_fake_var_arg },
    { "args", 0, lf_fake_var_line },
    { "binary_remote_addr", 0, address },
    { "body_bytes_sent", 0, constant },
    { "bytes_sent", 0, constant },
    { "content_length", 0, lf_fake_var_length },
    { "content_type", 0, lf_fake_var_header },
    { "cookie_", 1, lf_fake_var_cookie },
    { "document_uri", 0, lf_fake_var_core },
    { "host", 0, lf_fake_var_line },
    { "hostname", 0, hostname },
    { "http2", 0, constant },
    { "http_", 1, lf_fake_var_http },
    { "https", 0, constant },
    { "is_args", 0, lf_fake_var_line },
    { "limit_rate", 0, constant },
    { "msec", 0, now },
    { "nginx_version", 0, constant },
    { "pid", 0, pid },
    { "pipe", 0, constant },
    { "proxy_protocol_", 1, never },
    { "query_string", 0, lf_fake_var_line },
    { "remote_addr", 0, address },
    { "remote_user", 0, lf_fake_var_user },
    { "request", 0, lf_fake_var_line },
    { "request_body", 0, body },
    { "request_completion", 0, constant },
    { "request_id", 0, request_id },
    { "request_length", 0, request_length },
    { "request_method", 0, lf_fake_var_core },
    { "request_time", 0, constant },
    { "request_uri", 0, lf_fake_var_line },
    { "scheme", 0, constant },
    { "sent_http_connection", 0, NULL },
    { "sent_http_", 1, lf_fake_var_sent_http },
    { "sent_trailer_", 1, never },
    { "server_addr", 0, address },
    { "server_name", 0, server_name },
    { "server_port", 0, server_port },
    { "server_protocol", 0, lf_fake_var_line },
    { "ssl_", 1, never },
    { "status", 0, constant },
    { "time_iso8601", 0, now },
    { "time_local", 0, now },
    { "upstream_", 1, never },
    { "uri", 0, lf_fake_var_core },
    { "ancient_browser", 0, NULL },
    { "connection", 0, NULL },
    { "connection_requests", 0, NULL },
    { "connection_time", 0, NULL },
    { "date_gmt", 0, NULL },
    { "date_local", 0, NULL },
    { "document_root", 0, NULL },
    { "geoip_", 1, NULL },
    { "gzip_ratio", 0, never },
    { "invalid_referer", 0, NULL },
    { "modern_browser", 0, NULL },
    { "msie", 0, NULL },
    { "proxy_", 1, NULL },
    { "realip_", 1, NULL },
    { "realpath_root", 0, NULL },
    { "remote_port", 0, NULL },
    { "request_body_file", 0, NULL },
    { "request_filename", 0, NULL },
    { "secure_link", 0, never },
    { "secure_link_expires", 0, never },
    { "slice_range", 0, never },
    { "tcpinfo_", 1, NULL },
    { "uid_", 1, NULL },
};

const size_t  lf_fake_var_count = sizeof(lf_fake_vars)
                                  / sizeof(lf_fake_vars[0]);
