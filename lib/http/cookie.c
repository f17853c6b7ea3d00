/* SPDX-License-Identifier: BSD-2-Clause */
/* Set-Cookie fields: names, values, attributes and dates (RFC 6265, 5.2). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "lib/base/arena.h"
#include "lib/http/cookie.h"


static char *
trimmed(struct arena *arena, const char *from, const char *end)
{
    while (from < end && (*from == ' ' || *from == '\t')) {
        from++;
    }
    while (end > from && (end[-1] == ' ' || end[-1] == '\t')) {
        end--;
    }

    return arena_memdup(arena, from, (size_t) (end - from));
}


static int64_t
read_max_age(const char *text)
{
    char       *end;
    long long   n;

    if ((text[0] != '-' && (text[0] < '0' || text[0] > '9'))
        || text[0] == '\0')
    {
        return COOKIE_NO_TIME;
    }

    n = strtoll(text, &end, 10);
    if (*end != '\0' || end == text) {
        return COOKIE_NO_TIME;
    }

    return n < INT32_MIN ? INT32_MIN : n;
}


static void
set_attribute(struct cookie *cookie, const char *name, const char *value)
{
    if (strcasecmp(name, "expires") == 0) {
        cookie->expires_text = value;
        cookie->expires = cookie_date(value);

    } else if (strcasecmp(name, "max-age") == 0) {
        cookie->max_age_text = value;
        cookie->max_age = read_max_age(value);

    } else if (strcasecmp(name, "domain") == 0) {
        cookie->domain = value;

    } else if (strcasecmp(name, "path") == 0) {
        cookie->path = value;

    } else if (strcasecmp(name, "samesite") == 0) {
        cookie->same_site = value;

    } else if (strcasecmp(name, "secure") == 0) {
        cookie->secure = 1;

    } else if (strcasecmp(name, "httponly") == 0) {
        cookie->http_only = 1;
    }
}


int
cookie_parse(struct arena *arena, const char *field, size_t len,
             struct cookie *cookie)
{
    int          first = 1;
    char        *name, *value;
    const char  *part = field, *end = field + len, *stop, *equal;

    memset(cookie, 0, sizeof(*cookie));
    cookie->expires = cookie->max_age = COOKIE_NO_TIME;

    for ( ; part <= end; part = stop + 1, first = 0) {
        stop = memchr(part, ';', (size_t) (end - part));
        if (stop == NULL) {
            stop = end;
        }

        equal = memchr(part, '=', (size_t) (stop - part));
        if (equal == NULL && first) {
            return -1;
        }

        name = trimmed(arena, part, equal != NULL ? equal : stop);
        value = trimmed(arena, equal != NULL ? equal + 1 : stop, stop);
        if (name == NULL || value == NULL) {
            return -1;
        }

        if (!first) {
            set_attribute(cookie, name, value);
            continue;
        }

        if (name[0] == '\0') {
            return -1;
        }

        cookie->name = name;
        cookie->value = value;
    }

    return 0;
}


/* ---- dates ------------------------------------------------------------- */

struct date {
    int  day, month, year, hour, minute, second;
    unsigned  has_time:1, has_day:1, has_month:1, has_year:1;
};


static int
month_of(const char *token)
{
    int                i;
    static const char  names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

    for (i = 0; i < 12; i++) {
        if (strncasecmp(token, names + 3 * i, 3) == 0) {
            return i;
        }
    }

    return -1;
}


/* One token of a date, in the order of RFC 6265, 5.1.1. */
static void
read_date_token(struct date *d, const char *token)
{
    int  a, b, c, digits = (int) strspn(token, "0123456789");

    if (!d->has_time && sscanf(token, "%2d:%2d:%2d", &a, &b, &c) == 3) {
        d->hour = a;
        d->minute = b;
        d->second = c;
        d->has_time = 1;

    } else if (!d->has_day && digits >= 1 && digits <= 2) {
        d->day = atoi(token);
        d->has_day = 1;

    } else if (!d->has_month && month_of(token) >= 0) {
        d->month = month_of(token);
        d->has_month = 1;

    } else if (!d->has_year && digits >= 2 && digits <= 4) {
        d->year = atoi(token);
        if (digits == 2) {
            d->year += d->year >= 70 ? 1900 : 2000;
        }
        d->has_year = 1;
    }
}


int64_t
cookie_date(const char *text)
{
    char         token[32];
    size_t       len;
    struct tm    tm;
    struct date  d;
    static const char  delimiters[] = "\t !\"#$%&'()*+,-./;<=>?@[\\]^_`{|}~";

    memset(&d, 0, sizeof(d));

    for (text += strspn(text, delimiters); *text != '\0';
         text += strspn(text, delimiters))
    {
        len = strcspn(text, delimiters);
        (void) snprintf(token, sizeof(token), "%.*s",
                        (int) (len < 31 ? len : 31), text);
        read_date_token(&d, token);
        text += len;
    }

    if (!d.has_time || !d.has_day || !d.has_month || !d.has_year
        || d.day < 1 || d.day > 31 || d.year < 1601 || d.hour > 23
        || d.minute > 59 || d.second > 59)
    {
        return COOKIE_NO_TIME;
    }

    memset(&tm, 0, sizeof(tm));
    tm.tm_mday = d.day;
    tm.tm_mon = d.month;
    tm.tm_year = d.year - 1900;
    tm.tm_hour = d.hour;
    tm.tm_min = d.minute;
    tm.tm_sec = d.second;

    return timegm(&tm);
}
