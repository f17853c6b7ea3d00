/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads one character of a string and undoes its escape. Each kind of string
 * has its own set of escapes and of characters that end it.
 */
#include <string.h>

#include "harness/hurl/syntax/script_parser.h"
#include "lib/base/encode.h"

#define ESCAPE_TITLE  "Parsing escape character"


/* Escapes that stand for themselves, by kind of string. */
static const char *
plain_escapes(enum script_text_style style)
{
    switch (style) {
    case SCRIPT_TEXT_JSON:
        return "\"\\/";
    case SCRIPT_TEXT_KEY:
        return "#:\\/";
    case SCRIPT_TEXT_FILENAME:
        return "\\#; {}";
    case SCRIPT_TEXT_PASSWORD:
        return "\\#; {}:";
    default:
        return "#\"`\\/";
    }
}


static void
put_code_point(struct script_char *c, unsigned long cp)
{
    if (cp < 0x80) {
        c->bytes[0] = (char) cp;
        c->len = 1;

    } else if (cp < 0x800) {
        c->bytes[0] = (char) (0xc0 | (cp >> 6));
        c->bytes[1] = (char) (0x80 | (cp & 0x3f));
        c->len = 2;

    } else if (cp < 0x10000) {
        c->bytes[0] = (char) (0xe0 | (cp >> 12));
        c->bytes[1] = (char) (0x80 | ((cp >> 6) & 0x3f));
        c->bytes[2] = (char) (0x80 | (cp & 0x3f));
        c->len = 3;

    } else {
        c->bytes[0] = (char) (0xf0 | (cp >> 18));
        c->bytes[1] = (char) (0x80 | ((cp >> 12) & 0x3f));
        c->bytes[2] = (char) (0x80 | ((cp >> 6) & 0x3f));
        c->bytes[3] = (char) (0x80 | (cp & 0x3f));
        c->len = 4;
    }
}


static enum script_result
hex_fail(struct script_parser *p)
{
    return script_fail(p, "Parsing hexadecimal number", p->cur.pos,
                       "expecting a valid hexadecimal number");
}


static enum script_result
unicode_fail(struct script_parser *p, struct script_pos pos)
{
    return script_fail(p, "Parsing unicode literal", pos,
                       "Invalid unicode literal");
}


/* {1-8 hex digits} */
static enum script_result
braced_code_point(struct script_parser *p, unsigned long *cp)
{
    int                 d;
    unsigned            digits;
    enum script_result  rc;

    rc = script_expect(p, "{");

    if (rc != SCRIPT_OK) {
        return rc;
    }

    *cp = 0;

    for (digits = 0; digits < 8; digits++) {
        d = hex_digit(script_peek(p));

        if (d < 0) {
            break;
        }

        *cp = *cp * 16 + (unsigned long) d;
        script_advance(p);
    }

    if (digits == 0) {
        return hex_fail(p);
    }

    if (*cp > 0x10ffff || (*cp >= 0xd800 && *cp < 0xe000)) {
        return unicode_fail(p, p->cur.pos);
    }

    return script_expect(p, "}");
}


static enum script_result
four_hex_digits(struct script_parser *p, unsigned long *cp)
{
    int  d;

    *cp = 0;

    for (int i = 0; i < 4; i++) {
        d = hex_digit(script_peek(p));

        if (d < 0) {
            return hex_fail(p);
        }

        *cp = *cp * 16 + (unsigned long) d;
        script_advance(p);
    }

    return SCRIPT_OK;
}


/* \uXXXX of JSON, with surrogate pairs. */
static enum script_result
json_code_point(struct script_parser *p, unsigned long *cp)
{
    unsigned long       low;
    struct script_pos   start;
    enum script_result  rc;

    rc = four_hex_digits(p, cp);

    if (rc != SCRIPT_OK || *cp < 0xd800 || *cp > 0xdfff) {
        return rc;
    }

    rc = script_expect(p, "\\u");

    if (rc != SCRIPT_OK) {
        return rc;
    }

    start = p->cur.pos;
    rc = four_hex_digits(p, &low);

    if (rc != SCRIPT_OK) {
        return rc;
    }

    if (*cp > 0xdbff || low < 0xdc00 || low > 0xdfff) {
        return unicode_fail(p, start);
    }

    *cp = 0x10000 + ((*cp - 0xd800) << 10) + (low - 0xdc00);

    return SCRIPT_OK;
}


/* Behind the backslash. */
static enum script_result
escape(struct script_parser *p, enum script_text_style style,
    struct script_char *c)
{
    int                 ch;
    const char         *hit;
    unsigned long       cp;
    enum script_result  rc;
    static const char   from[] = "bfnrt", to[] = "\b\f\n\r\t";

    ch = script_peek(p);
    c->escaped = true;
    c->len = 1;

    if (ch == 'u') {
        script_advance(p);
        rc = style == SCRIPT_TEXT_JSON ? json_code_point(p, &cp)
                                       : braced_code_point(p, &cp);
        if (rc == SCRIPT_OK) {
            put_code_point(c, cp);
        }

        return rc;
    }

    hit = ch > 0 ? strchr(from, ch) : NULL;

    if (hit != NULL) {
        c->bytes[0] = to[hit - from];

    } else if (ch > 0 && strchr(plain_escapes(style), ch) != NULL) {
        c->bytes[0] = (char) ch;

        /* Hurl hands this escape on: it keeps ':' from ending the name. */
        if (style == SCRIPT_TEXT_PASSWORD && ch == ':') {
            memcpy(c->bytes, "\\:", 2);
            c->len = 2;
        }

    } else {
        return script_fail(p, ESCAPE_TITLE, p->cur.pos,
                           "the escaping sequence is not valid");
    }

    script_advance(p);

    return SCRIPT_OK;
}


/* Does this unescaped character end a string of the kind? */
static bool
ends_text(enum script_text_style style, int ch)
{
    switch (style) {
    case SCRIPT_TEXT_UNQUOTED:
        return ch == '#' || (ch < 0x20 && strchr("\b\n\f\r\t", ch) != NULL);

    case SCRIPT_TEXT_QUOTED:
    case SCRIPT_TEXT_JSON:
        return ch == '"' || (ch < 0x20 && strchr("\b\n\f\r\t", ch) != NULL);

    case SCRIPT_TEXT_BACKTICK:
        return ch == '`' || (ch < 0x20 && strchr("\b\n\f\r\t", ch) != NULL);

    case SCRIPT_TEXT_KEY:
        return !script_is_name_char(ch) && strchr(".[]@$", ch) == NULL;

    case SCRIPT_TEXT_FILENAME:
        return strchr("#;{} \n\r", ch) != NULL;

    case SCRIPT_TEXT_PASSWORD:
        return strchr("#;{}\n\r", ch) != NULL;

    default:
        return false;
    }
}


/* SCRIPT_NO at the end of the string; the terminator is not consumed. */
enum script_result
script_char_next(struct script_parser *p, enum script_text_style style,
    struct script_char *c)
{
    int  ch;

    ch = script_peek(p);

    if (ch < 0) {
        return SCRIPT_NO;
    }

    if (ch == '\\' && style != SCRIPT_TEXT_MULTILINE) {
        script_advance(p);
        return escape(p, style, c);
    }

    if (ch == 0 || ends_text(style, ch)) {
        return SCRIPT_NO;
    }

    c->bytes[0] = (char) ch;
    c->len = 1;
    c->escaped = false;
    script_advance(p);

    return SCRIPT_OK;
}
