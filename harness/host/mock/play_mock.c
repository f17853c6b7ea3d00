/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Scripts on the mock. All libraries of a configuration share one zone; each
 * runs in a worker of its own, which is replaced when it dies, as nginx does.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <unistd.h>

#include "harness/host/app_log.h"
#include "lib/base/arena.h"
#include "harness/host/mock/play_mock_private.h"


static struct play_mock *
mock_of(struct host *host)
{
    return (struct play_mock *) (void *) host;
}


/* What only the loader could find is not known to be wrong before. */
static int
refused(const struct mock_app *app, char *err)
{
    size_t  len = strlen(err);

    if (strchr(app->path, '/') == NULL) {
        (void) snprintf(err + len, LF_ERR_LEN - len, " (in %s:%u)",
                        app->node->file, app->node->line);
    }

    return -1;
}


static int
mock_start(struct host *host, char *base, size_t size, char *err)
{
    struct mock_app    *a;
    struct mock_wait    w;
    struct host_answer  early;
    struct play_mock   *mock = mock_of(host);

    (void) snprintf(base, size, "http://localhost");

    memset(&early, 0, sizeof(early));

    for (a = mock->apps; a != NULL; a = a->next) {
        w = (struct mock_wait) { mock, a, mock->arena, &early,
                              mock->settings.timeout };
        if (play_mock_need_worker(&w, err) != 0) {
            return refused(a, err);
        }
    }

    mock->early = early.findings;

    return 0;
}


/* The name that selects the server: of the URL, or the script's own Host. */
static lf_str_t
host_name(struct arena *arena, const struct host_request *request)
{
    char        *name;
    size_t       len, i;
    const char  *text = request_get_header(request->http, "Host");

    text = text != NULL ? text : request->host;
    len = text[0] == '[' ? strcspn(text, "]") + 1 : strcspn(text, ":");
    name = arena_memdup(arena, text, len < strlen(text) ? len : strlen(text));
    if (name == NULL) {
        return (lf_str_t) { 0, NULL };
    }

    len = strlen(name);
    len -= len > 0 && name[len - 1] == '.';

    for (i = 0; i < len; i++) {
        name[i] = (char) (name[i] >= 'A' && name[i] <= 'Z' ? name[i] | 0x20
                                                           : name[i]);
    }

    return (lf_str_t) { len, (u_char *) name };
}


static struct mock_vhost *
vhost_of(struct play_mock *mock, struct arena *arena,
        const struct host_request *request)
{
    size_t                     i;
    lf_str_t                   name = host_name(arena, request);
    const struct conf_server  *server;
    const struct conf_listen  *on;

    server = conf_find_server(mock->settings.conf, request->port, &name);
    on = conf_find_socket(mock->settings.conf, request->port);

    for (i = 0; i < mock->vhost_count; i++) {
        if (mock->vhosts[i].conf == server
            && conf_same_socket(mock->vhosts[i].listen, on))
        {
            return &mock->vhosts[i];
        }
    }

    return NULL;
}


/* The function that the script names must be there: a new worker has it. */
static int
find_function(struct play_mock *mock, struct mock_vhost *vhost,
              const char *name, size_t *tag, char *err)
{
    long                     i;
    struct lf_elf           *elf;
    enum lf_elf_kind         kind;

    i = play_mock_symbol(vhost->app, name);
    *tag = (size_t) (vhost - mock->vhosts);

    if (i < 0) {
        elf = lf_elf_open(vhost->app->path, err);
        if (elf == NULL) {
            return -1;
        }
        kind = lf_elf_find(elf, name);
        lf_elf_close(&elf);

        name = arena_strdup(mock->arena, name);
        if (kind != LF_ELF_FUNCTION || name == NULL
            || play_mock_add_symbol(mock, vhost->app, name) != 0)
        {
            (void) snprintf(err, LF_ERR_LEN, "%s: no function \"%s\"",
                            vhost->app->path, name != NULL ? name : "");
            return -1;
        }

        play_mock_set_up(mock, vhost->app);
        i = play_mock_symbol(vhost->app, name);

        if (vhost->app->worker != NULL) {
            (void) worker_kill(vhost->app->worker);
            vhost->app->worker = NULL;
        }
    }

    *tag += (size_t) (i + 1) * mock->vhost_count;

    return 0;
}


static int
mock_exchange(struct host *host, struct arena *arena,
              const struct host_request *request, struct host_answer *answer,
              char *err)
{
    size_t             tag;
    struct mock_vhost       *vhost;
    struct mock_wait        w;
    struct play_mock  *mock = mock_of(host);

    memset(answer, 0, sizeof(*answer));
    answer->findings = mock->early;
    mock->early = NULL;
    vhost = vhost_of(mock, arena, request);

    if (vhost == NULL || vhost->app == NULL) {
        answer->outcome = HOST_NOT_APPLICABLE;
        answer->text = "the server of this host name has no library";
        return 0;
    }

    tag = (size_t) (vhost - mock->vhosts);
    if (request->function != NULL
        && find_function(mock, vhost, request->function, &tag, err) != 0)
    {
        return -1;
    }

    w = (struct mock_wait) { mock, vhost->app, arena, answer,
                          mock->settings.timeout };

    if (play_mock_need_worker(&w, err) != 0) {
        return -1;
    }

    if (request->timeout_ms > 0) {
        w.timeout = (uint64_t) request->timeout_ms * 1000000;
    }
    vhost->app->setup.timeout = w.timeout;

    if (worker_send(vhost->app->worker, request->http, tag, 1) != 0) {
        (void) snprintf(err, LF_ERR_LEN, "out of memory");
        return -1;
    }

    if (play_mock_wait(&w, WORKER_RESPONSE, err) != 0) {
        return -1;
    }

    answer->has_log = 1;
    answer->log_mixed = mock->reloaded;
    mock->reloaded = 0;

    return app_log_read(mock->app_log, &mock->log_offset, arena, &answer->log);
}


static int
stop_app(struct mock_wait *w, char *err)
{
    if (w->app->worker == NULL) {
        return 0;
    }

    w->app->setup.timeout = w->mock->settings.timeout;
    worker_stop(w->app->worker);

    return play_mock_wait(w, WORKER_DONE, err);
}


/* As nginx: the new worker's init comes before the old one's exit. */
static int
reload_app(struct mock_wait *w, char *err)
{
    int             rc;
    struct worker  *old = w->app->worker, *fresh;

    w->app->worker = NULL;
    rc = play_mock_need_worker(w, err);

    if (old == NULL || rc != 0) {
        return rc;
    }

    fresh = w->app->worker;
    w->app->worker = old;
    rc = stop_app(w, err);
    w->app->worker = fresh;

    return rc;
}


static int
mock_cycle(struct host *host, enum host_cycle what, const char **na,
           char *err)
{
    int                 rc = 0;
    struct mock_app    *a;
    struct mock_wait    w;
    struct play_mock   *mock = mock_of(host);
    struct host_answer  ignored;

    (void) na;
    mock->reloaded = what == HOST_CYCLE_RELOAD;

    for (a = mock->apps; a != NULL && rc == 0; a = a->next) {
        memset(&ignored, 0, sizeof(ignored));
        w = (struct mock_wait) { mock, a, mock->arena, &ignored,
                              mock->settings.timeout };

        rc = what == HOST_CYCLE_INIT ? play_mock_need_worker(&w, err)
             : what == HOST_CYCLE_EXIT ? stop_app(&w, err)
             : reload_app(&w, err);
    }

    return rc;
}


static int
mock_cache(struct host *host, struct arena *arena, const char *key,
           struct str *value, int *found, char *err)
{
    size_t             size;
    void              *data;
    uint64_t           iter = 0;
    const char        *name;
    struct play_mock  *mock = mock_of(host);
    struct lf_zone    *zone = lf_fake_zone(mock->fake);

    *found = 0;
    lf_zone_lock(zone);

    while (lf_cache_next(zone, &iter, &name, &data, &size)) {
        if (strcmp(name, key) != 0) {
            continue;
        }

        if (size == 0) {                     /* cache_put: a C string, we hope */
            size = strnlen(data, zone->size - (size_t) ((char *) data
                                             - (char *) zone->memory));
        }

        *found = 1;
        value->len = size;
        value->data = arena_memdup(arena, data, size);
        break;
    }

    lf_zone_unlock(zone);

    if (*found && value->data == NULL) {
        (void) snprintf(err, LF_ERR_LEN, "out of memory");
        return -1;
    }

    return 0;
}


static int
mock_stop(struct host *host, struct arena *arena,
          struct host_answer *last, char *err)
{
    int                rc = 0;
    struct mock_app        *a;
    struct mock_wait        w;
    struct play_mock  *mock = mock_of(host);

    memset(last, 0, sizeof(*last));

    for (a = mock->apps; a != NULL; a = a->next) {
        w = (struct mock_wait) { mock, a, arena, last,
                                   mock->settings.timeout };
        rc |= stop_app(&w, err);
    }

    return rc;
}


static void
mock_free(struct host *host)
{
    struct mock_app        *a;
    struct play_mock  *mock = mock_of(host);

    worker_crew_free(&mock->crew);

    for (a = mock->apps; a != NULL; a = a->next) {
        free(a->unresolved);
    }

    lf_fake_free(&mock->fake);
    lf_app_log_to(-1);
    if (mock->app_log >= 0) {
        (void) close(mock->app_log);
    }
    arena_free(&mock->arena);
    free(mock);
}


static const struct host_ops  mock_ops = {
    "mock", mock_start, mock_exchange, mock_cycle, mock_cache, mock_stop,
    mock_free
};


static int
open_host(struct play_mock *mock, char *err)
{
    struct mock_app              *a;
    struct lf_fake_options   options;

    memset(&options, 0, sizeof(options));
    options.shm_size = mock->settings.conf->shm_size;
    options.log_level = mock->settings.log_level;
    options.log_fd = mock->settings.log_level != 0
                     ? fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3) : -1;

    mock->app_log = memfd_create("app-log", MFD_CLOEXEC);
    if (mock->app_log < 0
        || fcntl(mock->app_log, F_SETFL, O_APPEND) != 0)
    {
        (void) snprintf(err, LF_ERR_LEN, "no memory for the app's log");
        return -1;
    }
    lf_app_log_to(mock->app_log);

    mock->fake = lf_fake_new(&options, err);
    if (mock->fake == NULL) {
        return -1;
    }

    for (a = mock->apps; a != NULL; a = a->next) {
        play_mock_set_up(mock, a);
    }

    mock->crew_setup.host = mock->fake;
    mock->crew = worker_crew_new(&mock->crew_setup);
    if (mock->crew == NULL) {
        (void) snprintf(err, LF_ERR_LEN, "out of memory or descriptors");
        return -1;
    }

    return 0;
}


struct host *
play_mock_new(const struct play_mock_settings *settings, char *err)
{
    struct play_mock  *mock = calloc(1, sizeof(*mock));

    if (mock == NULL || (mock->arena = arena_new()) == NULL) {
        free(mock);
        (void) snprintf(err, LF_ERR_LEN, "out of memory");
        return NULL;
    }

    mock->base.ops = &mock_ops;
    mock->settings = *settings;
    mock->app_log = -1;
    mock->router.server = play_mock_server;
    mock->router.run = play_mock_run;
    mock->router.data = mock;

    if (play_mock_add_vhosts(mock) != 0) {
        (void) snprintf(err, LF_ERR_LEN, "out of memory");
        mock_free(&mock->base);
        return NULL;
    }

    if (open_host(mock, err) != 0) {
        mock_free(&mock->base);
        return NULL;
    }

    return &mock->base;
}
