/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Values: what predicates compare with, and the string and regex arguments of
 * queries and filters.
 */
#include "harness/hurl/syntax/script_parser.h"
#include "lib/regex/regexp.h"


/* "string" as an argument that must be there. */
enum script_result
script_string_value(struct script_parser *p, struct script_value *value)
{
    value->kind = SCRIPT_VALUE_STRING;
    value->span.start = p->cur.pos;

    if (script_quoted_required(p, &value->string) != SCRIPT_OK) {
        return SCRIPT_FAIL;
    }

    value->span.end = p->cur.pos;

    return SCRIPT_OK;
}


/* Only \/ is an escape of the script, all others are the regex's. */
static size_t
unescape_regex(char *to, struct str raw)
{
    size_t  len;

    len = 0;

    for (size_t i = 0; i < raw.len; i++) {
        if (raw.data[i] == '\\' && i + 1 < raw.len) {
            i++;

            if (raw.data[i] != '/') {
                to[len++] = '\\';
            }
        }

        to[len++] = raw.data[i];
    }

    return len;
}


/* /regex/ */
enum script_result
script_regex(struct script_parser *p, struct str *out)
{
    char                 *text;
    struct str            raw;
    struct regex_error    error;
    struct script_cursor  start;

    if (!script_accept(p, "/")) {
        return SCRIPT_NO;
    }

    start = p->cur;

    while (!script_at_end(p) && script_peek(p) != '/') {
        (void) script_accept(p, "\\");
        script_advance(p);
    }

    raw = script_slice(p, start.off);

    if (!script_accept(p, "/")) {
        return script_fail(p, "Parsing regex", p->cur.pos,
                           "expecting '/' at the end of the regex");
    }

    text = script_new(p, raw.len + 1);

    if (text == NULL) {
        return script_no_memory(p);
    }

    *out = (struct str) { text, unescape_regex(text, raw) };

    if (regex_check(out->data, out->len, &error) != 0) {
        return script_fail(p, "Parsing regex", start.pos,
                           "invalid Regex expression: %s", error.message);
    }

    return SCRIPT_OK;
}


/* "regex" or /regex/. */
enum script_result
script_regex_value(struct script_parser *p, struct script_value *value)
{
    struct script_pos   start;
    enum script_result  rc;

    start = p->cur.pos;

    if (script_peek(p) == '"') {
        return script_string_value(p, value);
    }

    value->kind = SCRIPT_VALUE_REGEX;
    rc = script_regex(p, &value->text);
    value->span.start = start;
    value->span.end = p->cur.pos;

    if (rc != SCRIPT_NO) {
        return rc;
    }

    return script_fail(p, "Parsing literal", start, "expecting '\" or /'");
}


static enum script_result
word_value(struct script_parser *p, struct script_value *value)
{
    if (script_accept(p, "null")) {
        value->kind = SCRIPT_VALUE_NULL;
        return SCRIPT_OK;
    }

    value->kind = SCRIPT_VALUE_BOOL;
    value->boolean = script_accept(p, "true");

    return value->boolean || script_accept(p, "false") ? SCRIPT_OK : SCRIPT_NO;
}


static enum script_result
bytes_value(struct script_parser *p, struct script_value *value)
{
    enum script_result  rc;

    value->kind = SCRIPT_VALUE_FILE;
    rc = script_file(p, &value->string);

    if (rc == SCRIPT_NO) {
        value->kind = SCRIPT_VALUE_HEX;
        rc = script_hex(p, &value->text);
    }

    if (rc == SCRIPT_NO) {
        value->kind = SCRIPT_VALUE_BASE64;
        rc = script_base64(p, &value->text);
    }

    return rc;
}


static enum script_result
text_value(struct script_parser *p, struct script_value *value)
{
    enum script_result  rc;

    value->kind = SCRIPT_VALUE_EXPR;
    rc = script_placeholder(p, &value->expr);

    if (rc == SCRIPT_NO) {
        value->kind = SCRIPT_VALUE_STRING;
        rc = script_quoted(p, &value->string);
    }

    if (rc == SCRIPT_NO) {
        value->kind = SCRIPT_VALUE_MULTILINE;
        rc = script_parse_multiline(p, &value->multiline);
    }

    if (rc == SCRIPT_NO) {
        value->kind = SCRIPT_VALUE_STRING;
        rc = script_backtick(p, &value->string);
    }

    if (rc == SCRIPT_NO) {
        value->kind = SCRIPT_VALUE_REGEX;
        rc = script_regex(p, &value->text);
    }

    return rc;
}


/* Any value of a predicate; there must be one. */
enum script_result
script_parse_value(struct script_parser *p, struct script_value *value)
{
    struct script_pos   start;
    enum script_result  rc;

    start = p->cur.pos;
    rc = word_value(p, value);

    if (rc == SCRIPT_NO) {
        rc = script_number(p, value);
    }

    if (rc == SCRIPT_NO) {
        rc = bytes_value(p, value);
    }

    if (rc == SCRIPT_NO) {
        rc = text_value(p, value);
    }

    value->span.start = start;
    value->span.end = p->cur.pos;

    if (rc != SCRIPT_NO) {
        return rc;
    }

    return script_fail(p, "Parsing predicate value", start,
                       "invalid predicate value");
}
