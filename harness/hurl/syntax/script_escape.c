/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads one character of a string and undoes its escape. Each kind of string
 * has its own set of escapes and of characters that end it.
 */
#include <string.h>

#include "harness/hurl/syntax/script_parser.h"
#include "lib/base/encode.h"
#include "lib/json/json_scan.h"


/* Escapes that stand for themselves, by kind of string. */
static const char *
plain_escapes(enum script_text_style style)
{
    switch (style) {
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


static enum script_result
escape_fail(struct script_parser *p)
{
    return script_fail(p, "Parsing escape character", p->cur.pos,
                       "the escaping sequence is not valid");
}


static enum script_result
hex_fail(struct script_parser *p)
{
    return script_fail(p, "Parsing hexadecimal number", p->cur.pos,
                       "expecting a valid hexadecimal number");
}


static enum script_result
unicode_fail(struct script_parser *p)
{
    return script_fail(p, "Parsing unicode literal", p->cur.pos,
                       "Invalid unicode literal");
}


/* {1-8 hex digits} */
static enum script_result
braced_code_point(struct script_parser *p, struct script_char *c)
{
    int                 d;
    unsigned            digits;
    uint32_t            code = 0;
    enum script_result  rc;

    rc = script_expect(p, "{");

    if (rc != SCRIPT_OK) {
        return rc;
    }

    for (digits = 0; digits < 8; digits++) {
        d = hex_digit(script_peek(p));

        if (d < 0) {
            break;
        }

        code = code * 16 + (uint32_t) d;
        script_advance(p);
    }

    if (digits == 0) {
        return hex_fail(p);
    }

    c->len = utf8_encode(code, c->bytes);

    return c->len == 0 ? unicode_fail(p) : script_expect(p, "}");
}


/* An escape of JSON, from its letter on; errors as in Hurl. */
static enum script_result
json_escape(struct script_parser *p, struct script_char *c)
{
    uint32_t            code;
    enum script_result  rc;
    struct json_scan    s = { .pos = p->src + p->cur.off - 1,
                              .end = p->src + p->len };

    if (json_scan_escape(&s, '"', &code) == 0) {
        script_advance_to(p, (size_t) (s.pos - p->src));
        c->len = utf8_encode(code, c->bytes);
        return SCRIPT_OK;
    }

    script_advance_to(p, (size_t) (s.at - p->src));

    if (s.fault == JSON_FAULT_ESCAPE) {
        return escape_fail(p);
    }

    if (s.fault == JSON_FAULT_HEX) {
        return hex_fail(p);
    }

    rc = script_expect(p, "\\u");

    return rc == SCRIPT_OK ? unicode_fail(p) : rc;
}


/* Behind the backslash. */
static enum script_result
escape(struct script_parser *p, enum script_text_style style,
    struct script_char *c)
{
    int                ch;
    const char        *hit;
    static const char  from[] = "bfnrt", to[] = "\b\f\n\r\t";

    ch = script_peek(p);
    c->escaped = true;
    c->len = 1;

    if (style == SCRIPT_TEXT_JSON) {
        return json_escape(p, c);
    }

    if (ch == 'u') {
        script_advance(p);
        return braced_code_point(p, c);
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
        return escape_fail(p);
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
