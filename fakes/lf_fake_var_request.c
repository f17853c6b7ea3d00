/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Variables of the request: its line, its headers, and what these
 * hold. Compared as nginx 1.22.1 compares.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/lf_port.h"
#include "fakes/lf_fake_vars.h"
#include "lib/base/arena.h"
#include "lib/base/encode.h"


int
lf_fake_var_is(const lf_str_t *name, const char *text)
{
    return name->len == strlen(text)
           && strncasecmp((char *) name->data, text, name->len) == 0;
}


int
lf_fake_var_text(lf_str_t *value, const char *from)
{
    value->data = (u_char *) (uintptr_t) from;
    value->len = strlen(from);

    return 1;
}


static lf_str_t
rest(const lf_str_t *name, size_t prefix)
{
    lf_str_t  it;

    it.data = name->data + prefix;
    it.len = name->len - prefix;

    return it;
}


int
lf_fake_var_core(struct lf_fake_request *request, const lf_str_t *name,
                 lf_str_t *value)
{
    *value = lf_fake_var_is(name, "request_method") ? request->core.method
                                                    : request->core.uri;

    return 1;
}


static const char *
protocol(const struct lf_fake_request *request)
{
    return request->http_1_0 ? "HTTP/1.0" : "HTTP/1.1";
}


static int
whole_line(struct lf_fake_request *request, lf_str_t *value)
{
    size_t           size;
    char            *text;
    const lf_str_t  *method = &request->core.method;

    size = method->len + request->target.len + sizeof("  HTTP/1.1");
    text = lf_fake_arena_alloc(&request->arena, size);

    if (text != NULL) {
        (void) snprintf(text, size, "%.*s %.*s %s", (int) method->len,
                        (char *) method->data, (int) request->target.len,
                        (char *) request->target.data, protocol(request));
        return lf_fake_var_text(value, text);
    }

    return 0;
}


int
lf_fake_var_line(struct lf_fake_request *request, const lf_str_t *name,
                 lf_str_t *value)
{
    if (lf_fake_var_is(name, "request")) {
        return whole_line(request, value);

    } else if (lf_fake_var_is(name, "request_uri")) {
        *value = request->target;

    } else if (lf_fake_var_is(name, "is_args")) {
        return lf_fake_var_text(value, request->args.len > 0 ? "?" : "");

    } else if (lf_fake_var_is(name, "server_protocol")) {
        return lf_fake_var_text(value, protocol(request));

    } else if (lf_fake_var_is(name, "host")) {
        *value = request->server.len > 0 ? request->server
                                         : request->server_conf->name;

    } else {
        *value = request->args;
        return value->data != NULL;
    }

    return 1;
}


/* "-" in the name of a header matches "_" here. */
static int
names_header(const lf_str_t *name, const lf_str_t *key)
{
    char    c;
    size_t  i;

    for (i = 0; i < key->len && key->len == name->len; i++) {
        c = key->data[i] == '-' ? '_' : (char) key->data[i];

        if (strncasecmp(&c, (char *) &name->data[i], 1) != 0) {
            return 0;
        }
    }

    return key->len == name->len;
}


int
lf_fake_var_header(struct lf_fake_request *request, const lf_str_t *name,
                   lf_str_t *value)
{
    void      *iter = NULL;
    lf_str_t   key;

    while (lf_port_header_in_next(&request->core, &iter, &key, value)) {
        if (names_header(name, &key)) {
            return 1;
        }
    }

    return 0;
}


/*
 * What the client announced; of a chunked body, what was read when the headers
 * of the location were on. A request inside without a body has one of 0.
 */
static int
length_now(struct lf_fake_request *request, lf_str_t *value)
{
    char  number[24];

    if (request->content_length.data == NULL
        && (request->transfer_encoding.data == NULL
            || !request->main->headers_ready
            || !lf_request_wants_body(&request->core.method)))
    {
        return 0;
    }

    if (request->no_body) {
        return lf_fake_var_text(value, "0");
    }

    if (request->content_length.data != NULL) {
        *value = request->content_length;
        return 1;
    }

    (void) snprintf(number, sizeof(number), "%zu", request->main->body.len);

    return lf_fake_arena_copy(&request->arena, value, number, strlen(number))
           == 0;
}


/*
 * nginx computes it once for the request and all inside it; but for a chunked
 * body that was not read, again each time.
 */
int
lf_fake_var_length(struct lf_fake_request *request, const lf_str_t *name,
                   lf_str_t *value)
{
    struct lf_fake_request  *main = request->main;

    (void) name;

    if (!main->length_known) {
        main->length_known = length_now(request, &main->length)
                             || request->transfer_encoding.data == NULL;
    }

    *value = main->length;

    return value->data != NULL;
}


/* All values of a header, between them what nginx puts there. */
static int
join_headers(struct lf_fake_request *request, const lf_str_t *name,
             const char *between, lf_str_t *value)
{
    int        found = 0;
    char      *text;
    void      *iter = NULL;
    size_t     len = 0;
    lf_str_t   key, one;

    while (lf_port_header_in_next(&request->core, &iter, &key, &one)) {
        found += names_header(name, &key);
        len += one.len + 2;
    }

    text = found > 0 ? lf_fake_arena_alloc(&request->arena, len) : NULL;
    if (text == NULL) {
        return 0;
    }

    value->data = (u_char *) text;

    for (iter = NULL;
         lf_port_header_in_next(&request->core, &iter, &key, &one); )
    {
        if (names_header(name, &key)) {
            memcpy(text, one.data, one.len);
            memcpy(text + one.len, between, 2);
            text += one.len + 2;
        }
    }

    value->len = (size_t) (text - (char *) value->data) - 2;

    return 1;
}


/* Of most headers the first; nginx 1.22 joins these two. */
int
lf_fake_var_http(struct lf_fake_request *request, const lf_str_t *name,
                 lf_str_t *value)
{
    lf_str_t  key = rest(name, sizeof("http_") - 1);

    return lf_fake_var_is(&key, "cookie")
           ? join_headers(request, &key, "; ", value)
           : lf_fake_var_is(&key, "x_forwarded_for")
           ? join_headers(request, &key, ", ", value)
           : lf_fake_var_header(request, &key, value);
}


/* What the app has added; nginx's own headers come after the handler. */
int
lf_fake_var_sent_http(struct lf_fake_request *request, const lf_str_t *name,
                      lf_str_t *value)
{
    size_t                      i;
    lf_str_t                    key = rest(name, sizeof("sent_http_") - 1);
    const struct lf_fake_list  *out = &request->headers_out;

    for (i = 0; i < out->count; i++) {
        if (names_header(&key, &out->items[i].name)) {
            *value = out->items[i].value;
            return 1;
        }
    }

    return 0;
}


/* name=value in the query string. */
int
lf_fake_var_arg(struct lf_fake_request *request, const lf_str_t *name,
                lf_str_t *value)
{
    u_char    *at = request->args.data, *end = at + request->args.len, *stop;
    lf_str_t   key = rest(name, sizeof("arg_") - 1);

    for ( ; key.len > 0 && request->args.len > 0 && at < end; at = stop + 1) {
        stop = memchr(at, '&', (size_t) (end - at));
        stop = stop != NULL ? stop : end;

        if ((size_t) (stop - at) > key.len && at[key.len] == '='
            && strncasecmp((char *) at, (char *) key.data, key.len) == 0)
        {
            value->data = at + key.len + 1;
            value->len = (size_t) (stop - value->data);
            return 1;
        }
    }

    return 0;
}


static u_char *
skip_blanks(u_char *at, const u_char *end)
{
    while (at < end && *at == ' ') {
        at++;
    }

    return at;
}


/*
 * name=value in one Cookie header. As in nginx names have no case, blanks may
 * surround "=", and "," ends a pair of another name but no value.
 */
static int
find_cookie(const lf_str_t *header, const lf_str_t *name, lf_str_t *value)
{
    u_char  *at = header->data, *end = at + header->len, *stop;

    while (at < end) {
        if ((size_t) (end - at) >= name->len
            && strncasecmp((char *) at, (char *) name->data, name->len) == 0)
        {
            at = skip_blanks(at + name->len, end);

            if (at < end && *at++ == '=') {
                value->data = skip_blanks(at, end);
                stop = memchr(value->data, ';', (size_t) (end - value->data));
                value->len = (size_t) ((stop ? stop : end) - value->data);
                return 1;
            }
        }

        while (at < end && *at != ';' && *at != ',') {
            at++;
        }

        at = skip_blanks(at < end ? at + 1 : end, end);
    }

    return 0;
}


int
lf_fake_var_cookie(struct lf_fake_request *request, const lf_str_t *name,
                   lf_str_t *value)
{
    void            *iter = NULL;
    lf_str_t         header, key, wanted;
    static lf_str_t  cookie = LF_STR("cookie");

    wanted = rest(name, sizeof("cookie_") - 1);

    while (lf_port_header_in_next(&request->core, &iter, &key, &header)) {
        if (names_header(&cookie, &key) && wanted.len <= header.len
            && find_cookie(&header, &wanted, value))
        {
            return 1;
        }
    }

    return 0;
}


/* As nginx decodes base64: up to the first "=", then any. */
static int
decode_user(struct lf_fake_arena *arena, const lf_str_t *text, lf_str_t *user)
{
    int            rc = -1;
    char          *data, *colon;
    size_t         len, bad;
    const u_char  *end;
    struct arena  *scratch;

    end = memchr(text->data, '=', text->len);
    len = end != NULL ? (size_t) (end - text->data) : text->len;
    scratch = arena_new();
    data = scratch == NULL ? NULL
           : base64_decode(scratch, (const char *) text->data, len,
                           BASE64_STANDARD, &len, &bad);
    colon = data != NULL ? memchr(data, ':', len) : NULL;

    if (colon != NULL && colon != data) {
        rc = lf_fake_arena_copy(arena, user, data, (size_t) (colon - data));
    }

    arena_free(&scratch);

    return rc;
}


/* The name that Authorization: Basic holds. */
static int
user_now(struct lf_fake_request *request, lf_str_t *value)
{
    size_t           skip = sizeof("Basic ") - 1;
    lf_str_t         header;
    static lf_str_t  wanted = LF_STR("authorization");

    if (!lf_fake_var_header(request, &wanted, &header) || header.len < skip
        || strncasecmp((char *) header.data, "Basic ", skip) != 0)
    {
        return 0;
    }

    while (skip < header.len && header.data[skip] == ' ') {
        skip++;
    }

    header = rest(&header, skip);

    return decode_user(&request->arena, &header, value) == 0;
}


/* nginx decodes once, and what is inside a request has it from there. */
int
lf_fake_var_user(struct lf_fake_request *request, const lf_str_t *name,
                 lf_str_t *value)
{
    (void) name;

    if (!request->user_known) {
        request->user_known = 1;
        (void) user_now(request, &request->user);
    }

    *value = request->user;

    return value->data != NULL;
}
