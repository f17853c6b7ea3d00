/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The directives that the mock simulates, one function each: where they may
 * stand, what they mean. Others are noted, not ignored.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "conf_build.h"
#include "conf_vars.h"
#include "suggest.h"

typedef int (*directive_fn)(struct conf_builder *b, struct conf_scope *scope,
                            const struct conf_node *node);

#define MANY  UINT32_MAX

struct directive {
    const char    *name;
    unsigned       blocks;
    unsigned       least, most;
    unsigned       once:1;
    directive_fn   fn;
};


static int
no_memory(struct conf_builder *b, const struct conf_node *node)
{
    return conf_fail(b, node, 0, "out of memory");
}


static lf_str_t
arg_str(const struct conf_node *node, size_t i)
{
    return (lf_str_t) { node->args[i].len, (u_char *) node->args[i].text };
}


/* ---- what the mock does not simulate ----------------------------------- */

/* Directives whose module answers the request in place of static files. */
static int
is_handler(const char *name)
{
    size_t                    i;
    static const char *const  names[] = {
        "return", "proxy_pass", "fastcgi_pass", "uwsgi_pass", "scgi_pass",
        "grpc_pass", "memcached_pass", "stub_status", "empty_gif", "flv",
        "mp4", "dav_methods", "autoindex", "try_files", "rewrite",
        "random_index", "js_content", "content_by_lua_block", "perl"
    };

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(names[i], name) == 0) {
            return 1;
        }
    }

    return 0;
}


static int
unknown_directive(struct conf_builder *b, const struct conf_node *node)
{
    int             i;
    char            near[SUGGEST_TEXT];
    struct suggest  suggest;

    suggest_start(&suggest, node->args[0].text);
    for (i = 0; i < LF_DIRECTIVE_COUNT; i++) {
        suggest_add(&suggest, lf_directives[i].name);
    }

    return conf_fail(b, node, 0, "unknown directive \"%s\"%s",
                     node->args[0].text, suggest_text(&suggest, "", near));
}


int
conf_add_note(struct conf_builder *b, struct conf_scope *scope,
              const struct conf_node *node)
{
    struct conf_note  **note;

    if (strncmp(node->args[0].text, "ngx_link_func_", 14) == 0
        && lf_directive_find(&(lf_str_t) { node->args[0].len,
               (u_char *) node->args[0].text }) == NULL)
    {
        return unknown_directive(b, node);
    }

    if (scope->location != NULL && scope->location->handler == NULL
        && is_handler(node->args[0].text))
    {
        scope->location->handler = node;
    }

    for (note = &b->conf->notes; *note != NULL; note = &(*note)->next) {
        if (strcmp((*note)->node->args[0].text, node->args[0].text) == 0
            && strcmp((*note)->node->file, node->file) == 0)
        {
            return 0;
        }
    }

    *note = arena_alloc(b->arena, sizeof(**note));
    if (*note == NULL) {
        return no_memory(b, node);
    }
    (*note)->node = node;

    return 0;
}


/* ---- our own directives ----------------------------------------------- */

static int
check_ours(struct conf_builder *b, const struct conf_node *node,
           enum lf_directive_name directive)
{
    char      err[LF_ERR_LEN];
    lf_str_t  args[3];
    size_t    i;

    for (i = 1; i < node->count && i <= 3; i++) {
        args[i - 1] = arg_str(node, i);
    }

    if (lf_directive_check(directive, args, node->count - 1, err) != 0) {
        return conf_fail(b, node, 1, "\"%s\" directive: %s",
                         node->args[0].text, err);
    }

    return 0;
}


static int
set_shm_size(struct conf_builder *b, struct conf_scope *scope,
             const struct conf_node *node)
{
    lf_str_t  text = arg_str(node, 1);

    (void) scope;

    if (check_ours(b, node, LF_DIRECTIVE_SHM_SIZE) != 0) {
        return -1;
    }

    return lf_conf_size(&text, &b->conf->shm_size);
}


static int
set_lib(struct conf_builder *b, struct conf_scope *scope,
        const struct conf_node *node)
{
    scope->server->lib = node->args[1].text;
    scope->server->lib_node = node;

    return check_ours(b, node, LF_DIRECTIVE_LIB);
}


/* The mock fetches nothing: it opens what stands at the target. */
static int
set_download(struct conf_builder *b, struct conf_scope *scope,
             const struct conf_node *node)
{
    scope->server->lib = node->args[node->count - 1].text;
    scope->server->lib_node = node;

    return check_ours(b, node, LF_DIRECTIVE_DOWNLOAD) != 0
           ? -1 : conf_add_note(b, scope, node);
}


static int
set_call(struct conf_builder *b, struct conf_scope *scope,
         const struct conf_node *node)
{
    scope->settings.call = node->args[1].text;

    return check_ours(b, node, LF_DIRECTIVE_CALL);
}


/* A level that has any property of its own inherits none. */
static int
add_prop(struct conf_builder *b, struct conf_scope *scope,
         const struct conf_node *node)
{
    size_t           n = scope->own_props++;
    struct lf_prop  *items;

    if (check_ours(b, node, LF_DIRECTIVE_ADD_PROP) != 0) {
        return -1;
    }

    items = arena_alloc(b->arena, (n + 1) * sizeof(*items));
    if (items == NULL) {
        return no_memory(b, node);
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

    if (check_ours(b, node, LF_DIRECTIVE_ADD_REQ_HEADER) != 0) {
        return -1;
    }
    if (!b->own_variables && conf_vars_check(&value, err) != 0) {
        return conf_fail(b, node, 2, "%s", err);
    }

    header = arena_alloc(b->arena, sizeof(*header));
    if (header == NULL) {
        return no_memory(b, node);
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


/* ---- nginx's directives on the way to an app --------------------------- */

static int
read_flag(struct conf_builder *b, const struct conf_node *node, int *flag)
{
    if (strcasecmp(node->args[1].text, "on") == 0) {
        *flag = 1;
    } else if (strcasecmp(node->args[1].text, "off") == 0) {
        *flag = 0;
    } else {
        return conf_fail(b, node, 1, "invalid value \"%s\" in \"%s\" "
                         "directive, it must be \"on\" or \"off\"",
                         node->args[1].text, node->args[0].text);
    }

    return 0;
}


static int
set_flag(struct conf_builder *b, struct conf_scope *scope,
         const struct conf_node *node)
{
    int          flag = 0;
    const char  *name = node->args[0].text;

    if (read_flag(b, node, &flag) != 0) {
        return -1;
    }

    if (strcmp(name, "underscores_in_headers") == 0) {
        scope->settings.underscores_in_headers = flag & 1;
    } else if (strcmp(name, "ignore_invalid_headers") == 0) {
        scope->settings.ignore_invalid_headers = flag & 1;
    } else {
        scope->settings.merge_slashes = flag & 1;
    }

    return 0;
}


/* nginx reads these as offsets: g is a suffix, too. */
static int
read_offset(const struct conf_arg *arg, size_t *size)
{
    lf_str_t  text = { arg->len, (u_char *) arg->text };

    if (text.len > 1 && (text.data[text.len - 1] | 0x20) == 'g') {
        text.len--;
        if ((text.data[text.len - 1] | 0x20) == 'k'
            || (text.data[text.len - 1] | 0x20) == 'm'
            || lf_conf_size(&text, size) != 0 || *size > SIZE_MAX >> 31)
        {
            return -1;
        }
        *size <<= 30;
        return 0;
    }

    return lf_conf_size(&text, size);
}


static int
set_body_max(struct conf_builder *b, struct conf_scope *scope,
             const struct conf_node *node)
{
    if (read_offset(&node->args[1], &scope->settings.body_max) != 0) {
        return conf_fail(b, node, 1, "\"%s\" directive invalid value",
                         node->args[0].text);
    }

    return 0;
}


/* Checked only: the mock keeps every body whole, as the module does. */
static int
check_buffer_size(struct conf_builder *b, struct conf_scope *scope,
                  const struct conf_node *node)
{
    size_t    size;
    lf_str_t  text = arg_str(node, 1);

    (void) scope;

    if (lf_conf_size(&text, &size) != 0) {
        return conf_fail(b, node, 1, "\"%s\" directive invalid value",
                         node->args[0].text);
    }

    return 0;
}


static int
set_header_buffers(struct conf_builder *b, struct conf_scope *scope,
                   const struct conf_node *node)
{
    size_t    number;
    lf_str_t  count = arg_str(node, 1), size = arg_str(node, 2);

    if (strspn(node->args[1].text, "0123456789") != node->args[1].len
        || lf_conf_size(&count, &number) != 0 || number == 0
        || number > UINT32_MAX
        || lf_conf_size(&size, &scope->settings.header_buffer_size) != 0
        || scope->settings.header_buffer_size == 0)
    {
        return conf_fail(b, node, 1, "\"%s\" directive invalid value",
                         node->args[0].text);
    }

    scope->settings.header_buffers = (unsigned) number;

    return 0;
}


int
conf_set_error_log(struct conf_builder *b, struct conf_scope *scope,
              const struct conf_node *node)
{
    int  level;

    (void) scope;

    if (node->count < 3) {
        b->conf->log_level = LF_ERROR;
        return 0;
    }

    for (level = LF_EMERG; level <= LF_DEBUG; level++) {
        if (strcmp(node->args[2].text, lf_level_name(level)) == 0) {
            b->conf->log_level = level;
            return 0;
        }
    }

    return conf_fail(b, node, 2, "invalid log level \"%s\"",
                     node->args[2].text);
}


static int
set_internal(struct conf_builder *b, struct conf_scope *scope,
             const struct conf_node *node)
{
    (void) b;
    (void) node;

    scope->location->internal = 1;

    return 0;
}


#define ALL  (LF_IN_HTTP|LF_IN_SERVER|LF_IN_LOCATION)

static const struct directive  directives[] = {
    { "ngx_link_func_shm_size", LF_IN_HTTP, 1, 1, 1, set_shm_size },
    { "ngx_link_func_lib", LF_IN_SERVER, 1, 1, 1, set_lib },
    { "ngx_link_func_call", LF_IN_LOCATION, 1, 1, 1, set_call },
    { "ngx_link_func_add_prop", LF_IN_HTTP|LF_IN_SERVER, 2, 2, 0, add_prop },
    { "ngx_link_func_add_req_header", ALL, 2, 2, 0, add_req_header },
    { "ngx_link_func_download_link_lib", LF_IN_SERVER, 2, 3, 1, set_download },
    { "listen", LF_IN_SERVER, 1, MANY, 0, conf_add_listen },
    { "server_name", LF_IN_SERVER, 1, MANY, 0, conf_add_names },
    { "client_max_body_size", ALL, 1, 1, 1, set_body_max },
    { "client_body_buffer_size", ALL, 1, 1, 1, check_buffer_size },
    { "underscores_in_headers", LF_IN_HTTP|LF_IN_SERVER, 1, 1, 1, set_flag },
    { "ignore_invalid_headers", LF_IN_HTTP|LF_IN_SERVER, 1, 1, 1, set_flag },
    { "merge_slashes", LF_IN_HTTP|LF_IN_SERVER, 1, 1, 1, set_flag },
    { "large_client_header_buffers", LF_IN_HTTP|LF_IN_SERVER, 2, 2, 1,
      set_header_buffers },
    { "error_log", ALL, 1, 2, 0, conf_set_error_log },
    { "internal", LF_IN_LOCATION, 0, 0, 0, set_internal },
};

#define DIRECTIVES  (sizeof(directives) / sizeof(directives[0]))


int
conf_apply(struct conf_builder *b, struct conf_scope *scope,
           const struct conf_node *node)
{
    size_t                   i;
    const struct directive  *d;

    for (i = 0; i < DIRECTIVES; i++) {
        if (strcmp(directives[i].name, node->args[0].text) == 0) {
            break;
        }
    }

    if (i == DIRECTIVES) {
        return conf_add_note(b, scope, node);
    }

    d = &directives[i];

    if (!(d->blocks & scope->block)) {
        return conf_fail(b, node, 0, "\"%s\" directive is not allowed here",
                         d->name);
    }
    if (node->block) {
        return conf_fail(b, node, 0,
                         "directive \"%s\" is not terminated by \";\"",
                         d->name);
    }
    if (node->count - 1 < d->least || node->count - 1 > d->most) {
        return conf_fail(b, node, 0,
                         "invalid number of arguments in \"%s\" directive",
                         d->name);
    }
    if (d->once && (scope->seen & (1ull << i))) {
        return conf_fail(b, node, 0, "\"%s\" directive is duplicate",
                         d->name);
    }

    scope->seen |= 1ull << i;

    return d->fn(b, scope, node);
}
