/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Queries: what a capture or an assert looks at in the response.
 */
#include <string.h>

#include "harness/hurl/syntax/script_parser.h"

#define COUNT(a)  (sizeof(a) / sizeof((a)[0]))

enum argument { NO_ARGUMENT, STRING, REGEX, COOKIE, CERTIFICATE };

static const struct {
    const char              *name;
    enum script_query_kind   kind;
    enum argument            argument;
} queries[] = {
    { "status", SCRIPT_QUERY_STATUS, NO_ARGUMENT },
    { "version", SCRIPT_QUERY_VERSION, NO_ARGUMENT },
    { "url", SCRIPT_QUERY_URL, NO_ARGUMENT },
    { "header", SCRIPT_QUERY_HEADER, STRING },
    { "cookie", SCRIPT_QUERY_COOKIE, COOKIE },
    { "body", SCRIPT_QUERY_BODY, NO_ARGUMENT },
    { "xpath", SCRIPT_QUERY_XPATH, STRING },
    { "jsonpath", SCRIPT_QUERY_JSONPATH, STRING },
    { "regex", SCRIPT_QUERY_REGEX, REGEX },
    { "variable", SCRIPT_QUERY_VARIABLE, STRING },
    { "duration", SCRIPT_QUERY_DURATION, NO_ARGUMENT },
    { "bytes", SCRIPT_QUERY_BYTES, NO_ARGUMENT },
    { "rawbytes", SCRIPT_QUERY_RAWBYTES, NO_ARGUMENT },
    { "sha256", SCRIPT_QUERY_SHA256, NO_ARGUMENT },
    { "md5", SCRIPT_QUERY_MD5, NO_ARGUMENT },
    { "certificate", SCRIPT_QUERY_CERTIFICATE, CERTIFICATE },
    { "ip", SCRIPT_QUERY_IP, NO_ARGUMENT },
    { "redirects", SCRIPT_QUERY_REDIRECTS, NO_ARGUMENT },
};


static enum script_result
certificate_field(struct script_parser *p, struct script_query *query)
{
    struct script_pos         start;
    enum script_result        rc;
    static const char *const  fields[] = {
        "\"Subject\"", "\"Issuer\"", "\"Start-Date\"", "\"Expire-Date\"",
        "\"Serial-Number\"", "\"Subject-Alt-Name\"", "\"Value\""
    };

    start = p->cur.pos;
    start.column++;

    for (size_t i = 0; i < COUNT(fields); i++) {
        if (script_looking_at(p, fields[i])) {
            rc = script_string_value(p, &query->arg);
            query->attribute.data = fields[i] + 1;
            query->attribute.len = strlen(fields[i]) - 2;
            return rc;
        }
    }

    if (script_expect(p, "\"") != SCRIPT_OK) {
        return SCRIPT_FAIL;
    }

    return script_fail(p, "Parsing certificate", start, "expecting Subject, "
                       "Issuer, Start-Date, Expire-Date, Serial-Number, "
                       "Subject-Alt-Name or Value");
}


static bool
same_ignoring_case(struct str a, const char *b)
{
    char  c;

    if (a.len != strlen(b)) {
        return false;
    }

    for (size_t i = 0; i < a.len; i++) {
        c = a.data[i];
        c = c >= 'A' && c <= 'Z' ? (char) (c - 'A' + 'a') : c;

        if (c != b[i]) {
            return false;
        }
    }

    return true;
}


/* [Attribute] behind the name of a cookie, up to the closing quote. */
static enum script_result
cookie_attribute(struct script_parser *p, struct script_query *query)
{
    struct script_pos         start;
    static const char *const  names[] = {
        "value", "expires", "max-age", "domain", "path", "secure",
        "httponly", "samesite"
    };

    (void) script_skip_blanks(p);
    start = p->cur.pos;
    query->attribute = script_word(p, script_is_name_char);

    for (size_t i = 0; i < COUNT(names); i++) {
        if (same_ignoring_case(query->attribute, names[i])) {
            (void) script_skip_blanks(p);
            return script_expect(p, "]");
        }
    }

    return script_fail(p, "Parsing cookie attribute", start, "the cookie "
                       "attribute is not valid; valid are Value, Expires, "
                       "Max-Age, Domain, Path, Secure, HttpOnly, SameSite");
}


/* "name" or "name[Attribute]"; the name is a template. */
static enum script_result
cookie_path(struct script_parser *p, struct script_query *query)
{
    int                   c;
    enum script_result    rc;
    struct script_cursor  start, end, after;

    query->arg.kind = SCRIPT_VALUE_STRING;
    query->arg.span.start = p->cur.pos;

    if (script_expect(p, "\"") != SCRIPT_OK) {
        return SCRIPT_FAIL;
    }

    start = p->cur;

    for (c = script_peek(p); c >= 0 && c != '"' && c != '\n' && c != '[';
         c = script_peek(p))
    {
        if (script_looking_at(p, "\r\n")) {
            break;
        }

        script_advance(p);
    }

    end = p->cur;

    if (script_accept(p, "[")
        && cookie_attribute(p, query) != SCRIPT_OK)
    {
        return SCRIPT_FAIL;
    }

    if (script_expect(p, "\"") != SCRIPT_OK) {
        return SCRIPT_FAIL;
    }

    after = p->cur;
    rc = script_template_until(p, &start, &end, SCRIPT_TEXT_MULTILINE,
                               &query->arg.string);
    p->cur = after;
    query->arg.span.end = after.pos;

    return rc;
}


static enum script_result
query_argument(struct script_parser *p, enum argument argument,
    struct script_query *query)
{
    if (argument == NO_ARGUMENT) {
        return SCRIPT_OK;
    }

    if (!script_skip_blanks(p)) {
        return script_fail(p, "Parsing space", p->cur.pos,
                           "expecting a space");
    }

    switch (argument) {
    case REGEX:
        return script_regex_value(p, &query->arg);
    case COOKIE:
        return cookie_path(p, query);
    case CERTIFICATE:
        return certificate_field(p, query);
    default:
        return script_string_value(p, &query->arg);
    }
}


/* NO when no query begins here. */
enum script_result
script_parse_query(struct script_parser *p, struct script_query *query)
{
    struct str            word;
    enum script_result    rc;
    struct script_cursor  start;

    start = p->cur;
    word = script_word(p, script_is_alnum);

    for (size_t i = 0; i < COUNT(queries); i++) {
        if (script_str_is(word, queries[i].name)) {
            query->kind = queries[i].kind;
            query->name = queries[i].name;
            rc = query_argument(p, queries[i].argument, query);
            query->span.start = start.pos;
            query->span.end = p->cur.pos;
            return rc;
        }
    }

    p->cur = start;

    return SCRIPT_NO;
}


/* The query that was meant by a misspelt word; NULL when none is near. */
const char *
script_query_nearest(struct str word)
{
    const char  *names[COUNT(queries)];

    for (size_t i = 0; i < COUNT(queries); i++) {
        names[i] = queries[i].name;
    }

    return script_nearest(word, names, COUNT(queries));
}
