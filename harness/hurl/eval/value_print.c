/* SPDX-License-Identifier: BSD-2-Clause */
/* Values as text: JSON for reports, short forms for people, templates. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/base/arena.h"
#include "lib/base/encode.h"
#include "harness/hurl/eval/value.h"


/*
 * The shortest form that reads back the same, without an exponent and with a
 * point, as Hurl writes it.
 */
static void
add_float(struct strbuf *to, double number)
{
    int    digits, point, count;
    char   text[40], plain[32];
    char  *e;

    if (!isfinite(number)) {
        strbuf_addstr(to, isnan(number) ? "NaN" : number > 0 ? "inf" : "-inf");
        return;
    }

    for (digits = 0; digits < 17; digits++) {
        (void) snprintf(text, sizeof(text), "%.*e", digits, fabs(number));
        if (strtod(text, NULL) == fabs(number)) {
            break;
        }
    }

    /* "d.ddde+xx": the digits alone, and where their point is */
    e = strchr(text, 'e');
    point = atoi(e + 1) + 1;
    plain[0] = text[0];
    count = text[1] == '.' ? (int) (e - text) - 1 : 1;
    memcpy(plain + 1, text + 2, (size_t) count - 1);

    strbuf_addstr(to, signbit(number) ? "-" : "");
    strbuf_addstr(to, point <= 0 ? "0." : "");

    for (digits = point; digits < 0; digits++) {
        strbuf_addch(to, '0');
    }

    for (digits = 0; digits < count || digits < point; digits++) {
        strbuf_addstr(to, digits == point && point > 0 ? "." : "");
        strbuf_addch(to, digits < count ? plain[digits] : '0');
    }

    strbuf_addstr(to, count <= point ? ".0" : "");
}


static void
add_integer(struct strbuf *to, const struct value *value)
{
    if (value->big) {
        strbuf_add(to, value->text.data, value->text.len);
    } else {
        strbuf_printf(to, "%lld", value->integer);
    }
}


static void
add_date(struct strbuf *to, const struct value *value)
{
    char       text[40];
    time_t     seconds = (time_t) value->integer;
    struct tm  tm;

    if (gmtime_r(&seconds, &tm) == NULL
        || strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm) == 0)
    {
        strbuf_printf(to, "%lld", value->integer);
        return;
    }

    strbuf_printf(to, "%s.%06dZ", text, value->micros);
}


static void
add_bytes(struct strbuf *to, const struct str *bytes)
{
    char          *text;
    size_t         len;
    struct arena  *arena = arena_new();

    text = arena == NULL ? NULL
           : base64_encode(arena, bytes->data, bytes->len, BASE64_STANDARD,
                           &len);
    if (text != NULL) {
        strbuf_add(to, text, len);
    } else {
        to->failed = 1;
    }
    arena_free(&arena);
}


void
value_add_json(struct strbuf *to, const struct value *value)
{
    size_t  i;

    switch (value->kind) {
    case VALUE_BOOL:
        strbuf_addstr(to, value->boolean ? "true" : "false");
        break;

    case VALUE_INT:
        add_integer(to, value);
        break;

    case VALUE_FLOAT:
        add_float(to, value->number);
        break;

    case VALUE_STRING:
    case VALUE_REGEX:
        json_write_string(to, value->text.data, value->text.len);
        break;

    case VALUE_BYTES:
    case VALUE_DATE:
        strbuf_addch(to, '"');
        if (value->kind == VALUE_DATE) {
            add_date(to, value);
        } else {
            add_bytes(to, &value->text);
        }
        strbuf_addch(to, '"');
        break;

    case VALUE_LIST:
        strbuf_addch(to, '[');
        for (i = 0; i < value->count; i++) {
            strbuf_addstr(to, i > 0 ? "," : "");
            value_add_json(to, &value->items[i]);
        }
        strbuf_addch(to, ']');
        break;

    case VALUE_OBJECT:
        strbuf_addch(to, '{');
        for (i = 0; i < value->count; i++) {
            strbuf_addstr(to, i > 0 ? "," : "");
            json_write_string(to, value->members[i].name.data,
                              value->members[i].name.len);
            strbuf_addch(to, ':');
            value_add_json(to, &value->members[i].value);
        }
        strbuf_addch(to, '}');
        break;

    case VALUE_NOTHING:
    case VALUE_UNIT:
    case VALUE_NULL:
        strbuf_addstr(to, "null");
        break;
    }
}


/* Long texts are cut: a message is read, not searched. */
#define SHOWN_MAX  1000

static void
add_shown_bytes(struct strbuf *to, const struct str *bytes)
{
    size_t  i;

    for (i = 0; i < bytes->len && i < SHOWN_MAX / 2; i++) {
        strbuf_printf(to, "%02x", (unsigned char) bytes->data[i]);
    }
    strbuf_addstr(to, i < bytes->len ? "..." : "");
}


static void
add_shown_text(struct strbuf *to, const struct str *text)
{
    size_t  len = text->len;

    if (len > SHOWN_MAX) {
        for (len = SHOWN_MAX; len > 0
             && ((unsigned char) text->data[len] & 0xc0) == 0x80; len--)
        {
            /* not inside a character */
        }
    }

    strbuf_add(to, text->data, len);
    if (len < text->len) {
        strbuf_printf(to, "... (%zu bytes)", text->len);
    }
}


void
value_add_shown(struct strbuf *to, const struct value *value)
{
    struct strbuf  json = { 0 };

    if (value->kind == VALUE_NOTHING) {
        strbuf_addstr(to, "none");
        return;
    }

    strbuf_addstr(to, value_kind_name(value));

    switch (value->kind) {
    case VALUE_UNIT:
    case VALUE_NULL:
        return;

    case VALUE_STRING:
    case VALUE_REGEX:
        strbuf_addstr(to, " <");
        add_shown_text(to, &value->text);
        break;

    case VALUE_BYTES:
        strbuf_addstr(to, " <");
        add_shown_bytes(to, &value->text);
        break;

    default:
        strbuf_addstr(to, " <");
        if (value->kind == VALUE_DATE) {
            add_date(to, value);
            break;
        }
        value_add_json(&json, value);
        add_shown_text(to, &(struct str) { json.data, json.len });
        strbuf_free(&json);
    }

    strbuf_addch(to, '>');
}


int
value_add_rendered(struct strbuf *to, const struct value *value)
{
    switch (value->kind) {
    case VALUE_NULL:
        strbuf_addstr(to, "null");
        return 0;

    case VALUE_BOOL:
        strbuf_addstr(to, value->boolean ? "true" : "false");
        return 0;

    case VALUE_INT:
        add_integer(to, value);
        return 0;

    case VALUE_FLOAT:
        add_float(to, value->number);
        return 0;

    case VALUE_STRING:
        strbuf_add(to, value->text.data, value->text.len);
        return 0;

    case VALUE_DATE:
        add_date(to, value);
        return 0;

    default:
        return -1;
    }
}
