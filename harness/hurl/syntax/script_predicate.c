/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Predicates: `[not] name value`. Which values a predicate takes is checked
 * here; what they mean is the player's.
 */
#include "harness/hurl/syntax/script_parser.h"

#define COUNT(a)  (sizeof(a) / sizeof((a)[0]))

enum takes { NOTHING, ANY, ORDERED, AFFIX, PATTERN };

static const struct {
    const char                  *name;
    enum script_predicate_kind   kind;
    enum takes                   takes;
} predicates[] = {
    { "startsWith", SCRIPT_PRED_STARTS_WITH, AFFIX },
    { "endsWith", SCRIPT_PRED_ENDS_WITH, AFFIX },
    { "contains", SCRIPT_PRED_CONTAINS, ANY },
    { "includes", SCRIPT_PRED_INCLUDES, ANY },
    { "matches", SCRIPT_PRED_MATCHES, PATTERN },
    { "exists", SCRIPT_PRED_EXISTS, NOTHING },
    { "isEmpty", SCRIPT_PRED_IS_EMPTY, NOTHING },
    { "isBoolean", SCRIPT_PRED_IS_BOOLEAN, NOTHING },
    { "isInteger", SCRIPT_PRED_IS_INTEGER, NOTHING },
    { "isFloat", SCRIPT_PRED_IS_FLOAT, NOTHING },
    { "isNumber", SCRIPT_PRED_IS_NUMBER, NOTHING },
    { "isString", SCRIPT_PRED_IS_STRING, NOTHING },
    { "isCollection", SCRIPT_PRED_IS_COLLECTION, NOTHING },
    { "isDate", SCRIPT_PRED_IS_DATE, NOTHING },
    { "isIsoDate", SCRIPT_PRED_IS_ISO_DATE, NOTHING },
    { "isIpv4", SCRIPT_PRED_IS_IPV4, NOTHING },
    { "isIpv6", SCRIPT_PRED_IS_IPV6, NOTHING },
    { "isUuid", SCRIPT_PRED_IS_UUID, NOTHING },
    { "isList", SCRIPT_PRED_IS_LIST, NOTHING },
    { "isObject", SCRIPT_PRED_IS_OBJECT, NOTHING },
};

/* Longer spellings first. */
static const struct {
    const char                  *name;
    enum script_predicate_kind   kind;
    enum takes                   takes;
} operators[] = {
    { "==", SCRIPT_PRED_EQUAL, ANY },
    { "!=", SCRIPT_PRED_NOT_EQUAL, ANY },
    { ">=", SCRIPT_PRED_GREATER_EQUAL, ORDERED },
    { ">", SCRIPT_PRED_GREATER, ORDERED },
    { "<=", SCRIPT_PRED_LESS_EQUAL, ORDERED },
    { "<", SCRIPT_PRED_LESS, ORDERED },
};


static bool
value_fits(enum takes takes, enum script_value_kind kind)
{
    switch (takes) {

    case ORDERED:
        return kind == SCRIPT_VALUE_INT || kind == SCRIPT_VALUE_FLOAT
               || kind == SCRIPT_VALUE_STRING || kind == SCRIPT_VALUE_EXPR;

    case AFFIX:
        return kind == SCRIPT_VALUE_STRING || kind == SCRIPT_VALUE_HEX
               || kind == SCRIPT_VALUE_BASE64;

    case PATTERN:
        return kind == SCRIPT_VALUE_STRING || kind == SCRIPT_VALUE_REGEX;

    default:
        return true;
    }
}


static const char *
wanted(enum takes takes)
{
    switch (takes) {
    case ORDERED:
        return "a number, a string or a {{variable}}";
    case AFFIX:
        return "a string, hex or base64";
    default:
        return "a string or a /regex/";
    }
}


static enum script_result
predicate_value(struct script_parser *p, enum takes takes,
    struct script_predicate *predicate)
{
    struct script_pos   start;
    enum script_result  rc;

    if (takes == NOTHING) {
        return SCRIPT_OK;
    }

    start = p->cur.pos;
    predicate->has_value = true;
    rc = script_parse_value(p, &predicate->value);

    if (rc == SCRIPT_OK && !value_fits(takes, predicate->value.kind)) {
        return script_fail(p, "Parsing predicate value", start,
                           "invalid predicate value: %s needs %s",
                           predicate->name, wanted(takes));
    }

    return rc;
}


static enum script_result
named_predicate(struct script_parser *p, struct script_predicate *predicate)
{
    struct str            word;
    struct script_cursor  start;

    start = p->cur;
    word = script_word(p, script_is_alnum);

    for (size_t i = 0; i < COUNT(predicates); i++) {
        if (!script_str_is(word, predicates[i].name)) {
            continue;
        }

        predicate->kind = predicates[i].kind;
        predicate->name = predicates[i].name;

        if (predicates[i].takes != NOTHING && !script_skip_blanks(p)) {
            return script_fail(p, "Parsing space", p->cur.pos,
                               "expecting a space");
        }

        return predicate_value(p, predicates[i].takes, predicate);
    }

    p->cur = start;

    return script_fail(p, "Parsing predicate", start.pos,
                       "expecting a predicate");
}


/* There must be one. */
enum script_result
script_parse_predicate(struct script_parser *p,
    struct script_predicate *predicate)
{
    enum script_result    rc;
    struct script_cursor  start;

    start = p->cur;

    if (script_accept(p, "not")) {
        predicate->negated = script_skip_blanks(p);

        if (!predicate->negated) {
            p->cur = start;
        }
    }

    predicate->span.start = p->cur.pos;

    for (size_t i = 0; i < COUNT(operators); i++) {
        if (script_accept(p, operators[i].name)) {
            predicate->kind = operators[i].kind;
            predicate->name = operators[i].name;
            (void) script_skip_blanks(p);
            rc = predicate_value(p, operators[i].takes, predicate);
            predicate->span.end = p->cur.pos;
            return rc;
        }
    }

    rc = named_predicate(p, predicate);
    predicate->span.end = p->cur.pos;

    return rc;
}
