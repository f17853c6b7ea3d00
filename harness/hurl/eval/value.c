/* SPDX-License-Identifier: BSD-2-Clause */
/* Values: making, comparing and copying them. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "harness/hurl/eval/value.h"


struct value
value_string(const char *text, size_t len)
{
    struct value  value = { .kind = VALUE_STRING };

    value.text.data = text;
    value.text.len = len;

    return value;
}


struct value
value_int(long long integer)
{
    struct value  value = { .kind = VALUE_INT };

    value.integer = integer;

    return value;
}


const char *
value_kind_name(const struct value *value)
{
    static const char *const  names[] = {
        "nothing", "unit", "null", "boolean", "integer", "float", "string",
        "bytes", "date", "list", "object", "regex"
    };

    return names[value->kind];
}


static int
text_equal(const struct str *a, const struct str *b)
{
    return a->len == b->len && (a->len == 0
                                || memcmp(a->data, b->data, a->len) == 0);
}


/* ---- comparing --------------------------------------------------------- */

static double
as_double(const struct value *value)
{
    if (value->kind == VALUE_FLOAT) {
        return value->number;
    }

    return value->big ? strtod(value->text.data, NULL)
                      : (double) value->integer;
}


static int
is_number(const struct value *value)
{
    return value->kind == VALUE_INT || value->kind == VALUE_FLOAT;
}


/* Integers of any size, written without leading zeros. */
static int
compare_big(const struct value *a, const struct value *b)
{
    int                 order;
    int                 minus_a = a->text.len > 0 && a->text.data[0] == '-';
    int                 minus_b = b->text.len > 0 && b->text.data[0] == '-';

    if (!a->big || !b->big) {                /* a big one is further out */
        return a->big ? (minus_a ? -1 : 1) : (minus_b ? 1 : -1);
    }

    if (minus_a != minus_b) {
        return minus_a ? -1 : 1;
    }

    if (a->text.len != b->text.len) {
        order = a->text.len < b->text.len ? -1 : 1;
    } else {
        order = memcmp(a->text.data, b->text.data, a->text.len);
        order = (order > 0) - (order < 0);
    }

    return minus_a ? -order : order;
}


/* -1, 0, 1; 2 when one is no number at all (NaN). */
static int
compare_numbers(const struct value *a, const struct value *b)
{
    double  x, y;

    if (a->kind == VALUE_INT && b->kind == VALUE_INT) {
        return a->big || b->big ? compare_big(a, b)
               : (a->integer > b->integer) - (a->integer < b->integer);
    }

    x = as_double(a);
    y = as_double(b);

    return isnan(x) || isnan(y) ? 2 : (x > y) - (x < y);
}


static int
by_name(const void *a, const void *b)
{
    const struct value_member  *const *x = a, *const *y = b;
    size_t                      len = (*x)->name.len < (*y)->name.len
                                      ? (*x)->name.len : (*y)->name.len;
    int                         order = len == 0 ? 0
                                        : memcmp((*x)->name.data,
                                                 (*y)->name.data, len);

    if (order != 0) {
        return order;
    }
    if ((*x)->name.len != (*y)->name.len) {
        return (*x)->name.len < (*y)->name.len ? -1 : 1;
    }

    return *x < *y ? -1 : *x > *y;
}


/* The members by name; those of one name in their order. NULL: no memory. */
static const struct value_member **
sorted(const struct value *object)
{
    size_t                       i;
    const struct value_member  **list;

    list = reallocarray(NULL, object->count + 1, sizeof(*list));

    for (i = 0; list != NULL && i < object->count; i++) {
        list[i] = &object->members[i];
    }
    if (list != NULL) {
        qsort(list, object->count, sizeof(*list), by_name);
    }

    return list;
}


/* The order of members does not matter; sorting bounds the time. */
static int
objects_equal(const struct value *a, const struct value *b)
{
    int                          equal = a->count == b->count;
    size_t                       i;
    const struct value_member  **x, **y;

    x = equal ? sorted(a) : NULL;
    y = equal ? sorted(b) : NULL;
    equal = x != NULL && y != NULL;

    for (i = 0; equal && i < a->count; i++) {
        equal = text_equal(&x[i]->name, &y[i]->name)
                && value_equal(&x[i]->value, &y[i]->value);
    }

    free(x);
    free(y);

    return equal;
}


int
value_equal(const struct value *a, const struct value *b)
{
    size_t  i;

    if (is_number(a) && is_number(b)) {
        return compare_numbers(a, b) == 0;
    }

    if (a->kind != b->kind) {
        return 0;
    }

    switch (a->kind) {
    case VALUE_BOOL:
        return a->boolean == b->boolean;

    case VALUE_STRING:
    case VALUE_BYTES:
    case VALUE_REGEX:
        return text_equal(&a->text, &b->text);

    case VALUE_DATE:
        return a->integer == b->integer && a->micros == b->micros;

    case VALUE_LIST:
        for (i = 0; a->count == b->count && i < a->count; i++) {
            if (!value_equal(&a->items[i], &b->items[i])) {
                return 0;
            }
        }
        return a->count == b->count;

    case VALUE_OBJECT:
        return objects_equal(a, b);

    default:
        return a->kind != VALUE_NOTHING;
    }
}


int
value_compare(const struct value *a, const struct value *b, int *order)
{
    size_t  len;

    if (is_number(a) && is_number(b)) {
        *order = compare_numbers(a, b);
        return 0;
    }

    if (a->kind != b->kind) {
        return -1;
    }

    if (a->kind == VALUE_DATE) {
        *order = a->integer != b->integer
                 ? (a->integer > b->integer) - (a->integer < b->integer)
                 : (a->micros > b->micros) - (a->micros < b->micros);
        return 0;
    }

    if (a->kind != VALUE_STRING) {
        return -1;
    }

    len = a->text.len < b->text.len ? a->text.len : b->text.len;
    *order = len > 0 ? memcmp(a->text.data, b->text.data, len) : 0;
    if (*order == 0) {
        *order = (a->text.len > b->text.len) - (a->text.len < b->text.len);
    }

    return 0;
}


/* ---- making ------------------------------------------------------------ */

/* An integer literal of any size; the text must be one. */
static struct value
parse_integer(const char *text, size_t len)
{
    struct value  value = { .kind = VALUE_INT };

    errno = 0;
    value.integer = strtoll(text, NULL, 10);
    value.big = (errno == ERANGE);
    value.text.data = text;
    value.text.len = len;

    return value;
}


/* -?digits without needless zeros, then, for a float, a fraction. */
static enum value_kind
number_kind(const char *text)
{
    size_t       digits, fraction;
    const char  *p = text + (text[0] == '-');

    digits = strspn(p, "0123456789");
    if (digits == 0 || (digits > 1 && p[0] == '0')) {
        return VALUE_STRING;
    }

    p += digits;
    if (*p == '\0') {
        return VALUE_INT;
    }

    fraction = *p == '.' ? strspn(p + 1, "0123456789") : 0;

    return fraction > 0 && p[1 + fraction] == '\0' ? VALUE_FLOAT
                                                   : VALUE_STRING;
}


int
value_from_text(struct arena *arena, const char *text, struct value *value)
{
    char    *copy;
    size_t   len = strlen(text);

    copy = arena_memdup(arena, text, len);
    if (copy == NULL) {
        return -1;
    }

    memset(value, 0, sizeof(*value));

    if (strcmp(text, "null") == 0) {
        value->kind = VALUE_NULL;

    } else if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0) {
        value->kind = VALUE_BOOL;
        value->boolean = (text[0] == 't');

    } else if (number_kind(text) == VALUE_INT) {
        *value = parse_integer(copy, len);

    } else if (number_kind(text) == VALUE_FLOAT) {
        value->kind = VALUE_FLOAT;
        value->number = strtod(text, NULL);

    } else if (len >= 2 && text[0] == '"' && text[len - 1] == '"') {
        *value = value_string(copy + 1, len - 2);

    } else {
        *value = value_string(copy, len);
    }

    return 0;
}


static int
list_from_json(struct arena *arena, const struct json_value *json,
               struct value *value)
{
    size_t  i;

    value->kind = VALUE_LIST;
    value->count = json->u.array.count;
    value->items = arena_alloc(arena, value->count * sizeof(*value->items));

    for (i = 0; value->items != NULL && i < value->count; i++) {
        if (value_from_json(arena, &json->u.array.items[i], &value->items[i])
            != 0)
        {
            return -1;
        }
    }

    return value->items != NULL ? 0 : -1;
}


static int
object_from_json(struct arena *arena, const struct json_value *json,
                 struct value *value)
{
    size_t                     i;
    const struct json_member  *from = json->u.object.members;

    value->kind = VALUE_OBJECT;
    value->count = json->u.object.count;
    value->members = arena_alloc(arena,
                                 value->count * sizeof(*value->members));

    for (i = 0; value->members != NULL && i < value->count; i++) {
        value->members[i].name.data = from[i].name.data;
        value->members[i].name.len = from[i].name.len;
        if (value_from_json(arena, &from[i].value, &value->members[i].value)
            != 0)
        {
            return -1;
        }
    }

    return value->members != NULL ? 0 : -1;
}


int
value_from_json(struct arena *arena, const struct json_value *json,
                struct value *value)
{
    memset(value, 0, sizeof(*value));

    switch (json->type) {
    case JSON_NULL:
        value->kind = VALUE_NULL;
        break;

    case JSON_BOOL:
        value->kind = VALUE_BOOL;
        value->boolean = json->u.boolean;
        break;

    case JSON_INT:
        *value = parse_integer(json->u.text.data, json->u.text.len);
        break;

    case JSON_FLOAT:
        value->kind = VALUE_FLOAT;
        value->number = json_number(json);
        break;

    case JSON_STRING:
        *value = value_string(json->u.text.data, json->u.text.len);
        break;

    case JSON_ARRAY:
        return list_from_json(arena, json, value);

    case JSON_OBJECT:
        return object_from_json(arena, json, value);
    }

    return 0;
}


int
value_copy(struct arena *arena, const struct value *from, struct value *to)
{
    size_t  i;

    *to = *from;

    if (from->text.data != NULL) {
        to->text.data = arena_memdup(arena, from->text.data, from->text.len);
        if (to->text.data == NULL) {
            return -1;
        }
    }

    if (from->kind == VALUE_LIST) {
        to->items = arena_alloc(arena, from->count * sizeof(*to->items));
        if (to->items == NULL) {
            return -1;
        }
        for (i = 0; i < from->count; i++) {
            if (value_copy(arena, &from->items[i], &to->items[i]) != 0) {
                return -1;
            }
        }
    }

    if (from->kind == VALUE_OBJECT) {
        to->members = arena_alloc(arena, from->count * sizeof(*to->members));
        if (to->members == NULL) {
            return -1;
        }
        for (i = 0; i < from->count; i++) {
            struct value_member  *m = &to->members[i];

            m->name.len = from->members[i].name.len;
            m->name.data = arena_memdup(arena, from->members[i].name.data,
                                        m->name.len);
            if (m->name.data == NULL
                || value_copy(arena, &from->members[i].value, &m->value) != 0)
            {
                return -1;
            }
        }
    }

    return 0;
}
