/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * URLs of requests and of answers. A URL is taken apart as curl does before it
 * sends a request; what the server makes of the path is not decided here.
 */
#ifndef URL_H
#define URL_H

struct arena;

/* The texts live in the arena of url_parse, or for ever. */
struct url {
    const char  *scheme;         /* "http" or "https" */
    const char  *user;           /* decoded "name:password", or NULL */
    const char  *host;           /* value for Host: port if not the default */
    const char  *name;           /* of the host, without a port */
    const char  *target;         /* "/path?args" */
    const char  *text;           /* all of it but the user */
    unsigned     port;
    unsigned     local:1;        /* the URL was a mere path */
};

/*
 * Returns 0, or -1 with the reason in why (static). The path keeps its dot
 * segments when as_is is set. query, or NULL, is appended behind '?' or '&'.
 */
int url_parse(struct url *url, struct arena *arena, const char *text,
              int as_is, const char *query, const char **why);

/*
 * The absolute form of a reference that stands in an answer to base (RFC 3986,
 * 5.2; dot segments are left to whoever sends it). NULL: no memory.
 */
char *url_resolve(struct arena *arena, const char *base,
                  const char *reference);

#endif /* URL_H */
