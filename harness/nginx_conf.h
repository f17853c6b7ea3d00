/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The configuration that a driven nginx gets: the user's own, with sockets,
 * logs, temporary files and processes moved into a private folder.
 */
#ifndef NGINX_CONF_H
#define NGINX_CONF_H

#include "conf_parse.h"
#include "strbuf.h"

struct nginx_conf_options {
    const char  *folder;             /* private; absolute */
    const char  *module;             /* .so of the module; NULL: built in */
    const char  *lib_dir;            /* --lib-dir, or NULL */
    const char  *log_level;          /* of error.log; NULL: notice */
};

/* Sockets of one configuration, at most. */
#define NGINX_CONF_SOCKETS_MAX  64

/*
 * One listen address of the user's configuration and the Unix socket that
 * stands for it: FOLDER/N.sock.
 */
struct nginx_conf_socket {
    const char  *address;            /* as in listen: "127.0.0.1:8080" */
    unsigned     number;
};

struct nginx_conf_sockets {
    struct nginx_conf_socket  items[NGINX_CONF_SOCKETS_MAX];
    size_t                    count;
};

/*
 * Write the configuration for a parsed file: whole nginx.conf, inside of http
 * or inside of server. sockets receives what listens where; its texts are
 * borrowed from the tree. Returns 0, or -1 with *error filled.
 */
int nginx_conf_write(const struct conf_node *root,
                     const struct nginx_conf_options *options,
                     struct strbuf *to, struct nginx_conf_sockets *sockets,
                     struct conf_error *error);

#endif /* NGINX_CONF_H */
