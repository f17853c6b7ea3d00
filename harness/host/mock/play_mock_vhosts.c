/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From a configuration to what the mock plays: servers, libraries and their
 * functions.
 */
#include <string.h>

#include "lib/base/arena.h"
#include "harness/host/mock/play_mock_private.h"


const struct lf_fake_server *
play_mock_server(void *data, size_t tag)
{
    struct play_mock  *mock = data;

    return &mock->vhosts[tag % mock->vhost_count].fake;
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
app_of(struct play_mock *mock, const char *path, const struct conf_node *node)
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
        (*a)->node = node;
    }

    return *a;
}


int
play_mock_add_symbol(struct play_mock *mock, struct mock_app *app,
                     const char *name)
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

    if (location->call != NULL
        && play_mock_add_symbol(mock, app, location->call) != 0)
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
add_vhost(struct play_mock *mock, struct mock_vhost *vhost,
         const struct conf_server *conf)
{
    const char  *path;

    vhost->conf = conf;
    vhost->fake.props = &conf->props;

    if (conf->names != NULL) {
        vhost->fake.name = conf_server_name(conf->names);
    }

    vhost->fake.header_buffers = conf->header_buffers;
    vhost->fake.header_buffer_size = conf->header_buffer_size;
    vhost->fake.first_buffer = conf->first_buffer;
    vhost->fake.underscores_in_headers = conf->underscores_in_headers;
    vhost->fake.keep_invalid_headers = !conf->ignore_invalid_headers;

    if (conf->lib == NULL) {
        return 0;
    }

    path = play_lib_path(mock->arena, conf->lib, mock->settings.prefix,
                         mock->settings.lib_dir);
    vhost->app = path != NULL ? app_of(mock, path, conf->lib_node) : NULL;

    return vhost->app == NULL
           || add_cycle(mock, vhost->app, &conf->props) != 0
           || add_location_symbols(mock, vhost->app, &conf->root) != 0 ? -1 : 0;
}


/* A server has a vhost for each socket, all with one app. */
static int
add_vhosts_of(struct play_mock *mock, struct mock_vhost *vhost,
             const struct conf_server *server)
{
    struct mock_vhost          *first = vhost;
    const struct conf_listen  *l;

    if (add_vhost(mock, first, server) != 0) {
        return -1;
    }

    for (l = server->listens; l != NULL; l = l->next, vhost++) {
        *vhost = *first;
        vhost->listen = l;
        vhost->fake.port = l->port;

        /* the request line is read before its host is known */
        vhost->fake.keep_slashes = !conf_default_server(mock->settings.conf,
                                                       l)->merge_slashes;
    }

    return 0;
}


int
play_mock_add_vhosts(struct play_mock *mock)
{
    size_t                     i = 0;
    const struct conf_listen  *l;
    const struct conf_server  *s;

    for (s = mock->settings.conf->servers; s != NULL; s = s->next) {
        for (l = s->listens; l != NULL; l = l->next) {
            mock->vhost_count++;
        }
    }

    mock->vhosts = arena_alloc(mock->arena,
                              mock->vhost_count * sizeof(*mock->vhosts));

    for (s = mock->settings.conf->servers; mock->vhosts != NULL && s != NULL;
         s = s->next)
    {
        if (add_vhosts_of(mock, &mock->vhosts[i], s) != 0) {
            return -1;
        }

        for (l = s->listens; l != NULL; l = l->next) {
            i++;
        }
    }

    return mock->vhosts != NULL ? 0 : -1;
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
