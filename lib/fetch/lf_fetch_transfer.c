/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One transfer with libcurl, in the child that lf_fetch.c made: this process
 * is lost to anything else. Redirects are followed here and not by libcurl:
 * the header block, which may hold a token, must not reach another host, and
 * no step may go from https to http.
 */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "lib/base/url_parts.h"
#include "lib/curl/curl_lib.h"
#include "lib/fetch/lf_child.h"
#include "lib/fetch/lf_fetch_private.h"

struct transfer {
    const struct curl_lib   *curl;
    const struct lf_fetch   *fetch;
    struct lf_fetch_result  *result;
    int                      fd;
    int                      write_errno;
    int                      too_large;
    size_t                   size, size_max;
    struct timespec          start;
    struct curl_slist       *lines;          /* of the present request */
    char                     error[CURL_ERROR_SIZE];
};


static size_t
on_body(char *data, size_t unit, size_t count, void *arg)
{
    size_t            len = unit * count, done = 0;
    ssize_t           n;
    struct transfer  *t = arg;

    if (len > t->size_max - t->size) {
        t->too_large = 1;
        return 0;
    }

    while (done < len) {
        n = write(t->fd, data + done, len - done);

        if (n < 0 && errno == EINTR) {
            continue;
        }

        if (n < 0) {
            t->write_errno = errno;
            return 0;
        }

        done += (size_t) n;
    }

    t->size += len;

    return len;
}


static void
save_header(const char *line, size_t len, const char *name, char *out,
    size_t size)
{
    size_t  n = strlen(name);

    if (len < n || strncasecmp(line, name, n) != 0) {
        return;
    }

    for (line += n, len -= n; len > 0 && *line == ' '; line++, len--) { }

    while (len > 0 && (line[len - 1] == '\r' || line[len - 1] == '\n'
                       || line[len - 1] == ' '))
    {
        len--;
    }

    /* half a validator is none */
    if (len < size && memchr(line, '\n', len) == NULL) {
        memcpy(out, line, len);
        out[len] = '\0';
    }
}


static size_t
on_header(char *data, size_t unit, size_t count, void *arg)
{
    size_t                   len = unit * count;
    struct transfer         *t = arg;
    struct lf_fetch_result  *r = t->result;

    save_header(data, len, "ETag:", r->etag, sizeof(r->etag));
    save_header(data, len, "Last-Modified:", r->modified,
                sizeof(r->modified));

    return len;
}


/* The same scheme, user, host and port. */
static int
same_origin(const char *a, const char *b)
{
    struct url_parts  of_a, of_b;

    url_split(a, &of_a);
    url_split(b, &of_b);

    return of_a.path - a == of_b.path - b
           && strncasecmp(a, b, (size_t) (of_a.path - a)) == 0;
}


static int
add_line(struct transfer *t, const char *name, const char *text, int len)
{
    char               line[4096];
    struct curl_slist  *grown;

    if (snprintf(line, sizeof(line), "%s%.*s", name, len, text)
        >= (int) sizeof(line))
    {
        (void) snprintf(t->result->err, ERROR_LEN,
                        "a request header is longer than 4000 bytes");
        return -1;
    }

    grown = t->curl->append(t->lines, line);
    if (grown == NULL) {
        (void) snprintf(t->result->err, ERROR_LEN, "out of memory");
        return -1;
    }

    t->lines = grown;

    return 0;
}


static int
make_lines(struct transfer *t, const char *url)
{
    size_t                   len;
    const char              *line;
    const struct lf_fetch   *f = t->fetch;

    t->curl->free_list(t->lines);
    t->lines = NULL;

    if (f->headers != NULL && same_origin(url, f->url)) {
        for (line = f->headers; *line != '\0'; line += len) {
            len = strcspn(line, "\r\n");

            if (len > 0 && add_line(t, "", line, (int) len) != 0) {
                return -1;
            }

            len += strspn(line + len, "\r\n");
        }
    }

    if (f->etag != NULL && f->etag[0] != '\0'
        && add_line(t, "If-None-Match: ", f->etag,
                    (int) strlen(f->etag)) != 0)
    {
        return -1;
    }

    if (f->modified != NULL && f->modified[0] != '\0'
        && add_line(t, "If-Modified-Since: ", f->modified,
                    (int) strlen(f->modified)) != 0)
    {
        return -1;
    }

    return 0;
}


/* Not 0, which is no limit for libcurl. */
static long
left_ms(const struct transfer *t)
{
    long  left;

    left = lf_child_left_ms(&t->start, t->fetch->total_ms
                                       ? t->fetch->total_ms
                                       : LF_FETCH_TOTAL_MS);

    return left > 0 ? left : 1;
}


static void
set_options(struct transfer *t, CURL *easy, const char *url)
{
    const struct lf_fetch  *f = t->fetch;

    (void) t->curl->setopt(easy, CURLOPT_URL, url);
    (void) t->curl->setopt(easy, CURLOPT_HTTPHEADER, t->lines);
    (void) t->curl->setopt(easy, CURLOPT_NOSIGNAL, 1L);
    (void) t->curl->setopt(easy, CURLOPT_PROXY, "");
    (void) t->curl->setopt(easy, CURLOPT_ERRORBUFFER, t->error);
    (void) t->curl->setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    (void) t->curl->setopt(easy, CURLOPT_WRITEDATA, t);
    (void) t->curl->setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    (void) t->curl->setopt(easy, CURLOPT_HEADERDATA, t);
    (void) t->curl->setopt(easy, CURLOPT_MAXFILESIZE_LARGE,
                       (curl_off_t) t->size_max);
    (void) t->curl->setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                       f->connect_ms ? f->connect_ms : LF_FETCH_CONNECT_MS);
    (void) t->curl->setopt(easy, CURLOPT_TIMEOUT_MS,
                       left_ms(t));
    (void) t->curl->setopt(easy, CURLOPT_USERAGENT, f->agent);
}


/* What must not be left to a default. */
static int
set_trust(struct transfer *t, CURL *easy)
{
    const struct lf_fetch  *f = t->fetch;

    if (t->curl->setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L) != CURLE_OK
        || t->curl->setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L) != CURLE_OK
        || t->curl->setopt(easy, CURLOPT_FOLLOWLOCATION, 0L) != CURLE_OK
        || (f->ca_file != NULL
            && (t->curl->setopt(easy, CURLOPT_CAINFO, f->ca_file) != CURLE_OK
                || t->curl->setopt(easy, CURLOPT_CAPATH, NULL) != CURLE_OK)))
    {
        (void) snprintf(t->result->err, ERROR_LEN,
                        "libcurl cannot verify certificates");
        return -1;
    }

    return 0;
}


static void
explain(struct transfer *t, CURLcode code)
{
    char  *err = t->result->err;

    if (t->too_large || code == CURLE_FILESIZE_EXCEEDED) {
        (void) snprintf(err, ERROR_LEN, "the file is larger than %zu bytes",
                        t->size_max);

    } else if (t->write_errno != 0) {
        (void) snprintf(err, ERROR_LEN, "\"%s\" cannot be written: %s",
                        t->fetch->path, strerror(t->write_errno));

    } else {
        (void) snprintf(err, ERROR_LEN, "%s%s%s", t->curl->error_text(code),
                        t->error[0] != '\0' ? ": " : "", t->error);
    }
}


/* A refusal with its reason; 0 with the next URL. */
static int
next_hop(struct transfer *t, const char *from, const char *to, int hops)
{
    if (hops == LF_FETCH_REDIRECTS) {
        (void) snprintf(t->result->err, ERROR_LEN,
                        "more than %d redirects", LF_FETCH_REDIRECTS);
        return -1;
    }

    if (!url_has_scheme(to, "https")
        && (url_has_scheme(from, "https") || !url_has_scheme(to, "http")))
    {
        (void) snprintf(t->result->err, ERROR_LEN, "the server redirects to "
                        "a URL that is not https: refused");
        return -1;
    }

    return 0;
}


/* One request: 0 with its status, *to set when it redirects. */
static int
fetch(struct transfer *t, CURL *easy, const char *url, long *status, char **to)
{
    CURLcode  code;

    t->result->etag[0] = t->result->modified[0] = '\0';
    t->size = 0;
    *to = NULL;

    if (ftruncate(t->fd, 0) != 0 || lseek(t->fd, 0, SEEK_SET) != 0) {
        (void) snprintf(t->result->err, ERROR_LEN, "\"%s\" cannot be "
                        "truncated: %s", t->fetch->path, strerror(errno));
        return -1;
    }

    if (make_lines(t, url) != 0 || set_trust(t, easy) != 0) {
        return -1;
    }

    set_options(t, easy, url);
    code = t->curl->perform(easy);

    if (code != CURLE_OK) {
        explain(t, code);
        return -1;
    }

    (void) t->curl->getinfo(easy, CURLINFO_RESPONSE_CODE, status);
    (void) t->curl->getinfo(easy, CURLINFO_REDIRECT_URL, to);

    return 0;
}


static int
follow(struct transfer *t, CURL *easy)
{
    int    hops, rc = -1;
    char  *url, *to;
    long   status = 0;

    url = strdup(t->fetch->url);

    for (hops = 0; url != NULL; hops++) {
        if (fetch(t, easy, url, &status, &to) != 0) {
            break;
        }

        if (status == 200) {
            t->result->outcome = LF_FETCH_NEW;
            rc = 0;
            break;
        }

        if (status == 304 && t->fetch->old != NULL) {
            t->result->outcome = LF_FETCH_UNCHANGED;
            rc = 0;
            break;
        }

        if (to == NULL) {
            (void) snprintf(t->result->err, ERROR_LEN,
                            "the server returned status %ld", status);
            break;
        }

        if (next_hop(t, url, to, hops) != 0) {
            break;
        }

        free(url);
        url = strdup(to);
    }

    free(url);

    return rc;
}


int
lf_fetch_transfer(const struct lf_fetch *fetch, struct lf_fetch_result *result,
    int fd)
{
    int              rc;
    CURL            *easy;
    const char      *why;
    struct transfer  t = { .fetch = fetch, .result = result, .fd = fd };

    t.size_max = fetch->size_max ? fetch->size_max : LF_FETCH_SIZE;
    (void) clock_gettime(CLOCK_MONOTONIC, &t.start);

    t.curl = curl_lib_open(&why);
    if (t.curl == NULL) {
        (void) snprintf(result->err, ERROR_LEN, "%s", why);
        return -1;
    }

    easy = t.curl->init();
    if (easy == NULL) {
        (void) snprintf(result->err, ERROR_LEN, "out of memory");
        return -1;
    }

    rc = follow(&t, easy);
    t.curl->cleanup(easy);
    t.curl->free_list(t.lines);

    return rc;
}
