/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hex,..; base64,..; and file,..; as body or as expected value. Files are
 * only named here, never opened.
 */
#include <string.h>

#include "harness/hurl/syntax/script_parser.h"
#include "lib/base/encode.h"


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
    return hex_digit(c) >= 0;
}


enum script_result
script_hex(struct script_parser *p, struct str *out)
{
    char               *bytes;
    size_t              len, bad;
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

    bytes = hex_decode(p->arena, digits.data, digits.len, &len, &bad);

    if (bytes == NULL) {
        return script_no_memory(p);
    }

    *out = (struct str) { bytes, len };
    (void) script_skip_blanks(p);

    return script_expect(p, ";");
}


static bool
is_base64(int c)
{
    return (c < 0x80 && script_is_alnum(c))
           || (c > 0 && strchr("+/= \t\n\r", c) != NULL);
}


/* base64,..; where blanks and padding may stand anywhere, and count nothing. */
enum script_result
script_base64(struct script_parser *p, struct str *out)
{
    char               *digits, *bytes;
    size_t              i, count = 0, bad;
    struct str          text;
    struct script_pos   start;
    enum script_result  rc;

    rc = prefix(p, "base64");

    if (rc != SCRIPT_OK) {
        return rc;
    }

    start = p->cur.pos;
    text = script_word(p, is_base64);
    digits = script_new(p, text.len + 1);

    if (digits == NULL) {
        return script_no_memory(p);
    }

    for (i = 0; i < text.len; i++) {
        if (strchr("= \t\n\r", text.data[i]) == NULL) {
            digits[count++] = text.data[i];
        }
    }

    if (script_expect(p, ";") != SCRIPT_OK) {
        return SCRIPT_FAIL;
    }

    bytes = base64_decode(p->arena, digits, count, BASE64_STANDARD, &out->len,
                          &bad);

    if (bytes == NULL) {
        return bad == ENCODE_OK
               ? script_no_memory(p)
               : script_fail(p, "Parsing base64", start,
                             "the base64 text is truncated");
    }

    out->data = bytes;

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
