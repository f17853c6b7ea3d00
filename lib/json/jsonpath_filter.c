/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Filter expressions and function calls, with the checks of types that RFC
 * 9535 asks for before anything is evaluated.
 */
#include <string.h>

#include "lib/json/json_scan.h"
#include "lib/json/jsonpath_tree.h"

static const struct {
    const char          *name;
    enum function_type   gives, takes;
    unsigned             args;
} functions[] = {
    [FN_LENGTH] = { "length", TYPE_VALUE, TYPE_VALUE, 1 },
    [FN_COUNT] = { "count", TYPE_VALUE, TYPE_NODES, 1 },
    [FN_MATCH] = { "match", TYPE_LOGICAL, TYPE_VALUE, 2 },
    [FN_SEARCH] = { "search", TYPE_LOGICAL, TYPE_VALUE, 2 },
    [FN_VALUE] = { "value", TYPE_VALUE, TYPE_NODES, 1 }
};

static int parse_operand(struct path_parser *p, struct operand *operand);
static struct expr *parse_or(struct path_parser *p);


static int
looking_at(struct path_parser *p, const char *text)
{
    size_t  len = strlen(text);

    return (size_t) (p->end - p->pos) >= len
           && memcmp(p->pos, text, len) == 0;
}


static int
check_argument(struct path_parser *p, struct call *call, struct operand *arg)
{
    const char  *name = functions[call->function].name;
    const char  *at = p->text + arg->offset;

    if (functions[call->function].takes == TYPE_NODES) {
        return arg->kind == OPERAND_QUERY ? 0
               : jsonpath_fail(p, at, "%s() takes a query, such as @.*",
                               name);
    }
    if (arg->kind == OPERAND_QUERY && !arg->query.singular) {
        return jsonpath_fail(p, at, "%s() takes one value, but this query can "
                             "select several nodes; use value() or names and "
                             "indexes alone", name);
    }
    if (arg->kind == OPERAND_FUNCTION && arg->call->gives != TYPE_VALUE) {
        return jsonpath_fail(p, at, "%s() takes a value, but this function "
                             "gives true or false", name);
    }

    return 0;
}


static int
parse_arguments(struct path_parser *p, struct call *call)
{
    unsigned         i, count = functions[call->function].args;
    struct operand  *arg;

    for (i = 0; i < count; i++) {
        jsonpath_skip_blank(p);
        arg = &call->args[i];
        if (parse_operand(p, arg) != 0
            || check_argument(p, call, arg) != 0)
        {
            return -1;
        }
        jsonpath_skip_blank(p);
        if (!jsonpath_at(p, i + 1 < count ? ',' : ')')) {
            return jsonpath_fail(p, p->pos, "%s() takes %u argument%s",
                                 functions[call->function].name, count,
                                 count == 1 ? "" : "s");
        }
        p->pos++;
    }

    return 0;
}


/* The length of a function's name in front of '(', or 0. */
static size_t
function_name(struct path_parser *p)
{
    const char  *s = p->pos;

    if (s == p->end || *s < 'a' || *s > 'z') {
        return 0;
    }
    while (s < p->end && ((*s >= 'a' && *s <= 'z') || *s == '_'
                          || (*s >= '0' && *s <= '9')))
    {
        s++;
    }

    return s < p->end && *s == '(' ? (size_t) (s - p->pos) : 0;
}


static int
parse_call(struct path_parser *p, size_t len, struct operand *operand)
{
    int           rc;
    size_t        i;
    struct call  *call;

    for (i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
        if (strlen(functions[i].name) == len
            && memcmp(functions[i].name, p->pos, len) == 0)
        {
            break;
        }
    }
    if (i == sizeof(functions) / sizeof(functions[0])) {
        return jsonpath_fail(p, p->pos, "there is no function %.*s(); there "
                             "are length count match search value",
                             len > 40 ? 40 : (int) len, p->pos);
    }
    if (++p->depth > JSONPATH_DEPTH_MAX) {
        return jsonpath_fail(p, p->pos, "the filter is nested more than %d "
                             "deep", JSONPATH_DEPTH_MAX);
    }

    call = arena_alloc(p->arena, sizeof(*call));
    if (call == NULL) {
        return jsonpath_no_memory(p);
    }
    call->function = (enum function) i;
    call->gives = functions[i].gives;
    operand->kind = OPERAND_FUNCTION;
    operand->call = call;
    p->pos += len + 1;
    rc = parse_arguments(p, call);
    p->depth--;

    return rc;
}


static int
parse_scalar(struct path_parser *p, struct json_value *value)
{
    struct json_scan  s = { .arena = p->arena, .pos = p->pos, .end = p->end };

    if (json_scan_scalar(&s, value) == 0) {
        p->pos = s.pos;
        return 0;
    }
    if (s.fault == JSON_FAULT_MEMORY) {
        return jsonpath_no_memory(p);
    }

    return jsonpath_fail(p, p->pos, s.fault == JSON_FAULT_VALUE
                         ? "expected a query (@ or $), a function or a "
                         "literal"
                         : "this is not a number as JSON writes it");
}


static int
parse_operand(struct path_parser *p, struct operand *operand)
{
    size_t  len;

    operand->offset = (size_t) (p->pos - p->text);
    if (jsonpath_at(p, '@') || jsonpath_at(p, '$')) {
        operand->kind = OPERAND_QUERY;
        return jsonpath_parse_query(p, &operand->query);
    }
    len = function_name(p);
    if (len > 0) {
        return parse_call(p, len, operand);
    }

    operand->kind = OPERAND_LITERAL;
    if (jsonpath_at(p, '"') || jsonpath_at(p, '\'')) {
        operand->literal.type = JSON_STRING;
        return jsonpath_parse_string(p, &operand->literal.u.text);
    }

    return parse_scalar(p, &operand->literal);
}


/* Takes an operator; 0 when there is none. */
static int
parse_comparison(struct path_parser *p, enum comparison *comparison)
{
    size_t  i;

    static const char *const  operators[] = {
        [CMP_EQ] = "==", [CMP_NE] = "!=", [CMP_LE] = "<=", [CMP_GE] = ">=",
        [CMP_LT] = "<", [CMP_GT] = ">"
    };
    static const enum comparison  order[] = {
        CMP_EQ, CMP_NE, CMP_LE, CMP_GE, CMP_LT, CMP_GT
    };

    for (i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
        if (looking_at(p, operators[order[i]])) {
            *comparison = order[i];
            p->pos += strlen(operators[order[i]]);
            return 1;
        }
    }

    return 0;
}


static int
check_comparable(struct path_parser *p, const struct operand *operand)
{
    const char  *at = p->text + operand->offset;

    if (operand->kind == OPERAND_QUERY && !operand->query.singular) {
        return jsonpath_fail(p, at, "only a query that selects one node can "
                             "be compared; use names and indexes alone, or "
                             "value()");
    }
    if (operand->kind == OPERAND_FUNCTION
        && operand->call->gives != TYPE_VALUE)
    {
        return jsonpath_fail(p, at, "the result of this function is true or "
                             "false already and cannot be compared");
    }

    return 0;
}


static int
check_test(struct path_parser *p, const struct operand *operand)
{
    const char  *at = p->text + operand->offset;

    if (operand->kind == OPERAND_LITERAL) {
        return jsonpath_fail(p, at, "a literal must be compared with "
                             "something");
    }
    if (operand->kind == OPERAND_FUNCTION
        && operand->call->gives == TYPE_VALUE)
    {
        return jsonpath_fail(p, at, "the result of this function must be "
                             "compared with something");
    }

    return 0;
}


static struct expr *
new_expr(struct path_parser *p, enum expr_kind kind, struct expr *left,
         struct expr *right)
{
    struct expr  *expr;

    expr = arena_alloc(p->arena, sizeof(*expr));
    if (expr == NULL) {
        (void) jsonpath_no_memory(p);
        return NULL;
    }
    expr->kind = kind;
    expr->left = left;
    expr->right = right;

    return expr;
}


/* A comparison or a test; negated ones are always tests. */
static struct expr *
parse_test(struct path_parser *p, int negated)
{
    const char   *after;
    struct expr  *expr;

    expr = new_expr(p, EXPR_TEST, NULL, NULL);
    if (expr == NULL || parse_operand(p, &expr->a) != 0) {
        return NULL;
    }
    after = p->pos;
    jsonpath_skip_blank(p);
    if (negated || !parse_comparison(p, &expr->comparison)) {
        p->pos = after;
        return check_test(p, &expr->a) == 0 ? expr : NULL;
    }

    expr->kind = EXPR_COMPARE;
    jsonpath_skip_blank(p);
    if (parse_operand(p, &expr->b) != 0 || check_comparable(p, &expr->a) != 0
        || check_comparable(p, &expr->b) != 0)
    {
        return NULL;
    }

    return expr;
}


static struct expr *
parse_basic(struct path_parser *p)
{
    int           negated = jsonpath_at(p, '!');
    struct expr  *expr;

    if (negated) {
        p->pos++;
        jsonpath_skip_blank(p);
    }
    if (jsonpath_at(p, '(')) {
        p->pos++;
        expr = parse_or(p);
        if (expr != NULL && !jsonpath_at(p, ')')) {
            (void) jsonpath_fail(p, p->pos, "a ')' is missing");
            return NULL;
        }
        p->pos++;
    } else {
        expr = parse_test(p, negated);
    }

    return expr != NULL && negated ? new_expr(p, EXPR_NOT, expr, NULL) : expr;
}


/*
 * Blanks around an expression are taken, too. Chains grow to the right, where
 * evaluation walks instead of recursing.
 */
static struct expr *
parse_and(struct path_parser *p)
{
    struct expr  *first, **last = &first, *right;

    jsonpath_skip_blank(p);
    first = parse_basic(p);
    while (first != NULL) {
        jsonpath_skip_blank(p);
        if (!looking_at(p, "&&")) {
            break;
        }
        p->pos += 2;
        jsonpath_skip_blank(p);
        right = parse_basic(p);
        *last = right != NULL ? new_expr(p, EXPR_AND, *last, right) : NULL;
        if (*last == NULL) {
            return NULL;
        }
        last = &(*last)->right;
    }

    return first;
}


static struct expr *
parse_or(struct path_parser *p)
{
    struct expr  *first, **last = &first, *right;

    if (++p->depth > JSONPATH_DEPTH_MAX) {
        (void) jsonpath_fail(p, p->pos, "the filter is nested more than %d "
                             "deep", JSONPATH_DEPTH_MAX);
        return NULL;
    }
    first = parse_and(p);
    while (first != NULL && looking_at(p, "||")) {
        p->pos += 2;
        right = parse_and(p);
        *last = right != NULL ? new_expr(p, EXPR_OR, *last, right) : NULL;
        if (*last == NULL) {
            return NULL;
        }
        last = &(*last)->right;
    }
    p->depth--;

    return first;
}


struct expr *
jsonpath_parse_filter(struct path_parser *p)
{
    return parse_or(p);
}
