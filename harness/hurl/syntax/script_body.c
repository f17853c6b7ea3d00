/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bodies of requests and responses. A body has no marker, so the kinds are
 * tried in the order that the language fixes.
 */
#include "harness/hurl/syntax/script_parser.h"


static enum script_result
body_value(struct script_parser *p, struct script_body *body)
{
    enum script_result  rc;

    body->kind = SCRIPT_BODY_MULTILINE;
    rc = script_parse_multiline(p, &body->multiline);

    if (rc == SCRIPT_NO) {
        body->kind = SCRIPT_BODY_ONELINE;
        rc = script_backtick(p, &body->text);
    }

    if (rc == SCRIPT_NO) {
        body->kind = SCRIPT_BODY_JSON;
        rc = script_json(p, &body->text);
    }

    if (rc == SCRIPT_NO) {
        body->kind = SCRIPT_BODY_XML;
        rc = script_xml(p, &body->bytes);
    }

    if (rc == SCRIPT_NO) {
        body->kind = SCRIPT_BODY_BASE64;
        rc = script_base64(p, &body->bytes);
    }

    if (rc == SCRIPT_NO) {
        body->kind = SCRIPT_BODY_HEX;
        rc = script_hex(p, &body->bytes);
    }

    if (rc == SCRIPT_NO) {
        body->kind = SCRIPT_BODY_FILE;
        rc = script_file(p, &body->text);
    }

    return rc;
}


enum script_result
script_parse_body(struct script_parser *p, struct script_body **out)
{
    enum script_result    rc;
    struct script_body    body = { 0 };
    struct script_cursor  start;

    start = p->cur;
    script_skip_lines(p);
    (void) script_skip_blanks(p);
    body.span.start = p->cur.pos;
    rc = body_value(p, &body);

    if (rc == SCRIPT_NO) {
        p->cur = start;
    }

    if (rc != SCRIPT_OK) {
        return rc;
    }

    body.span.end = p->cur.pos;

    if (script_no_stray(p) != SCRIPT_OK || script_line_end(p) != SCRIPT_OK) {
        return SCRIPT_FAIL;
    }

    *out = script_new(p, sizeof(**out));

    if (*out == NULL) {
        return script_no_memory(p);
    }

    **out = body;

    return SCRIPT_OK;
}
