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

#include "app_log.h"
#include "arena.h"
#include "conf_vars.h"
#include "crash.h"
#include "play_mock.h"
#include "worker.h"

/* A server of the configuration, as requests see it; its index is the tag. */
struct site {
    const struct conf_server  *conf;
    struct lf_fake_server      fake;
    struct app                *app;          /* NULL: no library */
};

/* A library, and the worker that runs it. */
struct app {
    struct worker_setup      setup;
    const char              *path;
    const char             **symbols;
    size_t                   symbol_count;
    const struct lf_props  **cycles;
    size_t                   cycle_count;
    struct worker           *worker;         /* NULL: none runs */
    char                    *unresolved;
    char                    *refused;        /* why it does not start */
    struct app              *next;
};

struct play_mock {
    struct play_host                 base;
    struct play_mock_settings        settings;
    struct arena                    *arena;
    struct lf_fake                  *fake;
    struct worker_setup              crew_setup;
    struct worker_crew              *crew;
    struct worker_router             router;
    struct site                     *sites;
    size_t                           site_count;
    struct app                      *apps;
    int                              app_log;
    off_t                            log_offset;
};

/* What an exchange gathers while it waits. */
struct gather {
    struct play_mock     *mock;
    struct app           *app;
    struct arena         *arena;
    struct play_answer   *answer;
    uint64_t              timeout;
};


static struct play_mock *
mock_of(struct play_host *host)
{
    return (struct play_mock *) (void *) host;
}


/* ---- in the worker: which function answers ------------------------------- */

static const struct lf_fake_server *
server_of(void *data, size_t tag)
{
    struct play_mock  *mock = data;

    return &mock->sites[tag % mock->site_count].fake;
}


static long
symbol_index(const struct app *app, const char *name)
{
    size_t  i;

    for (i = 0; i < app->symbol_count; i++) {
        if (strcmp(app->symbols[i], name) == 0) {
            return (long) i;
        }
    }

    return -1;
}


static int
add_headers(const struct conf_location *location,
            struct lf_fake_request *request, const char **why)
{
    int                        rc = 0;
    struct strbuf              value = { 0 };
    const struct conf_header  *h;

    for (h = location->headers; h != NULL && rc == 0; h = h->next) {
        value.len = 0;
        rc = conf_vars_expand(&h->value, request, location, &value, why);
        if (rc == 0) {
            rc = lf_fake_add_location_header(request, (char *) h->name.data,
                                             value.len > 0 ? value.data : "");
        }
    }

    strbuf_free(&value);

    return rc;
}


/*
 * tag is the site, plus a multiple of their number for a function that the
 * script names itself.
 */
static long
route(void *data, size_t tag, struct lf_fake_request *request,
      const char **why)
{
    static char                  err[LF_ERR_LEN];
    struct play_mock            *mock = data;
    const struct site           *site = &mock->sites[tag % mock->site_count];
    const struct conf_location  *location;

    if (lf_fake_refused(request)) {
        return 0;
    }

    location = conf_find_location(site->conf, &lf_fake_core(request)->uri,
                                  err);
    if (location == NULL) {
        *why = err;
        return -1;
    }

    if (tag >= mock->site_count) {
        lf_fake_limit_body(request, location->body_max);
        return (long) (tag / mock->site_count) - 1;
    }

    if (location->internal) {
        lf_fake_answer_itself(request, 404);
        return 0;
    }

    if (location->call == NULL) {
        *why = location->handler != NULL
               ? "this location is answered by nginx itself, not by an app"
               : "no location with a function of an app takes this request";
        return -1;
    }

    lf_fake_limit_body(request, location->body_max);

    return add_headers(location, request, why) == 0
           ? symbol_index(site->app, location->call) : -1;
}


/* ---- making it ------------------------------------------------------------ */

const char *
play_lib_path(struct arena *arena, const char *name, const char *prefix,
              const char *lib_dir)
{
    const char  *slash = strrchr(name, '/');

    if (lib_dir != NULL) {
        return arena_printf(arena, "%s/%s", lib_dir,
                            slash != NULL ? slash + 1 : name);
    }

    return slash == NULL || name[0] == '/' ? arena_strdup(arena, name)
           : arena_printf(arena, "%s/%s", prefix, name);
}


static struct app *
app_of(struct play_mock *mock, const char *path)
{
    struct app  **a;

    for (a = &mock->apps; *a != NULL; a = &(*a)->next) {
        if (strcmp((*a)->path, path) == 0) {
            return *a;
        }
    }

    *a = arena_alloc(mock->arena, sizeof(**a));
    if (*a != NULL) {
        (*a)->path = path;
    }

    return *a;
}


static int
add_symbol(struct play_mock *mock, struct app *app, const char *name)
{
    const char  **more;

    if (symbol_index(app, name) >= 0) {
        return 0;
    }

    more = arena_alloc(mock->arena, (app->symbol_count + 1) * sizeof(*more));
    if (more == NULL) {
        return -1;
    }

    if (app->symbol_count > 0) {
        memcpy(more, app->symbols, app->symbol_count * sizeof(*more));
    }
    more[app->symbol_count++] = name;
    app->symbols = more;

    return 0;
}


static int
add_location_symbols(struct play_mock *mock, struct app *app,
                     const struct conf_location *location)
{
    const struct conf_location  *l;

    if (location->call != NULL && add_symbol(mock, app, location->call) != 0)
    {
        return -1;
    }

    for (l = location->children; l != NULL; l = l->next) {
        if (add_location_symbols(mock, app, l) != 0) {
            return -1;
        }
    }

    return 0;
}


static int
add_cycle(struct play_mock *mock, struct app *app,
          const struct lf_props *props)
{
    const struct lf_props  **more;

    more = arena_alloc(mock->arena, (app->cycle_count + 1) * sizeof(*more));
    if (more == NULL) {
        return -1;
    }

    if (app->cycle_count > 0) {
        memcpy(more, app->cycles, app->cycle_count * sizeof(*more));
    }
    more[app->cycle_count++] = props;
    app->cycles = more;

    return 0;
}


static int
add_site(struct play_mock *mock, struct site *site,
         const struct conf_server *conf)
{
    const char  *path;

    site->conf = conf;
    site->fake.props = &conf->props;

    if (conf->names != NULL) {
        site->fake.name = conf->names->name;
    }

    site->fake.header_buffers = conf->header_buffers;
    site->fake.header_buffer_size = conf->header_buffer_size;
    site->fake.underscores_in_headers = conf->underscores_in_headers;
    site->fake.keep_invalid_headers = !conf->ignore_invalid_headers;
    site->fake.keep_slashes = !conf->merge_slashes;

    if (conf->lib == NULL) {
        return 0;
    }

    path = play_lib_path(mock->arena, conf->lib, mock->settings.prefix,
                         mock->settings.lib_dir);
    site->app = path != NULL ? app_of(mock, path) : NULL;

    return site->app == NULL
           || add_cycle(mock, site->app, &conf->props) != 0
           || add_location_symbols(mock, site->app, &conf->root) != 0 ? -1 : 0;
}


static int
add_sites(struct play_mock *mock)
{
    size_t                     i = 0;
    const struct conf_server  *s;

    for (s = mock->settings.conf->servers; s != NULL; s = s->next) {
        mock->site_count++;
    }

    mock->sites = arena_alloc(mock->arena,
                              mock->site_count * sizeof(*mock->sites));

    for (s = mock->settings.conf->servers; mock->sites != NULL && s != NULL;
         s = s->next)
    {
        if (add_site(mock, &mock->sites[i++], s) != 0) {
            return -1;
        }
    }

    return mock->sites != NULL ? 0 : -1;
}


static void
set_up_app(struct play_mock *mock, struct app *app)
{
    app->setup.host = mock->fake;
    app->setup.app = app->path;
    app->setup.symbols = app->symbols;
    app->setup.symbol_count = app->symbol_count;
    app->setup.cycles = app->cycles;
    app->setup.cycle_count = app->cycle_count;
    app->setup.router = &mock->router;
    app->setup.timeout = mock->settings.timeout;
}


/* ---- events ---------------------------------------------------------------- */

static void
add_finding(struct gather *g, const char *rule, int breaks, struct buf *text)
{
    struct play_finding  *f, **last = &g->answer->findings;

    f = arena_alloc(g->arena, sizeof(*f));
    if (f == NULL || !buf_ok(text)) {
        return;
    }

    f->rule = rule;
    f->breaks = breaks & 1;
    f->text = arena_strdup(g->arena, text->data);

    while (*last != NULL) {
        last = &(*last)->next;
    }
    *last = f->text != NULL ? f : NULL;
}


static void
on_finding(struct gather *g, const struct worker_finding *finding)
{
    struct buf            text;
    struct crash_context  context = { .app = g->app->path };

    memset(&text, 0, sizeof(text));
    crash_finding_text(&context, finding, &text);
    add_finding(g, finding->rule->id, finding->rule->breaks, &text);
    buf_free(&text);
}


static void
on_unresolved(struct gather *g, const char *names)
{
    struct buf  text;

    free(g->app->unresolved);
    g->app->unresolved = strdup(names);

    memset(&text, 0, sizeof(text));
    buf_printf(&text, "%s: nobody provides what the app calls: %s (%s)",
               g->app->path, names, lf_rules[LF_RULE_UNRESOLVED].id);
    add_finding(g, lf_rules[LF_RULE_UNRESOLVED].id, 0, &text);
    buf_free(&text);
}


static int
on_death(struct gather *g, struct worker_event *event)
{
    struct buf            text;
    struct crash_context  context = { .app = g->app->path };

    context.unresolved = g->app->unresolved;
    context.timeout = g->timeout;
    memset(&text, 0, sizeof(text));
    crash_text(&context, &event->death, event->worker, &text);

    g->app->worker = NULL;
    g->answer->outcome = event->death.kind == WORKER_TIMED_OUT
                         ? PLAY_TIMED_OUT : PLAY_CRASHED;
    g->answer->signal = event->death.kind == WORKER_CRASHED
                        ? event->death.signal : 0;
    g->answer->text = buf_ok(&text) && text.data != NULL
                      ? arena_strdup(g->arena, text.data) : "the app died";
    buf_free(&text);

    return 0;
}


/* A client reads the number in the line, which may not be the app's status. */
static unsigned
wire_status(const struct worker_response *r)
{
    size_t    i;
    unsigned  n = 0;

    for (i = 0; i < 3 && i < r->status_line.len; i++) {
        unsigned  digit = (unsigned) r->status_line.data[i] - '0';

        if (digit > 9) {
            break;
        }
        n = n * 10 + digit;
    }

    return i == 3 ? n : (unsigned) r->status;
}


static int
copy_response(struct gather *g, const struct worker_response *r)
{
    size_t               i;
    struct play_answer  *a = g->answer;

    a->outcome = PLAY_ANSWERED;
    a->status = wire_status(r);
    a->version = "1.1";
    a->duration_us = r->ns / 1000;
    a->has_figures = 1;
    a->app = g->app->path;
    a->function = r->symbol < g->app->symbol_count ? g->app->symbols[r->symbol]
                                                   : NULL;
    a->allocs = r->alloc_count;
    a->pool_bytes = r->alloc_bytes;

    a->status_line.len = r->status_line.len;
    a->status_line.data = (u_char *) arena_memdup(g->arena,
                                                  r->status_line.data,
                                                  r->status_line.len);
    a->body.len = r->body.len;
    a->body.data = (u_char *) arena_memdup(g->arena, r->body.data,
                                           r->body.len);
    a->header_count = r->header_count;
    a->headers = arena_alloc(g->arena,
                             r->header_count * sizeof(*a->headers));

    for (i = 0; a->headers != NULL && i < r->header_count; i++) {
        a->headers[i].name.len = r->headers[i].name.len;
        a->headers[i].name.data = (u_char *)
            arena_memdup(g->arena, r->headers[i].name.data,
                         r->headers[i].name.len);
        a->headers[i].value.len = r->headers[i].value.len;
        a->headers[i].value.data = (u_char *)
            arena_memdup(g->arena, r->headers[i].value.data,
                         r->headers[i].value.len);
        if (a->headers[i].name.data == NULL
            || a->headers[i].value.data == NULL)
        {
            return -1;
        }
    }

    return a->headers != NULL && a->body.data != NULL
           && a->status_line.data != NULL ? 0 : -1;
}


static struct app *
app_with(struct play_mock *mock, const struct worker *worker)
{
    struct app  *a;

    for (a = mock->apps; a != NULL; a = a->next) {
        if (a->worker == worker) {
            break;
        }
    }

    return a;
}


/*
 * Handle events until the app of g has come to the given one, or died. Returns
 * 0, or -1 with a text in err: a signal, no memory, or it refuses to start.
 */
static int
wait_for(struct gather *g, enum worker_event_type wanted, char *err)
{
    int                   rc;
    struct app           *app = g->app;
    struct worker_event   event;

    while ((rc = worker_next(g->mock->crew, &event)) == 1) {
        g->app = app_with(g->mock, event.worker);
        if (g->app == NULL) {
            g->app = app;                    /* an old worker, on reload */
        }

        switch (event.type) {
        case WORKER_UNRESOLVED:
            on_unresolved(g, event.text);
            break;

        case WORKER_FINDING:
            on_finding(g, &event.finding);
            break;

        case WORKER_REFUSED:
            (void) snprintf(err, LF_ERR_LEN, "%s", event.text);
            (void) worker_kill(event.worker);
            g->app->worker = NULL;
            g->app = app;
            return -1;

        case WORKER_RESPONSE:
            if (copy_response(g, &event.response) != 0) {
                (void) snprintf(err, LF_ERR_LEN, "out of memory");
                return -1;
            }
            break;

        case WORKER_UNROUTED:
            g->answer->outcome = PLAY_NOT_APPLICABLE;
            g->answer->text = arena_strdup(g->arena, event.text);
            break;

        case WORKER_DIED:
            (void) on_death(g, &event);
            break;

        case WORKER_DONE:
            (void) worker_kill(event.worker);
            g->app->worker = NULL;
            break;

        case WORKER_READY:
            break;
        }

        rc = g->app == app && (event.type == wanted
                               || event.type == WORKER_DIED
                               || event.type == WORKER_UNROUTED);
        g->app = app;

        if (rc) {
            return 0;
        }
    }

    (void) snprintf(err, LF_ERR_LEN, rc < 0 ? "stopped by a signal"
                                            : "the app has no worker");

    return -1;
}


/* A worker for the app, if it has none: 0; -1 with err when it cannot be. */
static int
need_worker(struct gather *g, char *err)
{
    struct app  *app = g->app;

    if (app->worker != NULL) {
        return 0;
    }

    app->setup.timeout = g->mock->settings.timeout;
    app->worker = worker_start_app(g->mock->crew, &app->setup, err);
    if (app->worker == NULL) {
        return -1;
    }

    if (wait_for(g, WORKER_READY, err) != 0) {
        return -1;
    }

    if (app->worker == NULL) {               /* died: the answer says how */
        (void) snprintf(err, LF_ERR_LEN, "%s", g->answer->text);
        return -1;
    }

    return 0;
}


/* ---- the host -------------------------------------------------------------- */

static int
mock_start(struct play_host *host, char *base, size_t size, char *err)
{
    struct app          *a;
    struct gather        g;
    struct play_answer   ignored;
    struct play_mock    *mock = mock_of(host);

    (void) snprintf(base, size, "http://localhost");

    for (a = mock->apps; a != NULL; a = a->next) {
        memset(&ignored, 0, sizeof(ignored));
        g = (struct gather) { mock, a, mock->arena, &ignored,
                              mock->settings.timeout };
        if (need_worker(&g, err) != 0) {
            return -1;
        }
    }

    return 0;
}


/* The name that selects the server: of the URL, or the script's own Host. */
static lf_str_t
host_name(struct arena *arena, const struct play_request *request)
{
    char        *name;
    size_t       len, i;
    const char  *text = request_header(request->http, "Host");

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


static struct site *
site_of(struct play_mock *mock, struct arena *arena,
        const struct play_request *request)
{
    size_t                     i;
    lf_str_t                   name = host_name(arena, request);
    const struct conf_server  *server;

    server = conf_find_server(mock->settings.conf, request->port, &name);

    for (i = 0; i < mock->site_count; i++) {
        if (mock->sites[i].conf == server) {
            return &mock->sites[i];
        }
    }

    return NULL;
}


/* The function that the script names must be there: a new worker has it. */
static int
find_function(struct play_mock *mock, struct site *site, const char *name,
              size_t *tag, char *err)
{
    long                     i;
    struct lf_elf           *elf;
    enum lf_elf_kind         kind;

    i = symbol_index(site->app, name);
    *tag = (size_t) (site - mock->sites);

    if (i < 0) {
        elf = lf_elf_open(site->app->path, err);
        if (elf == NULL) {
            return -1;
        }
        kind = lf_elf_find(elf, name);
        lf_elf_close(&elf);

        name = arena_strdup(mock->arena, name);
        if (kind != LF_ELF_FUNCTION || name == NULL
            || add_symbol(mock, site->app, name) != 0)
        {
            (void) snprintf(err, LF_ERR_LEN, "%s: no function \"%s\"",
                            site->app->path, name != NULL ? name : "");
            return -1;
        }

        set_up_app(mock, site->app);
        i = symbol_index(site->app, name);

        if (site->app->worker != NULL) {
            (void) worker_kill(site->app->worker);
            site->app->worker = NULL;
        }
    }

    *tag += (size_t) (i + 1) * mock->site_count;

    return 0;
}


static int
mock_exchange(struct play_host *host, struct arena *arena,
              const struct play_request *request, struct play_answer *answer,
              char *err)
{
    size_t             tag;
    struct site       *site;
    struct gather      g;
    struct play_mock  *mock = mock_of(host);

    memset(answer, 0, sizeof(*answer));
    site = site_of(mock, arena, request);

    if (site == NULL || site->app == NULL) {
        answer->outcome = PLAY_NOT_APPLICABLE;
        answer->text = "the server of this host name has no library";
        return 0;
    }

    tag = (size_t) (site - mock->sites);
    if (request->function != NULL
        && find_function(mock, site, request->function, &tag, err) != 0)
    {
        return -1;
    }

    g = (struct gather) { mock, site->app, arena, answer,
                          mock->settings.timeout };

    if (need_worker(&g, err) != 0) {
        return -1;
    }

    if (request->timeout_ms > 0) {
        g.timeout = (uint64_t) request->timeout_ms * 1000000;
    }
    site->app->setup.timeout = g.timeout;

    if (worker_send(site->app->worker, request->http, tag) != 0) {
        (void) snprintf(err, LF_ERR_LEN, "out of memory");
        return -1;
    }

    if (wait_for(&g, WORKER_RESPONSE, err) != 0) {
        return -1;
    }

    answer->has_log = 1;

    return app_log_read(mock->app_log, &mock->log_offset, arena, &answer->log);
}


static int
stop_app(struct gather *g, char *err)
{
    if (g->app->worker == NULL) {
        return 0;
    }

    g->app->setup.timeout = g->mock->settings.timeout;
    worker_stop(g->app->worker);

    return wait_for(g, WORKER_DONE, err);
}


/* As nginx: the new worker's init comes before the old one's exit. */
static int
reload_app(struct gather *g, char *err)
{
    int             rc;
    struct worker  *old = g->app->worker, *fresh;

    g->app->worker = NULL;
    rc = need_worker(g, err);

    if (old == NULL || rc != 0) {
        return rc;
    }

    fresh = g->app->worker;
    g->app->worker = old;
    rc = stop_app(g, err);
    g->app->worker = fresh;

    return rc;
}


static int
mock_cycle(struct play_host *host, enum play_cycle what, const char **na,
           char *err)
{
    int                  rc = 0;
    struct app          *a;
    struct gather        g;
    struct play_mock    *mock = mock_of(host);
    struct play_answer   ignored;

    (void) na;

    for (a = mock->apps; a != NULL && rc == 0; a = a->next) {
        memset(&ignored, 0, sizeof(ignored));
        g = (struct gather) { mock, a, mock->arena, &ignored,
                              mock->settings.timeout };

        rc = what == PLAY_CYCLE_INIT ? need_worker(&g, err)
             : what == PLAY_CYCLE_EXIT ? stop_app(&g, err)
             : reload_app(&g, err);
    }

    return rc;
}


static int
mock_cache(struct play_host *host, struct arena *arena, const char *key,
           lf_str_t *value, int *found, const char **na, char *err)
{
    size_t             size;
    void              *data;
    uint64_t           iter = 0;
    const char        *name;
    struct play_mock  *mock = mock_of(host);
    struct lf_zone    *zone = lf_fake_zone(mock->fake);

    (void) na;
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
        value->data = (u_char *) arena_memdup(arena, data, size);
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
mock_stop(struct play_host *host, struct arena *arena,
          struct play_answer *last, char *err)
{
    int                rc = 0;
    struct app        *a;
    struct gather      g;
    struct play_mock  *mock = mock_of(host);

    memset(last, 0, sizeof(*last));

    for (a = mock->apps; a != NULL; a = a->next) {
        g = (struct gather) { mock, a, arena, last, mock->settings.timeout };
        rc |= stop_app(&g, err);
    }

    return rc;
}


static void
mock_free(struct play_host *host)
{
    struct app        *a;
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


static const struct play_host_ops  mock_ops = {
    "mock", mock_start, mock_exchange, mock_cycle, mock_cache, mock_stop,
    mock_free
};


static int
open_host(struct play_mock *mock, char *err)
{
    struct app              *a;
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
        set_up_app(mock, a);
    }

    mock->crew_setup.host = mock->fake;
    mock->crew = worker_crew_new(&mock->crew_setup);
    if (mock->crew == NULL) {
        (void) snprintf(err, LF_ERR_LEN, "out of memory or descriptors");
        return -1;
    }

    return 0;
}


struct play_host *
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
    mock->router.server = server_of;
    mock->router.route = route;
    mock->router.data = mock;

    if (add_sites(mock) != 0) {
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
