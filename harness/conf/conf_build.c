/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From the tree of directives to servers and locations: blocks, and how inner
 * ones inherit. What single directives mean stands in conf_apply.c.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "harness/conf/conf_build.h"


int
conf_fail(struct conf_builder *b, const struct conf_node *node, size_t arg,
          const char *format, ...)
{
    va_list  args;

    b->error->file = node->file;
    b->error->line = node->line;
    b->error->column = arg < node->count ? node->args[arg].column : 0;

    va_start(args, format);
    (void) vsnprintf(b->error->text, sizeof(b->error->text), format, args);
    va_end(args);

    return -1;
}


static int
has_named_group(const struct conf_node *node)
{
    size_t  i;

    if (strcmp(node->args[0].text, "location") != 0
        && strcmp(node->args[0].text, "server_name") != 0)
    {
        return 0;
    }

    for (i = 1; i < node->count; i++) {
        if (strstr(node->args[i].text, "(?<") != NULL
            || strstr(node->args[i].text, "(?P<") != NULL
            || strstr(node->args[i].text, "(?'") != NULL)
        {
            return 1;
        }
    }

    return 0;
}


/* Directives that make variables of their own: then any name may be one. */
static int
makes_variables(const struct conf_node *node)
{
    size_t                    i;
    static const char *const  names[] = {
        "set", "map", "geo", "split_clients", "perl_set", "js_set", "js_var",
        "auth_request_set", "geoip_country", "geoip_city", "userid"
    };

    for ( ; node != NULL; node = node->next) {
        for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
            if (strcmp(node->args[0].text, names[i]) == 0) {
                return 1;
            }
        }
        if (makes_variables(node->children) || has_named_group(node)) {
            return 1;
        }
    }

    return 0;
}


/* ---- blocks ------------------------------------------------------------ */

static int build_block(struct conf_builder *b, struct conf_scope *scope,
                       const struct conf_node *first);


static int
is_named(const struct conf_node *node, const char *name)
{
    return strcmp(node->args[0].text, name) == 0;
}


static void
settle_location(struct conf_location *location,
                const struct conf_scope *scope)
{
    const struct conf_settings  *settings = &scope->settings;

    location->call = settings->call;
    location->headers = settings->headers;
    location->body_max = settings->body_max;
    location->subs = settings->subs;
    location->subs_inherited = scope->last_sub == NULL;
    location->threads = settings->threads;
    location->internal = settings->internal;
}


static int
build_location(struct conf_builder *b, struct conf_scope *outer,
               const struct conf_node *node)
{
    struct conf_scope  scope = *outer;

    if (!node->block) {
        return conf_fail(b, node, 0, "directive \"%s\" has no opening \"{\"",
                         node->args[0].text);
    }

    scope.location = conf_add_location(b, outer, node);
    if (scope.location == NULL) {
        return -1;
    }

    scope.block = LF_IN_LOCATION;
    scope.seen = 0;
    scope.last_header = NULL;
    scope.last_sub = NULL;

    return build_block(b, &scope, node->children);
}


static int
build_if(struct conf_builder *b, struct conf_scope *outer,
         const struct conf_node *node)
{
    struct conf_scope  scope;

    return conf_add_if(b, outer, node, &scope) != 0 ? -1
           : build_block(b, &scope, node->children);
}


static int
build_server(struct conf_builder *b, struct conf_scope *outer,
             const struct conf_node *node, const struct conf_node *first)
{
    struct conf_scope    scope = *outer;
    struct conf_server  *server;

    if (node != NULL && !node->block) {
        return conf_fail(b, node, 0, "directive \"%s\" has no opening \"{\"",
                         node->args[0].text);
    }
    if (node != NULL && node->count != 1) {
        return conf_fail(b, node, 0,
                         "invalid number of arguments in \"%s\" directive",
                         node->args[0].text);
    }

    server = arena_alloc(b->arena, sizeof(*server));
    if (server == NULL) {
        return conf_fail(b, first, 0, "out of memory");
    }

    server->conf = b->conf;
    server->node = node;
    *b->last_server = server;
    b->last_server = &server->next;

    scope.block = LF_IN_SERVER;
    scope.server = server;
    scope.seen = 0;
    scope.last_header = NULL;
    scope.last_sub = NULL;
    scope.own_props = 0;

    if (build_block(b, &scope, first) != 0) {
        return -1;
    }

    return server->lib != NULL || server->first_call == NULL ? 0
           : conf_fail(b, server->first_call, 0, "\"ngx_link_func_call\": the "
                       "server has no app: add \"ngx_link_func_lib\" to it");
}


static void
settle_server(struct conf_server *server, const struct conf_scope *scope)
{
    const struct conf_settings  *settings = &scope->settings;

    server->props = settings->props;
    server->underscores_in_headers = settings->underscores_in_headers;
    server->ignore_invalid_headers = settings->ignore_invalid_headers;
    server->merge_slashes = settings->merge_slashes;
    server->header_buffers = settings->header_buffers;
    server->header_buffer_size = settings->header_buffer_size;
    server->first_buffer = settings->first_buffer;
    settle_location(&server->root, scope);
}


/* Own directives first, then inner blocks: those inherit what is set last. */
static int
build_block(struct conf_builder *b, struct conf_scope *scope,
            const struct conf_node *first)
{
    int                      rc;
    const struct conf_node  *node;

    for (node = first; node != NULL; node = node->next) {
        if (is_named(node, "location") || is_named(node, "server")
            || (is_named(node, "if") && scope->block == LF_IN_LOCATION))
        {
            continue;
        }
        if (conf_apply(b, scope, node) != 0) {
            return -1;
        }
    }

    if (scope->location != NULL) {
        settle_location(scope->location, scope);
    } else if (scope->server != NULL) {
        settle_server(scope->server, scope);
        if (conf_check_download(b, scope->server) != 0) {
            return -1;
        }
    }

    for (node = first; node != NULL; node = node->next) {
        if (is_named(node, "location")) {
            rc = scope->server == NULL || scope->block == LF_IN_IF
                 ? conf_fail(b, node, 0,
                             "\"location\" directive is not allowed here")
                 : build_location(b, scope, node);

        } else if (is_named(node, "server")) {
            rc = scope->block != LF_IN_HTTP
                 ? conf_fail(b, node, 0,
                             "\"server\" directive is not allowed here")
                 : build_server(b, scope, node, node->children);

        } else if (is_named(node, "if") && scope->block == LF_IN_LOCATION) {
            rc = build_if(b, scope, node);

        } else {
            continue;
        }

        if (rc != 0) {
            return -1;
        }
    }

    return 0;
}


/* The main level of a whole nginx.conf. */
static int
build_main(struct conf_builder *b, struct conf_scope *scope,
           const struct conf_node *root)
{
    const struct conf_node  *node, *http = NULL;

    for (node = root; node != NULL; node = node->next) {
        if (is_named(node, "http")) {
            if (http != NULL) {
                return conf_fail(b, node, 0, "\"http\" directive is duplicate");
            }
            http = node;

        } else if (is_named(node, "error_log")) {
            if (node->count < 2 || node->count > 3) {
                return conf_fail(b, node, 0, "invalid number of arguments in "
                                 "\"error_log\" directive");
            }
            if (conf_set_error_log(b, scope, node) != 0) {
                return -1;
            }

        } else if (is_named(node, "thread_pool")) {
            if (conf_add_pool(b, node) != 0) {
                return -1;
            }

        } else if (is_named(node, "events") || is_named(node, "load_module")) {
            if (conf_check_note(b, node) != 0) {
                return -1;
            }

        } else if (conf_add_note(b, scope, node) != 0) {
            return -1;
        }
    }

    return build_block(b, scope, http == NULL ? NULL : http->children);
}


static int
has_any(const struct conf_node *node, const char *name)
{
    for ( ; node != NULL; node = node->next) {
        if (is_named(node, name)) {
            return 1;
        }
    }

    return 0;
}


struct conf *
conf_build(struct arena *arena, const struct conf_node *root,
           conf_is_variable is_variable, struct conf_error *error)
{
    int                  rc;
    struct conf_scope    scope;
    struct conf_builder  b;

    memset(error, 0, sizeof(*error));
    memset(&scope, 0, sizeof(scope));
    memset(&b, 0, sizeof(b));

    scope.block = LF_IN_HTTP;
    scope.settings.body_max = 1024 * 1024;
    scope.settings.header_buffers = 4;
    scope.settings.header_buffer_size = 8192;
    scope.settings.ignore_invalid_headers = 1;
    scope.settings.merge_slashes = 1;

    b.arena = arena;
    b.error = error;
    b.is_variable = is_variable;
    b.conf = arena_alloc(arena, sizeof(*b.conf));
    if (b.conf == NULL || root == NULL) {
        (void) snprintf(error->text, sizeof(error->text), "%s",
                        root == NULL ? "no directive in it" : "out of memory");
        return NULL;
    }

    b.conf->shm_size = 1024 * 1024;
    b.conf->log_level = LF_INFO;
    b.last_server = &b.conf->servers;
    b.own_variables = makes_variables(root) & 1;

    if (has_any(root, "http") || has_any(root, "events")) {
        rc = build_main(&b, &scope, root);
    } else if (has_any(root, "server")) {
        rc = build_block(&b, &scope, root);
    } else {
        rc = build_server(&b, &scope, NULL, root);
    }

    if (rc != 0 || conf_check_listens(&b) != 0 || conf_check_pools(&b) != 0) {
        return NULL;
    }

    if (b.conf->servers == NULL) {
        (void) conf_fail(&b, root, 0, "no \"server\" block in it");
        return NULL;
    }

    return b.conf;
}
