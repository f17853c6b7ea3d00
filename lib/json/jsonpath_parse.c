/* SPDX-License-Identifier: BSD-2-Clause */
/* Queries: segments and selectors. Filters are read in jsonpath_filter.c. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/encode.h"
#include "lib/json/json_scan.h"
#include "lib/json/jsonpath_tree.h"

#define INDEX_MAX  9007199254740991      /* what I-JSON keeps exact */


int
jsonpath_fail(struct path_parser *p, const char *at, const char *format, ...)
{
    va_list  args;

    p->error->offset = (size_t) (at - p->text);
    va_start(args, format);
    (void) vsnprintf(p->error->text, sizeof(p->error->text), format, args);
    va_end(args);

    return -1;
}


int
jsonpath_no_memory(struct path_parser *p)
{
    return jsonpath_fail(p, p->pos, "out of memory");
}


void
jsonpath_skip_blank(struct path_parser *p)
{
    struct json_scan  s = { .pos = p->pos, .end = p->end };

    json_scan_space(&s);
    p->pos = s.pos;
}


int
jsonpath_at(struct path_parser *p, char c)
{
    return p->pos < p->end && *p->pos == c;
}


static int
at_digit(struct path_parser *p)
{
    return p->pos < p->end && *p->pos >= '0' && *p->pos <= '9';
}


static int
at_name(struct path_parser *p)
{
    char  c;

    if (p->pos == p->end) {
        return 0;
    }
    c = *p->pos;

    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'
           || (unsigned char) c >= 0x80;
}


static struct selector *
add_selector(struct path_parser *p, struct selector ***tail,
             enum selector_kind kind)
{
    struct selector  *selector;

    selector = arena_alloc(p->arena, sizeof(*selector));
    if (selector == NULL) {
        (void) jsonpath_no_memory(p);
        return NULL;
    }
    selector->kind = kind;
    **tail = selector;
    *tail = &selector->next;

    return selector;
}


int
jsonpath_parse_string(struct path_parser *p, struct str *text)
{
    struct json_scan  s = { .arena = p->arena, .pos = p->pos, .end = p->end };

    if (json_scan_string(&s, text) == 0) {
        p->pos = s.pos;
        return 0;
    }

    switch (s.fault) {
    case JSON_FAULT_QUOTE:
        return jsonpath_fail(p, p->pos, "the closing %c of this string is "
                             "missing", *p->pos);
    case JSON_FAULT_CONTROL:
        return jsonpath_fail(p, s.at, "control characters in a string must "
                             "be written as escapes");
    case JSON_FAULT_ESCAPE:
        return jsonpath_fail(p, s.pos, "there is no such escape; a backslash "
                             "is written \\\\");
    case JSON_FAULT_HEX:
        return jsonpath_fail(p, s.at, "four hex digits must follow \\u");
    case JSON_FAULT_PAIR:
        return jsonpath_fail(p, s.pos, "unpaired surrogate");
    default:
        return jsonpath_no_memory(p);
    }
}


static int
parse_integer(struct path_parser *p, int64_t *value)
{
    int          negative = jsonpath_at(p, '-');
    int64_t      n = 0;
    const char  *start = p->pos, *digits;

    p->pos += negative;
    for (digits = p->pos; at_digit(p); p->pos++) {
        n = n > INDEX_MAX ? n : n * 10 + (*p->pos - '0');
    }

    if (p->pos == digits) {
        return jsonpath_fail(p, start, "expected a selector: 'name', "
                             "index, start:end, * or ?filter");
    }
    if (*digits == '0' && (negative || p->pos - digits > 1)) {
        return jsonpath_fail(p, start, "an index is written without leading "
                             "zeros, and 0 without a sign");
    }
    if (n > INDEX_MAX) {
        return jsonpath_fail(p, start, "this index is out of range");
    }
    *value = negative ? -n : n;

    return 0;
}


/* The part of a slice behind its first ':'. */
static int
parse_slice(struct path_parser *p, struct selector *selector)
{
    selector->kind = SELECT_SLICE;
    selector->step = 1;
    jsonpath_skip_blank(p);
    if (jsonpath_at(p, '-') || at_digit(p)) {
        selector->has_end = 1;
        if (parse_integer(p, &selector->end) != 0) {
            return -1;
        }
        jsonpath_skip_blank(p);
    }
    if (!jsonpath_at(p, ':')) {
        return 0;
    }
    p->pos++;
    jsonpath_skip_blank(p);
    if (jsonpath_at(p, '-') || at_digit(p)) {
        return parse_integer(p, &selector->step);
    }

    return 0;
}


static int
parse_index(struct path_parser *p, struct selector *selector)
{
    const char  *after;

    if (!jsonpath_at(p, ':')) {
        selector->has_start = 1;
        if (parse_integer(p, &selector->start) != 0) {
            return -1;
        }
    }
    after = p->pos;
    jsonpath_skip_blank(p);
    if (!jsonpath_at(p, ':')) {
        p->pos = after;
        return 0;
    }
    p->pos++;

    return parse_slice(p, selector);
}


static int
parse_selector(struct path_parser *p, struct selector ***tail)
{
    struct selector  *selector;

    selector = add_selector(p, tail, SELECT_INDEX);
    if (selector == NULL) {
        return -1;
    }
    if (jsonpath_at(p, '"') || jsonpath_at(p, '\'')) {
        selector->kind = SELECT_NAME;
        return jsonpath_parse_string(p, &selector->name);
    }
    if (jsonpath_at(p, '*')) {
        selector->kind = SELECT_WILDCARD;
        p->pos++;
        return 0;
    }
    if (jsonpath_at(p, '?')) {
        selector->kind = SELECT_FILTER;
        p->pos++;
        selector->filter = jsonpath_parse_filter(p);
        return selector->filter != NULL ? 0 : -1;
    }

    return parse_index(p, selector);
}


/* pos stands on '['. */
static int
parse_brackets(struct path_parser *p, struct segment *segment)
{
    struct selector  **tail = &segment->selectors;

    do {
        p->pos++;
        jsonpath_skip_blank(p);
        if (parse_selector(p, &tail) != 0) {
            return -1;
        }
        jsonpath_skip_blank(p);
    } while (jsonpath_at(p, ','));

    if (!jsonpath_at(p, ']')) {
        return jsonpath_fail(p, p->pos, "',' or ']' must follow a selector");
    }
    p->pos++;

    return 0;
}


/* A name or '*' behind a dot. */
static int
parse_shorthand(struct path_parser *p, struct segment *segment)
{
    const char        *start = p->pos;
    struct selector  **tail = &segment->selectors, *selector;

    selector = add_selector(p, &tail, SELECT_NAME);
    if (selector == NULL) {
        return -1;
    }
    if (jsonpath_at(p, '*')) {
        selector->kind = SELECT_WILDCARD;
        p->pos++;
        return 0;
    }
    if (!at_name(p)) {
        return jsonpath_fail(p, start, "a name or * must follow the dot; "
                             "names with other characters are written "
                             "['name']");
    }

    while (at_name(p) || at_digit(p)) {
        p->pos++;
    }
    selector->name.len = (size_t) (p->pos - start);
    selector->name.data = arena_memdup(p->arena, start, selector->name.len);

    return selector->name.data != NULL ? 0 : jsonpath_no_memory(p);
}


static int
parse_segment(struct path_parser *p, struct segment *segment)
{
    if (jsonpath_at(p, '.')) {
        p->pos++;
        if (!jsonpath_at(p, '.')) {
            return parse_shorthand(p, segment);
        }
        p->pos++;
        segment->descendant = 1;
        if (!jsonpath_at(p, '[')) {
            return parse_shorthand(p, segment);
        }
    }

    return parse_brackets(p, segment);
}


static int
is_singular(const struct segment *segment)
{
    const struct selector  *selector = segment->selectors;

    return !segment->descendant && selector->next == NULL
           && (selector->kind == SELECT_NAME
               || selector->kind == SELECT_INDEX);
}


int
jsonpath_parse_query(struct path_parser *p, struct query *query)
{
    const char       *after;
    struct segment  **tail = &query->segments;

    query->relative = jsonpath_at(p, '@');
    query->singular = 1;
    p->pos++;

    for ( ;; ) {
        after = p->pos;
        jsonpath_skip_blank(p);
        if (!jsonpath_at(p, '.') && !jsonpath_at(p, '[')) {
            p->pos = after;
            return 0;
        }
        *tail = arena_alloc(p->arena, sizeof(**tail));
        if (*tail == NULL) {
            return jsonpath_no_memory(p);
        }
        if (parse_segment(p, *tail) != 0) {
            return -1;
        }
        if (!is_singular(*tail)) {
            query->singular = 0;
        }
        tail = &(*tail)->next;
    }
}


static int
parse_all(struct path_parser *p, struct jsonpath *path)
{
    size_t  bad;

    bad = utf8_check(p->text, (size_t) (p->end - p->text));
    if (bad != ENCODE_OK) {
        return jsonpath_fail(p, p->text + bad, "this is not UTF-8");
    }
    if (!jsonpath_at(p, '$')) {
        return jsonpath_fail(p, p->pos, "a JSONPath query must begin with $");
    }
    if (jsonpath_parse_query(p, &path->query) != 0) {
        return -1;
    }
    if (p->pos < p->end) {
        return jsonpath_fail(p, p->pos, "the query should end here, or go on "
                             "with . or [");
    }

    return 0;
}


struct jsonpath *
jsonpath_parse(struct arena *arena, const char *text, size_t len,
               struct jsonpath_error *error)
{
    struct jsonpath     *path;
    struct path_parser   p = { .arena = arena, .text = text, .pos = text,
                               .end = text + len, .error = error };

    memset(error, 0, sizeof(*error));
    path = arena_alloc(arena, sizeof(*path));
    if (path == NULL) {
        (void) jsonpath_no_memory(&p);
        return NULL;
    }
    path->arena = arena;

    return parse_all(&p, path) == 0 ? path : NULL;
}
