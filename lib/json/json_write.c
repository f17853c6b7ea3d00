/* SPDX-License-Identifier: BSD-2-Clause */
/* Values as text, in the shortest form that reads back as the same tree. */
#include "lib/json/json.h"
#include "lib/base/strbuf.h"


/* The letter after the backslash of a short escape, or 0. */
static char
short_escape(char c)
{
    switch (c) {
    case '"':
    case '\\':
        return c;
    case '\b':
        return 'b';
    case '\f':
        return 'f';
    case '\n':
        return 'n';
    case '\r':
        return 'r';
    case '\t':
        return 't';
    default:
        return 0;
    }
}


void
json_write_string(struct strbuf *out, const char *text, size_t len)
{
    char    letter;
    size_t  i, start = 0;

    strbuf_addch(out, '"');
    for (i = 0; i < len; i++) {
        letter = short_escape(text[i]);
        if (letter == 0 && (unsigned char) text[i] >= 0x20) {
            continue;
        }
        strbuf_add(out, text + start, i - start);
        start = i + 1;
        if (letter != 0) {
            strbuf_addch(out, '\\');
            strbuf_addch(out, letter);
        } else {
            strbuf_printf(out, "\\u%04x", (unsigned) text[i]);
        }
    }
    strbuf_add(out, text + start, len - start);
    strbuf_addch(out, '"');
}


static void
write_array(struct strbuf *out, const struct json_value *value)
{
    size_t  i;

    strbuf_addch(out, '[');
    for (i = 0; i < value->u.array.count; i++) {
        if (i > 0) {
            strbuf_addch(out, ',');
        }
        json_write(out, &value->u.array.items[i]);
    }
    strbuf_addch(out, ']');
}


static void
write_object(struct strbuf *out, const struct json_value *value)
{
    size_t                     i;
    const struct json_member  *member;

    strbuf_addch(out, '{');
    for (i = 0; i < value->u.object.count; i++) {
        member = &value->u.object.members[i];
        if (i > 0) {
            strbuf_addch(out, ',');
        }
        json_write_string(out, member->name.data, member->name.len);
        strbuf_addch(out, ':');
        json_write(out, &member->value);
    }
    strbuf_addch(out, '}');
}


void
json_write(struct strbuf *out, const struct json_value *value)
{
    switch (value->type) {
    case JSON_NULL:
        strbuf_addstr(out, "null");
        break;
    case JSON_BOOL:
        strbuf_addstr(out, value->u.boolean ? "true" : "false");
        break;
    case JSON_INT:
    case JSON_FLOAT:
        strbuf_add(out, value->u.text.data, value->u.text.len);
        break;
    case JSON_STRING:
        json_write_string(out, value->u.text.data, value->u.text.len);
        break;
    case JSON_ARRAY:
        write_array(out, value);
        break;
    case JSON_OBJECT:
        write_object(out, value);
        break;
    }
}
