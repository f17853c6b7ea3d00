/* SPDX-License-Identifier: BSD-2-Clause */
/* See request.h. */
#include "lib/http/request.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A body that is longer is not put on a command line. */
#define INLINE_BODY_MAX  512


void
request_free(struct request *request)
{
    size_t  i;

    for (i = 0; i < request->header_count; i++) {
        free(request->headers[i].name);
        free(request->headers[i].value);
    }

    free(request->headers);
    free(request->method);
    free(request->target);
    free(request->url);
    free(request->body);
    free(request->body_from);
    memset(request, 0, sizeof(*request));
}


int
request_add_header(struct request *request, const char *name,
    const char *value, int implied)
{
    struct request_header  *headers, *header;

    headers = realloc(request->headers,
                      (request->header_count + 1) * sizeof(*headers));
    if (headers == NULL) {
        return -1;
    }

    request->headers = headers;
    header = &headers[request->header_count];
    header->name = strdup(name);
    header->value = strdup(value);
    header->implied = implied != 0;

    if (header->name == NULL || header->value == NULL) {
        free(header->name);
        free(header->value);
        return -1;
    }

    request->header_count++;

    return 0;
}


const char *
request_get_header(const struct request *request, const char *name)
{
    size_t  i;

    for (i = 0; i < request->header_count; i++) {
        if (strcasecmp(request->headers[i].name, name) == 0) {
            return request->headers[i].value;
        }
    }

    return NULL;
}


void
request_print_head(const struct request *request, const char *prefix,
    const char *line_end, struct strbuf *out)
{
    size_t                        i;
    const struct request_header  *header;

    strbuf_printf(out, "%s%s %s HTTP/1.%c%s", prefix, request->method,
                  request->target, request->http_1_0 ? '0' : '1', line_end);

    for (i = 0; i < request->header_count; i++) {
        header = &request->headers[i];
        strbuf_printf(out, "%s%s:%s%s%s", prefix, header->name,
                      header->value[0] ? " " : "", header->value, line_end);
    }

    strbuf_printf(out, "%s%s", prefix, line_end);
}


/* Headers that curl would send, and this request does not have. */
static void
print_removed(const struct request *request, struct strbuf *out)
{
    size_t  i;

    static const char *const  names[] = { "Host", "User-Agent", "Accept" };

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (request_get_header(request, names[i]) == NULL) {
            strbuf_printf(out, " -H %s:", names[i]);
        }
    }

    if (request->body != NULL
        && request_get_header(request, "Content-Type") == NULL)
    {
        strbuf_addstr(out, " -H Content-Type:");
    }
}


static void
print_headers(const struct request *request, struct strbuf *out)
{
    size_t                        i;
    struct strbuf                 line;
    const struct request_header  *header;

    memset(&line, 0, sizeof(line));

    for (i = 0; i < request->header_count; i++) {
        header = &request->headers[i];

        if (header->implied) {
            continue;
        }

        strbuf_clear(&line);

        if (header->value[0] == '\0') {
            strbuf_printf(&line, "%s;", header->name);

        } else {
            strbuf_printf(&line, "%s: %s", header->name, header->value);
        }

        if (!line.failed) {
            strbuf_addstr(out, " -H ");
            strbuf_add_shell(out, line.data, line.len);
        }
    }

    strbuf_free(&line);
}


static void
print_body(const struct request *request, struct strbuf *out)
{
    int  on_line;

    if (request->body == NULL) {
        return;
    }

    on_line = request->body_len <= INLINE_BODY_MAX
              && memchr(request->body, '\0', request->body_len) == NULL;

    if (on_line) {
        strbuf_addstr(out, " --data-raw ");
        strbuf_add_shell(out, request->body, request->body_len);
        return;
    }

    strbuf_addstr(out, " --data-binary @");

    if (request->body_from != NULL) {
        strbuf_add_shell(out, request->body_from, strlen(request->body_from));

    } else {
        strbuf_printf(out, "FILE-OF-%zu-BYTES", request->body_len);
    }
}


void
request_print_options(const struct request *request, struct strbuf *out)
{
    const char  *implied, *url;

    implied = request->body != NULL ? "POST" : "GET";

    if (request->http_1_0) {
        strbuf_addstr(out, " --http1.0");
    }

    if (request->wants_head) {
        strbuf_addstr(out, " -I");
        implied = "HEAD";
    }

    if (strcmp(request->method, implied) != 0) {
        strbuf_addstr(out, " -X ");
        strbuf_add_shell(out, request->method, strlen(request->method));
    }

    print_removed(request, out);
    print_headers(request, out);
    print_body(request, out);

    if (strstr(request->target, "/.") != NULL) {
        strbuf_addstr(out, " --path-as-is");
    }

    url = request->local ? request->target : request->url;

    if (strcmp(url, "/") != 0) {
        strbuf_addch(out, ' ');
        strbuf_add_shell(out, url, strlen(url));
    }
}
