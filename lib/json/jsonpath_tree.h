/* SPDX-License-Identifier: BSD-2-Clause */
/* A query as a tree; only the files that parse and evaluate it see this. */
#ifndef JSONPATH_TREE_H
#define JSONPATH_TREE_H

#include <stdint.h>

#include "lib/base/arena.h"
#include "lib/json/json.h"
#include "lib/json/jsonpath.h"
#include "lib/regex/regexp.h"

#define JSONPATH_DEPTH_MAX  100
#define JSONPATH_STEPS_MAX  5000000

enum selector_kind {
    SELECT_NAME,
    SELECT_WILDCARD,
    SELECT_INDEX,
    SELECT_SLICE,
    SELECT_FILTER
};

struct selector {
    enum selector_kind  kind;
    unsigned            has_start:1;
    unsigned            has_end:1;
    int64_t             start, end, step;    /* start is an index, too */
    struct str          name;
    struct expr        *filter;
    struct selector    *next;
};

struct segment {
    unsigned          descendant:1;
    struct selector  *selectors;
    struct segment   *next;
};

struct query {
    unsigned         relative:1;         /* begins with '@' */
    unsigned         singular:1;         /* gives one node at most */
    struct segment  *segments;
};

enum function { FN_LENGTH, FN_COUNT, FN_MATCH, FN_SEARCH, FN_VALUE };

enum function_type { TYPE_VALUE, TYPE_NODES, TYPE_LOGICAL };

/* What a comparison or a function gets. */
enum operand_kind { OPERAND_LITERAL, OPERAND_QUERY, OPERAND_FUNCTION };

struct operand {
    enum operand_kind    kind;
    size_t               offset;         /* in the text of the query */
    struct json_value    literal;
    struct query         query;
    struct call         *call;
};

struct call {
    enum function        function;
    enum function_type   gives;
    struct operand       args[2];

    /* the last pattern that was compiled; NULL regex: it is none */
    struct str     pattern;
    struct regex  *regex;
    unsigned       compiled:1;
};

enum comparison { CMP_EQ, CMP_NE, CMP_LT, CMP_LE, CMP_GT, CMP_GE };

enum expr_kind { EXPR_OR, EXPR_AND, EXPR_NOT, EXPR_COMPARE, EXPR_TEST };

struct expr {
    enum expr_kind    kind;
    enum comparison   comparison;
    struct expr      *left, *right;
    struct operand    a, b;              /* a alone for EXPR_TEST */
};

struct jsonpath {
    struct arena  *arena;
    struct query   query;
};

struct path_parser {
    struct arena           *arena;
    const char             *text, *pos, *end;
    struct jsonpath_error  *error;
    unsigned                depth;
};

int jsonpath_fail(struct path_parser *p, const char *at, const char *format,
                  ...) __attribute__((format(printf, 3, 4)));
int jsonpath_no_memory(struct path_parser *p);
void jsonpath_skip_blank(struct path_parser *p);
int jsonpath_at(struct path_parser *p, char c);

/* A query from '$' or '@' on; pos ends behind its last segment. */
int jsonpath_parse_query(struct path_parser *p, struct query *query);

/* A string in either quotes. */
int jsonpath_parse_string(struct path_parser *p, struct str *text);

/* The expression after '?'. */
struct expr *jsonpath_parse_filter(struct path_parser *p);

struct path_run {
    struct jsonpath          *path;
    const struct json_value  *root;
    struct jsonpath_error    *error;
    size_t                    steps;     /* that are left */
};

struct node_list {
    const struct json_value  **items;    /* malloc */
    size_t                     count, room;
};

/* Takes steps from the budget; -1 when it is used up. */
int jsonpath_spend(struct path_run *run, size_t steps);

/* Adds the nodes that a query selects. */
int jsonpath_select(struct path_run *run, const struct query *query,
                    const struct json_value *current, struct node_list *nodes);

/* The only node of a singular query, NULL: none. 0 or -1. */
int jsonpath_single(struct path_run *run, const struct query *query,
                    const struct json_value *current,
                    const struct json_value **node);

/* 1 or 0; -1: error is filled. */
int jsonpath_test(struct path_run *run, const struct expr *expr,
                  const struct json_value *current);

#endif /* JSONPATH_TREE_H */
