/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Filters: the chain between a query and its predicate, also inside {{ }}.
 */
#include "harness/hurl/syntax/script_parser.h"

#define COUNT(a)  (sizeof(a) / sizeof((a)[0]))

enum argument { NO_ARGUMENT, STRING, REGEX, STRINGS, REGEX_STRING, INDEX };

static const struct {
    const char               *name;
    enum script_filter_kind   kind;
    enum argument             argument;
} filters[] = {
    { "base64Decode", SCRIPT_FILTER_BASE64_DECODE, NO_ARGUMENT },
    { "base64Encode", SCRIPT_FILTER_BASE64_ENCODE, NO_ARGUMENT },
    { "base64UrlSafeDecode", SCRIPT_FILTER_BASE64_URL_SAFE_DECODE,
      NO_ARGUMENT },
    { "base64UrlSafeEncode", SCRIPT_FILTER_BASE64_URL_SAFE_ENCODE,
      NO_ARGUMENT },
    { "charsetDecode", SCRIPT_FILTER_CHARSET_DECODE, STRING },
    { "count", SCRIPT_FILTER_COUNT, NO_ARGUMENT },
    { "dateFormat", SCRIPT_FILTER_DATE_FORMAT, STRING },
    { "daysAfterNow", SCRIPT_FILTER_DAYS_AFTER_NOW, NO_ARGUMENT },
    { "daysBeforeNow", SCRIPT_FILTER_DAYS_BEFORE_NOW, NO_ARGUMENT },
    { "decode", SCRIPT_FILTER_CHARSET_DECODE, STRING },
    { "first", SCRIPT_FILTER_FIRST, NO_ARGUMENT },
    { "format", SCRIPT_FILTER_DATE_FORMAT, STRING },
    { "htmlEscape", SCRIPT_FILTER_HTML_ESCAPE, NO_ARGUMENT },
    { "htmlUnescape", SCRIPT_FILTER_HTML_UNESCAPE, NO_ARGUMENT },
    { "jsonpath", SCRIPT_FILTER_JSONPATH, STRING },
    { "last", SCRIPT_FILTER_LAST, NO_ARGUMENT },
    { "location", SCRIPT_FILTER_LOCATION, NO_ARGUMENT },
    { "nth", SCRIPT_FILTER_NTH, INDEX },
    { "regex", SCRIPT_FILTER_REGEX, REGEX },
    { "replace", SCRIPT_FILTER_REPLACE, STRINGS },
    { "replaceRegex", SCRIPT_FILTER_REPLACE_REGEX, REGEX_STRING },
    { "split", SCRIPT_FILTER_SPLIT, STRING },
    { "toDate", SCRIPT_FILTER_TO_DATE, STRING },
    { "toFloat", SCRIPT_FILTER_TO_FLOAT, NO_ARGUMENT },
    { "toHex", SCRIPT_FILTER_TO_HEX, NO_ARGUMENT },
    { "toInt", SCRIPT_FILTER_TO_INT, NO_ARGUMENT },
    { "toString", SCRIPT_FILTER_TO_STRING, NO_ARGUMENT },
    { "urlDecode", SCRIPT_FILTER_URL_DECODE, NO_ARGUMENT },
    { "urlEncode", SCRIPT_FILTER_URL_ENCODE, NO_ARGUMENT },
    { "urlQueryParam", SCRIPT_FILTER_URL_QUERY_PARAM, STRING },
    { "utf8Decode", SCRIPT_FILTER_UTF8_DECODE, NO_ARGUMENT },
    { "utf8Encode", SCRIPT_FILTER_UTF8_ENCODE, NO_ARGUMENT },
    { "xpath", SCRIPT_FILTER_XPATH, STRING },
};


static enum script_result
need_space(struct script_parser *p)
{
    if (script_skip_blanks(p)) {
        return SCRIPT_OK;
    }

    return script_fail(p, "Parsing space", p->cur.pos, "expecting a space");
}


/* The argument of nth: an integer, negative from the end, or {{n}}. */
static enum script_result
index_value(struct script_parser *p, struct script_value *value)
{
    struct script_pos   start;
    enum script_result  rc;

    start = p->cur.pos;
    value->kind = SCRIPT_VALUE_EXPR;
    rc = script_placeholder(p, &value->expr);

    if (rc == SCRIPT_NO) {
        rc = script_number(p, value);

        if (rc == SCRIPT_OK
            && (value->kind != SCRIPT_VALUE_INT || value->big))
        {
            rc = SCRIPT_NO;
        }
    }

    value->span.start = start;
    value->span.end = p->cur.pos;

    if (rc != SCRIPT_NO) {
        return rc;
    }

    return script_fail(p, "Parsing literal", start, "expecting an integer");
}


static enum script_result
two_arguments(struct script_parser *p, bool regex,
    struct script_filter *filter)
{
    enum script_result  rc;

    rc = regex ? script_regex_value(p, &filter->arg)
               : script_string_value(p, &filter->arg);

    if (rc == SCRIPT_OK) {
        rc = need_space(p);
    }

    return rc == SCRIPT_OK ? script_string_value(p, &filter->arg2) : rc;
}


static enum script_result
filter_argument(struct script_parser *p, enum argument argument,
    struct script_filter *filter)
{
    if (argument == NO_ARGUMENT) {
        return SCRIPT_OK;
    }

    if (need_space(p) != SCRIPT_OK) {
        return SCRIPT_FAIL;
    }

    switch (argument) {
    case REGEX:
        return script_regex_value(p, &filter->arg);
    case STRINGS:
        return two_arguments(p, false, filter);
    case REGEX_STRING:
        return two_arguments(p, true, filter);
    case INDEX:
        return index_value(p, &filter->arg);
    default:
        return script_string_value(p, &filter->arg);
    }
}


static enum script_result
one_filter(struct script_parser *p, struct script_filter **out)
{
    size_t                i;
    struct str            word;
    enum script_result    rc;
    struct script_cursor  start;

    start = p->cur;
    word = script_word(p, script_is_alnum);

    for (i = 0; i < COUNT(filters); i++) {
        if (script_str_is(word, filters[i].name)) {
            break;
        }
    }

    if (i == COUNT(filters)) {
        p->cur = start;
        return SCRIPT_NO;
    }

    *out = script_new(p, sizeof(**out));

    if (*out == NULL) {
        return script_no_memory(p);
    }

    (*out)->kind = filters[i].kind;
    (*out)->name = filters[i].name;
    rc = filter_argument(p, filters[i].argument, *out);
    (*out)->span.start = start.pos;
    (*out)->span.end = p->cur.pos;

    return rc;
}


/* As many as there are, each behind a blank. */
enum script_result
script_filters(struct script_parser *p, struct script_filter **out)
{
    enum script_result    rc;
    struct script_cursor  start;

    for ( ;; ) {
        start = p->cur;

        if (!script_skip_blanks(p)) {
            return SCRIPT_OK;
        }

        rc = one_filter(p, out);

        if (rc == SCRIPT_NO) {
            p->cur = start;
            return SCRIPT_OK;
        }

        if (rc != SCRIPT_OK) {
            return rc;
        }

        out = &(*out)->next;
    }
}
