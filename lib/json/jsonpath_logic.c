/* SPDX-License-Identifier: BSD-2-Clause */
/* What a filter says of one node: logic, comparisons, function calls. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/encode.h"
#include "lib/json/jsonpath_tree.h"

/* An operand's value; "Nothing" is a NULL. */
struct result {
    const struct json_value  *value;
    struct json_value         own;       /* where a number of ours is kept */
    char                      digits[24];
};

static int get_value(struct path_run *run, const struct operand *operand,
                     const struct json_value *current, struct result *result);


static void
set_count(struct result *result, size_t count)
{
    int  len;

    len = snprintf(result->digits, sizeof(result->digits), "%zu", count);
    result->own.type = JSON_INT;
    result->own.u.text.data = result->digits;
    result->own.u.text.len = (size_t) len;
    result->value = &result->own;
}


static int
get_length(struct path_run *run, const struct call *call,
           const struct json_value *current, struct result *result)
{
    const struct json_value  *value;

    if (get_value(run, &call->args[0], current, result) != 0) {
        return -1;
    }
    value = result->value;
    result->value = NULL;
    if (value == NULL) {
        return 0;
    }

    if (value->type == JSON_STRING) {
        set_count(result, utf8_count(value->u.text.data, value->u.text.len));
        return jsonpath_spend(run, value->u.text.len / 64);
    }
    if (value->type == JSON_ARRAY) {
        set_count(result, value->u.array.count);
    } else if (value->type == JSON_OBJECT) {
        set_count(result, value->u.object.count);
    }

    return 0;
}


/* count() and value() */
static int
get_of_nodes(struct path_run *run, const struct call *call,
             const struct json_value *current, struct result *result)
{
    int               rc;
    struct node_list  nodes = { 0 };

    rc = jsonpath_select(run, &call->args[0].query, current, &nodes);
    if (rc == 0 && call->function == FN_COUNT) {
        set_count(result, nodes.count);
    } else if (rc == 0 && nodes.count == 1) {
        result->value = nodes.items[0];
    }
    free(nodes.items);

    return rc;
}


static int
get_value(struct path_run *run, const struct operand *operand,
          const struct json_value *current, struct result *result)
{
    result->value = NULL;
    switch (operand->kind) {
    case OPERAND_LITERAL:
        result->value = &operand->literal;
        return 0;
    case OPERAND_QUERY:
        return jsonpath_single(run, &operand->query, current, &result->value);
    default:
        return operand->call->function == FN_LENGTH
               ? get_length(run, operand->call, current, result)
               : get_of_nodes(run, operand->call, current, result);
    }
}


/* Has the call the regex of this pattern? One that is none gives NULL. */
static int
compile_pattern(struct path_run *run, struct call *call,
                const struct str *pattern)
{
    struct regex_error  error;

    if (call->compiled && call->pattern.len == pattern->len
        && memcmp(call->pattern.data, pattern->data, pattern->len) == 0)
    {
        return 0;
    }
    if (jsonpath_spend(run, 1000 + pattern->len) != 0) {
        return -1;
    }

    call->pattern.data = arena_memdup(run->path->arena, pattern->data,
                                      pattern->len);
    if (call->pattern.data == NULL) {
        (void) snprintf(run->error->text, sizeof(run->error->text),
                        "out of memory");
        return -1;
    }
    call->pattern.len = pattern->len;
    call->regex = regex_new(run->path->arena, pattern->data, pattern->len,
                            REGEX_I, &error);
    call->compiled = 1;

    return 0;
}


/* match() and search(): what is no string or no pattern does not match. */
static int
test_pattern(struct path_run *run, struct call *call,
             const struct json_value *current)
{
    int                 rc;
    struct result       text, pattern;
    struct regex_error  error;
    const struct str   *subject;

    if (get_value(run, &call->args[0], current, &text) != 0
        || get_value(run, &call->args[1], current, &pattern) != 0)
    {
        return -1;
    }
    if (text.value == NULL || text.value->type != JSON_STRING
        || pattern.value == NULL || pattern.value->type != JSON_STRING)
    {
        return 0;
    }
    if (compile_pattern(run, call, &pattern.value->u.text) != 0) {
        return -1;
    }
    if (call->regex == NULL) {
        return 0;
    }

    subject = &text.value->u.text;
    if (jsonpath_spend(run, 10 + subject->len / 16) != 0) {
        return -1;
    }
    rc = call->function == FN_MATCH
         ? regex_match_all(call->regex, subject->data, subject->len, &error)
         : regex_find(call->regex, subject->data, subject->len, 0, NULL,
                      &error);
    if (rc < 0) {
        (void) snprintf(run->error->text, sizeof(run->error->text), "%s",
                        error.message);
    }

    return rc;
}


static int
compare_text(const struct str *a, const struct str *b)
{
    int     rc;
    size_t  shorter = a->len < b->len ? a->len : b->len;

    rc = memcmp(a->data, b->data, shorter);
    if (rc == 0 && a->len != b->len) {
        rc = a->len < b->len ? -1 : 1;
    }

    return rc;
}


static int
is_equal(struct path_run *run, const struct json_value *a,
         const struct json_value *b)
{
    int  rc;

    if (a == NULL || b == NULL) {
        return a == b;
    }
    rc = json_equal(a, b, &run->steps);

    return rc >= 0 ? rc : jsonpath_spend(run, 1);
}


/* Only two numbers or two strings have an order. */
static int
is_less(const struct json_value *a, const struct json_value *b)
{
    if (a == NULL || b == NULL) {
        return 0;
    }
    if (json_is_number(a) && json_is_number(b)) {
        return json_compare_numbers(a, b) < 0;
    }

    return a->type == JSON_STRING && b->type == JSON_STRING
           && compare_text(&a->u.text, &b->u.text) < 0;
}


static int
test_comparison(struct path_run *run, const struct expr *expr,
                const struct json_value *current)
{
    int                       rc;
    struct result             left, right;
    const struct json_value  *a, *b;

    if (get_value(run, &expr->a, current, &left) != 0
        || get_value(run, &expr->b, current, &right) != 0)
    {
        return -1;
    }
    a = left.value;
    b = right.value;

    switch (expr->comparison) {
    case CMP_EQ:
        return is_equal(run, a, b);
    case CMP_NE:
        rc = is_equal(run, a, b);
        return rc < 0 ? -1 : !rc;
    case CMP_LT:
        return is_less(a, b);
    case CMP_GT:
        return is_less(b, a);
    case CMP_LE:
        return is_less(a, b) ? 1 : is_equal(run, a, b);
    default:
        return is_less(b, a) ? 1 : is_equal(run, a, b);
    }
}


/* A query holds when it selects something. */
static int
test_operand(struct path_run *run, const struct operand *operand,
             const struct json_value *current)
{
    int                       rc;
    struct node_list          nodes = { 0 };
    const struct json_value  *node;

    if (operand->kind == OPERAND_FUNCTION) {
        return test_pattern(run, operand->call, current);
    }
    if (operand->query.singular) {
        rc = jsonpath_single(run, &operand->query, current, &node);
        return rc != 0 ? -1 : node != NULL;
    }

    rc = jsonpath_select(run, &operand->query, current, &nodes);
    if (rc == 0) {
        rc = nodes.count > 0;
    }
    free(nodes.items);

    return rc;
}


int
jsonpath_test(struct path_run *run, const struct expr *expr,
              const struct json_value *current)
{
    int  rc;

    while (expr->kind == EXPR_AND || expr->kind == EXPR_OR) {
        rc = jsonpath_test(run, expr->left, current);
        if (rc < 0 || rc == (expr->kind == EXPR_OR)) {
            return rc;
        }
        expr = expr->right;
    }

    switch (expr->kind) {
    case EXPR_NOT:
        rc = jsonpath_test(run, expr->left, current);
        return rc < 0 ? -1 : !rc;
    case EXPR_COMPARE:
        return test_comparison(run, expr, current);
    default:
        return test_operand(run, &expr->a, current);
    }
}
