/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads error.log line by line; a line that is not whole yet waits. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/arena.h"
#include "harness/host/nginx/nginx_log.h"
#include "lib/base/strbuf.h"

/* A report of a sanitizer may have so many lines. */
#define REPORT_LINES_MAX  60


/* "2026/11/22 22:55:06 [alert] 12#12: ...": the length of the time, or 0. */
static size_t
time_len(const char *line)
{
    static const char  shape[] = "0000/00/00 00:00:00 [";
    size_t             i;

    for (i = 0; shape[i] != '\0'; i++) {
        if (shape[i] == '0' ? line[i] < '0' || line[i] > '9'
                            : line[i] != shape[i])
        {
            return 0;
        }
    }

    return i - 1;
}


static int
starts(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}


/* Tracks workers. Returns 1 when the line reports an expected end. */
static int
read_worker(struct nginx_log *log, const char *line)
{
    char        *end;
    pid_t        pid;
    const char  *text;

    text = strstr(line, "start worker process ");
    if (text != NULL) {
        log->worker = (pid_t) strtol(text + 21, NULL, 10);
        return 0;
    }

    text = strstr(line, "was locked by ");
    if (text != NULL) {
        return log->excused > 0
               && strtol(text + 14, NULL, 10) == log->excused;
    }

    text = strstr(line, "worker process ");
    if (text == NULL) {
        return 0;
    }

    pid = (pid_t) strtol(text + 15, &end, 10);

    if (starts(end, " exited on signal ")) {
        log->signal = (int) strtol(end + 18, NULL, 10);
        log->code = 0;
    } else if (starts(end, " exited with code ")) {
        log->signal = 0;
        log->code = (int) strtol(end + 18, NULL, 10);
    } else {
        return starts(end, " exited with fatal") && pid == log->excused;
    }

    log->dead = pid;
    if (log->worker == pid) {
        log->worker = 0;
    }
    if (log->excuse) {
        log->excused = pid;
    }

    return pid == log->excused;
}


static int
is_report(const char *line)
{
    return strstr(line, "ERROR: AddressSanitizer") != NULL
           || strstr(line, "runtime error:") != NULL;
}


static int
add_finding(struct arena *arena, struct host_finding **findings,
            const char *text, size_t len)
{
    struct host_finding  *f = arena_alloc(arena, sizeof(*f));

    if (f == NULL) {
        return -1;
    }

    f->breaks = 1;
    f->text = arena_memdup(arena, text, len);

    while (*findings != NULL) {
        findings = &(*findings)->next;
    }
    *findings = f;

    return f->text != NULL ? 0 : -1;
}


/* The end of a report: the next line of nginx itself. */
static char *
report_end(char *line)
{
    int    lines = 0;
    char  *end = line;

    while (end != NULL && lines++ < REPORT_LINES_MAX) {
        end = strchr(end, '\n');
        if (end == NULL || end[1] == '\0' || time_len(end + 1) > 0) {
            break;
        }
        end++;
    }

    return end != NULL ? end : line + strlen(line);
}


/* Whole lines, the last newline replaced by a NUL. */
static int
read_lines(struct nginx_log *log, char *text, struct arena *arena,
           struct host_finding **findings)
{
    int      rc = 0;
    char    *end, *next;
    size_t   skip;

    for ( ; text != NULL && rc == 0; text = next) {
        skip = time_len(text);

        if (skip == 0 && is_report(text)) {
            end = report_end(text);
            next = *end != '\0' ? end + 1 : NULL;
            rc = add_finding(arena, findings, text, (size_t) (end - text));
            continue;
        }

        end = strchr(text, '\n');
        next = end != NULL ? end + 1 : NULL;
        if (end != NULL) {
            *end = '\0';
        }

        if (skip > 0 && !read_worker(log, text + skip)
            && (starts(text + skip, "[alert]")
                || starts(text + skip, "[emerg]")))
        {
            rc = add_finding(arena, findings, text + skip,
                             strlen(text + skip));
        }
    }

    return rc;
}


int
nginx_log_read(struct nginx_log *log, struct arena *arena,
               struct host_finding **findings)
{
    int            rc = 0;
    char           buf[8192];
    ssize_t        n;
    size_t         i;
    struct strbuf  text = { 0 };

    while ((n = pread(log->fd, buf, sizeof(buf),
                      log->offset + (off_t) text.len)) > 0)
    {
        strbuf_add(&text, buf, (size_t) n);
        if (text.failed) {
            break;
        }
    }

    if (n < 0 || text.failed) {
        strbuf_free(&text);
        return -1;
    }

    while (text.len > 0 && text.data[text.len - 1] != '\n') {
        text.len--;
    }

    if (text.len > 0) {
        log->offset += (off_t) text.len;
        text.data[text.len - 1] = '\0';
        for (i = 0; i < text.len - 1; i++) {
            if (text.data[i] == '\0') {
                text.data[i] = '?';
            }
        }
        rc = read_lines(log, text.data, arena, findings);
    }

    strbuf_free(&text);

    return rc;
}
