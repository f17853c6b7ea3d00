/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * listen and server_name, and the choice of the server that answers a host
 * name: nginx's rules, without its sockets.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "harness/conf/conf_build.h"
#include "lib/regex/regexp.h"


/* "[::1]:8080", "127.0.0.1:80", "*:80", "8080", "localhost", "unix:/path" */
static int
read_address(struct conf_builder *b, const struct conf_node *node,
             struct conf_listen *listen)
{
    char        *end;
    long         port;
    const char  *text = node->args[1].text, *colon, *digits;

    listen->port = 80;

    if (strncmp(text, "unix:", 5) == 0) {
        listen->address = text;
        listen->port = 0;
        return text[5] != '\0' ? 0
               : conf_fail(b, node, 1, "no path in the unix domain socket "
                           "in \"%s\" of the \"listen\" directive", text);
    }

    colon = strchr(text, ':');
    if (text[0] == '[') {
        colon = strchr(text, ']');
        if (colon == NULL || (colon[1] != ':' && colon[1] != '\0')) {
            return conf_fail(b, node, 1, "invalid host in \"%s\" of the "
                             "\"listen\" directive", text);
        }
        colon = colon[1] == ':' ? colon + 1 : NULL;
    }

    if (colon != NULL) {
        listen->address = arena_printf(b->arena, "%.*s", (int) (colon - text),
                                       text);
        digits = colon + 1;

    } else if (strspn(text, "0123456789") == strlen(text) && text[0] != '\0') {
        listen->address = "*";
        digits = text;

    } else {
        listen->address = text;
        digits = NULL;
    }

    if (digits != NULL) {
        port = strtol(digits, &end, 10);
        if (*digits < '0' || *digits > '9' || *end != '\0' || port < 1
            || port > 65535)
        {
            return conf_fail(b, node, 1, "invalid port in \"%s\" of the "
                             "\"listen\" directive", text);
        }
        listen->port = (unsigned) port;
    }

    if (listen->address != NULL && strcmp(listen->address, "0.0.0.0") == 0) {
        listen->address = "*";
    }

    if (listen->address == NULL || listen->address[0] == '\0') {
        return conf_fail(b, node, 1, "no host in \"%s\" of the \"listen\" "
                         "directive", text);
    }

    return 0;
}


int
conf_same_socket(const struct conf_listen *a, const struct conf_listen *b)
{
    return a->port == b->port && strcmp(a->address, b->address) == 0;
}


/* What else may stand in "listen"; of sockets the mock has none. */
static int
is_parameter(const char *text)
{
    size_t                    i, len;
    static const char *const  names[] = {
        "bind", "setfib=", "fastopen=", "backlog=", "rcvbuf=", "sndbuf=",
        "accept_filter=", "deferred", "ipv6only=", "reuseport", "ssl", "http2",
        "spdy", "so_keepalive=", "proxy_protocol"
    };

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        len = strlen(names[i]);
        if (names[i][len - 1] == '=' ? strncmp(text, names[i], len) == 0
                                     : strcmp(text, names[i]) == 0)
        {
            return 1;
        }
    }

    return 0;
}


/* An address as nginx shows it. */
static const char *
shown_address(const struct conf_builder *b, const struct conf_listen *listen)
{
    const char  *text;

    if (listen->port == 0) {
        return listen->address;
    }

    text = arena_printf(b->arena, "%s:%u",
                        strcmp(listen->address, "*") == 0 ? "0.0.0.0"
                        : listen->address, listen->port);

    return text != NULL ? text : listen->address;
}


int
conf_add_listen(struct conf_builder *b, struct conf_scope *scope,
                const struct conf_node *node)
{
    size_t                i;
    struct conf_listen  **last, *listen;

    listen = arena_alloc(b->arena, sizeof(*listen));
    if (listen == NULL) {
        return conf_fail(b, node, 0, "out of memory");
    }

    if (read_address(b, node, listen) != 0) {
        return -1;
    }

    listen->node = node;

    for (i = 2; i < node->count; i++) {
        if (strcmp(node->args[i].text, "default_server") == 0
            || strcmp(node->args[i].text, "default") == 0)
        {
            listen->is_default = 1;

        } else if (!is_parameter(node->args[i].text)) {
            return conf_fail(b, node, i, "invalid parameter \"%s\"",
                             node->args[i].text);
        }
    }

    for (last = &scope->server->listens; *last; last = &(*last)->next) {
        if (conf_same_socket(*last, listen)) {
            return conf_fail(b, node, 1, "a duplicate listen %s",
                             shown_address(b, listen));
        }
    }
    *last = listen;

    return 0;
}


int
conf_check_listens(struct conf_builder *b)
{
    struct conf_server  *s, *t;
    struct conf_listen  *x, *y;

    for (s = b->conf->servers; s != NULL; s = s->next) {
        if (s->listens == NULL) {
            s->listens = arena_alloc(b->arena, sizeof(*s->listens));
            if (s->listens == NULL) {
                (void) snprintf(b->error->text, sizeof(b->error->text),
                                "out of memory");
                return -1;
            }
            s->listens->address = "*";
            s->listens->port = 80;
        }
    }

    for (s = b->conf->servers; s != NULL; s = s->next) {
        for (x = s->listens; x != NULL; x = x->next) {
            for (t = s->next; x->is_default && t != NULL; t = t->next) {
                for (y = t->listens; y != NULL; y = y->next) {
                    if (y->is_default && conf_same_socket(x, y)) {
                        return conf_fail(b, y->node, 1, "a duplicate default "
                                         "server for %s",
                                         shown_address(b, y));
                    }
                }
            }
        }
    }

    return 0;
}


/* "*.example.com", ".example.com", "www.example.*" or no wildcard at all. */
static int
is_valid_name(const char *name)
{
    size_t       len = strlen(name);
    const char  *star = strchr(name, '*');

    if (strstr(name, "..") != NULL || strcmp(name, ".") == 0) {
        return 0;
    }

    if (star == NULL) {
        return 1;
    }

    if (strchr(star + 1, '*') != NULL) {
        return 0;
    }

    return (star == name && len > 2 && name[1] == '.')
           || (star == name + len - 1 && len > 2 && star[-1] == '.');
}


static int
add_name(struct conf_builder *b, struct conf_scope *scope,
         const struct conf_node *node, size_t i)
{
    char               *text, host[256], err[LF_ERR_LEN];
    size_t              k;
    struct conf_name  **last, *name;

    name = arena_alloc(b->arena, sizeof(*name));
    text = arena_memdup(b->arena, node->args[i].text, node->args[i].len);
    if (name == NULL || text == NULL) {
        return conf_fail(b, node, 0, "out of memory");
    }

    if (strcasecmp(text, "$hostname") == 0 && gethostname(host, 256) == 0) {
        host[255] = '\0';
        text = arena_memdup(b->arena, host, strlen(host));
        if (text == NULL) {
            return conf_fail(b, node, 0, "out of memory");
        }
    }

    if (text[0] == '~') {
        if (*++text == '\0') {
            return conf_fail(b, node, i, "empty regex in server name \"~\"");
        }
        name->regex = regex_compile_bytes(b->arena, text, 1, err);
        if (name->regex == NULL) {
            return conf_fail(b, node, i, "%s", err);
        }

    } else {
        if (!is_valid_name(text)) {
            return conf_fail(b, node, i, "server name \"%s\" is invalid",
                             text);
        }
        for (k = 0; text[k] != '\0'; k++) {
            if (text[k] >= 'A' && text[k] <= 'Z') {
                text[k] |= 0x20;
            }
        }
    }

    name->name = (lf_str_t) { strlen(text), (u_char *) text };

    last = &scope->server->names;
    while (*last != NULL) {
        last = &(*last)->next;
    }
    *last = name;

    return 0;
}


int
conf_add_names(struct conf_builder *b, struct conf_scope *scope,
               const struct conf_node *node)
{
    size_t  i;

    for (i = 1; i < node->count; i++) {
        if (add_name(b, scope, node, i) != 0) {
            return -1;
        }
    }

    return 0;
}


/* How well a name without regex fits: 0 not; exact, then longer wins. */
static size_t
fit(const lf_str_t *name, const lf_str_t *host)
{
    size_t         len = name->len;
    const u_char  *data = name->data;

    if (len == host->len
        && (len == 0 || memcmp(data, host->data, len) == 0))
    {
        return SIZE_MAX;
    }

    if (host->len == 0) {
        return 0;
    }

    if (len > 2 && data[0] == '*') {         /* as ".x", without "x" */
        data++;
        len--;
    } else if (len > 1 && data[0] == '.' && host->len == len - 1
               && memcmp(data + 1, host->data, len - 1) == 0)
    {
        return SIZE_MAX;
    }

    if (len > 1 && data[0] == '.') {
        return host->len >= len
               && memcmp(host->data + host->len - len, data, len) == 0
               ? 0x10000 + len : 0;
    }

    if (len > 2 && data[len - 1] == '*') {
        return host->len >= len && memcmp(host->data, data, len - 1) == 0
               ? len : 0;
    }

    return 0;
}


static const struct conf_listen *
listen_of(const struct conf_server *server, const struct conf_listen *on)
{
    const struct conf_listen  *l;

    for (l = server->listens; l != NULL; l = l->next) {
        if (conf_same_socket(l, on)) {
            return l;
        }
    }

    return NULL;
}


static int
is_same_text(const u_char *a, size_t a_len, const u_char *b, size_t b_len)
{
    return a_len == b_len && memcmp(a, b, a_len) == 0;
}


/*
 * Whether a name conflicts with one before it, on the same socket: nginx warns
 * and ignores it. ".x" is both "x" and "*.x", and is ignored as a whole.
 */
static int
is_ignored(const struct conf *conf, const struct conf_listen *on,
           const struct conf_name *name)
{
    int                        exact = 0, dot, star;
    size_t                     len;
    const u_char              *text;
    const struct conf_name    *n;
    const struct conf_server  *s;

    dot = name->name.len > 1 && name->name.data[0] == '.';
    star = name->name.len > 2 && name->name.data[0] == '*';
    text = name->name.data + dot + 2 * star;
    len = name->name.len - (size_t) (dot + 2 * star);

    for (s = conf->servers; s != NULL; s = s->next) {
        for (n = s->names; n != NULL && listen_of(s, on) != NULL; n = n->next)
        {
            if (n == name) {
                return 0;
            }

            if (n->regex != NULL) {
                continue;
            }

            if (is_same_text(n->name.data, n->name.len, text, len)) {
                exact = 1;

            } else if (n->name.len == len + 1 && n->name.data[0] == '.'
                       && memcmp(n->name.data + 1, text, len) == 0)
            {
                if (!star || !exact) {
                    return 1;
                }

            } else if ((dot || star) && n->name.len == len + 2
                       && memcmp(n->name.data, "*.", 2) == 0
                       && memcmp(n->name.data + 2, text, len) == 0)
            {
                return 1;
            }

            if (exact && !star) {
                return 1;
            }
        }
    }

    return 0;
}


const struct conf_listen *
conf_find_socket(const struct conf *conf, unsigned port)
{
    int                        rank, best = 0;
    const struct conf_server  *s;
    const struct conf_listen  *l, *found = NULL;

    for (s = conf->servers; s != NULL; s = s->next) {
        for (l = s->listens; l != NULL; l = l->next) {
            if (l->port != port || port == 0) {
                continue;
            }

            rank = strcmp(l->address, "127.0.0.1") == 0
                   || strcmp(l->address, "localhost") == 0 ? 3
                   : strcmp(l->address, "*") == 0
                   || strcmp(l->address, "0.0.0.0") == 0 ? 2 : 1;

            if (rank > best) {
                best = rank;
                found = l;
            }
        }
    }

    if (found != NULL || conf->servers->listens->port == 0) {
        return found != NULL ? found : conf->servers->listens;
    }

    return conf_find_socket(conf, conf->servers->listens->port);
}


lf_str_t
conf_server_name(const struct conf_name *name)
{
    lf_str_t  shown = name->name;

    if (name->regex != NULL) {
        shown.data--;                        /* where it was read, "~" stands */
        shown.len++;

    } else if (shown.len > 0 && shown.data[0] == '.') {
        shown.data++;
        shown.len--;
    }

    return shown;
}


const struct regex *
conf_name_regex(const struct conf_server *server, const lf_str_t *host)
{
    const struct conf_name  *n;

    for (n = server->names; n != NULL; n = n->next) {
        if (n->regex != NULL
            && regex_matches_bytes(n->regex, host->data, host->len) == 1)
        {
            return n->regex;
        }
    }

    return NULL;
}


/*
 * nginx looks at the names of a lone server of a socket only when the last
 * regular expression among them takes groups.
 */
static int
looks_at_names(const struct conf *conf, const struct conf_listen *on)
{
    int                        last = 0;
    size_t                     servers = 0;
    const struct conf_name    *n;
    const struct conf_server  *s;

    for (s = conf->servers; s != NULL; s = s->next) {
        if (listen_of(s, on) == NULL) {
            continue;
        }

        servers++;

        for (n = s->names; n != NULL; n = n->next) {
            if (n->regex != NULL) {
                last = regex_has_groups(n->regex);
            }
        }
    }

    return servers > 1 || last;
}


const struct regex *
conf_chosen_regex(const struct conf_server *server, unsigned port,
                  const lf_str_t *host)
{
    const struct conf_name    *n;
    const struct conf_listen  *on = conf_find_socket(server->conf, port);
    const struct conf_server  *s;

    if (host->len == 0 || !looks_at_names(server->conf, on)) {
        return NULL;
    }

    for (s = server->conf->servers; s != NULL; s = s->next) {
        for (n = s->names; n != NULL && listen_of(s, on) != NULL; n = n->next)
        {
            if (n->regex == NULL && fit(&n->name, host) > 0
                && !is_ignored(server->conf, on, n))
            {
                return NULL;
            }
        }
    }

    return conf_name_regex(server, host);
}


const struct conf_server *
conf_default_server(const struct conf *conf, const struct conf_listen *on)
{
    const struct conf_listen  *l;
    const struct conf_server  *s, *found = NULL;

    for (s = conf->servers; s != NULL; s = s->next) {
        l = listen_of(s, on);

        if (l != NULL && (found == NULL || l->is_default)) {
            found = s;
        }
    }

    return found;
}


const struct conf_server *
conf_find_server(const struct conf *conf, unsigned port, const lf_str_t *host)
{
    size_t                     how, best = 0;
    const struct conf_name    *n;
    const struct conf_listen  *on = conf_find_socket(conf, port);
    const struct conf_server  *s, *found = NULL;

    for (s = conf->servers; s != NULL; s = s->next) {
        if (listen_of(s, on) == NULL) {
            continue;
        }

        for (n = s->names; n != NULL; n = n->next) {
            how = n->regex != NULL ? 0 : fit(&n->name, host);
            if (how > best && !is_ignored(conf, on, n)) {
                best = how;
                found = s;
            }
        }
    }

    for (s = conf->servers; found == NULL && host->len > 0 && s; s = s->next) {
        if (listen_of(s, on) != NULL && conf_name_regex(s, host) != NULL) {
            return s;
        }
    }

    return found != NULL ? found : conf_default_server(conf, on);
}
