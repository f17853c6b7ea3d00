/* SPDX-License-Identifier: BSD-2-Clause */
/* See the header. */
#include "tests/unit/harness/hurl/eval/eval_setup.h"

#include <stdlib.h>
#include <string.h>

#define BEFORE  "GET http://h\nHTTP 200\n[Asserts]\n"

struct eval_rig  rig;


int
eval_setup(void **state)
{
    (void) state;
    memset(&rig, 0, sizeof(rig));

    rig.arena = arena_new();
    rig.e.arena = rig.arena;
    rig.e.vars = vars_new();
    rig.e.answer = &rig.answer;
    rig.e.url = "http://localhost/path";
    rig.e.file_root = ".";
    rig.e.own_server = rig.e.in_process = 1;
    rig.answer.status = 200;
    rig.answer.version = "1.1";
    rig.answer.headers = rig.headers;
    rig.answer.duration_us = 2500;

    return rig.arena == NULL || rig.e.vars == NULL;
}


int
eval_teardown(void **state)
{
    (void) state;
    free(rig.memory);
    vars_free(&rig.e.vars);
    arena_free(&rig.arena);

    return 0;
}


void
eval_set_body(const void *body, size_t len)
{
    free(rig.memory);
    rig.memory = malloc(len + 1);
    assert_non_null(rig.memory);

    /* right at the end of its memory, with a digit behind it */
    memcpy(rig.memory, body, len);
    rig.memory[len] = '9';
    rig.answer.body.data = rig.memory;
    rig.answer.body.len = len;
    rig.e.body = NULL;
    rig.e.json = NULL;
}


static struct str
text_of(const char *text)
{
    struct str  s;

    s.data = arena_strdup(rig.arena, text);
    s.len = strlen(text);
    assert_non_null(s.data);

    return s;
}


void
eval_add_header(const char *name, const char *value)
{
    struct http_header  *h = &rig.headers[rig.answer.header_count++];

    assert_true(rig.answer.header_count <= COUNT(rig.headers));
    h->name = text_of(name);
    h->value = text_of(value);
}


void
eval_set(const char *name, const struct value *value)
{
    assert_int_equal(vars_set(rig.e.vars, name, strlen(name), value), 0);
}


void
eval_set_text(const char *name, const char *text)
{
    struct value  value;

    assert_int_equal(value_from_text(rig.arena, text, &value), 0);
    eval_set(name, &value);
}


const struct script *
eval_parse(const char *text)
{
    struct script_error   error;
    const struct script  *script;

    script = script_parse(rig.arena, "t.hurl", text, strlen(text), &error);
    if (script == NULL) {
        fail_msg("%s%u:%u: %s", text, error.pos.line, error.pos.column,
                 error.message);
    }

    return script;
}


const char *
eval_line(const char *line)
{
    struct eval_verdict          verdict;
    const struct script         *script;
    const struct script_assert  *assert;

    script = eval_parse(arena_printf(rig.arena, BEFORE "%s\n", line));
    assert = script->entries->response->sections->asserts;

    switch (eval_assert(&rig.e, &assert->query, assert->filters,
                        &assert->predicate, &verdict))
    {
    case 0:
        return verdict.passed ? "pass"
               : arena_printf(rig.arena, "fail: %s / %s", verdict.actual,
                              verdict.expected);
    case EVAL_NA:
        return arena_printf(rig.arena, "na: %s", rig.e.message);
    default:
        return arena_printf(rig.arena, "error %u: %s: %s",
                            rig.e.where.start.column, rig.e.title,
                            rig.e.message);
    }
}


void
eval_expect_line(const char *line, const char *expected)
{
    const char  *result = eval_line(line);

    if (strncmp(result, expected, strlen(expected)) != 0) {
        fail_msg("%s\n  is       %s\n  expected %s", line, result, expected);
    }
}


void
eval_expect_rows(const struct eval_row *rows, size_t count)
{
    size_t  i;

    for (i = 0; i < count; i++) {
        eval_expect_line(rows[i].line, rows[i].expected);
    }
}
