/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Variables, as far as a request alone determines them. Others are nginx's
 * and are named, never guessed.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "conf_vars.h"
#include "lf_port.h"
#include "regexp.h"

/* What a variable is computed from. */
struct source {
    struct lf_fake_request       *request;
    const struct conf_server     *server;
    const struct conf_location   *location;
};

typedef int (*variable_fn)(const struct source *from, const char *name,
                           struct strbuf *to);


static void
add(struct strbuf *to, const lf_str_t *text)
{
    strbuf_add(to, text->data, text->len);
}


static int
method(const struct source *from, const char *name, struct strbuf *to)
{
    (void) name;
    add(to, &lf_fake_core(from->request)->method);

    return 0;
}


static int
uri(const struct source *from, const char *name, struct strbuf *to)
{
    (void) name;
    add(to, &lf_fake_core(from->request)->uri);

    return 0;
}


static int
line(const struct source *from, const char *name, struct strbuf *to)
{
    lf_str_t  target, args, host;

    lf_fake_request_line(from->request, &target, &args, &host);

    if (strcmp(name, "request_uri") == 0) {
        add(to, &target);
    } else if (strcmp(name, "is_args") == 0) {
        strbuf_addstr(to, args.len > 0 ? "?" : "");
    } else if (strcmp(name, "host") == 0) {
        if (host.len == 0 && from->server->names != NULL) {
            host = from->server->names->name;
        }
        add(to, &host);
    } else {
        add(to, &args);
    }

    return 0;
}


static int
server_name(const struct source *from, const char *name, struct strbuf *to)
{
    (void) name;
    if (from->server->names != NULL) {
        add(to, &from->server->names->name);
    }

    return 0;
}


static int
constant(const struct source *from, const char *name, struct strbuf *to)
{
    char  host[256];

    (void) from;

    if (strcmp(name, "hostname") == 0) {
        if (gethostname(host, sizeof(host)) == 0) {
            host[sizeof(host) - 1] = '\0';
            strbuf_addstr(to, host);
        }
        return 0;
    }

    strbuf_addstr(to, strcmp(name, "scheme") == 0 ? "http"
                      : strcmp(name, "nginx_version") == 0 ? "1.22.1"
                      : strcmp(name, "server_protocol") == 0 ? "HTTP/1.1"
                      : "");

    return 0;
}


/* The value of a request header; "-" in its name matches "_" here. */
static int
add_header(const struct source *from, const char *name, struct strbuf *to)
{
    size_t     i;
    void      *iter = NULL;
    lf_str_t   key, value;

    while (lf_port_header_in_next(lf_fake_core(from->request), &iter, &key,
                                  &value))
    {
        for (i = 0; i < key.len && name[i] != '\0'; i++) {
            char  c = key.data[i] == '-' ? '_' : (char) key.data[i];

            if (strncasecmp(&c, &name[i], 1) != 0) {
                break;
            }
        }

        if (i == key.len && name[i] == '\0') {
            add(to, &value);
            return 0;
        }
    }

    return 0;
}


static int
http(const struct source *from, const char *name, struct strbuf *to)
{
    return add_header(from, name + sizeof("http_") - 1, to);
}


static int
content(const struct source *from, const char *name, struct strbuf *to)
{
    return add_header(from, name, to);
}


/* name=value in a text, separated by the given characters. */
static void
add_pair(const lf_str_t *text, const char *name, char between, int nocase,
         struct strbuf *to)
{
    size_t       len = strlen(name);
    const char  *at = (char *) text->data, *end = at + text->len, *stop;

    for ( ; text->len > 0 && at < end; at = stop + 1) {
        while (between == ';' && at < end && *at == ' ') {
            at++;
        }

        stop = memchr(at, between, (size_t) (end - at));
        stop = stop != NULL ? stop : end;

        if ((size_t) (stop - at) > len && at[len] == '='
            && (nocase ? strncasecmp(at, name, len)
                       : strncmp(at, name, len)) == 0)
        {
            strbuf_add(to, at + len + 1, (size_t) (stop - at) - len - 1);
            return;
        }
    }
}


static int
arg(const struct source *from, const char *name, struct strbuf *to)
{
    lf_str_t  args;

    lf_fake_request_line(from->request, NULL, &args, NULL);
    add_pair(&args, name + sizeof("arg_") - 1, '&', 1, to);

    return 0;
}


static int
cookie(const struct source *from, const char *name, struct strbuf *to)
{
    lf_str_t       line_text;
    struct strbuf  header = { 0 };

    (void) add_header(from, "cookie", &header);
    line_text.data = (u_char *) header.data;
    line_text.len = header.len;
    add_pair(&line_text, name + sizeof("cookie_") - 1, ';', 0, to);
    strbuf_free(&header);

    return 0;
}


static int
capture(const struct source *from, const char *name, struct strbuf *to)
{
    size_t              n = (size_t) (name[0] - '0');
    struct regex_match  match;
    const lf_str_t     *path = &lf_fake_core(from->request)->uri;

    if (from->location->regex == NULL
        || regex_find_bytes(from->location->regex, path->data, path->len,
                            &match) != 1
        || n >= match.count || match.start[n] == REGEX_NONE)
    {
        return 0;
    }

    strbuf_add(to, path->data + match.start[n],
               match.end[n] - match.start[n]);

    return 0;
}


/* prefix 1: the rest of the name says which. fn NULL: not simulated. */
static const struct variable {
    const char   *name;
    unsigned      prefix:1;
    variable_fn   fn;
} variables[] = {
    { "arg_", 1, arg }, { "args", 0, line }, { "content_length", 0, content },
    { "content_type", 0, content }, { "cookie_", 1, cookie },
    { "document_uri", 0, uri }, { "host", 0, line },
    { "hostname", 0, constant }, { "http_", 1, http }, { "https", 0, constant },
    { "is_args", 0, line }, { "nginx_version", 0, constant },
    { "query_string", 0, line }, { "remote_user", 0, NULL },
    { "request_method", 0, method }, { "request_uri", 0, line },
    { "scheme", 0, constant }, { "server_name", 0, server_name },
    { "server_protocol", 0, constant }, { "uri", 0, uri },
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

static const struct variable  number = { "1", 0, capture };


static const struct variable *
find(const char *name)
{
    size_t  i, len;

    if (name[0] >= '1' && name[0] <= '9' && name[1] == '\0') {
        return &number;
    }

    for (i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
        len = strlen(variables[i].name);

        if (strncasecmp(name, variables[i].name, len) == 0
            && (variables[i].prefix || name[len] == '\0'))
        {
            return &variables[i];
        }
    }

    return NULL;
}


/*
 * The next piece of a text: plain bytes, or a variable with its name. 1, 0 at
 * the end, -1: "$" without a name.
 */
static int
next_piece(const char **at, const char *end, const char **plain, size_t *len,
           char name[128], int *is_variable)
{
    int          braces;
    size_t       n = 0;
    const char  *p = *at;

    *plain = p;
    *is_variable = 0;

    if (p == end) {
        return 0;
    }

    if (*p != '$') {
        p = memchr(p, '$', (size_t) (end - p));
        p = p != NULL ? p : end;
        *len = (size_t) (p - *plain);
        *at = p;
        return 1;
    }

    p++;
    braces = p < end && *p == '{';
    p += braces;

    while (p < end && n < 127
           && ((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z')
               || (*p >= '0' && *p <= '9') || *p == '_'))
    {
        name[n++] = *p++;

        if (n == 1 && name[0] >= '1' && name[0] <= '9') {
            break;                           /* $10 is $1 and a 0 */
        }
    }

    name[n] = '\0';

    if (n == 0 || (braces && (p == end || *p != '}'))) {
        return -1;
    }

    *at = p + braces;
    *is_variable = 1;

    return 1;
}


int
conf_vars_check(const lf_str_t *text, char *err)
{
    int          rc, is_variable;
    char         name[128];
    size_t       len;
    const char  *at = (char *) text->data, *end = at + text->len, *plain;

    while ((rc = next_piece(&at, end, &plain, &len, name, &is_variable)) == 1)
    {
        if (is_variable && find(name) == NULL) {
            (void) snprintf(err, LF_ERR_LEN, "unknown \"%s\" variable", name);
            return -1;
        }
    }

    if (rc < 0) {
        (void) snprintf(err, LF_ERR_LEN, "invalid variable name");
    }

    return rc;
}


int
conf_vars_expand(const lf_str_t *text, struct lf_fake_request *request,
                 const struct conf_server *server,
                 const struct conf_location *location, struct strbuf *to,
                 const char **why)
{
    int                      is_variable;
    char                     name[128];
    size_t                   len;
    const char              *at = (char *) text->data, *end = at + text->len;
    const char              *plain;
    struct source            from = { request, server, location };
    const struct variable   *v;

    while (next_piece(&at, end, &plain, &len, name, &is_variable) == 1) {
        if (!is_variable) {
            strbuf_add(to, plain, len);
            continue;
        }

        v = find(name);
        if (v == NULL || v->fn == NULL) {
            *why = "a header of this location needs a variable that the mock "
                   "does not simulate";
            return -1;
        }

        (void) v->fn(&from, name, to);
    }

    return 0;
}
