/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Values of a script: what queries find, filters change, predicates check and
 * variables hold. A value borrows what it points to from an arena.
 */
#ifndef VALUE_H
#define VALUE_H

#include <stdint.h>

#include "lib/json/json.h"
#include "harness/hurl/syntax/script.h"
#include "lib/base/strbuf.h"

enum value_kind {
    VALUE_NOTHING,                   /* a query that found nothing */
    VALUE_UNIT,                      /* is there, and says no more */
    VALUE_NULL,
    VALUE_BOOL,
    VALUE_INT,                       /* any size: see big */
    VALUE_FLOAT,
    VALUE_STRING,
    VALUE_BYTES,
    VALUE_DATE,                      /* seconds since 1970, UTC */
    VALUE_LIST,
    VALUE_OBJECT,
    VALUE_REGEX                      /* only to the right of a predicate */
};

struct value_member;

struct value {
    enum value_kind       kind;
    bool                  boolean;
    bool                  big;       /* INT: beyond 64 bits, text has it */
    long long             integer;   /* INT, DATE */
    int                   micros;    /* DATE: of its second */
    double                number;    /* FLOAT */
    struct str            text;      /* STRING, BYTES, REGEX, big INT */
    struct value         *items;     /* LIST */
    struct value_member  *members;   /* OBJECT, in order */
    size_t                count;
};

struct value_member {
    struct str    name;
    struct value  value;
};

struct value value_string(const char *text, size_t len);
struct value value_int(long long integer);

/* "integer", "string", ...: as messages call it. */
const char *value_kind_name(const struct value *value);

/* From JSON; 0, or -1: no memory. */
int value_from_json(struct arena *arena, const struct json_value *json,
                    struct value *value);

/* As JSON; bytes as base64, dates in RFC 3339. */
void value_add_json(struct strbuf *to, const struct value *value);

/* For messages: string <abc>, integer <1>, list <[1,"x"]>. */
void value_add_shown(struct strbuf *to, const struct value *value);

/* As templates render it. 0, or -1: lists, objects, bytes do not render. */
int value_add_rendered(struct strbuf *to, const struct value *value);

/* What == means: kinds may differ only between integer and float. */
int value_equal(const struct value *a, const struct value *b);

/* Less, equal, more: -1, 0, 1 in *order. 0, or -1: not comparable. */
int value_compare(const struct value *a, const struct value *b, int *order);

/* A variable as text gives it: true, null, a number, else a string. */
int value_from_text(struct arena *arena, const char *text,
                    struct value *value);

/* A copy that lives in another arena; 0, or -1: no memory. */
int value_copy(struct arena *arena, const struct value *from,
               struct value *to);

#endif /* VALUE_H */
