/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * See call_request.h. The order of the headers, and which of them the user's
 * own replace, is what curl 7.88 was seen to send.
 */
#include "harness/call/call_request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/base/arena.h"
#include "lib/base/encode.h"
#include "lib/base/message.h"
#include "lib/base/url_parts.h"
#include "lib/http/url.h"

#ifndef LINKFUNC_VERSION
#error "LINKFUNC_VERSION comes from CMake"
#endif

/* curl sends "Expect: 100-continue" above that. */
#define EXPECT_SIZE  (1024 * 1024)


/* Does the user say something about this header, if only "Name:"? */
static int
user_names(const struct call_options *options, const char *name)
{
    size_t       i, len;
    const char  *line;

    len = strlen(name);

    for (i = 0; i < options->headers.count; i++) {
        line = options->headers.items[i];

        if (strncasecmp(line, name, len) == 0
            && (line[len] == ':' || line[len] == ';'))
        {
            return 1;
        }
    }

    return 0;
}


static int
add(struct request *request, const struct call_options *options,
    const char *name, const char *value, int implied)
{
    if (value == NULL || user_names(options, name)) {
        return 0;
    }

    return request_add_header(request, name, value, implied);
}


/* One header line of the user: the Host, or any other. */
static int
add_user_line(struct request *request, const char *line, int want_host)
{
    int    rc;
    char  *copy, *name, *value;

    copy = strdup(line);
    if (copy == NULL) {
        return -1;
    }

    rc = 0;

    if (call_header_split(copy, &name, &value) == NULL && value != NULL
        && (strcasecmp(name, "Host") == 0) == want_host)
    {
        rc = request_add_header(request, name, value, 0);
    }

    free(copy);

    return rc;
}


static int
add_user_headers(struct request *request, const struct call_options *options,
    int want_host)
{
    size_t  i;

    for (i = 0; i < options->headers.count; i++) {
        if (add_user_line(request, options->headers.items[i], want_host)
            != 0)
        {
            return -1;
        }
    }

    return 0;
}


static int
add_authorization(struct request *request, const struct call_options *options,
    struct arena *arena, const char *user)
{
    int            rc = -1;
    size_t         len;
    char          *digits;
    struct strbuf  value = { 0 };

    if (user == NULL) {
        return 0;
    }

    digits = base64_encode(arena, user, strlen(user), BASE64_STANDARD, &len);

    if (digits != NULL) {
        strbuf_addstr(&value, "Basic ");
        strbuf_add(&value, digits, len);
        rc = !value.failed
             ? add(request, options, "Authorization", value.data, 0) : -1;
    }

    strbuf_free(&value);

    return rc;
}


/* "http://host/dir/" and -T name make "http://host/dir/name". */
static char *
upload_url(const struct call_options *options, const char *url)
{
    const char        *name, *slash;
    struct strbuf      out;
    struct url_parts   parts;

    memset(&out, 0, sizeof(out));
    url_split(url, &parts);

    slash = strrchr(options->upload, '/');
    name = slash == NULL ? options->upload : slash + 1;

    strbuf_add(&out, url, (size_t) (parts.query - url));

    if (strcmp(name, "-") != 0) {
        if (parts.path == parts.query) {
            strbuf_addch(&out, '/');
        }

        if (!out.failed && out.data[out.len - 1] == '/') {
            strbuf_addstr(&out, name);
        }
    }

    strbuf_addstr(&out, parts.query);

    return strbuf_steal(&out, NULL);
}


static int
set_target(struct request *request, struct call_options *options,
    struct arena *arena, struct url *url)
{
    int          rc;
    char        *upload;
    const char  *text, *why, *query;

    text = options->url == NULL ? "/" : options->url;
    upload = options->upload == NULL ? NULL : upload_url(options, text);
    query = NULL;

    if (options->get && options->data.pieces != 0) {
        query = options->data.bytes.data;
    }

    rc = url_parse(url, arena, upload ? upload : text, options->path_as_is,
                   query, &why);
    free(upload);

    if (rc != 0) {
        message_error("URL \"%s\": %s", text, why);
        return -1;
    }

    request->url = strdup(url->text);
    request->target = strdup(url->target);
    request->local = url->local;

    return request->url != NULL && request->target != NULL ? 0 : -1;
}


static int
set_method(struct request *request, const struct call_options *options)
{
    const char  *method;

    method = options->method != NULL ? options->method
             : options->head ? "HEAD"
             : options->upload != NULL ? "PUT"
             : request->body != NULL ? "POST" : "GET";

    request->method = strdup(method);
    request->wants_head = options->head;

    return request->method != NULL ? 0 : -1;
}


static int
set_body(struct request *request, struct call_options *options)
{
    struct strbuf  file;

    if (options->upload != NULL) {
        memset(&file, 0, sizeof(file));

        if (call_read_file("upload-file", options->upload, &file) != 0) {
            strbuf_free(&file);
            return -1;
        }

        request->body_len = file.len;
        request->body = strbuf_steal(&file, NULL);
        request->body_from = strdup(options->upload);

    } else if (options->data.pieces != 0 && !options->get) {
        request->body_len = options->data.bytes.len;
        request->body = strbuf_steal(&options->data.bytes, NULL);

        if (options->data.file != NULL) {
            request->body_from = strdup(options->data.file);
        }

    } else {
        return 0;
    }

    if (request->body == NULL) {
        message_error("out of memory");
        return -1;
    }

    return 0;
}


static int
add_body_headers(struct request *request, const struct call_options *options)
{
    int   rc;
    char  length[32];

    if (request->body == NULL) {
        return 0;
    }

    rc = 0;

    if (options->upload != NULL && strcmp(options->upload, "-") == 0
        && !request->http_1_0)
    {
        rc |= add(request, options, "Transfer-Encoding", "chunked", 1);

    } else if (!user_names(options, "Transfer-Encoding")) {
        (void) snprintf(length, sizeof(length), "%zu", request->body_len);
        rc |= add(request, options, "Content-Length", length, 1);
    }

    if (options->upload == NULL && !options->data.json) {
        rc |= add(request, options, "Content-Type",
                  "application/x-www-form-urlencoded", 1);
    }

    if (request->body_len > EXPECT_SIZE && !request->http_1_0) {
        rc |= add(request, options, "Expect", "100-continue", 1);
    }

    return rc;
}


static int
add_headers(struct request *request, const struct call_options *options,
    struct arena *arena, const struct url *url)
{
    int          rc;
    char        *referer;
    const char  *agent;

    agent = options->agent == NULL ? "linkfunc/" LINKFUNC_VERSION
            : options->agent[0] != '\0' ? options->agent : NULL;
    referer = NULL;

    if (options->referer != NULL) {
        /* ";auto" is about redirects, which there are none of. */
        referer = strndup(options->referer, strcspn(options->referer, ";"));
    }

    rc = add(request, options, "Host", url->host, 1);
    rc |= add_user_headers(request, options, 1);
    rc |= add_authorization(request, options, arena,
                            options->user ? options->user : url->user);
    rc |= add(request, options, "User-Agent", agent, options->agent == NULL);

    if (!options->data.json) {
        rc |= add(request, options, "Accept", "*/*", 1);
    }

    rc |= add(request, options, "Referer", referer, 0);

    if (options->cookie.len != 0) {
        rc |= add(request, options, "Cookie", options->cookie.data, 0);
    }

    rc |= add_user_headers(request, options, 0);

    if (options->data.json) {
        rc |= add(request, options, "Content-Type", "application/json", 0);
        rc |= add(request, options, "Accept", "application/json", 0);
    }

    rc |= add_body_headers(request, options);

    free(referer);

    return rc;
}


int
call_request_build(struct request *request, struct call_options *options)
{
    int            rc;
    struct url     url;
    struct arena  *arena = arena_new();

    memset(request, 0, sizeof(*request));
    request->http_1_0 = options->http_1_0;

    if (arena == NULL) {
        message_error("out of memory");
        return -1;
    }

    rc = set_target(request, options, arena, &url);

    if (rc == 0) {
        rc = set_body(request, options);
    }

    if (rc == 0
        && (set_method(request, options) != 0
            || add_headers(request, options, arena, &url) != 0))
    {
        message_error("out of memory");
        rc = -1;
    }

    arena_free(&arena);

    if (rc != 0) {
        request_free(request);
    }

    return rc;
}
