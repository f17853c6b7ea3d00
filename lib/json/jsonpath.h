/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * JSONPath as RFC 9535 defines it, with its five functions. Selecting is
 * bounded: a query that visits too many nodes ends with an error.
 */
#ifndef JSONPATH_H
#define JSONPATH_H

#include <stddef.h>

struct arena;
struct json_value;
struct jsonpath;

struct jsonpath_error {
    size_t  offset;                      /* in the query, in bytes */
    char    text[200];                   /* what is wrong, for people */
};

struct jsonpath_nodes {
    const struct json_value  **items;    /* borrowed from the document */
    size_t                     count;
};

/*
 * Reads a query and checks its types. The query lives in the arena, which
 * evaluation also uses to keep compiled patterns: one thread at a time. NULL:
 * error is filled.
 */
struct jsonpath *jsonpath_parse(struct arena *arena, const char *text,
                                size_t len, struct jsonpath_error *error);

/*
 * Selects nodes of a document, in document order for wildcards, filters and
 * descendants. The list lives in the arena. 0, or -1 with error filled.
 */
int jsonpath_eval(struct jsonpath *path, struct arena *arena,
                  const struct json_value *root, struct jsonpath_nodes *nodes,
                  struct jsonpath_error *error);

#endif /* JSONPATH_H */
