/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The head of a request as a whole: the buffers nginx 1.22.1 reads it into,
 * the headers it acts upon itself, and what it refuses when all are there.
 */
#include <string.h>
#include <strings.h>

#include "fakes/lf_fake_request.h"

#define FIRST_BUFFER   1024      /* client_header_buffer_size 1k */
#define LARGE_BUFFER   8192      /* large_client_header_buffers 4 8k */
#define LARGE_BUFFERS  4


/*
 * nginx reads a head into one small and up to four large buffers; a line must
 * lie in one of them. Returns 0, or -1: no buffer takes it.
 */
int
lf_fake_head_line(struct lf_fake_request *request, size_t len)
{
    size_t                        size, count;
    const struct lf_fake_server  *conf;

    conf = request->server_conf;
    size = conf->header_buffer_size ? conf->header_buffer_size : LARGE_BUFFER;
    count = conf->header_buffers ? conf->header_buffers : LARGE_BUFFERS;
    request->head_len += len;

    if (len <= request->buffer_size - request->buffer_used) {
        request->buffer_used += len;
        return 0;
    }

    if (len > size || request->large_buffers == count) {
        return -1;
    }

    request->large_buffers++;
    request->buffer_size = size;
    request->buffer_used = len;

    return 0;
}


void
lf_fake_head_start(struct lf_fake_request *request)
{
    size_t  len;

    request->buffer_size = request->server_conf->first_buffer;

    if (request->buffer_size == 0) {
        request->buffer_size = FIRST_BUFFER;
    }

    len = request->core.method.len + request->target.len
          + sizeof("  HTTP/1.1\r\n") - 1;

    if (lf_fake_head_line(request, len) != 0) {
        lf_fake_refuse(request, 414, "client sent too long URI");
    }
}


static int
is_name(const lf_str_t *name, const char *wanted)
{
    return strncasecmp((char *) name->data, wanted, name->len) == 0
           && wanted[name->len] == '\0';
}


static int
contains(const lf_str_t *value, const char *word)
{
    size_t  i, len;

    len = strlen(word);

    for (i = 0; i + len <= value->len; i++) {
        if (strncasecmp((char *) value->data + i, word, len) == 0) {
            return 1;
        }
    }

    return 0;
}


/* The name of a host without port and trailing dot. */
int
lf_fake_host_valid(const lf_str_t *value, lf_str_t *name)
{
    int     in_literal, in_rest;
    size_t  i, len;
    u_char  byte;

    in_literal = value->len > 0 && value->data[0] == '[';
    in_rest = 0;
    len = value->len;

    for (i = 0; i < value->len; i++) {
        byte = value->data[i];

        if (byte <= ' ' || byte == 0x7f || byte == '/'
            || (byte == '.' && i > 0 && value->data[i - 1] == '.'))
        {
            return -1;
        }

        if (byte == ':' && !in_literal && !in_rest) {
            len = i;
            in_rest = 1;

        } else if (byte == ']' && in_literal) {
            len = i + 1;
            in_literal = 0;
            in_rest = 1;
        }
    }

    if (len > 0 && value->data[len - 1] == '.') {
        len--;
    }

    name->data = value->data;
    name->len = len;

    return len > 0 ? 0 : -1;
}


/* $host is in lower case, whatever the client sent. */
void
lf_fake_set_server(struct lf_fake_request *request, const lf_str_t *name)
{
    size_t    i;
    lf_str_t  text;

    if (lf_fake_arena_copy(&request->arena, &text, name->data, name->len)
        != 0)
    {
        request->failed = 1;
        return;
    }

    for (i = 0; i < text.len; i++) {
        text.data[i] = lf_lower(text.data[i]);
    }

    request->server = text;
}


static void
take_host(struct lf_fake_request *request, const lf_str_t *value)
{
    lf_str_t  name;

    request->host_header = *value;

    if (lf_fake_host_valid(value, &name) != 0) {
        lf_fake_refuse(request, 400, "client sent invalid host header");
        return;
    }

    if (!request->host_in_uri) {
        lf_fake_set_server(request, &name);
    }
}


/* Headers that nginx itself uses. */
void
lf_fake_head_known(struct lf_fake_request *request, const lf_str_t *name,
                   const lf_str_t *value)
{
    if (is_name(name, "host")) {
        take_host(request, value);

    } else if (is_name(name, "connection")) {
        if (contains(value, "close")) {
            request->connection = CONNECTION_CLOSE;

        } else if (contains(value, "keep-alive")) {
            request->connection = CONNECTION_KEEP;
        }

    } else if (is_name(name, "content-length")) {
        request->content_length = *value;

    } else if (is_name(name, "transfer-encoding")) {
        request->transfer_encoding = *value;

    } else if (is_name(name, "user-agent")) {
        if (request->user_agent.data == NULL) {
            request->user_agent = *value;
        }

    } else if (is_name(name, "referer")) {
        if (request->referer.data == NULL) {
            request->referer = *value;
        }
    }
}


static int
is_length(const lf_str_t *value)
{
    size_t   i;
    int64_t  number;

    number = 0;

    for (i = 0; i < value->len; i++) {
        if (value->data[i] < '0' || value->data[i] > '9'
            || number > (INT64_MAX - (value->data[i] - '0')) / 10)
        {
            return 0;
        }

        number = number * 10 + (value->data[i] - '0');
    }

    return value->len > 0;
}


static void
check_framing(struct lf_fake_request *request)
{
    static const lf_str_t  chunked = LF_STR("chunked");

    if (request->content_length.data != NULL
        && !is_length(&request->content_length))
    {
        lf_fake_refuse(request, 400, "client sent invalid \"Content-Length\" "
                       "header");
    }

    if (request->transfer_encoding.data == NULL) {
        return;
    }

    if (request->http_1_0) {
        lf_fake_refuse(request, 400, "client sent HTTP/1.0 request with "
                       "\"Transfer-Encoding\" header");
    }

    if (!lf_str_equal_nocase(&request->transfer_encoding, &chunked)) {
        lf_fake_refuse(request, 501, "client sent unknown "
                       "\"Transfer-Encoding\"");
    }

    if (request->content_length.data != NULL) {
        lf_fake_refuse(request, 400, "client sent \"Content-Length\" and "
                       "\"Transfer-Encoding\" headers at the same time");
    }
}


void
lf_fake_head_finish(struct lf_fake_request *request)
{
    if (request->head_finished) {
        return;
    }

    request->head_finished = 1;

    if (lf_fake_head_line(request, sizeof("\r\n") - 1) != 0) {
        lf_fake_refuse(request, LF_FAKE_TOO_LARGE,
                       "client sent too large header line");
    }

    if (request->host_header.data == NULL && !request->http_1_0) {
        lf_fake_refuse(request, 400, "client sent HTTP/1.1 request without "
                       "\"Host\" header");
    }

    check_framing(request);

    if (is_name(&request->core.method, "CONNECT")) {
        lf_fake_refuse(request, 405, "client sent CONNECT method");
    }

    if (is_name(&request->core.method, "TRACE")) {
        lf_fake_refuse(request, 405, "client sent TRACE method");
    }
}
