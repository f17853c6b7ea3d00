/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writes a configuration tree out again, changed where a private nginx needs
 * it: what it listens on, where it logs, whom it runs as, where libraries are.
 * Everything else is left as it is, for nginx to check.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/host/nginx/nginx_conf.h"
#include "harness/host/nginx/nginx_quote.h"

struct writer {
    const struct nginx_conf_options  *options;
    struct strbuf                    *to;
    struct nginx_conf                *written;
    struct conf_error                *error;
    size_t                            counted;   /* bytes whose lines are */
    size_t                            line_room;
    int                               wants_ports;
};

/*
 * Set for every private nginx, or without meaning on its plain sockets and
 * without a download.
 */
static const char *const  dropped[] = {
    "user", "pid", "daemon", "master_process", "worker_processes",
    "worker_cpu_affinity", "lock_file", "error_log", "access_log",
    "client_body_temp_path", "proxy_temp_path", "fastcgi_temp_path",
    "uwsgi_temp_path", "scgi_temp_path", "ssl", "stream", "mail",
    "ngx_link_func_ca_cert", "ngx_link_func_download_sha256", NULL
};


static int
is(const struct conf_node *node, const char *name)
{
    return strcmp(node->args[0].text, name) == 0;
}


static int
is_dropped(const struct conf_node *node)
{
    const char *const  *name;

    for (name = dropped; *name != NULL; name++) {
        if (is(node, *name)) {
            return 1;
        }
    }

    return strncmp(node->args[0].text, "ssl_", 4) == 0
           || (is(node, "load_module") && node->count == 2
               && strstr(node->args[1].text, "ngx_http_link_func_module"));
}


static void
fail(struct writer *w, const struct conf_node *node, const char *text)
{
    w->error->file = node != NULL ? node->file : NULL;
    w->error->line = node != NULL ? node->line : 0;
    (void) snprintf(w->error->text, sizeof(w->error->text), "%s", text);
}


/* All lines that were written since the last call come from this node. */
static int
count_lines(struct writer *w, const struct conf_node *node)
{
    size_t                     room;
    const char                *end;
    struct nginx_conf         *c = w->written;
    const struct conf_node   **more;

    while (w->counted < w->to->len
           && (end = memchr(w->to->data + w->counted, '\n',
                            w->to->len - w->counted)) != NULL)
    {
        w->counted = (size_t) (end + 1 - w->to->data);

        if (c->line_count == w->line_room) {
            room = w->line_room > 0 ? w->line_room * 2 : 64;
            more = realloc(c->lines, room * sizeof(*more));
            if (more == NULL) {
                fail(w, node, "out of memory");
                return -1;
            }
            c->lines = more;
            w->line_room = room;
        }
        c->lines[c->line_count++] = node;
    }

    return 0;
}


static void
add_head(struct writer *w)
{
    const struct nginx_conf_options  *o = w->options;

    if (o->module != NULL) {
        strbuf_addstr(w->to, "load_module ");
        nginx_quote(w->to, o->module, "");
        strbuf_addstr(w->to, ";\n");
    }

    if (geteuid() == 0) {
        strbuf_addstr(w->to, "user root;\n");
    }

    strbuf_addstr(w->to, "daemon off;\nworker_processes 1;\npid ");
    nginx_quote(w->to, o->folder, "/nginx.pid");
    strbuf_addstr(w->to, ";\nlock_file ");
    nginx_quote(w->to, o->folder, "/nginx.lock");
    strbuf_addstr(w->to, ";\nerror_log ");
    nginx_quote(w->to, o->folder, "/error.log");
    strbuf_printf(w->to, " %s;\n",
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
        strbuf_printf(w->to, "%s_temp_path ", temps[i]);
        nginx_quote(w->to, w->options->folder, "/temp");
        strbuf_addstr(w->to, ";\n");
    }
}


/* ---- sockets ------------------------------------------------------------ */

/* What the model says about a listen directive; node NULL: the implicit one. */
static const struct conf_listen *
listen_of(const struct conf *conf, const struct conf_node *node)
{
    const struct conf_server  *s;
    const struct conf_listen  *l;

    for (s = conf->servers; s != NULL; s = s->next) {
        for (l = s->listens; l != NULL; l = l->next) {
            if (l->node == node) {
                return l;
            }
        }
    }

    return NULL;
}


static size_t
find_number(const struct nginx_conf *c, const struct conf_listen *listen)
{
    size_t  i;

    for (i = 0; i < c->socket_count; i++) {
        if (conf_same_socket(c->sockets[i], listen)) {
            break;
        }
    }

    return i;
}


/* Plain HTTP on a Unix socket; only the default server mark is kept. */
static int
add_listen(struct writer *w, const struct conf_node *node)
{
    size_t                     number;
    struct nginx_conf         *c = w->written;
    const struct conf_listen  *listen = listen_of(w->options->conf, node);

    if (listen == NULL) {
        fail(w, node, "a \"listen\" that belongs to no server");
        return -1;
    }

    number = find_number(c, listen);
    if (number == NGINX_CONF_SOCKETS_MAX) {
        fail(w, node, "too many different \"listen\" addresses for a test");
        return -1;
    }

    if (number == c->socket_count) {
        c->sockets[c->socket_count++] = listen;
    }

    strbuf_addstr(w->to, "listen \"unix:");
    nginx_quote_part(w->to, w->options->folder);
    strbuf_printf(w->to, "/%zu.sock\"%s;\n", number,
                  listen->is_default ? " default_server" : "");

    return 0;
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


/*
 * The port that each socket stands for: $linkfunc_server_port. A regular
 * expression here would take the captures of the request away.
 */
static void
add_ports(struct writer *w, const struct conf_node *http)
{
    size_t                    i;
    const struct nginx_conf  *c = w->written;

    if (!w->wants_ports) {
        return;
    }

    if (!has(http, "map_hash_bucket_size")) {
        strbuf_addstr(w->to, "map_hash_bucket_size 256;\n");
    }

    strbuf_addstr(w->to, "map $server_addr $linkfunc_server_port {\n");

    for (i = 0; i < c->socket_count; i++) {
        strbuf_addstr(w->to, "\"unix:");
        nginx_quote_part(w->to, w->options->folder);
        strbuf_printf(w->to, "/%zu.sock\" \"", i);
        if (c->sockets[i]->port != 0) {
            strbuf_printf(w->to, "%u", c->sockets[i]->port);
        }
        strbuf_addstr(w->to, "\";\n");
    }

    strbuf_addstr(w->to, "}\n");
}


/* ---- directives --------------------------------------------------------- */

/*
 * With --lib-dir a library is looked up there by its file name. What would be
 * downloaded is taken as it is: a run needs no network.
 */
static void
add_lib(struct writer *w, const struct conf_node *node)
{
    const char  *path = node->args[node->count - 1].text;
    const char  *slash = strrchr(path, '/');

    strbuf_addstr(w->to, "ngx_link_func_lib \"");

    if (w->options->lib_dir != NULL) {
        nginx_quote_part(w->to, w->options->lib_dir);
        strbuf_addch(w->to, '/');
        path = slash != NULL ? slash + 1 : path;

    } else if (slash == NULL && node->count > 2) {
        strbuf_addstr(w->to, "./");
    }

    nginx_quote_part(w->to, path);
    strbuf_addstr(w->to, "\";\n");
}


/*
 * Relative modules are taken from the prefix, which is the folder of the
 * configuration here; installed ones stay where the package put them.
 */
static int
add_module(struct writer *w, const struct conf_node *node)
{
    size_t                    i;
    char                      path[4096];
    const char               *name = node->args[1].text, *slash;
    static const char *const  folders[] = {
        "/usr/share/nginx/modules", "/usr/lib/nginx/modules",
        "/usr/lib64/nginx/modules", "/etc/nginx/modules"
    };

    if (name[0] == '/' || w->options->prefix == NULL) {
        return 0;
    }

    (void) snprintf(path, sizeof(path), "%s/%s", w->options->prefix, name);
    slash = strrchr(name, '/');

    for (i = 0; access(path, R_OK) != 0; i++) {
        if (i == sizeof(folders) / sizeof(folders[0])) {
            return 0;
        }
        (void) snprintf(path, sizeof(path), "%s/%s", folders[i],
                        slash != NULL ? slash + 1 : name);
    }

    strbuf_addstr(w->to, "load_module ");
    nginx_quote(w->to, path, "");
    strbuf_addstr(w->to, ";\n");

    return 1;
}


enum inside { INSIDE_MAIN, INSIDE_SERVER, INSIDE_TABLE };

static int add_block(struct writer *w, const struct conf_node *first,
                     enum inside inside);


static enum inside
inside_of(const struct conf_node *node)
{
    return conf_is_table(node) ? INSIDE_TABLE
           : is(node, "server") ? INSIDE_SERVER : INSIDE_MAIN;
}


/*
 * On a Unix socket nobody has an address or a port; what the app sees stays
 * as it is for a client of this machine.
 */
static void
add_req_header(struct writer *w, const struct conf_node *node)
{
    static const struct nginx_value  values[] = {
        { "remote_addr", "127.0.0.1" }, { "server_addr", "127.0.0.1" },
        { "server_port", "${linkfunc_server_port}" }, { NULL, NULL }
    };

    strbuf_addstr(w->to, "ngx_link_func_add_req_header ");
    nginx_quote(w->to, node->args[1].text, "");
    strbuf_addch(w->to, ' ');
    nginx_quote_with(w->to, node->args[2].text, values);
    w->wants_ports |= strcasestr(node->args[2].text, "server_port") != NULL;
    strbuf_addstr(w->to, ";\n");
}


/* Directives that are not written as they are: 1 when done, -1 on error. */
static int
add_changed(struct writer *w, const struct conf_node *node)
{
    if (is(node, "listen") && node->count > 1) {
        return add_listen(w, node) == 0 ? 1 : -1;
    }

    if ((is(node, "ngx_link_func_lib") && node->count == 2
         && w->options->lib_dir != NULL)
        || is(node, "ngx_link_func_download_link_lib"))
    {
        add_lib(w, node);
        return 1;
    }

    if (is(node, "ngx_link_func_add_req_header") && node->count == 3) {
        add_req_header(w, node);
        return 1;
    }

    return is(node, "load_module") && node->count == 2
           ? add_module(w, node) : 0;
}


static int
add_node(struct writer *w, const struct conf_node *node, enum inside inside)
{
    int     rc;
    size_t  i;

    rc = inside != INSIDE_TABLE ? add_changed(w, node) : 0;
    if (rc != 0) {
        return rc > 0 ? count_lines(w, node) : -1;
    }

    nginx_quote_name(w->to, node->args[0].text);
    for (i = 1; i < node->count; i++) {
        strbuf_addch(w->to, ' ');
        nginx_quote(w->to, node->args[i].text, "");
    }

    strbuf_addstr(w->to, node->block ? " {\n" : ";\n");
    if (is(node, "http") && node->block) {
        add_http_head(w);
    }
    if (count_lines(w, node) != 0) {
        return -1;
    }

    if (!node->block) {
        return 0;
    }

    if (add_block(w, node->children, inside_of(node)) != 0) {
        return -1;
    }
    if (is(node, "http")) {
        add_ports(w, node->children);
    }
    strbuf_addstr(w->to, "}\n");

    return count_lines(w, node);
}


static int
add_block(struct writer *w, const struct conf_node *first,
          enum inside inside)
{
    int                      listens = 0;
    const struct conf_node  *node;

    for (node = first; node != NULL; node = node->next) {
        if (inside != INSIDE_TABLE && is_dropped(node)) {
            continue;
        }

        listens += is(node, "listen");

        if (add_node(w, node, inside) != 0) {
            return -1;
        }
    }

    /* nginx's own default, named so that it gets a socket, too. */
    return inside == INSIDE_SERVER && listens == 0 ? add_listen(w, NULL) : 0;
}


int
nginx_conf_write(const struct conf_node *root,
                 const struct nginx_conf_options *options,
                 struct nginx_conf *written, struct conf_error *error)
{
    int             rc, whole, http;
    struct writer   w = { options, &written->text, written, error, 0, 0, 0 };
    struct strbuf  *to = w.to;

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

    rc = count_lines(&w, NULL);
    if (rc == 0) {
        rc = add_block(&w, root, whole || http ? INSIDE_MAIN : INSIDE_SERVER);
    }

    if (!whole) {
        strbuf_addstr(to, http ? "" : "}\n");
        add_ports(&w, root);
        strbuf_addstr(to, "}\n");
    }

    if (rc == 0 && (to->failed || count_lines(&w, NULL) != 0)) {
        fail(&w, NULL, "out of memory");
        rc = -1;
    }

    return rc;
}


void
nginx_conf_free(struct nginx_conf *written)
{
    strbuf_free(&written->text);
    free(written->lines);
    memset(written, 0, sizeof(*written));
}


unsigned
nginx_conf_socket(const struct nginx_conf *written, const struct conf *conf,
                  unsigned port)
{
    size_t  i = find_number(written, conf_find_socket(conf, port));

    return (unsigned) (i < written->socket_count ? i : 0);
}


/* ---- what nginx says about it ------------------------------------------- */

static void
map_line(const struct nginx_conf *c, unsigned long line, struct strbuf *to)
{
    const struct conf_node  *node;

    node = line > 0 && line <= c->line_count ? c->lines[line - 1] : NULL;

    if (node != NULL) {
        strbuf_printf(to, " in %s:%u", node->file, node->line);
    }
}


void
nginx_conf_map(const struct nginx_conf *c, const char *folder,
               const char *text, struct strbuf *to)
{
    char           conf[4200], sock[4200], *end;
    unsigned long  number;
    size_t         conf_len, sock_len;

    conf_len = (size_t) snprintf(conf, sizeof(conf), " in %s/nginx.conf:",
                                 folder);
    sock_len = (size_t) snprintf(sock, sizeof(sock), "unix:%s/", folder);

    while (*text != '\0') {
        if (strncmp(text, conf, conf_len) == 0) {
            map_line(c, strtoul(text + conf_len, &end, 10), to);
            text = end;
            continue;
        }

        if (strncmp(text, sock, sock_len) == 0) {
            number = strtoul(text + sock_len, &end, 10);
            if (number < c->socket_count && strncmp(end, ".sock", 5) == 0) {
                strbuf_addstr(to, c->sockets[number]->address);
                if (c->sockets[number]->port > 0) {
                    strbuf_printf(to, ":%u", c->sockets[number]->port);
                }
                text = end + 5;
                continue;
            }
        }

        strbuf_addch(to, *text++);
    }
}
