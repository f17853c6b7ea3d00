/* SPDX-License-Identifier: BSD-2-Clause */
/* See url_parts.h. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "lib/base/url_parts.h"


void
url_split(const char *url, struct url_parts *parts)
{
    const char  *p;

    p = url + strcspn(url, ":/?#");
    parts->authority = p > url && strncmp(p, "://", 3) == 0 ? p + 3 : url;
    parts->path = parts->authority + strcspn(parts->authority, "/?#");
    parts->query = parts->path + strcspn(parts->path, "?#");
    parts->fragment = parts->query + strcspn(parts->query, "#");
    parts->host = parts->authority;

    for (p = parts->authority; p < parts->path; p++) {
        if (*p == '@') {
            parts->host = p + 1;
        }
    }
}


int
url_has_scheme(const char *url, const char *scheme)
{
    size_t  len = strlen(scheme);

    return strncasecmp(url, scheme, len) == 0
           && strncmp(url + len, "://", 3) == 0;
}


void
url_redact(const char *url, char *out, size_t size)
{
    int               len;
    const char       *at, *shown;
    struct url_parts  parts;

    url_split(url, &parts);
    at = strrchr(parts.authority, '@');
    shown = parts.host;

    /* behind a ':' it may be the end of a password that holds a delimiter */
    if (at != NULL && memchr(parts.authority, ':',
                             (size_t) (at - parts.authority)) != NULL)
    {
        shown = at + 1;
    }

    len = (int) (parts.authority - url);

    if (shown > parts.query) {
        (void) snprintf(out, size, "%.*s***", len, url);
        return;
    }

    (void) snprintf(out, size, "%.*s%s%.*s%s", len, url,
                    shown > parts.authority ? "***@" : "",
                    (int) (parts.query - shown), shown,
                    *parts.query != '\0' ? "?***" : "");
}
