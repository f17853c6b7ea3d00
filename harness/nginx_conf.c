/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writes a configuration tree out again, changed where a private nginx needs
 * it: what it listens on, where it logs, whom it runs as, where libraries are.
 * Everything else is nginx's to judge, and stays as it is.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "nginx_conf.h"

struct writer {
    const struct nginx_conf_options  *options;
    struct strbuf                    *to;
    struct nginx_conf_sockets        *sockets;
    struct conf_error                *error;
};


static int
is(const struct conf_node *node, const char *name)
{
    return strcmp(node->args[0].text, name) == 0;
}


static int
is_one_of(const struct conf_node *node, const char *const *names)
{
    for ( ; *names != NULL; names++) {
        if (is(node, *names)) {
            return 1;
        }
    }

    return 0;
}


/* Quoted, so that nothing in it is syntax; variables stay variables. */
static void
add_arg(struct strbuf *to, const char *text, size_t len)
{
    size_t  i;

    strbuf_addstr(to, " \"");

    for (i = 0; i < len; i++) {
        if (text[i] == '"' || text[i] == '\\') {
            strbuf_addch(to, '\\');
        }
        strbuf_addch(to, text[i]);
    }

    strbuf_addch(to, '"');
}


static void
add_head(struct writer *w)
{
    const struct nginx_conf_options  *o = w->options;

    if (o->module != NULL) {
        strbuf_addstr(w->to, "load_module");
        add_arg(w->to, o->module, strlen(o->module));
        strbuf_addstr(w->to, ";\n");
    }

    if (geteuid() == 0) {
        strbuf_addstr(w->to, "user root;\n");
    }

    strbuf_addstr(w->to, "daemon off;\npid");
    add_arg(w->to, o->folder, strlen(o->folder));
    w->to->len--;
    strbuf_addstr(w->to, "/nginx.pid\";\nerror_log");
    add_arg(w->to, o->folder, strlen(o->folder));
    w->to->len--;
    strbuf_printf(w->to, "/error.log\" %s;\n",
                  o->log_level != NULL ? o->log_level : "notice");
}


static void
add_http_head(struct writer *w)
{
    size_t                    i;
    static const char *const  temps[] = {
        "client_body", "proxy", "fastcgi", "uwsgi", "scgi"
    };

    strbuf_addstr(w->to, "access_log off;\n");

    for (i = 0; i < sizeof(temps) / sizeof(temps[0]); i++) {
        strbuf_printf(w->to, "%s_temp_path", temps[i]);
        add_arg(w->to, w->options->folder, strlen(w->options->folder));
        w->to->len--;
        strbuf_printf(w->to, "/%s\";\n", temps[i]);
    }
}


/* The socket that stands for an address: a new one for a new address. */
static int
socket_of(struct writer *w, const struct conf_node *node, const char *address,
          unsigned *number)
{
    size_t                      i;
    struct nginx_conf_sockets  *s = w->sockets;

    for (i = 0; i < s->count; i++) {
        if (strcmp(s->items[i].address, address) == 0) {
            *number = s->items[i].number;
            return 0;
        }
    }

    if (s->count == NGINX_CONF_SOCKETS_MAX) {
        w->error->file = node->file;
        w->error->line = node->line;
        (void) snprintf(w->error->text, sizeof(w->error->text),
                        "more than %d different listen addresses",
                        NGINX_CONF_SOCKETS_MAX);
        return -1;
    }

    s->items[s->count].address = address;
    s->items[s->count].number = (unsigned) s->count;
    *number = (unsigned) s->count++;

    return 0;
}


/* Plain HTTP on a Unix socket; only the default server mark is kept. */
static int
add_listen(struct writer *w, const struct conf_node *node, const char *address)
{
    size_t    i;
    unsigned  number;

    if (socket_of(w, node, address, &number) != 0) {
        return -1;
    }

    strbuf_addstr(w->to, "listen \"unix:");
    strbuf_printf(w->to, "%s/%u.sock\"", w->options->folder, number);

    for (i = 2; i < node->count; i++) {
        if (strcmp(node->args[i].text, "default_server") == 0
            || strcmp(node->args[i].text, "default") == 0)
        {
            strbuf_addstr(w->to, " default_server");
        }
    }

    strbuf_addstr(w->to, ";\n");

    return 0;
}


/* With --lib-dir a library is looked up there by its file name. */
static void
add_lib(struct writer *w, const struct conf_node *node)
{
    const char  *path = node->args[1].text, *slash = strrchr(path, '/');

    strbuf_addstr(w->to, "ngx_link_func_lib \"");
    strbuf_printf(w->to, "%s/%s\";\n", w->options->lib_dir,
                  slash != NULL ? slash + 1 : path);
}


static int add_block(struct writer *w, const struct conf_node *first,
                     int in_server);


static int
add_node(struct writer *w, const struct conf_node *node)
{
    size_t  i;

    if (is(node, "listen") && node->count > 1) {
        return add_listen(w, node, node->args[1].text);
    }

    if (is(node, "ngx_link_func_lib") && node->count == 2
        && w->options->lib_dir != NULL)
    {
        add_lib(w, node);
        return 0;
    }

    strbuf_addstr(w->to, node->args[0].text);
    for (i = 1; i < node->count; i++) {
        add_arg(w->to, node->args[i].text, node->args[i].len);
    }

    if (!node->block) {
        strbuf_addstr(w->to, ";\n");
        return 0;
    }

    strbuf_addstr(w->to, " {\n");
    if (is(node, "http")) {
        add_http_head(w);
    }
    if (add_block(w, node->children, is(node, "server")) != 0) {
        return -1;
    }
    strbuf_addstr(w->to, "}\n");

    return 0;
}


static int
add_block(struct writer *w, const struct conf_node *first, int in_server)
{
    int                       listens = 0;
    const struct conf_node   *node;
    static const char *const  dropped[] = {
        "user", "pid", "daemon", "master_process", "error_log", "access_log",
        "client_body_temp_path", "proxy_temp_path", "fastcgi_temp_path",
        "uwsgi_temp_path", "scgi_temp_path", NULL
    };

    for (node = first; node != NULL; node = node->next) {
        if (is_one_of(node, dropped)
            || (is(node, "load_module") && node->count == 2
                && strstr(node->args[1].text, "ngx_http_link_func_module")))
        {
            continue;
        }

        listens += is(node, "listen");

        if (add_node(w, node) != 0) {
            return -1;
        }
    }

    /* nginx's own default, named so that it gets a socket, too. */
    return in_server && listens == 0
           ? add_listen(w, &(struct conf_node) { .count = 0 }, "80") : 0;
}


static int
has(const struct conf_node *node, const char *name)
{
    for ( ; node != NULL; node = node->next) {
        if (is(node, name)) {
            return 1;
        }
    }

    return 0;
}


int
nginx_conf_write(const struct conf_node *root,
                 const struct nginx_conf_options *options, struct strbuf *to,
                 struct nginx_conf_sockets *sockets, struct conf_error *error)
{
    int            rc, whole, http;
    struct writer  w = { options, to, sockets, error };

    memset(sockets, 0, sizeof(*sockets));
    memset(error, 0, sizeof(*error));

    whole = has(root, "http") || has(root, "events");
    http = !whole && has(root, "server");

    add_head(&w);

    if (!has(root, "events")) {
        strbuf_addstr(to, "events { }\n");
    }
    if (!whole) {
        strbuf_addstr(to, "http {\n");
        add_http_head(&w);
    }
    if (!whole && !http) {
        strbuf_addstr(to, "server {\n");
    }

    rc = add_block(&w, root, !whole && !http);

    strbuf_addstr(to, whole ? "" : http ? "}\n" : "}\n}\n");

    if (rc == 0 && to->failed) {
        (void) snprintf(error->text, sizeof(error->text), "out of memory");
        rc = -1;
    }

    return rc;
}
