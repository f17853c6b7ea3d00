/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The strict reader. Values in the making wait on one growing stack; when an
 * array or object closes, its part moves to the arena in one piece. Recursion
 * is as deep as the document, which JSON_DEPTH_MAX bounds.
 */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/encode.h"
#include "lib/json/json.h"

struct parser {
    struct arena        *arena;
    const char          *text, *pos, *end;
    struct json_error   *error;
    unsigned             depth;

    struct json_member  *stack;
    size_t               count, room;
};

static int parse_value(struct parser *p, struct json_value *value);


static int __attribute__((format(printf, 3, 4)))
fail(struct parser *p, const char *at, const char *format, ...)
{
    va_list  args;

    p->error->offset = (size_t) (at - p->text);
    va_start(args, format);
    (void) vsnprintf(p->error->text, sizeof(p->error->text), format, args);
    va_end(args);

    return -1;
}


static int
no_memory(struct parser *p)
{
    return fail(p, p->pos, "out of memory");
}


/* Something else stands where `wanted` should. */
static int
unexpected(struct parser *p, const char *wanted)
{
    unsigned char  c;

    if (p->pos == p->end) {
        return fail(p, p->pos, "the text ends where %s should stand", wanted);
    }
    c = (unsigned char) *p->pos;
    if (c > 0x20 && c < 0x7f) {
        return fail(p, p->pos, "found '%c' where %s should stand", c, wanted);
    }

    return fail(p, p->pos, "%s is missing here", wanted);
}


static void
skip_space(struct parser *p)
{
    while (p->pos < p->end && (*p->pos == ' ' || *p->pos == '\n'
                               || *p->pos == '\r' || *p->pos == '\t'))
    {
        p->pos++;
    }
}


static int
at_char(struct parser *p, char c)
{
    return p->pos < p->end && *p->pos == c;
}


static int
at_digit(struct parser *p)
{
    return p->pos < p->end && *p->pos >= '0' && *p->pos <= '9';
}


static int
parse_word(struct parser *p, struct json_value *value)
{
    size_t  i, len;

    static const struct {
        const char      *word;
        enum json_type   type;
        int              boolean;
    } words[] = {
        { "null", JSON_NULL, 0 },
        { "true", JSON_BOOL, 1 },
        { "false", JSON_BOOL, 0 }
    };

    for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        len = strlen(words[i].word);
        if ((size_t) (p->end - p->pos) >= len
            && memcmp(p->pos, words[i].word, len) == 0)
        {
            value->type = words[i].type;
            value->u.boolean = words[i].boolean;
            p->pos += len;
            return 0;
        }
    }

    return unexpected(p, "a value");
}


static int
parse_digits(struct parser *p)
{
    if (!at_digit(p)) {
        return unexpected(p, "a digit");
    }
    while (at_digit(p)) {
        p->pos++;
    }

    return 0;
}


static int
parse_number(struct parser *p, struct json_value *value)
{
    const char  *start = p->pos;

    value->type = JSON_INT;
    if (*p->pos == '-') {
        p->pos++;
    }
    if (at_char(p, '0')) {
        p->pos++;
        if (at_digit(p)) {
            return fail(p, start, "a number must not begin with 0");
        }
    } else if (parse_digits(p) != 0) {
        return -1;
    }

    if (at_char(p, '.')) {
        value->type = JSON_FLOAT;
        p->pos++;
        if (parse_digits(p) != 0) {
            return -1;
        }
    }

    if (at_char(p, 'e') || at_char(p, 'E')) {
        value->type = JSON_FLOAT;
        p->pos++;
        if (at_char(p, '+') || at_char(p, '-')) {
            p->pos++;
        }
        if (parse_digits(p) != 0) {
            return -1;
        }
    }

    value->u.text.len = (size_t) (p->pos - start);
    value->u.text.data = arena_memdup(p->arena, start, value->u.text.len);

    return value->u.text.data != NULL ? 0 : no_memory(p);
}


/* Four hex digits after "\u"; pos stands behind the 'u'. */
static int
parse_hex4(struct parser *p, uint32_t *code)
{
    int  i, digit;

    *code = 0;
    for (i = 0; i < 4; i++) {
        digit = p->pos < p->end ? hex_digit(*p->pos) : -1;
        if (digit < 0) {
            return unexpected(p, "one of four hex digits after \\u");
        }
        *code = *code << 4 | (uint32_t) digit;
        p->pos++;
    }

    return 0;
}


static int
parse_unicode(struct parser *p, const char *start, char **out)
{
    uint32_t  high, low;

    if (parse_hex4(p, &high) != 0) {
        return -1;
    }
    if (high >= 0xdc00 && high <= 0xdfff) {
        return fail(p, start, "this half of a surrogate pair stands alone");
    }
    if (high >= 0xd800 && high <= 0xdbff) {
        if (p->end - p->pos < 2 || p->pos[0] != '\\' || p->pos[1] != 'u') {
            return fail(p, start, "this half of a surrogate pair stands alone");
        }
        p->pos += 2;
        if (parse_hex4(p, &low) != 0) {
            return -1;
        }
        if (low < 0xdc00 || low > 0xdfff) {
            return fail(p, start, "this half of a surrogate pair stands alone");
        }
        high = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
    }

    *out += utf8_encode(high, *out);
    return 0;
}


/* pos stands on the backslash. */
static int
parse_escape(struct parser *p, char **out)
{
    const char  *found, *start = p->pos++;

    static const char  letters[] = "\"\\/bfnrt";
    static const char  meanings[] = "\"\\/\b\f\n\r\t";

    if (p->pos == p->end) {
        return unexpected(p, "the rest of an escape");
    }
    if (*p->pos == 'u') {
        p->pos++;
        return parse_unicode(p, start, out);
    }

    found = *p->pos != '\0' ? strchr(letters, *p->pos) : NULL;
    if (found == NULL) {
        return fail(p, start, "there is no such escape in JSON; a backslash "
                    "is written \\\\");
    }
    *(*out)++ = meanings[found - letters];
    p->pos++;

    return 0;
}


/* The closing quote, or NULL; *escaped tells whether a backslash came by. */
static const char *
find_quote(struct parser *p, int *escaped)
{
    const char  *s;

    *escaped = 0;
    for (s = p->pos; s < p->end; s++) {
        if (*s == '"') {
            return s;
        }
        if ((unsigned char) *s < 0x20) {
            (void) fail(p, s, "a control character in a string must be "
                        "written as an escape (\\u%04x)", (unsigned) *s);
            return NULL;
        }
        if (*s == '\\') {
            *escaped = 1;
            s++;
        }
    }

    (void) fail(p, p->end, "the text ends inside a string; its closing '\"' "
                "is missing");
    return NULL;
}


/* pos stands on the opening quote. */
static int
parse_string(struct parser *p, struct str *text)
{
    int          escaped;
    char        *out, *start;
    const char  *quote;

    p->pos++;
    quote = find_quote(p, &escaped);
    if (quote == NULL) {
        return -1;
    }

    start = arena_memdup(p->arena, p->pos, (size_t) (quote - p->pos));
    if (start == NULL) {
        return no_memory(p);
    }
    text->data = start;
    text->len = (size_t) (quote - p->pos);
    if (!escaped) {
        p->pos = quote + 1;
        return 0;
    }

    for (out = start; p->pos < quote; ) {
        if (*p->pos != '\\') {
            *out++ = *p->pos++;
        } else if (parse_escape(p, &out) != 0) {
            return -1;
        }
    }
    *out = '\0';
    text->len = (size_t) (out - start);
    p->pos = quote + 1;

    return 0;
}


static int
push(struct parser *p, const struct json_member *member)
{
    size_t               room;
    struct json_member  *stack;

    if (p->count == p->room) {
        room = p->room == 0 ? 32 : p->room * 2;
        stack = realloc(p->stack, room * sizeof(*stack));
        if (stack == NULL) {
            return no_memory(p);
        }
        p->stack = stack;
        p->room = room;
    }
    p->stack[p->count++] = *member;

    return 0;
}


static int
close_array(struct parser *p, size_t base, struct json_value *value)
{
    size_t              i, count = p->count - base;
    struct json_value  *items;

    items = arena_alloc(p->arena, count * sizeof(*items));
    if (items == NULL) {
        return no_memory(p);
    }
    for (i = 0; i < count; i++) {
        items[i] = p->stack[base + i].value;
    }
    value->type = JSON_ARRAY;
    value->u.array.items = items;
    value->u.array.count = count;
    p->count = base;

    return 0;
}


static int
close_object(struct parser *p, size_t base, struct json_value *value)
{
    size_t               count = p->count - base;
    struct json_member  *members;

    members = arena_alloc(p->arena, count * sizeof(*members));
    if (members == NULL) {
        return no_memory(p);
    }
    if (count > 0) {
        memcpy(members, p->stack + base, count * sizeof(*members));
    }
    value->type = JSON_OBJECT;
    value->u.object.members = members;
    value->u.object.count = count;
    p->count = base;

    return 0;
}


static int
parse_name(struct parser *p, struct str *name)
{
    if (!at_char(p, '"')) {
        return unexpected(p, "the '\"' of a member's name");
    }
    if (parse_string(p, name) != 0) {
        return -1;
    }
    skip_space(p);
    if (!at_char(p, ':')) {
        return unexpected(p, "':'");
    }
    p->pos++;
    skip_space(p);

    return 0;
}


/* The items between brackets; pos stands behind the opening one. */
static int
parse_items(struct parser *p, int is_object)
{
    char                close = is_object ? '}' : ']';
    struct json_member  member;

    skip_space(p);
    if (at_char(p, close)) {
        p->pos++;
        return 0;
    }

    for ( ;; ) {
        memset(&member, 0, sizeof(member));
        if ((is_object && parse_name(p, &member.name) != 0)
            || parse_value(p, &member.value) != 0
            || push(p, &member) != 0)
        {
            return -1;
        }

        skip_space(p);
        if (at_char(p, close)) {
            p->pos++;
            return 0;
        }
        if (!at_char(p, ',')) {
            return unexpected(p, is_object ? "',' or '}'" : "',' or ']'");
        }
        p->pos++;
        skip_space(p);
    }
}


static int
parse_nested(struct parser *p, struct json_value *value)
{
    int     is_object = *p->pos == '{';
    size_t  base = p->count;

    if (++p->depth > JSON_DEPTH_MAX) {
        return fail(p, p->pos, "values are nested more than %d deep",
                    JSON_DEPTH_MAX);
    }
    p->pos++;
    if (parse_items(p, is_object) != 0) {
        return -1;
    }
    p->depth--;

    return is_object ? close_object(p, base, value)
                     : close_array(p, base, value);
}


static int
parse_value(struct parser *p, struct json_value *value)
{
    if (p->pos == p->end) {
        return unexpected(p, "a value");
    }

    switch (*p->pos) {
    case '{':
    case '[':
        return parse_nested(p, value);
    case '"':
        value->type = JSON_STRING;
        return parse_string(p, &value->u.text);
    case '-':
        return parse_number(p, value);
    default:
        return at_digit(p) ? parse_number(p, value) : parse_word(p, value);
    }
}


static int
parse_document(struct parser *p, struct json_value *value)
{
    size_t  bad;

    bad = utf8_check(p->text, (size_t) (p->end - p->text));
    if (bad != ENCODE_OK) {
        return fail(p, p->text + bad, "this is not UTF-8");
    }
    if (p->end - p->pos >= 3 && memcmp(p->pos, "\xef\xbb\xbf", 3) == 0) {
        return fail(p, p->pos, "a byte order mark must not stand in JSON");
    }

    skip_space(p);
    if (parse_value(p, value) != 0) {
        return -1;
    }
    skip_space(p);

    return p->pos == p->end ? 0 : unexpected(p, "the end of the text");
}


struct json_value *
json_parse(struct arena *arena, const char *text, size_t len,
           struct json_error *error)
{
    int                 rc;
    struct parser       p = { .arena = arena, .text = text, .pos = text,
                              .end = text + len, .error = error };
    struct json_value  *value;

    memset(error, 0, sizeof(*error));
    value = arena_alloc(arena, sizeof(*value));
    rc = value != NULL ? parse_document(&p, value) : no_memory(&p);
    if (rc != 0) {
        text_position(text, error->offset, &error->line, &error->column);
        value = NULL;
    }
    free(p.stack);

    return value;
}
