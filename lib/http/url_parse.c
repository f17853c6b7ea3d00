/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * See url.h. Checked against what curl 7.88 puts on the wire. Patterns
 * ([1-3], {a,b}) are not expanded: a URL here is one request.
 */
#include "lib/http/url.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/base/strbuf.h"
#include "lib/base/number.h"


void
url_free(struct url *url)
{
    free(url->scheme);
    free(url->host);
    free(url->user);
    free(url->target);
    memset(url, 0, sizeof(*url));
}


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
parse_target(struct url *url, const char *text, int as_is,
    const char *query, const char **why)
{
    size_t         path_len, query_len;
    struct strbuf  path, out;

    memset(&path, 0, sizeof(path));
    memset(&out, 0, sizeof(out));

    path_len = strcspn(text, "?#");
    query_len = strcspn(text + path_len, "#");

    if (as_is) {
        strbuf_add(&path, text, path_len);

    } else {
        remove_dots(text, path_len, &path);
    }

    if (path.len == 0) {
        strbuf_addch(&path, '/');
    }

    if (!path.failed) {
        add_escaped(&out, path.data, path.len);
    }

    add_escaped(&out, text + path_len, query_len);

    if (query != NULL) {
        if (query_len != 1) {                /* more than a mere '?' */
            strbuf_addch(&out, query_len == 0 ? '?' : '&');
        }
        strbuf_addstr(&out, query);
    }

    out.failed |= path.failed;
    strbuf_free(&path);
    url->target = strbuf_steal(&out, NULL);

    if (url->target == NULL) {
        *why = "out of memory";
        return -1;
    }

    return 0;
}


static int
hex_value(char c)
{
    const char  *digits, *at;

    digits = "0123456789abcdef";
    at = c == '\0' ? NULL : strchr(digits, c | 0x20);

    return at == NULL || (c < '0') ? -1 : (int) (at - digits);
}


static int
parse_user(struct url *url, const char *text, size_t len)
{
    size_t         i;
    struct strbuf  out;

    memset(&out, 0, sizeof(out));

    for (i = 0; i < len; i++) {
        if (text[i] == '%' && i + 2 < len && hex_value(text[i + 1]) >= 0
            && hex_value(text[i + 2]) >= 0)
        {
            strbuf_addch(&out, (char) (hex_value(text[i + 1]) * 16
                                       + hex_value(text[i + 2])));
            i += 2;

        } else {
            strbuf_addch(&out, text[i]);
        }
    }

    if (memchr(text, ':', len) == NULL) {
        strbuf_addch(&out, ':');
    }

    url->user = strbuf_steal(&out, NULL);

    return url->user == NULL ? -1 : 0;
}


/* host[:port], of which a default port is left out. */
static int
parse_host(struct url *url, const char *text, size_t len,
    const char **why)
{
    char           port[8];
    size_t         host_len, port_len;
    const char    *colon, *close;
    unsigned long  number, usual;

    close = len != 0 && text[0] == '[' ? memchr(text, ']', len) : text;
    if (close == NULL) {
        *why = "an IPv6 address ends with ']'";
        return -1;
    }

    colon = memchr(close, ':', len - (size_t) (close - text));
    host_len = colon == NULL ? len : (size_t) (colon - text);

    if (host_len == 0) {
        *why = "it has no host";
        return -1;
    }

    if (colon != NULL) {
        port_len = len - host_len - 1;
        memset(port, 0, sizeof(port));
        memcpy(port, colon + 1, port_len < 7 ? port_len : 7);

        if (port_len == 0
            || number_parse_count(port, 0, 65535, &number) != 0)
        {
            *why = "a port is a number up to 65535";
            return -1;
        }

        usual = strcmp(url->scheme, "https") == 0 ? 443 : 80;
        len = number == usual ? host_len : len;
    }

    url->host = strndup(text, len);
    *why = "out of memory";

    return url->host == NULL ? -1 : 0;
}


static int
parse_absolute(struct url *url, const char *text, const char **path,
    const char **why)
{
    size_t       len, i;
    const char  *at;

    len = strcspn(text, "/?#");
    *path = text + len;
    at = NULL;

    for (i = 0; i < len; i++) {
        at = text[i] == '@' ? text + i : at;
    }

    if (at != NULL) {
        if (parse_user(url, text, (size_t) (at - text)) != 0) {
            *why = "out of memory";
            return -1;
        }

        len -= (size_t) (at + 1 - text);
        text = at + 1;
    }

    return parse_host(url, text, len, why);
}


int
url_parse(struct url *url, const char *text, int as_is,
    const char *query, const char **why)
{
    const char  *path;

    memset(url, 0, sizeof(*url));
    *why = "out of memory";

    if (has_bad_bytes(text)) {
        *why = "it holds a blank or a control byte; write %20 for a blank";
        return -1;
    }

    if (strncasecmp(text, "http://", 7) == 0) {
        url->scheme = strdup("http");
        path = text + 7;

    } else if (strncasecmp(text, "https://", 8) == 0) {
        url->scheme = strdup("https");
        path = text + 8;

    } else if (text[0] == '/') {
        url->scheme = strdup("http");
        url->host = strdup("localhost");
        url->local = 1;
        path = text;

    } else {
        *why = "write a path that begins with '/', such as '/?name=Ada', or "
               "http://HOST/PATH";
        return -1;
    }

    if (url->scheme == NULL || (url->local && url->host == NULL)) {
        goto failed;
    }

    if (!url->local && parse_absolute(url, path, &path, why) != 0) {
        goto failed;
    }

    if (parse_target(url, path, as_is, query, why) == 0) {
        return 0;
    }

failed:

    url_free(url);

    return -1;
}
