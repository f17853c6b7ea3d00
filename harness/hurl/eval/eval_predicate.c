/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Predicates, with Hurl's verdicts: nothing satisfies only `not`, and a wrong
 * type fails with `not`, too.
 */
#include <string.h>

#include "lib/base/arena.h"
#include "harness/hurl/eval/eval_predicate.h"
#include "lib/regex/regexp.h"

/* What comparing came to. */
enum outcome { NO, YES, WRONG_TYPE, BROKEN };

static int
is_number(const struct value *v)
{
    return v->kind == VALUE_INT || v->kind == VALUE_FLOAT;
}


static enum outcome
order(enum script_predicate_kind kind, const struct value *a,
      const struct value *b)
{
    int  o;

    if (value_compare(a, b, &o) != 0) {
        return WRONG_TYPE;
    }

    switch (kind) {
    case SCRIPT_PRED_GREATER:
        return o == 1 ? YES : NO;
    case SCRIPT_PRED_GREATER_EQUAL:
        return o == 1 || o == 0 ? YES : NO;
    case SCRIPT_PRED_LESS:
        return o == -1 ? YES : NO;
    default:
        return o == -1 || o == 0 ? YES : NO;
    }
}


static enum outcome
starts_or_ends(const struct value *a, const struct value *b, int ends)
{
    const char  *at;

    if (a->kind != b->kind
        || (a->kind != VALUE_STRING && a->kind != VALUE_BYTES))
    {
        return WRONG_TYPE;
    }

    if (b->text.len > a->text.len) {
        return NO;
    }

    at = a->text.data + (ends ? a->text.len - b->text.len : 0);

    return b->text.len == 0 || memcmp(at, b->text.data, b->text.len) == 0
           ? YES : NO;
}


static enum outcome
contains(const struct value *a, const struct value *b, int only_lists)
{
    size_t  i;

    if (a->kind == VALUE_LIST) {
        for (i = 0; i < a->count; i++) {
            if (value_equal(&a->items[i], b)) {
                return YES;
            }
        }
        return NO;
    }

    if (only_lists || a->kind != b->kind
        || (a->kind != VALUE_STRING && a->kind != VALUE_BYTES))
    {
        return WRONG_TYPE;
    }

    return b->text.len == 0
           || memmem(a->text.data, a->text.len, b->text.data, b->text.len)
           ? YES : NO;
}


static enum outcome
matches(struct eval *e, const struct script_predicate *p,
        const struct value *a, const struct value *b)
{
    int                   rc;
    struct regex         *regex;
    struct regex_error    error;

    if (a->kind != VALUE_STRING
        || (b->kind != VALUE_STRING && b->kind != VALUE_REGEX))
    {
        return WRONG_TYPE;
    }

    regex = regex_new(e->arena, b->text.data, b->text.len, REGEX_HURL,
                      &error);
    if (regex == NULL) {
        (void) eval_fail(e, &p->span, "Invalid regex", "%s",
                         error.message);
        return BROKEN;
    }

    rc = regex_find(regex, a->text.data, a->text.len, 0, NULL, &error);

    if (rc < 0) {
        (void) eval_fail(e, &p->span, "Invalid regex", "%s",
                         error.message);
        return BROKEN;
    }

    return rc ? YES : NO;
}


/* ---- kinds and forms ---------------------------------------------------- */

static enum outcome
is_empty(const struct value *v)
{
    switch (v->kind) {
    case VALUE_STRING:
    case VALUE_BYTES:
        return v->text.len == 0 ? YES : NO;
    case VALUE_LIST:
    case VALUE_OBJECT:
        return v->count == 0 ? YES : NO;
    default:
        return WRONG_TYPE;
    }
}


static enum outcome
has_form(enum script_predicate_kind kind, const struct value *v)
{
    return v->kind != VALUE_STRING ? WRONG_TYPE
           : eval_has_form(kind, &v->text) ? YES : NO;
}


static enum outcome
compare_values(struct eval *e, const struct script_predicate *p,
      const struct value *a, const struct value *b)
{
    switch (p->kind) {
    case SCRIPT_PRED_EQUAL:
        return value_equal(a, b) ? YES : NO;
    case SCRIPT_PRED_NOT_EQUAL:
        return value_equal(a, b) ? NO : YES;
    case SCRIPT_PRED_GREATER:
    case SCRIPT_PRED_GREATER_EQUAL:
    case SCRIPT_PRED_LESS:
    case SCRIPT_PRED_LESS_EQUAL:
        return order(p->kind, a, b);
    case SCRIPT_PRED_STARTS_WITH:
        return starts_or_ends(a, b, 0);
    case SCRIPT_PRED_ENDS_WITH:
        return starts_or_ends(a, b, 1);
    case SCRIPT_PRED_CONTAINS:
        return contains(a, b, 0);
    case SCRIPT_PRED_INCLUDES:
        return contains(a, b, 1);
    case SCRIPT_PRED_MATCHES:
        return matches(e, p, a, b);
    case SCRIPT_PRED_EXISTS:
        return YES;
    case SCRIPT_PRED_IS_EMPTY:
        return is_empty(a);
    case SCRIPT_PRED_IS_BOOLEAN:
        return a->kind == VALUE_BOOL ? YES : NO;
    case SCRIPT_PRED_IS_INTEGER:
        return a->kind == VALUE_INT ? YES : NO;
    case SCRIPT_PRED_IS_FLOAT:
        return a->kind == VALUE_FLOAT ? YES : NO;
    case SCRIPT_PRED_IS_NUMBER:
        return is_number(a) ? YES : NO;
    case SCRIPT_PRED_IS_STRING:
        return a->kind == VALUE_STRING ? YES : NO;
    case SCRIPT_PRED_IS_COLLECTION:
        return a->kind == VALUE_LIST || a->kind == VALUE_OBJECT
               || a->kind == VALUE_BYTES ? YES : NO;
    case SCRIPT_PRED_IS_DATE:
        return a->kind == VALUE_DATE ? YES : NO;
    case SCRIPT_PRED_IS_LIST:
        return a->kind == VALUE_LIST ? YES : NO;
    case SCRIPT_PRED_IS_OBJECT:
        return a->kind == VALUE_OBJECT ? YES : NO;
    case SCRIPT_PRED_IS_ISO_DATE:
    case SCRIPT_PRED_IS_IPV4:
    case SCRIPT_PRED_IS_IPV6:
    case SCRIPT_PRED_IS_UUID:
        break;
    }

    return has_form(p->kind, a);
}


int
eval_predicate(struct eval *e, const struct script_predicate *p,
               const struct value *actual, struct eval_verdict *verdict)
{
    enum outcome  outcome;
    struct value  b = { .kind = VALUE_NOTHING };

    verdict->actual = verdict->expected = "";

    if (p->has_value && eval_value(e, &p->value, &b) != 0) {
        return -1;
    }

    if (actual->kind == VALUE_NOTHING) {
        outcome = NO;
    } else {
        outcome = compare_values(e, p, actual, &b);
    }

    if (outcome == BROKEN) {
        return -1;
    }

    verdict->passed = outcome != WRONG_TYPE
                      && (outcome == YES) != p->negated;

    if (!verdict->passed) {
        eval_describe(e, p, actual, &b, outcome == WRONG_TYPE, verdict);
        if (verdict->actual == NULL || verdict->expected == NULL) {
            return eval_fail(e, &p->span, "Out of memory",
                             "there is not enough memory");
        }
    }

    return 0;
}


/* Our own servers answer in HTTP/1.1, whatever the other versions would be. */
static int
check_version(struct eval *e, const struct script_query *query,
              const struct script_predicate *p)
{
    size_t                    i;
    struct value              wanted;
    static const char *const  others[] = { "1.0", "2", "3" };

    if (!e->own_server || query->kind != SCRIPT_QUERY_VERSION
        || (p->kind != SCRIPT_PRED_EQUAL && p->kind != SCRIPT_PRED_NOT_EQUAL))
    {
        return 0;
    }

    if (eval_value(e, &p->value, &wanted) != 0) {
        return -1;
    }

    for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        if (wanted.kind == VALUE_STRING
            && wanted.text.len == strlen(others[i])
            && memcmp(wanted.text.data, others[i], wanted.text.len) == 0)
        {
            (void) eval_fail(e, &query->span, "Not applicable", "version: not "
                             "applicable here (all responses are HTTP/1.1); "
                             "run with --on URL to check it");
            return EVAL_NA;
        }
    }

    return 0;
}


int
eval_assert(struct eval *e, const struct script_query *query,
            const struct script_filter *filters,
            const struct script_predicate *predicate,
            struct eval_verdict *verdict)
{
    int           rc;
    struct value  value;

    memset(&value, 0, sizeof(value));
    rc = check_version(e, query, predicate);

    if (rc == 0) {
        rc = eval_query(e, query, &value);
    }
    if (rc == 0) {
        rc = eval_filters(e, filters, &value);
    }

    return rc != 0 ? rc : eval_predicate(e, predicate, &value, verdict);
}
