/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Scripts on a private nginx. Requests go over Unix sockets, one for each
 * address that the configuration listens on; what goes wrong in nginx is read
 * from its error.log.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "harness/host/app_log.h"
#include "lib/base/arena.h"
#include "harness/host/nginx/server_exchange.h"
#include "lib/base/interrupt.h"
#include "harness/host/nginx/play_nginx_private.h"

/* What was read of the app's log is given back in pieces of this size. */
#define LOG_PIECE    (1024 * 1024)


static struct play_nginx *
nginx_of(struct host *host)
{
    return (struct play_nginx *) (void *) host;
}


static int
no_memory(char *err)
{
    (void) snprintf(err, LF_ERR_LEN, "out of memory");

    return -1;
}


/* ---- start ------------------------------------------------------------ */

static int
write_conf(struct play_nginx *nginx, char *err)
{
    int                         fd, ok;
    char                       *path;
    struct strbuf              *text = &nginx->conf.text;
    struct conf_error           error;
    struct nginx_conf_options   options;

    memset(&options, 0, sizeof(options));
    options.conf = nginx->settings.conf;
    options.folder = nginx->folder.path;
    options.prefix = nginx->settings.prefix;
    options.lib_dir = nginx->settings.lib_dir;
    options.module = nginx->settings.module[0] != '\0'
                     ? nginx->settings.module : NULL;

    if (nginx_conf_write(nginx->settings.root, &options, &nginx->conf, &error)
        != 0)
    {
        if (error.file != NULL) {
            (void) snprintf(err, LF_ERR_LEN, "%.300s in %.150s:%u", error.text,
                            error.file, error.line);
        } else {
            (void) snprintf(err, LF_ERR_LEN, "%.500s", error.text);
        }
        return -1;
    }

    path = arena_printf(nginx->arena, "%s/nginx.conf", nginx->folder.path);
    fd = path != NULL ? open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                             0644) : -1;
    ok = fd >= 0 && write(fd, text->data, text->len) == (ssize_t) text->len;
    if (fd >= 0) {
        ok &= close(fd) == 0;
    }

    if (!ok) {
        (void) snprintf(err, LF_ERR_LEN, "cannot write %s/nginx.conf: %s",
                        nginx->folder.path, strerror(errno));
        return -1;
    }

    return 0;
}


/* What nginx said, about the user's files. */
static int
refused(struct play_nginx *nginx, const char *said, char *err)
{
    struct strbuf  text = { 0 };

    nginx_conf_map(&nginx->conf, nginx->folder.path, said, &text);

    while (text.len > 0 && text.data[text.len - 1] == '\n') {
        text.data[--text.len] = '\0';
    }

    if (text.len > 0 && (strstr(text.data, " instead of ") != NULL
                         || strstr(text.data, "binary compatible") != NULL))
    {
        strbuf_addstr(&text, "\nbuild the module for this nginx: "
                             "scripts/build-module.sh");
    }

    (void) snprintf(err, LF_ERR_LEN, "%s", text.failed || text.len == 0
                    ? "nginx did not start" : text.data);
    strbuf_free(&text);

    return -1;
}


/* libcurl takes as long to load as nginx to start: both at once. */
int
play_nginx_start(struct play_nginx *nginx, char *err)
{
    int            rc;
    struct strbuf  why = { 0 };

    rc = nginx_process_launch(&nginx->process, &why);
    if (rc != 0) {
        (void) refused(nginx, why.data != NULL ? why.data : "", err);
        goto done;
    }

    if (nginx->client == NULL) {
        nginx->client = http_client_new(0, err);
    }

    rc = nginx_process_ready(&nginx->process, &why);
    if (rc != 0) {
        (void) refused(nginx, why.data != NULL ? why.data : "", err);

    } else if (nginx->client == NULL) {
        (void) play_nginx_end(nginx);
        rc = -1;
    }

done:
    strbuf_free(&why);

    return rc;
}


static int
open_log(struct play_nginx *nginx, char *err)
{
    char  path[PRIVATE_DIR_MAX + 16];

    if (nginx->log.fd < 0) {
        (void) snprintf(path, sizeof(path), "%s/error.log", nginx->folder.path);
        nginx->log.fd = open(path, O_RDONLY | O_CLOEXEC);
    }

    if (nginx->log.fd < 0) {
        (void) snprintf(err, LF_ERR_LEN, "cannot read nginx's error.log: %s",
                        strerror(errno));
        return -1;
    }

    return 0;
}


static int
nginx_start(struct host *host, char *base, size_t size, char *err)
{
    struct play_nginx  *nginx = nginx_of(host);

    (void) snprintf(base, size, "http://localhost");

    return play_nginx_start(nginx, err) != 0 || open_log(nginx, err) != 0
           ? -1 : 0;
}


/* ---- exchange ----------------------------------------------------------- */

static int
read_app_log(struct play_nginx *nginx, struct arena *arena,
             struct host_answer *answer, char *err)
{
    off_t  freed = nginx->app_log_freed;

    answer->has_log = 1;
    answer->log_mixed = nginx->reloaded;
    nginx->reloaded = 0;

    if (app_log_read(nginx->app_log, &nginx->app_log_offset, arena,
                     &answer->log)
        != 0)
    {
        return no_memory(err);
    }

    if (nginx->app_log_offset - freed >= LOG_PIECE) {
        (void) fallocate(nginx->app_log,
                         FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, freed,
                         nginx->app_log_offset - freed);
        nginx->app_log_freed = nginx->app_log_offset;
    }

    return 0;
}


static int
add_excess(struct play_nginx *nginx, struct arena *arena,
           struct host_finding **findings, char *err)
{
    size_t                n = http_client_excess(nginx->client);
    struct host_finding  *f;

    if (n == 0) {
        return 0;
    }

    f = arena_alloc(arena, sizeof(*f));
    if (f == NULL) {
        return no_memory(err);
    }

    f->breaks = 1;
    f->text = arena_printf(arena, "at least %zu extra bytes followed the "
                           "previous response", n);
    *findings = f;

    return f->text != NULL ? 0 : no_memory(err);
}


static unsigned
timeout_of(const struct play_nginx *nginx, const struct host_request *request)
{
    uint64_t  ms = nginx->settings.timeout / 1000000;

    if (request->timeout_ms > 0) {
        return request->timeout_ms;
    }

    return ms > 0x7fffffff ? 0x7fffffff
           : nginx->settings.timeout > 0 && ms == 0 ? 1 : (unsigned) ms;
}


static int
nginx_exchange(struct host *host, struct arena *arena,
               const struct host_request *request, struct host_answer *answer,
               char *err)
{
    int                   rc;
    char                  path[PRIVATE_DIR_MAX + 16];
    pid_t                 before;
    unsigned              number;
    struct play_nginx    *nginx = nginx_of(host);
    struct http_target    target = { "http://localhost/", path };
    struct host_finding  *excess = NULL;

    memset(answer, 0, sizeof(*answer));

    if (request->function != NULL) {
        answer->outcome = HOST_NOT_APPLICABLE;
        answer->text = "nginx calls the function that its configuration names "
                       "for the URL; only the mock calls another one";
        return 0;
    }

    number = nginx_conf_socket(&nginx->conf, nginx->settings.conf,
                               request->port);
    (void) snprintf(path, sizeof(path), "%s/%u.sock",
                    nginx->folder.path, number);
    before = nginx->log.dead;

    if (add_excess(nginx, arena, &excess, err) != 0
        || server_exchange(nginx->client, arena, &target, request->http,
                           timeout_of(nginx, request), answer, err) != 0)
    {
        return -1;
    }

    answer->findings = excess;
    rc = answer->outcome == HOST_TIMED_OUT
         ? play_nginx_end_worker(nginx, arena, before, answer, err)
         : answer->outcome == HOST_FAILED && http_client_lost(nginx->client)
         ? play_nginx_find_crash(nginx, arena, before, answer, err)
         : play_nginx_read_log(nginx, arena, 0, answer, err);

    return rc == 0 ? read_app_log(nginx, arena, answer, err) : -1;
}


/* ---- the rest ----------------------------------------------------------- */

static int
nginx_cycle(struct host *host, enum host_cycle what, const char **na,
            char *err)
{
    int                 rc;
    struct strbuf       why = { 0 };
    struct play_nginx  *nginx = nginx_of(host);

    if (what != HOST_CYCLE_RELOAD) {
        *na = "nginx runs the init and exit functions when it starts, "
              "reloads and stops, not at other times";
        return 0;
    }

    nginx->reloaded = 1;
    rc = nginx_process_reload(&nginx->process, &why);
    if (rc != 0) {
        (void) refused(nginx, why.data != NULL ? why.data : "", err);
    }
    strbuf_free(&why);

    return rc;
}


static int
nginx_stop(struct host *host, struct arena *arena,
           struct host_answer *last, char *err)
{
    int                   status;
    struct play_nginx    *nginx = nginx_of(host);
    struct host_finding  *f, **end;

    memset(last, 0, sizeof(*last));

    if (nginx->process.pid <= 0) {
        return 0;
    }

    status = add_excess(nginx, arena, &last->findings, err);
    if (status != 0) {
        return -1;
    }

    status = play_nginx_end(nginx);

    if (play_nginx_read_log(nginx, arena, 0, last, err) != 0
        || read_app_log(nginx, arena, last, err) != 0)
    {
        return -1;
    }

    if (status != 0 && interrupt_caught() == 0) {
        f = arena_alloc(arena, sizeof(*f));
        if (f == NULL) {
            return no_memory(err);
        }
        f->breaks = 1;
        f->text = status > 0
                  ? arena_printf(arena, "nginx exited with code %d", status)
                  : arena_printf(arena, "nginx ended by signal %d", -status);
        for (end = &last->findings; *end != NULL; end = &(*end)->next) {
            /* to the last one */
        }
        *end = f;
        if (f->text == NULL) {
            return no_memory(err);
        }
    }

    return 0;
}


static void
nginx_free(struct host *host)
{
    struct play_nginx  *nginx = nginx_of(host);

    (void) play_nginx_end(nginx);
    http_client_free(&nginx->client);

    if (nginx->log.fd >= 0) {
        (void) close(nginx->log.fd);
    }
    if (nginx->app_log >= 0) {
        (void) close(nginx->app_log);
    }
    private_dir_remove(&nginx->folder);

    nginx_conf_free(&nginx->conf);
    arena_free(&nginx->arena);
    free(nginx);
}


static const struct host_ops  nginx_ops = {
    "nginx", nginx_start, nginx_exchange, nginx_cycle, NULL,
    nginx_stop, nginx_free
};


/* An absolute path: nginx has another idea of where relative ones start. */
static const char *
absolute(struct play_nginx *nginx, const char *path, char *err)
{
    char  real[4096];

    if (realpath(path, real) == NULL) {
        (void) snprintf(err, LF_ERR_LEN, "%s: %s", path, strerror(errno));
        return NULL;
    }

    path = arena_strdup(nginx->arena, real);
    if (path == NULL) {
        (void) no_memory(err);
    }

    return path;
}


static int
set_up(struct play_nginx *nginx, char *err)
{
    struct play_nginx_settings  *s = &nginx->settings;

    if (s->prefix != NULL
        && (s->prefix = absolute(nginx, s->prefix, err)) == NULL)
    {
        return -1;
    }
    if (s->lib_dir != NULL
        && (s->lib_dir = absolute(nginx, s->lib_dir, err)) == NULL)
    {
        return -1;
    }

    s->program = arena_strdup(nginx->arena, s->program);
    s->module = arena_strdup(nginx->arena, s->module);
    if (s->program == NULL || s->module == NULL) {
        return no_memory(err);
    }

    nginx->app_log = memfd_create("app-log", MFD_CLOEXEC);
    if (nginx->app_log < 0
        || fcntl(nginx->app_log, F_SETFL, O_APPEND) != 0)
    {
        (void) snprintf(err, LF_ERR_LEN, "no memory for the app's log");
        return -1;
    }

    nginx->process.program = s->program;
    nginx->process.prefix = s->prefix;
    nginx->process.folder = nginx->folder.path;
    nginx->process.app_log = nginx->app_log;

    return private_dir_make(&nginx->folder, "linkfunc-nginx", "nginx.pid",
                            err) != 0
           || write_conf(nginx, err) != 0 ? -1 : 0;
}


struct host *
play_nginx_new(const struct play_nginx_settings *settings, char *err)
{
    struct play_nginx  *nginx = calloc(1, sizeof(*nginx));

    if (nginx == NULL || (nginx->arena = arena_new()) == NULL) {
        free(nginx);
        (void) no_memory(err);
        return NULL;
    }

    nginx->base.ops = &nginx_ops;
    nginx->settings = *settings;
    nginx->app_log = nginx->log.fd = nginx->process.pidfd = -1;

    if (set_up(nginx, err) != 0) {
        nginx_free(&nginx->base);
        return NULL;
    }

    return &nginx->base;
}
