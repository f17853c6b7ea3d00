/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From a configuration to what the mock plays: servers, libraries and their
 * functions; and, in the worker, the function that answers a request.
 */
#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "conf_vars.h"
#include "play_mock_private.h"
#include "strbuf.h"


const struct lf_fake_server *
play_mock_server(void *data, size_t tag)
{
    struct play_mock  *mock = data;

    return &mock->sites[tag % mock->site_count].fake;
}


long
play_mock_symbol(const struct mock_app *app, const char *name)
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
add_headers(const struct conf_server *server,
            const struct conf_location *location,
            struct lf_fake_request *request, const char **why)
{
    int                        rc = 0;
    static char                err[LF_ERR_LEN];
    struct strbuf              value = { 0 };
    const struct conf_header  *h;

    for (h = location->headers; h != NULL && rc == 0; h = h->next) {
        value.len = 0;
        rc = conf_vars_expand(&h->value, request, server, location, &value,
                              err);
        if (rc != 0) {
            *why = err;
        } else {
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
long
play_mock_route(void *data, size_t tag, struct lf_fake_request *request,
      const char **why)
{
    static char                  err[LF_ERR_LEN];
    struct play_mock            *mock = data;
    const struct mock_site           *site = &mock->sites[tag % mock->site_count];
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

    return add_headers(site->conf, location, request, why) == 0
           ? play_mock_symbol(site->app, location->call) : -1;
}


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


static struct mock_app *
app_of(struct play_mock *mock, const char *path)
{
    struct mock_app  **a;

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


int
play_mock_add_symbol(struct play_mock *mock, struct mock_app *app, const char *name)
{
    const char  **more;

    if (play_mock_symbol(app, name) >= 0) {
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
add_location_symbols(struct play_mock *mock, struct mock_app *app,
                     const struct conf_location *location)
{
    const struct conf_location  *l;

    if (location->call != NULL && play_mock_add_symbol(mock, app, location->call) != 0)
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
add_cycle(struct play_mock *mock, struct mock_app *app,
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
add_site(struct play_mock *mock, struct mock_site *site,
         const struct conf_server *conf)
{
    const char  *path;

    site->conf = conf;
    site->fake.props = &conf->props;

    if (conf->names != NULL) {
        site->fake.name = conf_server_name(conf->names);
    }

    if (conf->listens != NULL) {
        site->fake.port = conf->listens->port;
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


int
play_mock_add_sites(struct play_mock *mock)
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


void
play_mock_set_up(struct play_mock *mock, struct mock_app *app)
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
