/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The directives of link functions, as the mock understands them. Their table
 * and the checks of arguments are core's.
 */
#include <stdio.h>
#include <string.h>

#include "harness/conf/conf_build.h"
#include "harness/conf/conf_vars.h"


static lf_str_t
arg_str(const struct conf_node *node, size_t i)
{
    return (lf_str_t) { node->args[i].len, (u_char *) node->args[i].text };
}


const struct lf_directive *
conf_find_link_func(const struct conf_node *node)
{
    lf_str_t  name = arg_str(node, 0);

    return lf_directive_find(&name);
}


static int
set_shm_size(struct conf_builder *b, const struct conf_node *node)
{
    lf_str_t  text = arg_str(node, 1);

    return lf_conf_size(&text, &b->conf->shm_size);
}


static int
set_lib(struct conf_builder *b, struct conf_server *server,
        const struct conf_node *node)
{
    if (server->download != NULL) {
        return conf_fail(b, node, 0, "\"%s\" directive conflicts with "
                         "\"ngx_link_func_download_link_lib\": a server has "
                         "one app", node->args[0].text);
    }

    server->lib = node->args[1].text;
    server->lib_node = node;

    return 0;
}


/* A target is a file: one without '/' is not looked for anywhere. */
static const char *
target_of(struct arena *arena, const struct conf_node *node)
{
    const char  *name = node->args[node->count - 1].text;

    return strchr(name, '/') != NULL ? name
                                     : arena_printf(arena, "./%s", name);
}


/* A run fetches nothing: it opens what stands at the target. */
static int
set_download(struct conf_builder *b, struct conf_server *server,
             const struct conf_node *node)
{
    if (server->lib != NULL) {
        return conf_fail(b, node, 0, "\"%s\" directive conflicts with "
                         "\"ngx_link_func_lib\": a server has one app",
                         node->args[0].text);
    }

    server->lib = target_of(b->arena, node);
    server->lib_node = node;
    server->download = node;

    return server->lib != NULL ? 0 : conf_fail(b, node, 0, "out of memory");
}


static int
same_arg(const struct conf_node *a, const struct conf_node *b, size_t i)
{
    return a == NULL || b == NULL ? a == b
           : strcmp(a->args[i].text, b->args[i].text) == 0;
}


int
conf_check_download(struct conf_builder *b, const struct conf_server *server)
{
    const struct conf_server  *s;
    const struct conf_node    *node = server->download;

    if (node == NULL) {
        return server->sha256 == NULL ? 0
               : conf_fail(b, server->sha256, 0, "\"%s\" %s has no effect: the "
                           "server has no "
                           "\"ngx_link_func_download_link_lib\"",
                           server->sha256->args[0].text,
                           server->sha256->args[1].text);
    }

    for (s = b->conf->servers; s != server; s = s->next) {
        if (s->download == NULL || strcmp(s->lib, server->lib) != 0) {
            continue;
        }

        if (s->download->count != node->count
            || !same_arg(s->download, node, 1)
            || !same_arg(s->download, node, 2)
            || !same_arg(s->ca_cert, server->ca_cert, 1)
            || !same_arg(s->sha256, server->sha256, 1))
        {
            return conf_fail(b, node, 0, "\"%s\": another server downloads "
                             "something else to the same file",
                             node->args[0].text);
        }
    }

    return 0;
}


static int
set_call(struct conf_scope *scope, const struct conf_node *node)
{
    scope->settings.call = node->args[1].text;

    if (scope->server->first_call == NULL) {
        scope->server->first_call = node;
    }

    return 0;
}


/* A level that has any property of its own inherits none. */
static int
add_prop(struct conf_builder *b, struct conf_scope *scope,
         const struct conf_node *node)
{
    size_t           n = scope->own_props++;
    struct lf_prop  *items;

    items = arena_alloc(b->arena, (n + 1) * sizeof(*items));
    if (items == NULL) {
        return conf_fail(b, node, 0, "out of memory");
    }

    if (n > 0) {
        memcpy(items, scope->settings.props.items, n * sizeof(*items));
    }

    items[n].key = arg_str(node, 1);
    items[n].value = arg_str(node, 2);
    scope->settings.props.items = items;
    scope->settings.props.count = n + 1;

    return 0;
}


/* The same rule for headers; they keep the order of the file. */
static int
add_req_header(struct conf_builder *b, struct conf_scope *scope,
               const struct conf_node *node)
{
    char                 err[LF_ERR_LEN];
    lf_str_t             value = arg_str(node, 2);
    struct conf_header  *header;

    if (!b->own_variables
        && conf_vars_check(&value, b->is_variable, err) != 0)
    {
        return conf_fail(b, node, 2, "%s", err);
    }

    header = arena_alloc(b->arena, sizeof(*header));
    if (header == NULL) {
        return conf_fail(b, node, 0, "out of memory");
    }

    header->name = arg_str(node, 1);
    header->value = arg_str(node, 2);
    header->node = node;

    if (scope->last_header == NULL) {
        scope->settings.headers = header;
    } else {
        *scope->last_header = header;
    }
    scope->last_header = &header->next;

    return 0;
}


/* A level that has any of its own inherits none. */
static int
add_subrequest(struct conf_builder *b, struct conf_scope *scope,
               const struct conf_node *node)
{
    size_t            i;
    lf_str_t          flag;
    struct conf_sub  *sub;

    sub = arena_alloc(b->arena, sizeof(*sub));
    if (sub == NULL) {
        return conf_fail(b, node, 0, "out of memory");
    }

    sub->uri = arg_str(node, 1);

    for (i = 2; i < node->count; i++) {
        flag = arg_str(node, i);
        sub->flags |= lf_conf_subrequest_flag(&flag);
    }

    if (scope->last_sub == NULL) {
        scope->settings.subs = sub;
    } else {
        *scope->last_sub = sub;
    }
    scope->last_sub = &sub->next;

    return 0;
}


int
conf_apply_link_func(struct conf_builder *b, struct conf_scope *scope,
                     const struct conf_node *node,
                     enum lf_directive_name directive)
{
    char      err[LF_ERR_LEN];
    size_t    i;
    lf_str_t  args[LF_DIRECTIVE_ARGS];

    for (i = 1; i < node->count; i++) {
        args[i - 1] = arg_str(node, i);
    }

    if (lf_directive_check(directive, args, node->count - 1, err) != 0) {
        return conf_fail(b, node, 1, "\"%s\": %s", node->args[0].text, err);
    }

    switch (directive) {
    case LF_DIRECTIVE_SHM_SIZE:
        return set_shm_size(b, node);
    case LF_DIRECTIVE_LIB:
        return set_lib(b, scope->server, node);
    case LF_DIRECTIVE_CALL:
        return set_call(scope, node);
    case LF_DIRECTIVE_ADD_PROP:
        return add_prop(b, scope, node);
    case LF_DIRECTIVE_ADD_REQ_HEADER:
        return add_req_header(b, scope, node);
    case LF_DIRECTIVE_SUBREQUEST:
        return add_subrequest(b, scope, node);
    case LF_DIRECTIVE_DOWNLOAD:
        return set_download(b, scope->server, node);
    case LF_DIRECTIVE_CA_CERT:
        scope->server->ca_cert = node;
        break;
    case LF_DIRECTIVE_SHA256:
        scope->server->sha256 = node;
        break;
    case LF_DIRECTIVE_COUNT:
        break;
    }

    return 0;
}
