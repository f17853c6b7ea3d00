/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hex,..; base64,..; and file,..; as body or as expected value. Files are
 * only named here, never opened.
 */
#include "harness/hurl/syntax/script_parser.h"


/* keyword, a comma and blanks; NO without the keyword. */
static enum script_result
prefix(struct script_parser *p, const char *keyword)
{
    if (!script_accept(p, keyword)) {
        return SCRIPT_NO;
    }

    if (script_expect(p, ",") != SCRIPT_OK) {
        return SCRIPT_FAIL;
    }

    (void) script_skip_blanks(p);

    return SCRIPT_OK;
}


static bool
is_hex(int c)
{
    return script_hex_digit(c) >= 0;
}


enum script_result
script_hex(struct script_parser *p, struct str *out)
{
    char               *bytes;
    struct str          digits;
    enum script_result  rc;

    rc = prefix(p, "hex");

    if (rc != SCRIPT_OK) {
        return rc;
    }

    digits = script_word(p, is_hex);

    if (digits.len % 2 != 0) {
        return script_fail(p, "Parsing odd number of hex digits", p->cur.pos,
                           "expecting an even number of hex digits");
    }

    bytes = script_new(p, digits.len / 2 + 1);

    if (bytes == NULL) {
        return script_no_memory(p);
    }

    for (size_t i = 0; i < digits.len / 2; i++) {
        bytes[i] = (char) (script_hex_digit(digits.data[2 * i]) * 16
                           + script_hex_digit(digits.data[2 * i + 1]));
    }

    *out = (struct str) { bytes, digits.len / 2 };
    (void) script_skip_blanks(p);

    return script_expect(p, ";");
}


static int
base64_digit(int c)
{
    if (c >= 'A' && c <= 'Z') {
        return c - 'A';
    }

    if (c >= 'a' && c <= 'z') {
        return c - 'a' + 26;
    }

    if (script_is_digit(c)) {
        return c - '0' + 52;
    }

    return c == '+' ? 62 : c == '/' ? 63 : -1;
}


static bool
is_base64(int c)
{
    return base64_digit(c) >= 0 || c == '=' || c == ' ' || c == '\t'
           || c == '\n' || c == '\r';
}


/* Blanks and padding are ignored; returns the number of digits. */
static size_t
decode_base64(struct str text, char *bytes, size_t *len)
{
    int            d;
    size_t         digits;
    unsigned long  bits;

    digits = 0;
    bits = 0;
    *len = 0;

    for (size_t i = 0; i < text.len; i++) {
        d = base64_digit((unsigned char) text.data[i]);

        if (d < 0) {
            continue;
        }

        bits = ((bits << 6) | (unsigned long) d) & 0xffffff;
        digits++;

        if (digits % 4 == 0) {
            bytes[(*len)++] = (char) (bits >> 16);
            bytes[(*len)++] = (char) (bits >> 8);
            bytes[(*len)++] = (char) bits;
        }
    }

    if (digits % 4 == 2) {
        bytes[(*len)++] = (char) (bits >> 4);

    } else if (digits % 4 == 3) {
        bytes[(*len)++] = (char) (bits >> 10);
        bytes[(*len)++] = (char) (bits >> 2);
    }

    return digits;
}


enum script_result
script_base64(struct script_parser *p, struct str *out)
{
    char               *bytes;
    size_t              digits;
    struct str          text;
    struct script_pos   start;
    enum script_result  rc;

    rc = prefix(p, "base64");

    if (rc != SCRIPT_OK) {
        return rc;
    }

    start = p->cur.pos;
    text = script_word(p, is_base64);
    bytes = script_new(p, text.len + 1);

    if (bytes == NULL) {
        return script_no_memory(p);
    }

    out->data = bytes;
    digits = decode_base64(text, bytes, &out->len);

    if (script_expect(p, ";") != SCRIPT_OK) {
        return SCRIPT_FAIL;
    }

    if (digits % 4 == 1) {
        return script_fail(p, "Parsing base64", start,
                           "the base64 text is cut off");
    }

    return SCRIPT_OK;
}


enum script_result
script_file(struct script_parser *p, struct script_template **out)
{
    enum script_result  rc;

    rc = prefix(p, "file");

    if (rc == SCRIPT_OK) {
        rc = script_filename(p, SCRIPT_TEXT_FILENAME, out);
    }

    if (rc == SCRIPT_OK) {
        (void) script_skip_blanks(p);
        rc = script_expect(p, ";");
    }

    return rc;
}
