/* SPDX-License-Identifier: BSD-2-Clause */
/* Values as text, in the shortest form that reads back as the same tree. */
#include "lib/base/encode.h"
#include "lib/base/strbuf.h"
#include "lib/json/json.h"


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


/* One character of text that is UTF-8. */
static void
write_char(struct strbuf *out, const char *text, size_t len)
{
    char  letter = short_escape(*text);

    if (letter != 0) {
        strbuf_addch(out, '\\');
        strbuf_addch(out, letter);
    } else if ((unsigned char) *text < 0x20) {
        strbuf_printf(out, "\\u%04x", (unsigned) *text);
    } else {
        strbuf_add(out, text, len);
    }
}


void
json_write_string(struct strbuf *out, const char *text, size_t len)
{
    size_t    n;
    uint32_t  code;

    strbuf_addch(out, '"');

    for ( ; len > 0; text += n, len -= n) {
        n = utf8_decode(text, len, &code);

        if (n == 0) {
            strbuf_addstr(out, "\xef\xbf\xbd");
            n = 1;
        } else {
            write_char(out, text, n);
        }
    }

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
