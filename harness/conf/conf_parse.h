/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The syntax of nginx configuration files: text to a tree of directives. No
 * meaning and no I/O: includes are the business of conf_load.h.
 */
#ifndef CONF_PARSE_H
#define CONF_PARSE_H

#include <stddef.h>

struct arena;

struct conf_arg {
    const char       *text;          /* unescaped; NUL-terminated */
    size_t            len;
    unsigned          column;        /* of its first character, from 1 */
};

struct conf_node {
    const char        *file;         /* as given to conf_parse */
    unsigned           line;         /* of the name, from 1 */
    struct conf_arg   *args;         /* args[0] is the name */
    size_t             count;
    unsigned           block:1;      /* { } follows */
    struct conf_node  *children;     /* of a block */
    struct conf_node  *next;
};

struct conf_error {
    const char  *file;
    unsigned     line, column;       /* column 0: no place in the line */
    char         text[512];
};

/* Blocks inside blocks may go this deep. */
#define CONF_DEPTH_MAX  64

/*
 * Parse len bytes of text. *root receives the first directive, or NULL when
 * there is none. Returns 0, or -1 with *error filled; everything is
 * allocated in the arena, file is kept.
 */
int conf_parse(struct arena *arena, const char *file, const char *text,
               size_t len, struct conf_node **root, struct conf_error *error);

/* What stands in such a block are keys and values, not directives. */
int conf_is_table(const struct conf_node *node);

#endif /* CONF_PARSE_H */
