/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * nginx variables, as far as a request alone determines them, and those set by
 * hand. Others are nginx's and are named, never guessed.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "lf_fake_host.h"

/* name is the whole name. Returns 1, or 0: the request has none. */
typedef int (*variable_fn)(struct lf_fake_request *request,
                           const lf_str_t *name, lf_str_t *value);


static int
is(const lf_str_t *name, const char *text)
{
    return name->len == strlen(text)
           && strncasecmp((char *) name->data, text, name->len) == 0;
}


static int
text(lf_str_t *value, const char *from)
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


static int
core(struct lf_fake_request *request, const lf_str_t *name, lf_str_t *value)
{
    *value = is(name, "request_method") ? request->core.method
                                        : request->core.uri;

    return 1;
}


static int
line(struct lf_fake_request *request, const lf_str_t *name, lf_str_t *value)
{
    if (is(name, "request_uri")) {
        *value = request->target;

    } else if (is(name, "is_args")) {
        return text(value, request->args.len > 0 ? "?" : "");

    } else if (is(name, "host")) {
        *value = request->server.len > 0 ? request->server
                                         : request->server_conf->name;

    } else {
        *value = request->args;
        return value->data != NULL;
    }

    return 1;
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
hostname(struct lf_fake_request *request, const lf_str_t *name,
         lf_str_t *value)
{
    char  host[256];

    (void) name;

    if (gethostname(host, sizeof(host)) != 0) {
        return 0;
    }

    host[sizeof(host) - 1] = '\0';
    value->len = strlen(host);
    value->data = (u_char *) lf_fake_arena_copy(&request->arena, host,
                                                value->len);

    return value->data != NULL;
}


static int
constant(struct lf_fake_request *request, const lf_str_t *name,
         lf_str_t *value)
{
    return text(value, is(name, "scheme") ? "http"
                : is(name, "nginx_version") ? &LF_FAKE_SERVER[6]
                : is(name, "https") ? ""
                : request->http_1_0 ? "HTTP/1.0" : "HTTP/1.1");
}


/* "-" in the name of a header matches "_" here. */
static int
find_header(struct lf_fake_request *request, const lf_str_t *name,
            lf_str_t *value)
{
    char       c;
    size_t     i;
    void      *iter = NULL;
    lf_str_t   key;

    while (lf_port_header_in_next(&request->core, &iter, &key, value)) {
        for (i = 0; i < key.len && key.len == name->len; i++) {
            c = key.data[i] == '-' ? '_' : (char) key.data[i];

            if (strncasecmp(&c, (char *) &name->data[i], 1) != 0) {
                break;
            }
        }

        if (i == key.len && key.len == name->len) {
            return 1;
        }
    }

    return 0;
}


static int
http(struct lf_fake_request *request, const lf_str_t *name, lf_str_t *value)
{
    lf_str_t  key = rest(name, sizeof("http_") - 1);

    return find_header(request, &key, value);
}


/* name=value in a text, separated by the given character. */
static int
find_pair(const lf_str_t *from, const lf_str_t *name, char between,
          lf_str_t *value)
{
    int          nocase = between == '&';
    u_char      *at = from->data, *end = at + from->len, *stop;

    for ( ; name->len > 0 && from->len > 0 && at < end; at = stop + 1) {
        while (between == ';' && at < end && *at == ' ') {
            at++;
        }

        stop = memchr(at, between, (size_t) (end - at));
        stop = stop != NULL ? stop : end;

        if ((size_t) (stop - at) > name->len && at[name->len] == '='
            && (nocase
                ? strncasecmp((char *) at, (char *) name->data, name->len)
                : strncmp((char *) at, (char *) name->data, name->len)) == 0)
        {
            value->data = at + name->len + 1;
            value->len = (size_t) (stop - value->data);
            return 1;
        }
    }

    return 0;
}


static int
arg(struct lf_fake_request *request, const lf_str_t *name, lf_str_t *value)
{
    lf_str_t  key = rest(name, sizeof("arg_") - 1);

    return find_pair(&request->args, &key, '&', value);
}


static int
cookie(struct lf_fake_request *request, const lf_str_t *name, lf_str_t *value)
{
    lf_str_t         header, key = rest(name, sizeof("cookie_") - 1);
    static lf_str_t  wanted = LF_STR("cookie");

    return find_header(request, &wanted, &header)
           && find_pair(&header, &key, ';', value);
}


/*
 * What the client announced; of a chunked body, what was read when the headers
 * of the location were on. A request inside without a body has one of 0.
 */
static int
content_length(struct lf_fake_request *request, const lf_str_t *name,
               lf_str_t *value)
{
    char  number[24];

    (void) name;

    if (request->content_length.data == NULL
        && (request->transfer_encoding.data == NULL
            || !request->main->headers_ready
            || !lf_request_wants_body(&request->core.method)))
    {
        return 0;
    }

    if (request->no_body) {
        return text(value, "0");
    }

    if (request->content_length.data != NULL) {
        *value = request->content_length;
        return 1;
    }

    (void) snprintf(number, sizeof(number), "%zu", request->main->body_len);

    return lf_fake_concat(request, value, number, "") == 0;
}


/* prefix 1: the rest of the name says which. fn NULL: not simulated. */
static const struct variable {
    const char   *name;
    unsigned      prefix:1;
    variable_fn   fn;
} variables[] = {
    { "arg_", 1, arg }, { "args", 0, line },
    { "content_length", 0, content_length }, { "content_type", 0, find_header },
    { "cookie_", 1, cookie }, { "document_uri", 0, core },
    { "host", 0, line }, { "hostname", 0, hostname }, { "http_", 1, http },
    { "https", 0, constant }, { "is_args", 0, line },
    { "nginx_version", 0, constant }, { "query_string", 0, line },
    { "request_method", 0, core }, { "request_uri", 0, line },
    { "scheme", 0, constant }, { "server_name", 0, server_name },
    { "server_protocol", 0, constant }, { "uri", 0, core },
    { "remote_user", 0, NULL },
    { "binary_remote_addr", 0, NULL }, { "body_bytes_sent", 0, NULL },
    { "bytes_sent", 0, NULL }, { "connection", 0, NULL },
    { "connection_requests", 0, NULL }, { "connection_time", 0, NULL },
    { "document_root", 0, NULL }, { "limit_rate", 0, NULL },
    { "msec", 0, NULL }, { "pid", 0, NULL }, { "pipe", 0, NULL },
    { "proxy_", 1, NULL }, { "realpath_root", 0, NULL },
    { "realip_", 1, NULL }, { "remote_addr", 0, NULL },
    { "remote_port", 0, NULL }, { "request", 0, NULL },
    { "request_body", 0, NULL }, { "request_body_file", 0, NULL },
    { "request_completion", 0, NULL }, { "request_filename", 0, NULL },
    { "request_id", 0, NULL }, { "request_length", 0, NULL },
    { "request_time", 0, NULL }, { "sent_http_", 1, NULL },
    { "sent_trailer_", 1, NULL }, { "server_addr", 0, NULL },
    { "server_port", 0, NULL }, { "ssl_", 1, NULL }, { "status", 0, NULL },
    { "tcpinfo_", 1, NULL }, { "time_iso8601", 0, NULL },
    { "time_local", 0, NULL }, { "upstream_", 1, NULL },
    { "uid_", 1, NULL }, { "geoip_", 1, NULL }, { "http2", 0, NULL },
    { "gzip_ratio", 0, NULL }, { "invalid_referer", 0, NULL },
    { "secure_link", 0, NULL }, { "secure_link_expires", 0, NULL },
    { "slice_range", 0, NULL }, { "date_local", 0, NULL },
    { "date_gmt", 0, NULL }, { "modern_browser", 0, NULL },
    { "ancient_browser", 0, NULL }, { "msie", 0, NULL },
};


static const struct variable *
find(const lf_str_t *name)
{
    size_t  i, len;

    for (i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
        len = strlen(variables[i].name);

        if (name->len >= len
            && strncasecmp((char *) name->data, variables[i].name, len) == 0
            && (variables[i].prefix || name->len == len))
        {
            return &variables[i];
        }
    }

    return NULL;
}


static int
find_set(const struct lf_fake_header *items, size_t count,
         const lf_str_t *name, lf_str_t *value)
{
    while (count-- > 0) {
        if (lf_str_equal_nocase(&items[count].name, name)) {
            *value = items[count].value;
            return 1;
        }
    }

    return 0;
}


enum lf_fake_variable
lf_fake_variable(struct lf_fake_request *request, const lf_str_t *name,
                 lf_str_t *value)
{
    const struct variable  *v;

    if (request != NULL
        && (find_set(request->variables.items, request->variables.count, name,
                     value)
            || find_set(request->host->variables,
                        request->host->variable_count, name, value)))
    {
        return LF_FAKE_VAR_SET;
    }

    v = find(name);

    return v == NULL ? LF_FAKE_VAR_UNKNOWN
           : v->fn == NULL ? LF_FAKE_VAR_NOT_HERE
           : request == NULL || !v->fn(request, name, value)
           ? LF_FAKE_VAR_UNSET : LF_FAKE_VAR_SET;
}


int
lf_fake_set_variable(struct lf_fake_request *request, const char *name,
                     const char *value)
{
    lf_str_t  key, data;

    key.len = strlen(name);
    data.len = strlen(value);
    key.data = (u_char *) lf_fake_arena_copy(&request->arena, name, key.len);
    data.data = (u_char *) lf_fake_arena_copy(&request->arena, value,
                                              data.len);

    return key.data == NULL || data.data == NULL ? -1
           : lf_fake_header_push(request, &request->variables, &key, &data);
}


int
lf_port_variable(struct lf_request *request, const lf_str_t *name,
                 lf_str_t *value)
{
    int                      n;
    char                     note[256];
    enum lf_fake_variable    found;
    struct lf_fake_request  *fake;

    fake = lf_fake_request_of(request);
    found = lf_fake_variable(fake, name, value);

    if (found == LF_FAKE_VAR_NOT_HERE) {
        n = snprintf(note, sizeof(note), "the mock does not compute the "
                     "variable \"%.*s\": set it by hand (--var)",
                     (int) (name->len < 64 ? name->len : 64),
                     (char *) name->data);
        lf_fake_log_write(fake, LF_WARN, 0, note, (size_t) n);
    }

    return found == LF_FAKE_VAR_SET;
}
