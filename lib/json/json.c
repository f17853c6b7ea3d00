/* SPDX-License-Identifier: BSD-2-Clause */
/* Looking into trees: members, numbers of any size, deep equality. */
#include <stdlib.h>
#include <string.h>

#include "lib/json/json.h"


static int
same_text(const struct str *a, const char *data, size_t len)
{
    return a->len == len && memcmp(a->data, data, len) == 0;
}


const struct json_value *
json_get(const struct json_value *object, const char *name, size_t len)
{
    size_t                     i;
    const struct json_member  *members;

    if (object->type != JSON_OBJECT) {
        return NULL;
    }
    members = object->u.object.members;
    for (i = object->u.object.count; i > 0; i--) {
        if (same_text(&members[i - 1].name, name, len)) {
            return &members[i - 1].value;
        }
    }

    return NULL;
}


int
json_is_number(const struct json_value *value)
{
    return value->type == JSON_INT || value->type == JSON_FLOAT;
}


double
json_number(const struct json_value *value)
{
    return json_is_number(value) ? strtod(value->u.text.data, NULL) : 0;
}


/* The digits of an integer without its sign; returns 1 for a value below 0. */
static int
split_sign(const struct json_value *value, const char **digits, size_t *len)
{
    int  negative = value->u.text.data[0] == '-';

    *digits = value->u.text.data + negative;
    *len = value->u.text.len - (size_t) negative;

    return negative && (*digits)[0] != '0';
}


static int
compare_integers(const struct json_value *a, const struct json_value *b)
{
    int          rc, a_negative, b_negative;
    size_t       a_len, b_len;
    const char  *a_digits, *b_digits;

    a_negative = split_sign(a, &a_digits, &a_len);
    b_negative = split_sign(b, &b_digits, &b_len);
    if (a_negative != b_negative) {
        return b_negative - a_negative;
    }
    if (a_len != b_len) {
        rc = a_len < b_len ? -1 : 1;
    } else {
        rc = memcmp(a_digits, b_digits, a_len);
    }

    return a_negative ? -rc : rc;
}


int
json_compare_numbers(const struct json_value *a, const struct json_value *b)
{
    double  x, y;

    if (a->type == JSON_INT && b->type == JSON_INT) {
        return compare_integers(a, b);
    }
    x = json_number(a);
    y = json_number(b);

    return x < y ? -1 : x > y;
}


static int
spend(size_t *steps, size_t count)
{
    if (steps == NULL) {
        return 0;
    }
    if (*steps < count) {
        *steps = 0;
        return -1;
    }
    *steps -= count;

    return 0;
}


static int
equal_arrays(const struct json_value *a, const struct json_value *b,
             size_t *steps)
{
    int     rc = 1;
    size_t  i;

    if (a->u.array.count != b->u.array.count) {
        return 0;
    }
    for (i = 0; i < a->u.array.count && rc == 1; i++) {
        rc = json_equal(&a->u.array.items[i], &b->u.array.items[i], steps);
    }

    return rc;
}


/* Every member of a is in b; most documents keep their order. */
static int
equal_members(const struct json_value *a, const struct json_value *b,
              size_t *steps)
{
    int                        rc = 1;
    size_t                     i, count = b->u.object.count;
    const struct json_value   *other;
    const struct json_member  *mine, *theirs;

    for (i = 0; i < a->u.object.count && rc == 1; i++) {
        mine = &a->u.object.members[i];
        theirs = i < count ? &b->u.object.members[i] : NULL;
        if (theirs != NULL
            && same_text(&theirs->name, mine->name.data, mine->name.len))
        {
            other = &theirs->value;
        } else {
            if (spend(steps, count) != 0) {
                return -1;
            }
            other = json_get(b, mine->name.data, mine->name.len);
        }
        rc = other != NULL ? json_equal(&mine->value, other, steps) : 0;
    }

    return rc;
}


/* Does a have each name of b? With repeated names, counts do not tell. */
static int
has_names(const struct json_value *a, const struct json_value *b,
          size_t *steps)
{
    size_t             i;
    const struct str  *mine, *theirs;

    for (i = 0; i < b->u.object.count; i++) {
        mine = &a->u.object.members[i].name;
        theirs = &b->u.object.members[i].name;
        if (same_text(mine, theirs->data, theirs->len)) {
            continue;
        }
        if (spend(steps, a->u.object.count) != 0) {
            return -1;
        }
        if (json_get(a, theirs->data, theirs->len) == NULL) {
            return 0;
        }
    }

    return 1;
}


static int
equal_objects(const struct json_value *a, const struct json_value *b,
              size_t *steps)
{
    int  rc;

    if (a->u.object.count != b->u.object.count) {
        return 0;
    }
    rc = has_names(a, b, steps);

    return rc == 1 ? equal_members(a, b, steps) : rc;
}


int
json_equal(const struct json_value *a, const struct json_value *b,
           size_t *steps)
{
    if (spend(steps, 1) != 0) {
        return -1;
    }
    if (json_is_number(a) && json_is_number(b)) {
        return json_compare_numbers(a, b) == 0;
    }
    if (a->type != b->type) {
        return 0;
    }

    switch (a->type) {
    case JSON_BOOL:
        return a->u.boolean == b->u.boolean;
    case JSON_STRING:
        return same_text(&a->u.text, b->u.text.data, b->u.text.len);
    case JSON_ARRAY:
        return equal_arrays(a, b, steps);
    case JSON_OBJECT:
        return equal_objects(a, b, steps);
    default:
        return 1;
    }
}
