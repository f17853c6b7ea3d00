/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Answers of two hosts side by side. Headers of different names may come in
 * any order, those of one name may not. What differs is shown from the first
 * line that does to the last one; bytes that are no text as hexadecimals.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/base/encode.h"
#include "harness/run/run_compare.h"

#define LINES_MAX  8                 /* of a side that are shown */
#define COLUMNS_MAX  200
#define BYTES_MAX  16


void
run_seen_clear(struct run_seen *seen)
{
    strbuf_clear(&seen->status);
    strbuf_clear(&seen->headers);
    strbuf_clear(&seen->log);
    strbuf_clear(&seen->body);
    seen->answers = 0;
}


void
run_seen_free(struct run_seen *seen)
{
    strbuf_free(&seen->status);
    strbuf_free(&seen->headers);
    strbuf_free(&seen->log);
    strbuf_free(&seen->body);
}


/* ---- what was seen ----------------------------------------------------- */

static int
is_own_header(const char *name)
{
    return strcasecmp(name, "Date") == 0 || strcasecmp(name, "Server") == 0
           || strcasecmp(name, "Connection") == 0
           || strcasecmp(name, "Keep-Alive") == 0;
}


/* By name, then as they came: pointers into one array. */
static int
by_name(const void *a, const void *b)
{
    const struct http_header *const  *one = a, *const *two = b;
    int  rc = strcasecmp((*one)->name.data,
                         (*two)->name.data);

    return rc != 0 ? rc : *one < *two ? -1 : *one > *two;
}


static void
add_headers(struct run_seen *seen, const struct http_answer *a)
{
    size_t                     i;
    const struct http_header **sorted;

    if (a->header_count == 0) {
        return;
    }

    sorted = calloc(a->header_count, sizeof(*sorted));
    if (sorted == NULL) {
        seen->headers.failed = 1;
        return;
    }

    for (i = 0; i < a->header_count; i++) {
        sorted[i] = &a->headers[i];
    }
    qsort(sorted, a->header_count, sizeof(*sorted), by_name);

    for (i = 0; i < a->header_count; i++) {
        if (!is_own_header(sorted[i]->name.data)) {
            strbuf_printf(&seen->headers, "%s: %s\n",
                          sorted[i]->name.data,
                          sorted[i]->value.data);
        }
    }

    free(sorted);
}


static void
add_log(struct run_seen *seen, const struct host_answer *a)
{
    size_t                       i;
    const struct host_log_line  *l;

    for (l = a->log; l != NULL; l = l->next) {
        strbuf_printf(&seen->log, "[%s] ", lf_level_name(l->level));
        for (i = 0; i < l->text.len; i++) {
            if (l->text.data[i] == '\n') {
                strbuf_addstr(&seen->log, "\\n");
            } else {
                strbuf_addch(&seen->log, l->text.data[i]);
            }
        }
        strbuf_addch(&seen->log, '\n');
    }
}


static int
by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *) a, *(char *const *) b);
}


/* Those from an offset on: of two workers, whose order is nobody's. */
static void
sort_lines(struct strbuf *log, size_t from)
{
    char           *at, **lines;
    size_t          i, count = 0;
    struct strbuf   sorted = { 0 };

    for (i = from; i < log->len; i++) {
        count += log->data[i] == '\n';
    }

    lines = calloc(count + 1, sizeof(*lines));
    if (lines == NULL) {
        log->failed = 1;
        return;
    }

    strbuf_add(&sorted, log->data, from);
    at = count > 0 ? log->data + from : NULL;

    for (i = 0; i < count; i++) {
        lines[i] = strsep(&at, "\n");
    }
    qsort(lines, count, sizeof(*lines), by_bytes);

    for (i = 0; i < count; i++) {
        strbuf_printf(&sorted, "%s\n", lines[i]);
    }

    free(lines);
    strbuf_free(log);
    *log = sorted;
}


/*
 * A page that a host makes names its version. That is no part of what the app
 * answers, as Server is not; in as many bytes, for the Content-Length.
 */
static void
hide_version(char *body, size_t len)
{
    char              *at;
    static const char  page[] = "<hr><center>nginx/";

    at = memmem(body, len, page, sizeof(page) - 1);

    if (at != NULL) {
        at += sizeof(page) - 1;
        memset(at, 'x', strspn(at, "0123456789."));
    }
}


void
run_seen_add(struct run_seen *seen, const struct host_answer *a)
{
    const struct http_answer  *http = &a->http;
    size_t                     len = http->status_line.len, start;
    size_t                     before = seen->log.len;

    if (a->outcome == HOST_CRASHED || a->outcome == HOST_TIMED_OUT) {
        strbuf_printf(&seen->status, "no response: %s\n",
                      a->outcome == HOST_CRASHED ? "the app died"
                      : "the app did not return");
        return;
    }
    if (a->outcome != HOST_ANSWERED) {
        return;
    }

    /* "205 " and "205" are one: clients drop the blank behind a number. */
    while (len > 0 && http->status_line.data[len - 1] == ' ') {
        len--;
    }

    strbuf_printf(&seen->status, "%.*s\n", (int) len,
                  http->status_line.data);

    /* Where one answer ends and the next begins is part of what was seen. */
    if (seen->answers++ > 0) {
        strbuf_addch(&seen->headers, '\n');
    }

    add_headers(seen, http);
    add_log(seen, a);
    if (a->log_mixed && seen->log.len > before) {
        sort_lines(&seen->log, before);
    }

    start = seen->body.len;
    strbuf_add(&seen->body, http->body.data, http->body.len);
    if (seen->body.len > start) {
        hide_version(seen->body.data + start, seen->body.len - start);
    }
}


/* ---- what differs ------------------------------------------------------ */

static int
is_same(const struct strbuf *a, const struct strbuf *b)
{
    return a->len == b->len
           && (a->len == 0 || memcmp(a->data, b->data, a->len) == 0);
}


static size_t
first_difference(const struct strbuf *a, const struct strbuf *b)
{
    size_t  i;

    for (i = 0; i < a->len && i < b->len && a->data[i] == b->data[i]; i++) {
        /* void */
    }

    return i;
}


static int
begins_line(const struct strbuf *b, size_t at)
{
    return at == 0 || b->data[at - 1] == '\n';
}


/* How many bytes at the end are whole lines that both have. */
static size_t
same_end(const struct strbuf *a, const struct strbuf *b, size_t start)
{
    size_t  n, most, lines = 0;

    most = (a->len < b->len ? a->len : b->len) - start;

    for (n = 0; ; n++) {
        if (begins_line(a, a->len - n) && begins_line(b, b->len - n)) {
            lines = n;
        }
        if (n == most
            || a->data[a->len - n - 1] != b->data[b->len - n - 1])
        {
            return lines;
        }
    }
}


static void
add_lines(struct strbuf *to, const char *side, const struct strbuf *from,
          size_t start, size_t end)
{
    size_t       len, shown = 0;
    const char  *at, *stop;

    at = from->len > 0 ? from->data + start : "";
    stop = from->len > 0 ? from->data + end : at;

    if (at >= stop) {
        strbuf_printf(to, "\n  %s (nothing)", side);
    }

    for ( ; at < stop && shown < LINES_MAX; at += len + 1, shown++) {
        len = strcspn(at, "\n");
        strbuf_printf(to, "\n  %s %.*s%s", side,
                      (int) (len < COLUMNS_MAX ? len : COLUMNS_MAX), at,
                      len > COLUMNS_MAX ? " ..." : "");
    }

    if (at < stop) {
        strbuf_printf(to, "\n  %s ... and more", side);
    }
}


static void
compare_lines(struct strbuf *to, const char *what, const struct strbuf *a,
              const struct strbuf *b)
{
    size_t  start, end;

    if (is_same(a, b)) {
        return;
    }

    start = first_difference(a, b);
    while (!begins_line(a, start)) {
        start--;
    }
    end = same_end(a, b, start);

    strbuf_printf(to, "%s%s", to->len > 0 ? "\n" : "", what);
    add_lines(to, "mock: ", a, start, a->len - end);
    add_lines(to, "nginx:", b, start, b->len - end);
}


static int
is_text(const struct strbuf *b)
{
    size_t  i;

    for (i = 0; i < b->len; i++) {
        unsigned char  c = (unsigned char) b->data[i];

        if ((c < ' ' && c != '\n' && c != '\t' && c != '\r') || c == 0x7f) {
            return 0;
        }
    }

    return b->len == 0 || utf8_check(b->data, b->len) == ENCODE_OK;
}


static void
add_bytes(struct strbuf *to, const char *side, const struct strbuf *from,
          size_t start)
{
    size_t  i;

    strbuf_printf(to, "\n  %s", side);

    for (i = start; i < from->len && i < start + BYTES_MAX; i++) {
        strbuf_printf(to, " %02x", (unsigned char) from->data[i]);
    }

    strbuf_addstr(to, i < from->len ? " ..." : i == start ? " (ends here)"
                                                          : "");
}


static void
compare_bodies(struct strbuf *to, const struct strbuf *a,
               const struct strbuf *b)
{
    char    head[128];
    size_t  at;

    if (is_same(a, b)) {
        return;
    }

    at = first_difference(a, b);
    (void) snprintf(head, sizeof(head), "body: %zu bytes and %zu bytes, "
                    "different from byte %zu (0x%zx) on", a->len, b->len, at,
                    at);

    if (is_text(a) && is_text(b)) {
        compare_lines(to, head, a, b);
        return;
    }

    strbuf_printf(to, "%s%s", to->len > 0 ? "\n" : "", head);
    add_bytes(to, "mock: ", a, at);
    add_bytes(to, "nginx:", b, at);
}


void
run_compare(struct strbuf *to, const struct run_seen *mock,
            const struct run_seen *nginx)
{
    compare_lines(to, "status:", &mock->status, &nginx->status);

    if (mock->answers != nginx->answers) {
        return;                              /* one of them has no more */
    }

    compare_lines(to, "headers:", &mock->headers, &nginx->headers);
    compare_lines(to, "log of the app:", &mock->log, &nginx->log);
    compare_bodies(to, &mock->body, &nginx->body);
}
