/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The log, in the form of an error_log of nginx: same stamp, same tail, same
 * cut at 2048 bytes. Lines are kept for tests, whatever the level shown.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "fakes/lf_fake_host.h"

#define LINE_MAX_LEN  2048       /* the newline included */

struct line {
    size_t  len;
    char    text[LINE_MAX_LEN];
};


static void
put(struct line *line, const void *data, size_t len)
{
    size_t  room;

    room = LINE_MAX_LEN - 1 - line->len;
    len = len < room ? len : room;
    memcpy(line->text + line->len, data, len);
    line->len += len;
}


static void
put_text(struct line *line, const char *text)
{
    put(line, text, strlen(text));
}


static void
put_field(struct line *line, const char *name, const lf_str_t *value)
{
    put_text(line, name);
    put(line, value->data, value->len);
    put_text(line, "\"");
}


static void
put_head(struct line *line, const struct lf_fake_request *request,
         enum lf_level level)
{
    int        n;
    char       text[128];
    time_t     now;
    struct tm  tm;

    now = time(NULL);
    (void) localtime_r(&now, &tm);

    n = snprintf(text, sizeof(text),
                 "%04d/%02d/%02d %02d:%02d:%02d [%s] %ld#%ld: ",
                 tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
                 tm.tm_min, tm.tm_sec, lf_level_name(level), (long) getpid(),
                 (long) syscall(SYS_gettid));
    put(line, text, (size_t) n);

    if (request != NULL) {
        n = snprintf(text, sizeof(text), "*%lu ", request->core.number);
        put(line, text, (size_t) n);
    }
}


static void
put_tail(struct line *line, const struct lf_fake_request *request)
{
    const lf_str_t  *name = &request->server_conf->name;

    put_text(line, ", client: 127.0.0.1, server: ");

    if (name->len > 0) {
        put(line, name->data, name->len);
    } else {
        put_text(line, "localhost");
    }

    put_text(line, ", request: \"");
    put(line, request->core.method.data, request->core.method.len);
    put_text(line, " ");
    put(line, request->target.data, request->target.len);
    put_text(line, request->http_1_0 ? " HTTP/1.0\"" : " HTTP/1.1\"");

    if (request->host_header.data != NULL) {
        put_field(line, ", host: \"", &request->host_header);
    }

    if (request->referer.data != NULL) {
        put_field(line, ", referrer: \"", &request->referer);
    }
}


static void
show(struct lf_fake *host, const struct lf_fake_request *request,
     enum lf_level level, const char *text, size_t len)
{
    char        *p;
    size_t       left;
    ssize_t      n;
    struct line  line;

    line.len = 0;
    put_head(&line, request, level);
    put(&line, text, len);

    if (request != NULL && level != LF_DEBUG) {
        put_tail(&line, request);
    }

    line.text[line.len++] = '\n';
    p = line.text;
    left = line.len;

    while (left > 0) {
        n = write(host->options.log_fd, p, left);

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
tell(struct lf_fake *host, const struct lf_fake_request *request,
     enum lf_level level, int app, const char *text, size_t len)
{
    struct lf_fake_log_line  line;

    line.level = level;
    line.request = request != NULL ? request->core.number : 0;
    line.app = app != 0;
    line.text = (char *) (uintptr_t) text;
    line.len = len;
    line.next = NULL;

    host->shown(host->shown_data, &line);
}


static void
keep(struct lf_fake *host, const struct lf_fake_request *request,
     enum lf_level level, int app, const char *text, size_t len)
{
    struct lf_fake_log_line  *line;

    line = malloc(sizeof(*line) + len + 1);

    if (line == NULL) {
        return;
    }

    line->level = level;
    line->request = request != NULL ? request->core.number : 0;
    line->app = app != 0;
    line->text = (char *) (line + 1);
    line->len = len;
    line->next = NULL;
    memcpy(line->text, text, len);
    line->text[len] = '\0';

    (void) pthread_mutex_lock(&host->lock);

    if (host->last_line != NULL) {
        host->last_line->next = line;
    } else {
        host->lines = line;
    }

    host->last_line = line;

    (void) pthread_mutex_unlock(&host->lock);
}


void
lf_fake_log_write(struct lf_fake_request *request, enum lf_level level,
                  int app, const char *text, size_t len)
{
    int              saved;
    struct lf_fake  *host;

    host = lf_fake_host;

    if (host == NULL) {
        return;
    }

    saved = errno;

    if (host->options.keep_log) {
        keep(host, request, level, app, text, len);
    }

    if (level <= host->options.log_level) {
        if (host->options.log_fd >= 0) {
            show(host, request, level, text, len);
        }

        if (host->shown != NULL) {
            tell(host, request, level, app, text, len);
        }
    }

    errno = saved;
}


void
lf_fake_on_log(struct lf_fake *host,
               void (*shown)(void *data, const struct lf_fake_log_line *line),
               void *data)
{
    host->shown = shown;
    host->shown_data = data;
}


void
lf_fake_log_text(struct lf_fake_request *request, enum lf_level level,
                 const char *text)
{
    lf_fake_log_write(request, level, 0, text, strlen(text));
}


void
lf_port_log(struct lf_request *request, enum lf_level level, const char *text,
            size_t len)
{
    lf_fake_log_write(request != NULL ? lf_fake_request_of(request) : NULL,
                      level, 1, text, len);
}


const struct lf_fake_log_line *
lf_fake_log(const struct lf_fake *host)
{
    return host->lines;
}


void
lf_fake_log_forget(struct lf_fake *host, unsigned long number, int all)
{
    struct lf_fake_log_line  *line, **place;

    host->last_line = NULL;

    for (place = &host->lines; (line = *place) != NULL; /* void */ ) {
        if (!all && line->request != number) {
            host->last_line = line;
            place = &line->next;
            continue;
        }

        *place = line->next;
        free(line);
    }
}
