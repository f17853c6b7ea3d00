/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The headers of a request as nginx 1.22.1 takes them: names it drops, lines
 * it refuses, the ones that may stand once, its buffers, the host.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "lf_fake_host.h"

#define FIRST_BUFFER   1024      /* client_header_buffer_size */
#define LARGE_BUFFER   8192      /* large_client_header_buffers 4 8k */
#define LARGE_BUFFERS  4
#define HEADERS_MAX    1000      /* Debian's, and nginx's since 1.29.8 */

enum name_kind { NAME_GOOD, NAME_DROPPED, NAME_BAD };


void
lf_fake_refuse(struct lf_fake_request *request, int status, const char *why)
{
    if (request->refused == 0) {
        request->refused = status;
        lf_fake_log_write(request, LF_INFO, 0, why, strlen(why));
    }
}


/*
 * nginx reads a head into one small and up to four large buffers; a line must
 * lie in one of them. Returns 0, or -1: no buffer takes it.
 */
static int
take_line(struct lf_fake_request *request, size_t len)
{
    const struct lf_fake_server  *conf = request->server_conf;
    size_t    size = conf->header_buffer_size ? conf->header_buffer_size
                                              : LARGE_BUFFER;
    unsigned  count = conf->header_buffers ? conf->header_buffers
                                           : LARGE_BUFFERS;

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

    request->buffer_size = FIRST_BUFFER;
    len = request->core.method.len + request->target.len
          + sizeof("  HTTP/1.1\r\n") - 1;

    if (take_line(request, len) != 0) {
        lf_fake_refuse(request, 414, "client sent too long URI");
    }
}


static enum name_kind
judge_name(const struct lf_fake_server *conf, const u_char *name, size_t len)
{
    size_t          i;
    u_char          byte, low;
    enum name_kind  kind;

    kind = len > 0 ? NAME_GOOD : NAME_BAD;

    for (i = 0; i < len; i++) {
        byte = name[i];
        low = byte | 0x20;

        if (byte <= ' ' || byte == 0x7f) {
            return NAME_BAD;
        }

        if ((low < 'a' || low > 'z') && (byte < '0' || byte > '9')
            && byte != '-'
            && !conf->keep_invalid_headers
            && !(byte == '_' && conf->underscores_in_headers))
        {
            kind = NAME_DROPPED;
        }
    }

    return kind;
}


int
lf_fake_header_push(struct lf_fake_request *request,
                    struct lf_fake_header_list *list, const lf_str_t *name,
                    const lf_str_t *value)
{
    size_t                  room;
    struct lf_fake_header  *items;

    if (list->count == list->room) {
        room = list->room > 0 ? 2 * list->room : 8;
        items = lf_fake_arena_alloc(&request->arena, room * sizeof(*items));

        if (items == NULL) {
            return -1;
        }

        if (list->count > 0) {
            memcpy(items, list->items, list->count * sizeof(*items));
        }

        list->items = items;
        list->room = room;
    }

    list->items[list->count].name = *name;
    list->items[list->count].value = *value;
    list->count++;

    return 0;
}


static struct lf_fake_header *
find_header(const struct lf_fake_header_list *list, const lf_str_t *name)
{
    size_t  i;

    for (i = 0; i < list->count; i++) {
        if (lf_str_equal_nocase(&list->items[i].name, name)) {
            return &list->items[i];
        }
    }

    return NULL;
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
        request->server = name;
    }
}


/* Headers that nginx itself looks at. */
static void
take_known(struct lf_fake_request *request, const lf_str_t *name,
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
store(struct lf_fake_request *request, const u_char *name, size_t name_len,
      const u_char *value, size_t value_len)
{
    lf_str_t  key, data;

    key.len = name_len;
    key.data = (u_char *) lf_fake_arena_copy(&request->arena, name, name_len);
    data.len = value_len;
    data.data = (u_char *) lf_fake_arena_copy(&request->arena, value,
                                              value_len);

    if (key.data == NULL || data.data == NULL) {
        return -1;
    }

    if (lf_header_is_single(&key)
        && find_header(&request->headers_in, &key) != NULL)
    {
        lf_fake_refuse(request, 400, "client sent duplicate header line");
        return 0;
    }

    if (++request->header_lines > HEADERS_MAX) {
        lf_fake_refuse(request, 400, "client sent too many header lines");
        return 0;
    }

    take_known(request, &key, &data);

    return lf_fake_header_push(request, &request->headers_in, &key, &data);
}


static void
log_dropped(struct lf_fake_request *request, const u_char *name, size_t len)
{
    int   n;
    char  text[256];

    n = snprintf(text, sizeof(text), "client sent invalid header line: "
                 "\"%.*s\"; nginx drops it",
                 (int) (len < 128 ? len : 128), (const char *) name);
    lf_fake_log_write(request, LF_INFO, 0, text, (size_t) n);
}


/* CR ends a line only before LF, and LF always: neither is part of a value. */
static int
has_line_end(const u_char *data, size_t len)
{
    return len > 0 && (memchr(data, '\r', len) != NULL
                       || memchr(data, '\n', len) != NULL
                       || memchr(data, '\0', len) != NULL);
}


int
lf_fake_add_header(struct lf_fake_request *request, const char *name,
                   size_t name_len, const char *value, size_t value_len)
{
    const u_char  *key = (const u_char *) name;
    const u_char  *data = (const u_char *) value;

    if (request->refused) {
        return 0;
    }

    if (take_line(request, name_len + value_len + sizeof(": \r\n") - 1) != 0) {
        lf_fake_refuse(request, LF_FAKE_TOO_LARGE,
                       "client sent too large header line");
        return 0;
    }

    while (value_len > 0 && *data == ' ') {
        data++;
        value_len--;
    }

    while (value_len > 0 && data[value_len - 1] == ' ') {
        value_len--;
    }

    if (has_line_end(data, value_len)) {
        lf_fake_refuse(request, 400, "client sent invalid header line");
        return 0;
    }

    switch (judge_name(request->server_conf, key, name_len)) {
    case NAME_BAD:
        lf_fake_refuse(request, 400, "client sent invalid header line");
        return 0;

    case NAME_DROPPED:
        log_dropped(request, key, name_len);
        return 0;

    default:
        return store(request, key, name_len, data, value_len);
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
judge_framing(struct lf_fake_request *request)
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

    if (take_line(request, sizeof("\r\n") - 1) != 0) {
        lf_fake_refuse(request, LF_FAKE_TOO_LARGE,
                       "client sent too large header line");
    }

    if (request->host_header.data == NULL && !request->http_1_0) {
        lf_fake_refuse(request, 400, "client sent HTTP/1.1 request without "
                       "\"Host\" header");
    }

    judge_framing(request);

    if (is_name(&request->core.method, "CONNECT")) {
        lf_fake_refuse(request, 405, "client sent CONNECT method");
    }

    if (is_name(&request->core.method, "TRACE")) {
        lf_fake_refuse(request, 405, "client sent TRACE method");
    }
}


/* One header of the configuration: it replaces a header that stands once. */
static int
apply(struct lf_fake_request *request, const struct lf_fake_header *header)
{
    struct lf_fake_header  *there;

    there = lf_header_is_single(&header->name)
            ? find_header(&request->headers_in, &header->name) : NULL;

    if (there != NULL) {
        there->value = header->value;
        return 0;
    }

    return lf_fake_header_push(request, &request->headers_in, &header->name,
                               &header->value);
}


int
lf_fake_headers_apply(struct lf_fake_request *request)
{
    size_t  i;

    for (i = 0; i < request->host->req_header_count; i++) {
        if (apply(request, &request->host->req_headers[i]) != 0) {
            return -1;
        }
    }

    for (i = 0; i < request->location_headers.count; i++) {
        if (apply(request, &request->location_headers.items[i]) != 0) {
            return -1;
        }
    }

    return 0;
}


int
lf_fake_add_location_header(struct lf_fake_request *request, const char *name,
                            const char *value)
{
    lf_str_t  key, data;

    key.len = strlen(name);
    data.len = strlen(value);
    key.data = (u_char *) lf_fake_arena_copy(&request->arena, name, key.len);
    data.data = (u_char *) lf_fake_arena_copy(&request->arena, value,
                                              data.len);

    return key.data == NULL || data.data == NULL ? -1
           : lf_fake_header_push(request, &request->location_headers, &key,
                                 &data);
}


int
lf_port_header_in_next(struct lf_request *core, void **iter, lf_str_t *name,
                       lf_str_t *value)
{
    uintptr_t                         at;
    const struct lf_fake_header_list *list;

    list = &lf_fake_request_of(core)->headers_in;
    at = (uintptr_t) *iter;

    if (at >= list->count) {
        return 0;
    }

    *name = list->items[at].name;
    *value = list->items[at].value;
    *iter = (void *) (at + 1);

    return 1;
}


int
lf_port_header_in_add(struct lf_request *core, const lf_str_t *name,
                      const lf_str_t *lowcase, const lf_str_t *value)
{
    struct lf_fake_request  *request;

    (void) lowcase;
    request = lf_fake_request_of(core);

    return lf_fake_header_push(request, &request->headers_in, name, value);
}


int
lf_port_header_out_add(struct lf_request *core, const lf_str_t *name,
                       const lf_str_t *lowcase, const lf_str_t *value)
{
    struct lf_fake_request  *request;

    (void) lowcase;
    request = lf_fake_request_of(core);

    return lf_fake_header_push(request, &request->headers_out, name, value);
}
