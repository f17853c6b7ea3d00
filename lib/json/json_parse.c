/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The strict reader. Values in the making wait on one growing stack; when an
 * array or object closes, its part moves to the arena in one piece.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/encode.h"
#include "lib/json/json_scan.h"

struct parser {
    struct json_scan     scan;
    const char          *text;
    struct json_error   *error;

    struct json_member  *stack;
    size_t               count, room;
};


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


/* Something else is found instead of `wanted`. */
static int
unexpected(struct parser *p, const char *at, const char *wanted)
{
    unsigned char  c;

    if (at == p->scan.end) {
        return fail(p, at, "expected %s, but the text ends", wanted);
    }
    c = (unsigned char) *at;
    if (c > 0x20 && c < 0x7f) {
        return fail(p, at, "expected %s, found '%c'", wanted, c);
    }

    return fail(p, at, "expected %s", wanted);
}


static int
describe(struct parser *p)
{
    const struct json_scan  *s = &p->scan;

    static const char *const  wanted[] = {
        [JSON_FAULT_VALUE] = "a value",
        [JSON_FAULT_NAME] = "the '\"' of a member's name",
        [JSON_FAULT_COLON] = "':'",
        [JSON_FAULT_ARRAY] = "',' or ']'",
        [JSON_FAULT_OBJECT] = "',' or '}'",
        [JSON_FAULT_MINUS] = "a digit",
        [JSON_FAULT_DIGIT] = "a digit",
        [JSON_FAULT_HEX] = "one of four hex digits after \\u"
    };

    switch (s->fault) {
    case JSON_FAULT_NONE:
    case JSON_FAULT_MEMORY:
        return fail(p, s->pos, "out of memory");
    case JSON_FAULT_DEPTH:
        return fail(p, s->at, "values are nested more than %d deep",
                    JSON_DEPTH_MAX);
    case JSON_FAULT_ZERO:
        return fail(p, s->at, "a number must not begin with 0");
    case JSON_FAULT_CONTROL:
        return fail(p, s->at, "a control character in a string must be "
                    "written as an escape (\\u%04x)", (unsigned) *s->at);
    case JSON_FAULT_QUOTE:
        return fail(p, s->at, "the text ends inside a string; its closing "
                    "'\"' is missing");
    case JSON_FAULT_ESCAPE:
        return fail(p, s->pos, "there is no such escape in JSON; a backslash "
                    "is written \\\\");
    case JSON_FAULT_PAIR:
        return fail(p, s->pos, "unpaired surrogate");
    default:
        return unexpected(p, s->at, wanted[s->fault]);
    }
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
            return -1;
        }
        p->stack = stack;
        p->room = room;
    }
    p->stack[p->count++] = *member;

    return 0;
}


/* In an object the name is on the stack already. */
static int
add_value(struct json_scan *s, const struct json_value *value)
{
    struct parser       *p = s->data;
    struct json_member   item = { .value = *value };

    if (!s->in_object) {
        return push(p, &item);
    }
    p->stack[p->count - 1].value = *value;

    return 0;
}


static int
add_string(struct json_scan *s, int is_name)
{
    struct json_member  item = { .value.type = JSON_STRING };

    if (json_scan_string(s, is_name ? &item.name : &item.value.u.text) != 0) {
        return -1;
    }

    return is_name ? push(s->data, &item) : add_value(s, &item.value);
}


static int
close_array(struct arena *arena, const struct json_member *from,
            size_t count, struct json_value *value)
{
    size_t              i;
    struct json_value  *items;

    items = arena_alloc(arena, count * sizeof(*items));
    if (items == NULL) {
        return -1;
    }
    for (i = 0; i < count; i++) {
        items[i] = from[i].value;
    }
    value->u.array.items = items;
    value->u.array.count = count;

    return 0;
}


static int
close_object(struct arena *arena, const struct json_member *from,
             size_t count, struct json_value *value)
{
    struct json_member  *members;

    members = arena_alloc(arena, count * sizeof(*members));
    if (members == NULL) {
        return -1;
    }
    if (count > 0) {
        memcpy(members, from, count * sizeof(*members));
    }
    value->u.object.members = members;
    value->u.object.count = count;

    return 0;
}


static int
add_nested(struct json_scan *s, enum json_type type, size_t count)
{
    int                  rc;
    struct parser       *p = s->data;
    struct json_value    value = { .type = type };
    struct json_member  *from;

    p->count -= count;
    from = count > 0 ? p->stack + p->count : NULL;
    rc = type == JSON_ARRAY ? close_array(s->arena, from, count, &value)
                            : close_object(s->arena, from, count, &value);

    return rc == 0 ? add_value(s, &value) : -1;
}


static int
parse_document(struct parser *p)
{
    size_t             bad;
    struct json_scan  *s = &p->scan;

    bad = utf8_check(p->text, (size_t) (s->end - p->text));
    if (bad != ENCODE_OK) {
        return fail(p, p->text + bad, "this is not UTF-8");
    }
    if (s->end - s->pos >= 3 && memcmp(s->pos, "\xef\xbb\xbf", 3) == 0) {
        return fail(p, s->pos, "JSON must not begin with a byte order mark");
    }

    json_scan_space(s);
    if (json_scan_value(s) != 0) {
        return describe(p);
    }
    json_scan_space(s);

    return s->pos == s->end ? 0 : unexpected(p, s->pos, "the end of the text");
}


struct json_value *
json_parse(struct arena *arena, const char *text, size_t len,
           struct json_error *error)
{
    struct parser       p = { .text = text, .error = error };
    struct json_value  *value;

    static const struct json_handlers  handlers = {
        .string = add_string, .scalar = add_value, .close = add_nested
    };

    memset(error, 0, sizeof(*error));
    p.scan = (struct json_scan) {
        .on = &handlers, .data = &p, .arena = arena, .pos = text,
        .end = text + len, .depth_max = JSON_DEPTH_MAX
    };

    value = arena_alloc(arena, sizeof(*value));
    if (value == NULL) {
        (void) describe(&p);
    } else if (parse_document(&p) == 0) {
        *value = p.stack[0].value;
    } else {
        value = NULL;
    }
    if (value == NULL) {
        text_position(text, error->offset, &error->line, &error->column);
    }
    free(p.stack);

    return value;
}
