/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The configuration that a driven nginx gets: the user's own, with sockets,
 * logs, temporary files and processes moved into a private folder.
 */
#ifndef NGINX_CONF_H
#define NGINX_CONF_H

#include "harness/conf/conf.h"
#include "lib/base/strbuf.h"

struct nginx_conf_options {
    const struct conf  *conf;        /* what the tree means */
    const char         *folder;      /* private; absolute */
    const char         *prefix;      /* nginx -p; NULL: not looked at */
    const char         *module;      /* .so of the module; NULL: built in */
    const char         *lib_dir;     /* --lib-dir, absolute, or NULL */
    const char         *log_level;   /* of error.log; NULL: notice */
};

/* Sockets of one configuration, at most. */
#define NGINX_CONF_SOCKETS_MAX  64

/* What was written, for who talks to that nginx. Starts as all zeroes. */
struct nginx_conf {
    struct strbuf              text;

    /* item N is the socket FOLDER/N.sock */
    const struct conf_listen  *sockets[NGINX_CONF_SOCKETS_MAX];
    size_t                     socket_count;

    /* where each line of the text comes from; NULL: from nobody's file */
    const struct conf_node   **lines;
    size_t                     line_count;
};

/*
 * Write the configuration for a parsed file: whole nginx.conf, inside of http
 * or inside of server. What it points to is borrowed from tree and options.
 * Returns 0, or -1 with *error filled.
 */
int nginx_conf_write(const struct conf_node *root,
                     const struct nginx_conf_options *options,
                     struct nginx_conf *written, struct conf_error *error);

void nginx_conf_free(struct nginx_conf *written);

/* The number of the socket that a URL's port reaches. */
unsigned nginx_conf_socket(const struct nginx_conf *written,
                           const struct conf *conf, unsigned port);

/*
 * What nginx says about FOLDER/nginx.conf, in terms of the user's files:
 * names in it become theirs, sockets the addresses they stand for.
 */
void nginx_conf_map(const struct nginx_conf *written, const char *folder,
                    const char *text, struct strbuf *to);

#endif /* NGINX_CONF_H */
