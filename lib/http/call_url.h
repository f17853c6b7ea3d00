/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A URL taken apart as curl does before it sends a request. What the server
 * makes of the path is not decided here.
 */
#ifndef CALL_URL_H
#define CALL_URL_H

struct call_url {
    char      *scheme;           /* "http" or "https" */
    char      *host;             /* value for Host: port if not the default */
    char      *user;             /* decoded "name:password", or NULL */
    char      *target;           /* "/path?args" */
    unsigned   local:1;          /* the URL was a mere path */
};

/*
 * Returns 0, or -1 with the reason in why (static). The path keeps its dot
 * segments when as_is is set. query, or NULL, is appended behind '?' or '&'.
 */
int call_url_parse(struct call_url *url, const char *text, int as_is,
                   const char *query, const char **why);
void call_url_free(struct call_url *url);

#endif /* CALL_URL_H */
