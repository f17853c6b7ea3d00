/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * See url.h. Checked against what curl 7.88 puts on the wire. Patterns
 * ([1-3], {a,b}) are not expanded: a URL here is one request.
 */
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/encode.h"
#include "lib/base/number.h"
#include "lib/base/strbuf.h"
#include "lib/base/url_parts.h"
#include "lib/http/url.h"


static int
has_bad_bytes(const char *text)
{
    for ( /* void */ ; *text != '\0'; text++) {
        if ((unsigned char) *text <= ' ' || *text == 0x7f) {
            return 1;
        }
    }

    return 0;
}


/* Drop the last segment of a path that is being built. */
static void
drop_segment(struct strbuf *out)
{
    while (out->len != 0 && out->data[--out->len] != '/') {
        /* back to the slash, which goes too */
    }
}


/* RFC 3986, 5.2.4, for a path that begins with a slash. */
static void
remove_dots(const char *path, size_t len, struct strbuf *out)
{
    size_t  i, n;

    for (i = 0; i < len; i += n) {
        for (n = 1; i + n < len && path[i + n] != '/'; n++) {
            /* the slash, and the segment behind it */
        }

        if (n == 2 && path[i + 1] == '.') {
            if (i + n == len) {
                strbuf_addch(out, '/');
            }

        } else if (n == 3 && path[i + 1] == '.' && path[i + 2] == '.') {
            drop_segment(out);

            if (i + n == len) {
                strbuf_addch(out, '/');
            }

        } else {
            strbuf_add(out, path + i, n);
        }
    }
}


/* curl escapes bytes that no URL may hold, in lower case. */
static void
add_escaped(struct strbuf *out, const char *text, size_t len)
{
    size_t  i;

    for (i = 0; i < len; i++) {
        if ((unsigned char) text[i] >= 0x80) {
            strbuf_printf(out, "%%%02x", (unsigned char) text[i]);

        } else {
            strbuf_addch(out, text[i]);
        }
    }
}


static int
make_target(struct url *url, struct arena *arena,
    const struct url_parts *parts, int as_is, const char *query)
{
    size_t         path_len, query_len;
    struct strbuf  path, out;

    memset(&path, 0, sizeof(path));
    memset(&out, 0, sizeof(out));

    path_len = (size_t) (parts->query - parts->path);
    query_len = (size_t) (parts->fragment - parts->query);

    if (as_is) {
        strbuf_add(&path, parts->path, path_len);

    } else {
        remove_dots(parts->path, path_len, &path);
    }

    if (path.len == 0) {
        strbuf_addch(&path, '/');
    }

    if (!path.failed) {
        add_escaped(&out, path.data, path.len);
    }

    add_escaped(&out, parts->query, query_len);

    if (query != NULL) {
        if (query_len != 1) {                /* more than a mere '?' */
            strbuf_addch(&out, query_len == 0 ? '?' : '&');
        }
        strbuf_addstr(&out, query);
    }

    url->target = out.failed || path.failed
                  ? NULL : arena_memdup(arena, out.data, out.len);
    strbuf_free(&path);
    strbuf_free(&out);

    return url->target != NULL ? 0 : -1;
}


static int
decode_user(struct url *url, struct arena *arena,
    const struct url_parts *parts)
{
    size_t  len, decoded_len;
    char   *decoded;

    if (parts->host == parts->authority) {
        return 0;
    }

    len = (size_t) (parts->host - parts->authority) - 1;
    decoded = percent_decode(arena, parts->authority, len, &decoded_len);

    if (decoded != NULL && memchr(parts->authority, ':', len) == NULL) {
        decoded = arena_printf(arena, "%s:", decoded);
    }

    url->user = decoded;

    return decoded != NULL ? 0 : -1;
}


/* host[:port], of which a default port is left out. */
static int
parse_host(struct url *url, struct arena *arena, const char *text,
    const char *end, const char **why)
{
    char           *port;
    const char     *colon, *close;
    unsigned long   number, usual;

    close = *text == '[' ? memchr(text, ']', (size_t) (end - text)) : text;
    if (close == NULL) {
        *why = "an IPv6 address ends with ']'";
        return -1;
    }

    colon = memchr(close, ':', (size_t) (end - close));
    usual = strcmp(url->scheme, "https") == 0 ? 443 : 80;
    number = usual;

    if ((colon != NULL ? colon : end) == text) {
        *why = "it has no host";
        return -1;
    }

    if (colon != NULL) {
        port = arena_memdup(arena, colon + 1, (size_t) (end - colon) - 1);
        if (port == NULL) {
            return -1;
        }

        if (number_parse_count(port, 0, 65535, &number) != 0) {
            *why = "a port is a number up to 65535";
            return -1;
        }

        end = number == usual ? colon : end;
    }

    url->port = (unsigned) number;
    url->host = arena_memdup(arena, text, (size_t) (end - text));
    url->name = arena_memdup(arena, text,
                             (size_t) ((colon != NULL ? colon : end) - text));

    return url->host != NULL && url->name != NULL ? 0 : -1;
}


int
url_parse(struct url *url, struct arena *arena, const char *text, int as_is,
    const char *query, const char **why)
{
    struct url_parts  parts;

    memset(url, 0, sizeof(*url));
    url->scheme = url_has_scheme(text, "https") ? "https" : "http";
    url->local = text[0] == '/';

    if (has_bad_bytes(text)) {
        *why = "it contains a space or a control byte; write %20 for a space";
        return -1;
    }

    if (!url->local && !url_has_scheme(text, url->scheme)) {
        *why = "write a path that begins with '/', such as '/?name=Ada', or "
               "http://HOST/PATH";
        return -1;
    }

    url_split(text, &parts);
    *why = "out of memory";

    if (url->local) {
        url->host = url->name = "localhost";
        url->port = 80;

    } else if (decode_user(url, arena, &parts) != 0
               || parse_host(url, arena, parts.host, parts.path, why) != 0)
    {
        return -1;
    }

    if (make_target(url, arena, &parts, as_is, query) != 0) {
        return -1;
    }

    url->text = arena_printf(arena, "%s://%s%s", url->scheme, url->host,
                             url->target);

    return url->text != NULL ? 0 : -1;
}
