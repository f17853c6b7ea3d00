/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * JSON as RFC 8259 defines it, as a tree in an arena. Nothing is lost on the
 * way: order and repetition of keys, and the text of each number, are kept.
 */
#ifndef JSON_H
#define JSON_H

#include <stddef.h>

#include "lib/base/str.h"

struct arena;
struct strbuf;

/* As deep as Hurl's reader goes: what passes here passes there. */
#define JSON_DEPTH_MAX  127

enum json_type {
    JSON_NULL,
    JSON_BOOL,
    JSON_INT,                            /* no '.', no exponent; any size */
    JSON_FLOAT,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT
};

struct json_value {
    enum json_type  type;
    union {
        int         boolean;
        struct str  text;          /* a string; a number's own digits */
        struct {
            const struct json_value   *items;
            size_t                     count;
        } array;
        struct {
            const struct json_member  *members;
            size_t                     count;
        } object;
    } u;
};

struct json_member {
    struct str         name;
    struct json_value  value;
};

struct json_error {
    size_t    offset;                    /* in bytes, from 0 */
    unsigned  line, column;              /* from 1; columns in characters */
    char      text[120];                 /* what is wrong, for people */
};

/*
 * Reads one document. The tree is borrowed until the arena is freed and keeps
 * nothing of text. NULL: error is filled, also when memory ran out.
 */
struct json_value *json_parse(struct arena *arena, const char *text,
                              size_t len, struct json_error *error);

/* Adds the value without any white space; numbers as they were written. */
void json_write(struct strbuf *out, const struct json_value *value);

/* Adds a string with its quotes; a byte that is not UTF-8 becomes U+FFFD. */
void json_write_string(struct strbuf *out, const char *text, size_t len);

/* The member's value, NULL: none. Of equal names the last one counts. */
const struct json_value *json_get(const struct json_value *object,
                                  const char *name, size_t len);

int json_is_number(const struct json_value *value);

/* As near as a double comes; 0 for what is no number. */
double json_number(const struct json_value *value);

/* Below, equal or above 0. Two integers of any size compare exactly. */
int json_compare_numbers(const struct json_value *a,
                         const struct json_value *b);

/*
 * Deep equality: 1 or 0. Numbers compare by value, the order of members does
 * not matter. *steps is counted down for every value and name looked at; -1
 * when it would fall below 0. NULL: no limit.
 */
int json_equal(const struct json_value *a, const struct json_value *b,
               size_t *steps);

#endif /* JSON_H */
