/* SPDX-License-Identifier: BSD-2-Clause */
/* How a predicate that did not pass is described. */
#include "lib/base/arena.h"
#include "harness/hurl/eval/eval_predicate.h"


/* What was expected, without the value behind it. */
static const char *
wanted(const struct script_predicate *p, int wrong_type)
{
    switch (p->kind) {
    case SCRIPT_PRED_EQUAL:
        return "";
    case SCRIPT_PRED_NOT_EQUAL:
        return "not equal to ";
    case SCRIPT_PRED_GREATER:
        return "greater than ";
    case SCRIPT_PRED_GREATER_EQUAL:
        return "greater than or equal to ";
    case SCRIPT_PRED_LESS:
        return "less than ";
    case SCRIPT_PRED_LESS_EQUAL:
        return "less than or equal to ";
    case SCRIPT_PRED_STARTS_WITH:
        return "starts with ";
    case SCRIPT_PRED_ENDS_WITH:
        return "ends with ";
    case SCRIPT_PRED_CONTAINS:
        return "contains ";
    case SCRIPT_PRED_INCLUDES:
        return "includes ";
    case SCRIPT_PRED_MATCHES:
        return "matches ";
    case SCRIPT_PRED_EXISTS:
        return "something";
    case SCRIPT_PRED_IS_EMPTY:
        return wrong_type ? "string, bytes, list or object"
                                     : "empty";
    default:
        return NULL;
    }
}


/* The same for the predicates that check a kind or a form. */
static const char *
wanted_kind(enum script_predicate_kind kind, int wrong_type)
{
    switch (kind) {
    case SCRIPT_PRED_IS_BOOLEAN:
        return "boolean";
    case SCRIPT_PRED_IS_INTEGER:
        return "integer";
    case SCRIPT_PRED_IS_FLOAT:
        return "float";
    case SCRIPT_PRED_IS_NUMBER:
        return "number";
    case SCRIPT_PRED_IS_COLLECTION:
        return "collection";
    case SCRIPT_PRED_IS_DATE:
        return "date";
    case SCRIPT_PRED_IS_LIST:
        return "list";
    case SCRIPT_PRED_IS_OBJECT:
        return "object";
    case SCRIPT_PRED_IS_STRING:
        return "string";
    default:
        break;
    }

    return wrong_type ? "string"
           : kind == SCRIPT_PRED_IS_IPV4 ? "string in IPv4 format"
           : kind == SCRIPT_PRED_IS_IPV6 ? "string in IPv6 format"
           : kind == SCRIPT_PRED_IS_UUID ? "string in UUID format"
           : "string with format YYYY-MM-DDTHH:mm:ss.sssZ";
}


/* Moves a text into the arena. */
static const char *
to_arena(struct eval *e, struct strbuf *text)
{
    const char  *copy = text->failed ? NULL
                        : arena_memdup(e->arena, text->data, text->len);

    strbuf_free(text);

    return copy;
}


void
eval_describe(struct eval *e, const struct script_predicate *p,
              const struct value *actual, const struct value *b,
              int wrong_type, struct eval_verdict *verdict)
{
    const char     *text = wanted(p, wrong_type);
    struct strbuf   shown = { 0 };

    value_add_shown(&shown, actual);
    verdict->actual = to_arena(e, &shown);

    strbuf_addstr(&shown, p->negated ? "not " : "");
    strbuf_addstr(&shown, text != NULL ? text : wanted_kind(p->kind,
                                                      wrong_type));

    if (p->kind == SCRIPT_PRED_MATCHES && b->kind == VALUE_STRING) {
        strbuf_addstr(&shown, "regex <");
        strbuf_add(&shown, b->text.data, b->text.len);
        strbuf_addch(&shown, '>');

    } else if (p->has_value) {
        value_add_shown(&shown, b);
    }

    if (wrong_type) {
        strbuf_addstr(&shown, "\n>>> types between actual and expected are "
                              "not consistent");
    }

    verdict->expected = to_arena(e, &shown);
}
