/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The log, in the form of an error_log of nginx: same stamp, same context, same
 * cut at 2048 bytes. Lines are recorded for tests, whatever the level.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "fakes/lf_fake_log.h"

#define LINE_MAX_LEN  2048       /* the newline included */


/* Stamp, level, process and thread, and the number of the request. */
static size_t
put_head(char *to, size_t size, const struct lf_request *request,
         enum lf_level level)
{
    int        n;
    time_t     now;
    struct tm  tm;

    now = time(NULL);
    (void) localtime_r(&now, &tm);

    n = snprintf(to, size, "%04d/%02d/%02d %02d:%02d:%02d [%s] %ld#%ld: ",
                 tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
                 tm.tm_min, tm.tm_sec, lf_level_name(level), (long) getpid(),
                 (long) syscall(SYS_gettid));

    if (request != NULL) {
        n += snprintf(to + n, size - (size_t) n, "*%lu ", request->number);
    }

    return (size_t) n;
}


static void
show(const struct lf_fake_log_state *log, const struct lf_request *request,
     const struct lf_fake_log_line *line)
{
    char     text[LINE_MAX_LEN], *p = text;
    size_t   left, room;
    ssize_t  n;

    left = put_head(text, sizeof(text), request, line->level);
    room = sizeof(text) - 1 - left;
    room = line->len < room ? line->len : room;
    memcpy(text + left, line->text, room);
    left += room;

    if (request != NULL && line->level != LF_DEBUG) {
        left += log->context(request, text + left, sizeof(text) - left);
    }

    text[left++] = '\n';

    while (left > 0) {
        n = write(log->fd, p, left);

        if (n < 0 && errno == EINTR) {
            continue;
        }

        if (n <= 0) {
            return;
        }

        p += n;
        left -= (size_t) n;
    }
}


static void
append(struct lf_fake_log_state *log, const struct lf_fake_log_line *line)
{
    struct lf_fake_log_line  *copy;

    copy = malloc(sizeof(*copy) + line->len + 1);

    if (copy == NULL) {
        return;
    }

    *copy = *line;
    copy->text = (char *) (copy + 1);
    memcpy(copy->text, line->text, line->len);
    copy->text[line->len] = '\0';

    (void) pthread_mutex_lock(&log->lock);

    if (log->last != NULL) {
        log->last->next = copy;
    } else {
        log->lines = copy;
    }

    log->last = copy;

    (void) pthread_mutex_unlock(&log->lock);
}


void
lf_fake_log_write(struct lf_fake_log_state *log,
                  const struct lf_request *request, enum lf_level level,
                  int app, const char *text, size_t len)
{
    int                      saved = errno;
    struct lf_fake_log_line  line;

    line.level = level;
    line.request = request != NULL ? request->number : 0;
    line.app = app != 0;
    line.text = (char *) (uintptr_t) text;
    line.len = len;
    line.next = NULL;

    if (log->keep) {
        append(log, &line);
    }

    if (level <= log->level) {
        if (log->fd >= 0) {
            show(log, request, &line);
        }

        if (log->shown != NULL) {
            log->shown(log->shown_data, &line);
        }
    }

    errno = saved;
}


void
lf_fake_log_forget(struct lf_fake_log_state *log, unsigned long number,
                   int all)
{
    struct lf_fake_log_line  *line, **link;

    (void) pthread_mutex_lock(&log->lock);
    log->last = NULL;

    for (link = &log->lines; (line = *link) != NULL; /* void */ ) {
        if (!all && line->request != number) {
            log->last = line;
            link = &line->next;
            continue;
        }

        *link = line->next;
        free(line);
    }

    (void) pthread_mutex_unlock(&log->lock);
}
