/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Cookies: the Set-Cookie field taken apart, and a store that gives them back
 * as a browser or curl would (RFC 6265). Time is always passed in.
 */
#ifndef COOKIE_H
#define COOKIE_H

#include <stddef.h>
#include <stdint.h>

struct arena;
struct strbuf;

#define COOKIE_NO_TIME  INT64_MIN

/* What a Set-Cookie field says; strings are NULL where it says nothing. */
struct cookie {
    const char     *name, *value;            /* never NULL */
    const char     *expires_text, *domain, *path, *same_site;
    const char     *max_age_text;
    int64_t         expires;                 /* seconds; COOKIE_NO_TIME */
    int64_t         max_age;                 /* seconds; COOKIE_NO_TIME */
    unsigned        secure:1, http_only:1;
};

/* 0, or -1: no cookie in it, or no memory. Everything is in the arena. */
int cookie_parse(struct arena *arena, const char *field, size_t len,
                 struct cookie *cookie);

/* A date as in cookies: RFC 1123, RFC 850, asctime. COOKIE_NO_TIME: none. */
int64_t cookie_date(const char *text);

struct cookie_jar;

struct cookie_jar *cookie_jar_new(void);     /* NULL: no memory */
void cookie_jar_free(struct cookie_jar **jar);

/*
 * Keep what the answer to a request for path on host sets; what the host may
 * not set is dropped. Returns 0, or -1: no memory.
 */
int cookie_jar_receive(struct cookie_jar *jar, const char *host,
                       const char *path, const char *field, size_t len,
                       int64_t now);

/* Adds "a=b; c=d" for a request, or nothing. */
void cookie_jar_header(const struct cookie_jar *jar, const char *host,
                       const char *path, int secure, int64_t now,
                       struct strbuf *to);

/* Walk the stored cookies: *iter 0 to start; NULL at the end. */
struct cookie_entry {
    const char  *name, *value, *domain, *path;
    int64_t      expires;                    /* COOKIE_NO_TIME: session */
    unsigned     secure:1, http_only:1, host_only:1;
};
const struct cookie_entry *cookie_jar_next(const struct cookie_jar *jar,
                                           size_t *iter);

#endif /* COOKIE_H */
