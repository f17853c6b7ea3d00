/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The grammar of JSON, for all that read it. Handlers are called from left to
 * right: json_parse() makes a tree, others may leave the text where it is and
 * accept more than JSON in the place of values and inside strings.
 */
#ifndef JSON_SCAN_H
#define JSON_SCAN_H

#include <stddef.h>
#include <stdint.h>

#include "lib/json/json.h"

enum json_fault {
    JSON_FAULT_NONE,                     /* a handler failed, if anything */
    JSON_FAULT_MEMORY,
    JSON_FAULT_DEPTH,                    /* one bracket too many */
    JSON_FAULT_VALUE,                    /* no value begins here */
    JSON_FAULT_NAME,                     /* no '"' of a name */
    JSON_FAULT_COLON,
    JSON_FAULT_ARRAY,                    /* neither ',' nor ']' */
    JSON_FAULT_OBJECT,                   /* neither ',' nor '}' */
    JSON_FAULT_MINUS,                    /* no digit after the sign */
    JSON_FAULT_DIGIT,                    /* none after '.' or 'e' */
    JSON_FAULT_ZERO,                     /* more digits after a first 0 */
    JSON_FAULT_CONTROL,                  /* a control character in a string */
    JSON_FAULT_QUOTE,                    /* the text ends inside a string */
    JSON_FAULT_ESCAPE,                   /* no escape has this letter */
    JSON_FAULT_HEX,                      /* no hex digit after \u */
    JSON_FAULT_PAIR                      /* half of a surrogate pair */
};

struct json_scan {
    const struct json_handlers  *on;
    void                        *data;   /* of the handlers */
    struct arena                *arena;  /* of texts; NULL: not copied */
    const char                  *pos, *end;
    unsigned                     depth, depth_max;

    unsigned     in_object:1;            /* the value has a name */
    const char  *separator;              /* ',' or ':' before it, or NULL */

    enum json_fault  fault;
    const char      *at;                 /* where it is */
};

/* Each returns 0, or -1 to end the reading. */
struct json_handlers {
    /*
     * pos is where a value must stand. 1: something else than JSON stood
     * there, and pos is behind it. NULL: nothing else may.
     */
    int  (*other)(struct json_scan *s);

    /* pos is on the opening quote; moves it behind the closing one. */
    int  (*string)(struct json_scan *s, int is_name);

    /* A number or a word was read. NULL: nobody wants to know. */
    int  (*scalar)(struct json_scan *s, const struct json_value *value);

    /* An array or object of so many values was read. NULL as above. */
    int  (*close)(struct json_scan *s, enum json_type type, size_t count);
};

/*
 * Reads one value and no white space around it. 0, or -1: fault and at say
 * why; pos is then where the number or the escape begins, or the same as at.
 */
int json_scan_value(struct json_scan *s);

/* The parts, for grammars that contain them. Handlers are not called. */
void json_scan_space(struct json_scan *s);
int json_scan_scalar(struct json_scan *s, struct json_value *value);

/* pos is on the opening quote, of either kind. Needs the arena. */
int json_scan_string(struct json_scan *s, struct str *text);

/* pos is on the backslash. The quote is the one that may be escaped. */
int json_scan_escape(struct json_scan *s, char quote, uint32_t *code);

#endif /* JSON_SCAN_H */
