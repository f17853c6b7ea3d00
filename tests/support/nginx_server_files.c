/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The files in the prefix folder of an nginx under test: its configuration,
 * and the logs that a test waits for. It starts and stops nothing.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <time.h>
#include <unistd.h>

#include "tests/support/nginx_server_private.h"



static long
now_ms(void)
{
    struct timespec  ts;

    (void) clock_gettime(CLOCK_MONOTONIC, &ts);

    return ts.tv_sec * 1000L + ts.tv_nsec / 1000000L;
}


int
nginx_server_fail(struct nginx_server *server, const char *format, ...)
{
    va_list  args;

    va_start(args, format);
    (void) vsnprintf(server->error, sizeof(server->error), format, args);
    va_end(args);

    return -1;
}


/* Writes text with @SOCK@ and @PREFIX@ replaced. */
static void
write_text(struct nginx_server *server, FILE *file, const char *text)
{
    const char  *at;

    while ((at = strchr(text, '@')) != NULL) {
        (void) fwrite(text, 1, (size_t) (at - text), file);

        if (strncmp(at, "@SOCK@", 6) == 0) {
            (void) fprintf(file, "unix:%s", server->socket);
            text = at + 6;

        } else if (strncmp(at, "@PREFIX@", 8) == 0) {
            (void) fputs(server->prefix, file);
            text = at + 8;

        } else {
            (void) fputc('@', file);
            text = at + 1;
        }
    }

    (void) fputs(text, file);
}


static void
write_head(struct nginx_server *server, FILE *file)
{
    if (server->module != NULL) {
        (void) fprintf(file, "load_module %s;\n", server->module);
    }

    if (geteuid() == 0) {
        (void) fprintf(file, "user %s;\n", server->user);
    }

    if (server->single) {
        (void) fputs("master_process off;\n", file);

    } else {
        (void) fprintf(file, "worker_processes %u;\n", server->workers);
    }

    (void) fprintf(file, "daemon off;\npid %s/nginx.pid;\n"
                   "error_log %s/error.log %s;\n",
                   server->prefix, server->prefix, server->log_level);
}


int
nginx_server_conf(struct nginx_server *server, const char *main_text,
                  const char *http_text)
{
    int                       bad;
    FILE                     *file;
    char                      path[160];
    size_t                    i;
    static const char *const  temps[] = {
        "client_body", "proxy", "fastcgi", "uwsgi", "scgi"
    };

    (void) snprintf(path, sizeof(path), "%s/nginx.conf", server->prefix);

    file = fopen(path, "w");
    if (file == NULL) {
        return nginx_server_fail(server, "%s: %s", path, strerror(errno));
    }

    write_head(server, file);

    if (main_text == NULL || strstr(main_text, "events") == NULL) {
        (void) fputs("events { }\n", file);
    }

    if (main_text != NULL) {
        write_text(server, file, main_text);
    }

    (void) fputs("\nhttp {\naccess_log off;\n", file);

    for (i = 0; i < sizeof(temps) / sizeof(temps[0]); i++) {
        (void) fprintf(file, "%s_temp_path %s/tmp_%s;\n", temps[i],
                       server->prefix, temps[i]);
    }

    write_text(server, file, http_text);
    (void) fputs("\n}\n", file);

    bad = ferror(file);

    if (fclose(file) != 0 || bad) {
        return nginx_server_fail(server, "%s: cannot be written", path);
    }

    return 0;
}


void
nginx_server_set_workers(struct nginx_server *server, unsigned workers)
{
    server->workers = workers;
}


void
nginx_server_set_log_level(struct nginx_server *server, const char *level)
{
    server->log_level = level;
}


void
nginx_server_set_single_process(struct nginx_server *server)
{
    server->single = 1;
}


void
nginx_server_set_user(struct nginx_server *server, const char *user)
{
    server->user = user;
}


void
nginx_server_add_env(struct nginx_server *server, const char *text)
{
    if (server->env_count < ENV_MAX) {
        server->env[server->env_count++] = text;
    }
}


void
nginx_server_set_wrapper(struct nginx_server *server, const char *const *argv)
{
    server->wrapper = argv;
}


char *
nginx_server_read(struct nginx_server *server, const char *file)
{
    char    *text, *grown, path[256];
    FILE    *in;
    size_t   len, size, n;

    (void) snprintf(path, sizeof(path), "%s/%s", server->prefix, file);

    in = fopen(path, "r");
    if (in == NULL) {
        return NULL;
    }

    size = 4096;
    len = 0;
    text = malloc(size + 1);

    while (text != NULL
           && (n = fread(text + len, 1, size - len, in)) > 0)
    {
        len += n;

        if (len == size) {
            size *= 2;
            grown = realloc(text, size + 1);

            if (grown == NULL) {
                free(text);
            }

            text = grown;
        }
    }

    (void) fclose(in);

    if (text != NULL) {
        text[len] = '\0';
    }

    return text;
}


unsigned
nginx_server_count(struct nginx_server *server, const char *file,
                   const char *text)
{
    char      *content, *at;
    unsigned   n;

    content = nginx_server_read(server, file);
    n = 0;

    for (at = content; at != NULL && (at = strstr(at, text)) != NULL; at++) {
        n++;
    }

    free(content);

    return n;
}


static int
not_yet(struct nginx_server *server, const char *file, const char *text,
        unsigned count)
{
    char  *errors, *content;

    errors = nginx_server_read(server, "stderr.log");
    content = nginx_server_read(server, file);
    (void) nginx_server_fail(server, "\"%s\" does not stand %u times in %s%s; "
                             "stderr: %s; %.400s", text, count, file,
                             server->pid > 0 ? "" : ", and nginx has ended",
                             errors ? errors : "", content ? content : "");
    free(errors);
    free(content);

    return -1;
}


int
nginx_server_wait_text(struct nginx_server *server, const char *file,
                       const char *text, unsigned count)
{
    int            watch, rc, ended;
    char           events[4096]
                       __attribute__((aligned(__alignof__(struct
                                                          inotify_event))));
    long           end, left;
    struct pollfd  fds[2];

    watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);

    if (watch < 0 || inotify_add_watch(watch, server->prefix, IN_MODIFY
                                       | IN_CREATE | IN_CLOSE_WRITE
                                       | IN_MOVED_TO) < 0)
    {
        return nginx_server_fail(server, "inotify: %s", strerror(errno));
    }

    end = now_ms() + WAIT_MS;
    ended = server->pidfd < 0;

    for ( ;; ) {
        rc = nginx_server_count(server, file, text) >= count ? 0 : -1;
        left = end - now_ms();

        if (rc == 0 || ended || left <= 0) {
            break;
        }

        fds[0].fd = watch;
        fds[0].events = POLLIN;
        fds[1].fd = server->pidfd;
        fds[1].events = POLLIN;
        (void) poll(fds, 2, (int) left);

        while (read(watch, events, sizeof(events)) > 0) {
            /* only the fact counts */
        }

        /* what it wrote before it ended is looked at once more */
        ended = (fds[1].revents & POLLIN) != 0;
    }

    (void) close(watch);

    return rc == 0 ? 0 : not_yet(server, file, text, count);
}
