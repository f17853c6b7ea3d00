/* SPDX-License-Identifier: BSD-2-Clause */
/* Shared by the parts of conf_build; see conf.h for what they build. */
#ifndef CONF_BUILD_H
#define CONF_BUILD_H

#include "lib/base/arena.h"
#include "harness/conf/conf.h"

/* What inner blocks inherit. */
struct conf_settings {
    const struct conf_header  *headers;
    const struct conf_sub     *subs;
    struct lf_props            props;
    const char                *call;
    size_t                     body_max;
    size_t                     header_buffer_size, first_buffer;
    unsigned                   header_buffers;
    unsigned                   underscores_in_headers:1;
    unsigned                   ignore_invalid_headers:1;
    unsigned                   merge_slashes:1;
    unsigned                   threads:1;
    unsigned                   internal:1;
};

/* A thread pool: where it is defined, or where it is named. */
struct conf_pool {
    const char              *name;
    const struct conf_node  *node;
    struct conf_pool        *next;
};

struct conf_builder {
    struct arena        *arena;
    struct conf         *conf;
    struct conf_error   *error;
    struct conf_server **last_server;
    struct conf_pool    *pools, *pool_uses;
    conf_is_variable     is_variable;
    unsigned             own_variables:1;    /* set, map, ... */
};

/* The block that is being built. */
struct conf_scope {
    unsigned               block;            /* LF_IN_HTTP, ... */
    struct conf_settings   settings;
    struct conf_server    *server;           /* NULL in http */
    struct conf_location  *location;         /* NULL outside locations */
    uint64_t               seen;             /* directives, by table row */
    struct conf_header   **last_header;      /* NULL: none here so far */
    struct conf_sub      **last_sub;
    size_t                 own_props;
};

/* Fills the error with the place of an argument; returns -1. */
int conf_fail(struct conf_builder *b, const struct conf_node *node,
              size_t arg, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/*
 * conf_link_func.c: the directives of link functions. The row of a node, or NULL;
 * what it means, once the row allows it here; then what is checked of a whole
 * server.
 */
const struct lf_directive *conf_find_link_func(const struct conf_node *node);
int conf_apply_link_func(struct conf_builder *b, struct conf_scope *scope,
                         const struct conf_node *node,
                         enum lf_directive_name directive);
int conf_check_download(struct conf_builder *b,
                        const struct conf_server *server);

/*
 * conf_if.c: an `if` in a location; outer is the scope of that one, settled.
 * The scope of its inside, or NULL with the error filled.
 */
int conf_add_if(struct conf_builder *b, const struct conf_scope *outer,
                const struct conf_node *node, struct conf_scope *inside);

/* Thread pools; all that are used must be defined. Return 0 or -1. */
int conf_add_pool(struct conf_builder *b, const struct conf_node *node);
int conf_add_pool_use(struct conf_builder *b, const struct conf_node *node,
                      const char *name);
int conf_check_pools(struct conf_builder *b);

/*
 * conf_apply.c: one directive; a note about one that is not simulated, once
 * nothing is found in it that nginx refuses there.
 */
int conf_apply(struct conf_builder *b, struct conf_scope *scope,
               const struct conf_node *node);
int conf_add_note(struct conf_builder *b, struct conf_scope *scope,
                  const struct conf_node *node);
int conf_check_note(struct conf_builder *b, const struct conf_node *node);
int conf_set_error_log(struct conf_builder *b, struct conf_scope *scope,
                       const struct conf_node *node);

/* listen and server_name of a server. Return 0 or -1. */
int conf_add_listen(struct conf_builder *b, struct conf_scope *scope,
                    const struct conf_node *node);
int conf_add_names(struct conf_builder *b, struct conf_scope *scope,
                   const struct conf_node *node);

/* Listens of all servers: defaults, duplicates. Return 0 or -1. */
int conf_check_listens(struct conf_builder *b);

/*
 * A location block: reads its name, checks it against its parent and adds it.
 * NULL with the error filled.
 */
struct conf_location *conf_add_location(struct conf_builder *b,
                                        struct conf_scope *scope,
                                        const struct conf_node *node);

#endif /* CONF_BUILD_H */
