/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The store of cookies: who may set one, to whom it goes back (RFC 6265, 5.3
 * and 5.4). Kept in the order of arrival; bounded as curl's is, so that it can
 * be searched in line.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/base/arena.h"
#include "lib/http/cookie.h"
#include "lib/base/strbuf.h"

#define JAR_MAX     3000
#define COOKIE_MAX  4096                     /* name and value together */
#define SENT_MAX    150
#define HEADER_MAX  8190

struct cookie_jar {
    struct cookie_entry  *entries;
    size_t                count, room;
};


struct cookie_jar *
cookie_jar_new(void)
{
    return calloc(1, sizeof(struct cookie_jar));
}


static void
clear_entry(struct cookie_entry *entry)
{
    free((char *) entry->name);
    free((char *) entry->value);
    free((char *) entry->domain);
    free((char *) entry->path);
}


void
cookie_jar_free(struct cookie_jar **jar)
{
    size_t  i;

    if (*jar == NULL) {
        return;
    }

    for (i = 0; i < (*jar)->count; i++) {
        clear_entry(&(*jar)->entries[i]);
    }

    free((*jar)->entries);
    free(*jar);
    *jar = NULL;
}


static int
is_address(const char *host)
{
    return strchr(host, ':') != NULL
           || strspn(host, "0123456789.") == strlen(host);
}


static int
domain_matches(const char *host, const char *domain)
{
    size_t  host_len = strlen(host), len = strlen(domain);

    if (strcasecmp(host, domain) == 0) {
        return 1;
    }

    return host_len > len && host[host_len - len - 1] == '.'
           && strcasecmp(host + host_len - len, domain) == 0
           && !is_address(host);
}


static int
path_matches(const char *path, const char *prefix)
{
    size_t  len = strlen(prefix);

    if (strncmp(path, prefix, len) != 0) {
        return 0;
    }

    return path[len] == '\0' || path[len] == '/' || path[len] == '?'
           || (len > 0 && prefix[len - 1] == '/');
}


/* The folder of the request path, without its last '/'. */
static size_t
default_path_len(const char *path)
{
    size_t       len = strcspn(path, "?#");
    const char  *slash = memrchr(path, '/', len);

    return path[0] != '/' || slash == path ? 0 : (size_t) (slash - path);
}


static void
drop(struct cookie_jar *jar, size_t i)
{
    clear_entry(&jar->entries[i]);
    jar->count--;
    memmove(&jar->entries[i], &jar->entries[i + 1],
            (jar->count - i) * sizeof(jar->entries[0]));
}


/* Takes over the strings of the entry, whatever happens. */
static int
store(struct cookie_jar *jar, struct cookie_entry *entry, int64_t now)
{
    size_t                i;
    struct cookie_entry  *more;

    for (i = 0; i < jar->count; i++) {
        if (strcmp(jar->entries[i].name, entry->name) == 0
            && strcasecmp(jar->entries[i].domain, entry->domain) == 0
            && strcmp(jar->entries[i].path, entry->path) == 0)
        {
            break;
        }
    }

    if (entry->expires != COOKIE_NO_TIME && entry->expires <= now) {
        clear_entry(entry);
        if (i < jar->count) {
            drop(jar, i);
        }
        return 0;
    }

    if (i < jar->count) {
        clear_entry(&jar->entries[i]);
        jar->entries[i] = *entry;
        return 0;
    }

    if (jar->count == JAR_MAX) {
        drop(jar, 0);
    }

    if (jar->count == jar->room) {
        more = reallocarray(jar->entries, jar->room * 2 + 8, sizeof(*more));
        if (more == NULL) {
            clear_entry(entry);
            return -1;
        }
        jar->entries = more;
        jar->room = jar->room * 2 + 8;
    }

    jar->entries[jar->count++] = *entry;

    return 0;
}


static int64_t
end_of_life(const struct cookie *cookie, int64_t now)
{
    if (cookie->max_age == COOKIE_NO_TIME) {
        return cookie->expires;
    }

    if (cookie->max_age <= 0) {
        return now;
    }

    return cookie->max_age > INT64_MAX - now ? INT64_MAX
                                             : now + cookie->max_age;
}


int
cookie_jar_receive(struct cookie_jar *jar, const char *host, const char *path,
                   const char *field, size_t len, int64_t now)
{
    int                  rc = 0;
    const char          *domain;
    struct arena        *arena;
    struct cookie        cookie;
    struct cookie_entry  entry;

    arena = arena_new();
    if (arena == NULL) {
        return -1;
    }

    if (cookie_parse(arena, field, len, &cookie) != 0
        || strlen(cookie.name) + strlen(cookie.value) > COOKIE_MAX)
    {
        goto done;
    }

    domain = cookie.domain != NULL ? cookie.domain : "";
    domain += (domain[0] == '.');

    if (domain[0] != '\0' && (!domain_matches(host, domain)
        || (strchr(domain, '.') == NULL && strcasecmp(domain, host) != 0)))
    {
        goto done;
    }

    memset(&entry, 0, sizeof(entry));
    entry.host_only = (domain[0] == '\0');
    entry.domain = strdup(entry.host_only ? host : domain);
    entry.name = strdup(cookie.name);
    entry.value = strdup(cookie.value);
    entry.path = cookie.path != NULL && cookie.path[0] == '/'
                 ? strdup(cookie.path)
                 : default_path_len(path) == 0 ? strdup("/")
                 : strndup(path, default_path_len(path));
    entry.secure = cookie.secure;
    entry.http_only = cookie.http_only;
    entry.expires = end_of_life(&cookie, now);

    if (entry.domain == NULL || entry.name == NULL || entry.value == NULL
        || entry.path == NULL)
    {
        clear_entry(&entry);
        rc = -1;
        goto done;
    }

    rc = store(jar, &entry, now);

done:

    arena_free(&arena);

    return rc;
}


static int
goes_to(const struct cookie_entry *entry, const char *host, const char *path,
        int secure, int64_t now)
{
    return (entry->expires == COOKIE_NO_TIME || entry->expires > now)
           && (!entry->secure || secure)
           && (entry->host_only ? strcasecmp(host, entry->domain) == 0
                                : domain_matches(host, entry->domain))
           && path_matches(path, entry->path);
}


/* Longer paths go first; equal ones as they came. */
static int
by_path(const void *a, const void *b)
{
    const struct cookie_entry  *const *x = a, *const *y = b;
    size_t                      x_len = strlen((*x)->path);
    size_t                      y_len = strlen((*y)->path);

    if (x_len != y_len) {
        return x_len > y_len ? -1 : 1;
    }

    return *x < *y ? -1 : *x > *y;
}


void
cookie_jar_header(const struct cookie_jar *jar, const char *host,
                  const char *path, int secure, int64_t now,
                  struct strbuf *to)
{
    size_t                       i, count = 0, start = to->len;
    const struct cookie_entry  **found;

    found = reallocarray(NULL, jar->count + 1, sizeof(*found));
    if (found == NULL) {
        to->failed = 1;
        return;
    }

    for (i = 0; i < jar->count; i++) {
        if (goes_to(&jar->entries[i], host, path, secure, now)) {
            found[count++] = &jar->entries[i];
        }
    }

    qsort(found, count, sizeof(*found), by_path);

    for (i = 0; i < count && i < SENT_MAX; i++) {
        if (to->len - start + strlen(found[i]->name)
            + strlen(found[i]->value) + 3 > HEADER_MAX)
        {
            break;
        }

        strbuf_addstr(to, i > 0 ? "; " : "");
        strbuf_addstr(to, found[i]->name);
        strbuf_addstr(to, "=");
        strbuf_addstr(to, found[i]->value);
    }

    free(found);
}


const struct cookie_entry *
cookie_jar_next(const struct cookie_jar *jar, size_t *iter)
{
    return *iter < jar->count ? &jar->entries[(*iter)++] : NULL;
}
