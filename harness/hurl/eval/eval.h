/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Evaluating the parts of a script: templates, values, queries, filters and
 * predicates, with Hurl's verdicts. Everything lives in the arena of the entry.
 */
#ifndef EVAL_H
#define EVAL_H

#include "lib/http/answer.h"
#include "harness/hurl/syntax/script.h"
#include "harness/hurl/eval/value.h"
#include "harness/hurl/eval/vars.h"

/* Is the file or folder, which must exist, in a folder, also through links? */
int eval_is_below(const char *root, const char *path);

struct eval {
    struct arena              *arena;
    struct vars               *vars;
    const char                *file_root;    /* for file,NAME; */

    /* the answer that queries look at; NULL while a request is made */
    const struct http_answer  *answer;
    const char                *url;          /* the last one fetched */
    unsigned                   own_server:1; /* ours: no TLS, no address */
    unsigned                   in_process:1; /* the mock */

    /* decoded once for all queries of an answer */
    const struct value        *body;
    const struct json_value   *json;

    /* why a function returned -1 (an error), or 1 (not applicable) */
    struct script_span         where;
    const char                *title;
    char                       message[2048];
};

#define EVAL_NA  1

/* Fills where, title and message; returns -1. */
int eval_fail(struct eval *e, const struct script_span *where,
              const char *title, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The same when memory ran out. */
int eval_no_memory(struct eval *e, const struct script_span *where);

/* 0, or -1. The text is NUL-terminated. */
int eval_template(struct eval *e, const struct script_template *template,
                  struct str *text);

/* The same for the body of a request in JSON: strings are escaped. */
int eval_json_template(struct eval *e, const struct script_template *template,
                       struct str *text);

int eval_expr(struct eval *e, const struct script_expr *expr,
              struct value *value);

/* Right sides of predicates, arguments, option values. */
int eval_value(struct eval *e, const struct script_value *from,
               struct value *value);

/* A placeholder whose value is not of the kind that its place wants: -1. */
int eval_expect(struct eval *e, const struct script_value *from,
                const char *wanted, const struct value *actual);

/* A file named in the script, below the file root. */
int eval_file(struct eval *e, const struct script_span *where,
              const char *name, struct str *bytes);

/* The bytes of a body; what a request sends or a response must equal. */
int eval_body(struct eval *e, const struct script_body *body,
              struct str *bytes);

/* 0, -1, or EVAL_NA with a message: this host cannot check it. */
int eval_query(struct eval *e, const struct script_query *query,
               struct value *value);

int eval_filters(struct eval *e, const struct script_filter *filters,
                 struct value *value);

/* The decoded text of the response, or its parsed JSON. 0, or -1. */
int eval_body_text(struct eval *e, const struct script_span *where,
                   struct value *text);
/* Bytes of a charset as text; a failure has this title. 0, or -1. */
int eval_decode(struct eval *e, const struct script_span *where,
                const char *title, const char *charset, const char *bytes,
                size_t len, struct value *text);

int eval_jsonpath(struct eval *e, const struct script_span *where,
                  const struct json_value *root, const char *path,
                  struct value *value);

/* What became of a predicate; the texts are shown when it did not pass. */
struct eval_verdict {
    bool         passed;
    const char  *actual, *expected;
};

/* 0, or -1: the right side could not be evaluated. */
int eval_predicate(struct eval *e, const struct script_predicate *predicate,
                   const struct value *actual, struct eval_verdict *verdict);

/* query filter* predicate: 0, -1 or EVAL_NA. */
int eval_assert(struct eval *e, const struct script_query *query,
                const struct script_filter *filters,
                const struct script_predicate *predicate,
                struct eval_verdict *verdict);

#endif /* EVAL_H */
