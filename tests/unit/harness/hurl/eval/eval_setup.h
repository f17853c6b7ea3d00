/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A script, an answer and variables without any host: what the tests of the
 * evaluators stand on. Everything lives until the test ends.
 */
#ifndef TEST_EVAL_SETUP_H
#define TEST_EVAL_SETUP_H

#include "tests/unit/unit.h"

#include "lib/base/arena.h"
#include "harness/hurl/eval/eval.h"
#include "harness/hurl/syntax/script.h"

struct eval_rig {
    struct arena       *arena;
    struct eval         e;
    struct http_answer  answer;
    struct http_header  headers[64];
    char               *memory;              /* of the body */
};

extern struct eval_rig  rig;

int eval_setup(void **state);
int eval_teardown(void **state);

#define eval_test(name)                                                       \
    cmocka_unit_test_setup_teardown(name, eval_setup, eval_teardown)

/* The answer that queries see; no NUL follows the body. */
void eval_set_body(const void *body, size_t len);
void eval_add_header(const char *name, const char *value);

/* A variable from text, as on the command line, or a value as it is. */
void eval_set_text(const char *name, const char *text);
void eval_set(const char *name, const struct value *value);

/* The script; fails the test when it is refused. */
const struct script *eval_parse(const char *text);

/*
 * What becomes of one line of [Asserts]: "pass", "fail: ACTUAL / EXPECTED",
 * "error COLUMN: TITLE: MESSAGE" or "na: MESSAGE".
 */
const char *eval_line(const char *line);

/* Fails, showing all, unless the result begins with what is expected. */
void eval_expect_line(const char *line, const char *expected);

struct eval_row {
    const char  *line, *expected;
};

void eval_expect_rows(const struct eval_row *rows, size_t count);

#endif /* TEST_EVAL_SETUP_H */
