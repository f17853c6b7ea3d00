/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an nginx configuration means for the route to an app: servers, their
 * names, locations, the app functions in them. The same file is deployed on
 * nginx; what the mock does not simulate in it is listed, not ignored.
 */
#ifndef CONF_H
#define CONF_H

#include "harness/conf/conf_parse.h"
#include "core/lf_conf.h"

struct regex;

enum conf_match {
    CONF_PREFIX, CONF_PREFIX_STOP, CONF_EXACT, CONF_REGEX, CONF_NAMED
};

struct conf_header {
    lf_str_t                 name;
    lf_str_t                 value;      /* may hold nginx variables */
    const struct conf_node  *node;
    struct conf_header      *next;
};

/* Before a request leaves: the app's answer, and those of others. */
enum conf_answers {
    CONF_ANSWERS_NOT,
    CONF_ANSWERS_FIRST,                      /* return: the app is not run */
    CONF_ANSWERS,                            /* proxy_pass: it is, in vain */
    CONF_ANSWERS_LATE                        /* try_files: when it is silent */
};

/* ngx_link_func_subrequest */
struct conf_sub {
    lf_str_t           uri;
    unsigned           flags;                /* LF_SUBREQUEST_ */
    struct conf_sub   *next;
};

struct conf_if;

struct conf_location {
    enum conf_match              match;
    unsigned                     nocase:1;     /* of a regex */
    unsigned                     internal:1;
    lf_str_t                     name;         /* path, pattern or "@name" */
    struct regex                *regex;
    const struct conf_node      *node;
    const char                  *call;         /* NULL: no app function */
    const struct conf_node      *handler;      /* answers instead: proxy_pass */
    enum conf_answers            answers;      /* when handler does */
    const struct conf_header    *headers;      /* add_req_header in force */
    const struct conf_sub       *subs;         /* requests before call */
    unsigned                     subs_inherited:1;
    unsigned                     threads:1;    /* aio threads */
    unsigned                     foreign:1;    /* of an `if`: nginx's own */
    struct conf_if              *ifs;
    size_t                       body_max;     /* 0: no limit */
    const struct conf_location  *outer;        /* NULL for the root */
    struct conf_location        *children, *next;
};

struct conf_listen {
    const char               *address;         /* "*", "127.0.0.1", "unix:.." */
    unsigned                  port;            /* 0 for a Unix socket */
    unsigned                  is_default:1;
    const struct conf_node   *node;
    struct conf_listen       *next;
};

struct conf_name {
    lf_str_t                  name;            /* lower case, without "~" */
    struct regex             *regex;
    struct conf_name         *next;
};

struct conf_server {
    const struct conf        *conf;
    const struct conf_node   *node;            /* NULL: a bare fragment */
    struct conf_listen       *listens;
    struct conf_name         *names;
    const char               *lib;             /* as written; NULL: none */
    const struct conf_node   *lib_node;
    const struct conf_node   *download;        /* lib is its target; or NULL */
    const struct conf_node   *ca_cert, *sha256;
    const struct conf_node   *first_call;      /* of a location; or NULL */
    struct lf_props           props;
    unsigned                  underscores_in_headers:1;
    unsigned                  ignore_invalid_headers:1;
    unsigned                  merge_slashes:1;
    unsigned                  header_buffers;          /* number, */
    size_t                    header_buffer_size;      /* bytes each */
    size_t                    first_buffer;            /* 0: nginx's default */
    struct conf_location      root;            /* outside all locations */
    struct conf_server       *next;
};

/* A directive that the mock does not simulate, named once per file. */
struct conf_note {
    const struct conf_node   *node;
    struct conf_note         *next;
};

struct conf {
    struct conf_server       *servers;         /* never NULL */
    size_t                    shm_size;
    enum lf_level             log_level;
    struct conf_note         *notes;
};

/* Is that the name of one of nginx's own variables? 1 or 0. */
typedef int (*conf_is_variable)(const char *name);

/*
 * Make sense of a parsed configuration: a whole nginx.conf, the inside of
 * http or the inside of a server. Everything is allocated in the arena.
 * is_variable NULL: names of variables are not checked. NULL with *error
 * filled when nginx would refuse it, too.
 */
struct conf *conf_build(struct arena *arena, const struct conf_node *root,
                        conf_is_variable is_variable,
                        struct conf_error *error);

/*
 * The socket that a connection to the port of a URL reaches: the first
 * server's when nobody listens there. Never NULL.
 */
const struct conf_listen *conf_find_socket(const struct conf *conf,
                                           unsigned port);

/* Two listen directives for one socket. */
int conf_same_socket(const struct conf_listen *a, const struct conf_listen *b);

/* That of a socket, where no other one has the name. */
const struct conf_server *conf_default_server(const struct conf *conf,
                                              const struct conf_listen *on);

/*
 * The server that answers a request: port is that of the URL, host the name
 * in lower case without port and trailing dot (len 0: no Host header).
 * Ports that nobody listens on go to the first server's.
 */
const struct conf_server *conf_find_server(const struct conf *conf,
                                           unsigned port,
                                           const lf_str_t *host);

/* A name as $server_name has it: "~" before a pattern, no "." in front. */
lf_str_t conf_server_name(const struct conf_name *name);

/* The first regular expression among its names that fits the host, or NULL. */
const struct regex *conf_name_regex(const struct conf_server *server,
                                    const lf_str_t *host);

/* The one that made nginx choose the server on the port, or NULL. */
const struct regex *conf_chosen_regex(const struct conf_server *server,
                                      unsigned port, const lf_str_t *host);

/*
 * The location that answers a normalised uri: server->root when none does.
 * The choice of nginx 1.22.1. NULL: a regex failed (*err says why).
 */
const struct conf_location *
    conf_find_location(const struct conf_server *server, const lf_str_t *uri,
                       char *err);

/* The location "@name", or NULL. */
const struct conf_location *conf_find_named(const struct conf_server *server,
                                            const char *name);

#endif /* CONF_H */
