/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The configuration of a run: read from a file, or written for a mere library,
 * so that all that follows knows one form.
 */
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/exit_status.h"
#include "harness/conf/conf_load.h"
#include "lib/base/message.h"
#include "harness/host/mock/mock_vars.h"
#include "harness/host/mock/play_mock.h"
#include "harness/run/run_conf.h"


/* nginx's message with the line it is about, and a caret. */
static void
report_error(struct run_options *o, const struct conf_error *error)
{
    const char  *line;

    if (error->file == NULL || error->line == 0) {
        message_error("%s", error->text);
        return;
    }

    line = conf_line(o->settings.arena, error->file, error->line);
    if (line == NULL) {
        message_error("%s in %s:%u", error->text, error->file, error->line);

    } else if (error->column == 0) {
        message_error("%s in %s:%u\n%5u | %s", error->text, error->file,
                      error->line, error->line, line);
    } else {
        message_error("%s in %s:%u:%u\n%5u | %s\n      | %*s^", error->text,
                      error->file, error->line, error->column, error->line,
                      line, (int) error->column - 1, "");
    }
}


static int
build(struct run_options *o, struct conf_node *root)
{
    struct conf_error  error;

    o->settings.conf_root = root;
    o->settings.conf = conf_build(o->settings.arena, root, mock_is_variable,
                                  &error);
    if (o->settings.conf == NULL) {
        report_error(o, &error);
        return EXIT_SCRIPT;
    }

    return EXIT_OK;
}


static int
report_notes(const struct run_options *o)
{
    const struct conf_note  *n;

    if (o->settings.on != RUN_ON_MOCK && o->settings.on != RUN_ON_BOTH) {
        return EXIT_OK;
    }

    for (n = o->settings.conf->notes; n != NULL; n = n->next) {
        if (o->strict_conf) {
            message_error("%s:%u: the mock does not simulate \"%s\" "
                          "(--strict-conf)", n->node->file, n->node->line,
                          n->node->args[0].text);
            return EXIT_SCRIPT;
        }

        message_warning("%s:%u: the mock does not simulate \"%s\"",
                        n->node->file, n->node->line, n->node->args[0].text);
    }

    return EXIT_OK;
}


/* What nginx checks before it starts: that libraries hold what is called. */
static size_t
add_calls(const struct conf_location *l, const char **names, size_t count,
          size_t room)
{
    const struct conf_location  *c;

    if (l->call != NULL && count < room) {
        names[count++] = l->call;
    }
    for (c = l->children; c != NULL; c = c->next) {
        count = add_calls(c, names, count, room);
    }

    return count;
}


#define CALLS_MAX  1024

static int
check_libraries(struct run_options *o)
{
    int                        rc;
    char                       err[LF_ERR_LEN];
    size_t                     count;
    const char                *path, *names[CALLS_MAX];
    const struct conf_server  *s;

    for (s = o->settings.conf->servers; s != NULL; s = s->next) {
        if (s->lib == NULL) {
            continue;
        }

        path = play_lib_path(o->settings.arena, s->lib, o->settings.prefix,
                             o->settings.lib_dir);
        if (path == NULL || strchr(path, '/') == NULL) {
            continue;
        }

        if (s->download != NULL
            && (rc = run_check_download(o, s, path)) != EXIT_OK)
        {
            return rc;
        }

        count = add_calls(&s->root, names, 0, CALLS_MAX);
        if (lf_elf_check(path, names, count, err) == -1) {
            message_error("%s (in %s:%u)", err, s->lib_node->file,
                          s->lib_node->line);
            return EXIT_APP;
        }
    }

    return EXIT_OK;
}


static int
load_file(struct run_options *o)
{
    char               *copy, full[PATH_MAX];
    struct conf_node   *root;
    struct conf_error   error;

    if (conf_load(o->settings.arena, o->conf, &root, &error) != 0) {
        report_error(o, &error);
        return EXIT_SCRIPT;
    }

    if (realpath(o->conf, full) == NULL) {
        message_error("%s: cannot resolve this path", o->conf);
        return EXIT_SCRIPT;
    }

    copy = arena_strdup(o->settings.arena, full);
    if (copy == NULL) {
        message_error("out of memory");
        return EXIT_APP;
    }
    o->settings.prefix = dirname(copy);

    return build(o, root);
}


static void
add_quoted(struct strbuf *to, const char *text, size_t len)
{
    size_t  i;

    strbuf_addch(to, '"');
    for (i = 0; i < len; i++) {
        if (text[i] == '"' || text[i] == '\\') {
            strbuf_addch(to, '\\');
        }
        strbuf_addch(to, text[i]);
    }
    strbuf_addch(to, '"');
}


/* "LOCATION=SYMBOL", where the location may begin with a modifier or '='. */
static int
add_route(struct strbuf *to, const char *route)
{
    size_t       len;
    const char  *equal = strrchr(route, '='), *name = route;

    if (equal == NULL || equal == route || equal[1] == '\0') {
        message_error("--route %s: give LOCATION=SYMBOL, as in '/api=handle' "
                      "or '~ \\.json$=handle'", route);
        return -1;
    }

    len = strcspn(route, " ");
    strbuf_addstr(to, "location ");

    if (len < (size_t) (equal - route) && strchr("=~^", route[0]) != NULL) {
        strbuf_add(to, route, len + 1);
        name = route + len + strspn(route + len, " ");
    }

    add_quoted(to, name, (size_t) (equal - name));
    strbuf_printf(to, " { ngx_link_func_call %s; }\n", equal + 1);

    return 0;
}


/* Every function that the library exports gets its own two locations. */
static int
add_functions(struct run_options *o, const char *path, struct strbuf *to)
{
    char                   err[LF_ERR_LEN];
    size_t                 i, iter = 0;
    struct lf_elf         *elf;
    struct lf_elf_symbol   symbol;

    elf = lf_elf_open(path, err);
    if (elf == NULL) {
        message_error("%s", err);
        return -1;
    }

    while (lf_elf_next(elf, &iter, &symbol)) {
        if (!symbol.defined || !symbol.function
            || strncmp(symbol.name, "ngx_link_func_", 14) == 0
            || symbol.name[0] == '_')
        {
            continue;
        }

        for (i = 0; i < o->routes.count; i++) {
            const char  *r = o->routes.items[i];

            if (r[0] == '/' && strncmp(r + 1, symbol.name,
                                       strlen(symbol.name)) == 0
                && strchr("=/", r[1 + strlen(symbol.name)]) != NULL)
            {
                break;                       /* the user's own wins */
            }
        }

        if (i == o->routes.count) {
            strbuf_printf(to, "location = /%s { ngx_link_func_call %s; }\n"
                          "location /%s/ { ngx_link_func_call %s; }\n",
                          symbol.name, symbol.name, symbol.name, symbol.name);
        }
    }

    lf_elf_close(&elf);

    return 0;
}


static int
make_conf(struct run_options *o)
{
    int                 rc = 0;
    char                full[PATH_MAX], *equal;
    size_t              i;
    struct strbuf       text = { 0 };
    struct conf_node   *root;
    struct conf_error   error;

    if (realpath(o->app, full) == NULL) {
        message_error("%s: no such file", o->app);
        return EXIT_APP;
    }

    if (o->shm_size > 0) {
        strbuf_printf(&text, "ngx_link_func_shm_size %zu;\n", o->shm_size);
    }
    strbuf_addstr(&text, "server {\nlisten 80;\nngx_link_func_lib ");
    add_quoted(&text, full, strlen(full));
    strbuf_addstr(&text, ";\n");

    for (i = 0; i < o->props.count; i++) {
        equal = strchr(o->props.items[i], '=');
        strbuf_addstr(&text, "ngx_link_func_add_prop ");
        add_quoted(&text, o->props.items[i],
                   (size_t) (equal - o->props.items[i]));
        strbuf_addch(&text, ' ');
        add_quoted(&text, equal + 1, strlen(equal + 1));
        strbuf_addstr(&text, ";\n");
    }

    for (i = 0; i < o->routes.count && rc == 0; i++) {
        rc = add_route(&text, o->routes.items[i]) != 0 ? EXIT_USAGE : 0;
    }

    if (rc == 0 && add_functions(o, full, &text) != 0) {
        rc = EXIT_APP;
    }

    strbuf_addstr(&text, "}\n");
    o->settings.prefix = "/";

    if (rc == 0 && conf_parse(o->settings.arena, "--app", text.data, text.len,
                              &root, &error) != 0)
    {
        message_error("%s in the options", error.text);
        rc = EXIT_USAGE;
    }
    if (rc == 0) {
        rc = build(o, root);
        rc = rc == EXIT_SCRIPT ? EXIT_USAGE : rc;
    }

    strbuf_free(&text);

    return rc;
}


int
run_conf_load(struct run_options *o)
{
    int  rc;

    if (o->conf == NULL && o->app == NULL) {
        return EXIT_OK;
    }

    rc = o->conf != NULL ? load_file(o) : make_conf(o);
    if (rc == EXIT_OK) {
        rc = report_notes(o);
    }

    return rc == EXIT_OK ? check_libraries(o) : rc;
}
