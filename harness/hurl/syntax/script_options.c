/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The [Options] section: one table says what each option takes. Whether the
 * player executes it is not decided here.
 */
#include "harness/hurl/syntax/script_parser.h"

#define COUNT(a)  (sizeof(a) / sizeof((a)[0]))
#define TITLE     "Parsing option"

enum takes { BOOL, DURATION, NUMBER_OR_FOREVER, NATURAL, TEXT, FILE_NAME,
             PASSWORD, DEFINITION };

static const struct {
    const char               *name;
    enum script_option_kind   kind;
    enum takes                takes;
} options[] = {
    { "aws-sigv4", SCRIPT_OPT_AWS_SIGV4, TEXT },
    { "cacert", SCRIPT_OPT_CACERT, FILE_NAME },
    { "cert", SCRIPT_OPT_CERT, PASSWORD },
    { "compressed", SCRIPT_OPT_COMPRESSED, BOOL },
    { "connect-timeout", SCRIPT_OPT_CONNECT_TIMEOUT, DURATION },
    { "connect-to", SCRIPT_OPT_CONNECT_TO, TEXT },
    { "delay", SCRIPT_OPT_DELAY, DURATION },
    { "digest", SCRIPT_OPT_DIGEST, BOOL },
    { "header", SCRIPT_OPT_HEADER, TEXT },
    { "http1.0", SCRIPT_OPT_HTTP10, BOOL },
    { "http1.1", SCRIPT_OPT_HTTP11, BOOL },
    { "http2", SCRIPT_OPT_HTTP2, BOOL },
    { "http3", SCRIPT_OPT_HTTP3, BOOL },
    { "insecure", SCRIPT_OPT_INSECURE, BOOL },
    { "ipv4", SCRIPT_OPT_IPV4, BOOL },
    { "ipv6", SCRIPT_OPT_IPV6, BOOL },
    { "key", SCRIPT_OPT_KEY, FILE_NAME },
    { "limit-rate", SCRIPT_OPT_LIMIT_RATE, NATURAL },
    { "location", SCRIPT_OPT_LOCATION, BOOL },
    { "location-trusted", SCRIPT_OPT_LOCATION_TRUSTED, BOOL },
    { "max-redirs", SCRIPT_OPT_MAX_REDIRS, NUMBER_OR_FOREVER },
    { "max-time", SCRIPT_OPT_MAX_TIME, DURATION },
    { "negotiate", SCRIPT_OPT_NEGOTIATE, BOOL },
    { "netrc", SCRIPT_OPT_NETRC, BOOL },
    { "netrc-file", SCRIPT_OPT_NETRC_FILE, TEXT },
    { "netrc-optional", SCRIPT_OPT_NETRC_OPTIONAL, BOOL },
    { "no-proxy", SCRIPT_OPT_NO_PROXY, TEXT },
    { "noproxy", SCRIPT_OPT_NO_PROXY, TEXT },
    { "ntlm", SCRIPT_OPT_NTLM, BOOL },
    { "output", SCRIPT_OPT_OUTPUT, FILE_NAME },
    { "path-as-is", SCRIPT_OPT_PATH_AS_IS, BOOL },
    { "pinnedpubkey", SCRIPT_OPT_PINNED_PUB_KEY, TEXT },
    { "proxy", SCRIPT_OPT_PROXY, TEXT },
    { "repeat", SCRIPT_OPT_REPEAT, NUMBER_OR_FOREVER },
    { "resolve", SCRIPT_OPT_RESOLVE, TEXT },
    { "retry", SCRIPT_OPT_RETRY, NUMBER_OR_FOREVER },
    { "retry-interval", SCRIPT_OPT_RETRY_INTERVAL, DURATION },
    { "skip", SCRIPT_OPT_SKIP, BOOL },
    { "ssl-no-revoke", SCRIPT_OPT_SSL_NO_REVOKE, BOOL },
    { "unix-socket", SCRIPT_OPT_UNIX_SOCKET, TEXT },
    { "user", SCRIPT_OPT_USER, TEXT },
    { "variable", SCRIPT_OPT_VARIABLE, DEFINITION },
    { "verbose", SCRIPT_OPT_VERBOSE, BOOL },
    { "very-verbose", SCRIPT_OPT_VERY_VERBOSE, BOOL },
};


static bool
is_option_char(int c)
{
    return (c < 0x80 && script_is_name_char(c)) || c == '.';
}


static enum script_result
unknown_option(struct script_parser *p, struct str name,
    struct script_pos pos)
{
    const char  *near, *names[COUNT(options)];

    for (size_t i = 0; i < COUNT(options); i++) {
        names[i] = options[i].name;
    }

    near = script_nearest(name, names, COUNT(options));

    return script_fail(p, TITLE, pos, "the option name is not valid. %s%s%s",
                       near != NULL ? "Did you mean " : "Known options are "
                       "listed in the documentation of the script format",
                       near != NULL ? near : "", near != NULL ? "?" : "");
}


/* When no literal was read: a {{placeholder}} may stand for it. */
static enum script_result
or_placeholder(struct script_parser *p, enum script_result rc,
    struct script_value *value, const char *wanted)
{
    struct script_pos  start;

    if (rc != SCRIPT_NO) {
        return rc;
    }

    start = p->cur.pos;
    value->kind = SCRIPT_VALUE_EXPR;
    rc = script_placeholder(p, &value->expr);

    if (rc != SCRIPT_NO) {
        return rc;
    }

    return script_fail(p, TITLE, start, "expecting %s", wanted);
}


static enum script_result
bool_value(struct script_parser *p, struct script_value *value)
{
    value->kind = SCRIPT_VALUE_BOOL;
    value->boolean = script_accept(p, "true");

    return or_placeholder(p, value->boolean || script_accept(p, "false")
                             ? SCRIPT_OK : SCRIPT_NO,
                          value, "true|false");
}


static enum script_result
natural_value(struct script_parser *p, struct script_value *value)
{
    value->kind = SCRIPT_VALUE_INT;

    return or_placeholder(p, script_natural(p, &value->integer), value,
                          "integer");
}


static bool
is_letter(int c)
{
    return script_is_alnum(c) && !script_is_digit(c);
}


static enum script_result
duration_value(struct script_parser *p, struct script_option *option)
{
    struct script_pos   start;
    struct str          word;
    enum script_result  rc;
    static const char *const  units[] = { "", "ms", "s", "m", "h" };

    rc = natural_value(p, &option->value);

    if (rc != SCRIPT_OK || option->value.kind == SCRIPT_VALUE_EXPR) {
        return rc;
    }

    start = p->cur.pos;
    word = script_word(p, is_letter);

    for (size_t i = 0; i < COUNT(units); i++) {
        if (script_str_is(word, units[i])) {
            option->unit = (enum script_unit) i;
            return SCRIPT_OK;
        }
    }

    return script_fail(p, "Parsing duration unit", start, "the unit of a "
                       "duration is not valid; valid are ms, s, m and h");
}


/* An integer from -1, which means without end. */
static enum script_result
forever_value(struct script_parser *p, struct script_value *value)
{
    enum script_result    rc;
    struct script_cursor  start;

    start = p->cur;
    value->kind = SCRIPT_VALUE_INT;

    if (!script_accept(p, "-")) {
        return natural_value(p, value);
    }

    rc = script_natural(p, &value->integer);
    value->integer = -value->integer;

    if (rc == SCRIPT_FAIL || (rc == SCRIPT_OK && value->integer == -1)) {
        return rc;
    }

    return script_fail(p, TITLE, start.pos, "expecting integer >= -1");
}


static enum script_result
definition_name(struct script_parser *p, struct script_option *option)
{
    struct script_pos  start;

    start = p->cur.pos;
    option->variable = script_word(p, script_is_name_char);

    if (option->variable.len == 0) {
        return script_fail(p, "Parsing variable", start,
                           "expecting variable name");
    }

    if (script_str_is(option->variable, "newUuid")
        || script_str_is(option->variable, "newDate")
        || script_str_is(option->variable, "getEnv"))
    {
        return script_fail(p, "Parsing variable", start, "conflicts with the "
                           "%.*s function, use a different name",
                           (int) option->variable.len, option->variable.data);
    }

    (void) script_skip_blanks(p);

    if (script_expect(p, "=") != SCRIPT_OK) {
        return SCRIPT_FAIL;
    }

    (void) script_skip_blanks(p);

    return SCRIPT_OK;
}


/* name=value */
static enum script_result
definition(struct script_parser *p, struct script_option *option)
{
    enum script_result    rc;
    struct script_value  *value;

    if (definition_name(p, option) != SCRIPT_OK) {
        return SCRIPT_FAIL;
    }

    value = &option->value;

    if (script_accept(p, "null")) {
        value->kind = SCRIPT_VALUE_NULL;
        return SCRIPT_OK;
    }

    value->kind = SCRIPT_VALUE_BOOL;
    value->boolean = script_accept(p, "true");

    if (value->boolean || script_accept(p, "false")) {
        return SCRIPT_OK;
    }

    rc = script_number(p, value);

    if (rc == SCRIPT_NO) {
        value->kind = SCRIPT_VALUE_STRING;
        rc = script_quoted(p, &value->string);
    }

    return rc == SCRIPT_NO ? script_unquoted(p, &value->string) : rc;
}


static enum script_result
option_value(struct script_parser *p, enum takes takes,
    struct script_option *option)
{
    switch (takes) {

    case BOOL:
        return bool_value(p, &option->value);

    case DURATION:
        return duration_value(p, option);

    case NUMBER_OR_FOREVER:
        return forever_value(p, &option->value);

    case NATURAL:
        return natural_value(p, &option->value);

    case FILE_NAME:
    case PASSWORD:
        option->value.kind = SCRIPT_VALUE_FILE;
        return script_filename(p, takes == PASSWORD ? SCRIPT_TEXT_PASSWORD
                                                    : SCRIPT_TEXT_FILENAME,
                               &option->value.string);

    case DEFINITION:
        return definition(p, option);

    default:
        option->value.kind = SCRIPT_VALUE_STRING;
        return script_unquoted(p, &option->value.string);
    }
}


/* Behind `name:`. */
static enum script_result
known_option(struct script_parser *p, size_t which, struct script_pos start,
    struct script_option **out)
{
    enum script_result     rc;
    struct script_option  *option;

    option = script_new(p, sizeof(*option));

    if (option == NULL) {
        return script_no_memory(p);
    }

    *out = option;
    option->kind = options[which].kind;
    option->name = options[which].name;
    option->span.start = start;
    option->value.span.start = p->cur.pos;
    rc = option_value(p, options[which].takes, option);
    option->value.span.end = p->cur.pos;
    option->span.end = p->cur.pos;

    return rc == SCRIPT_OK ? script_line_end(p) : rc;
}


static enum script_result
one_option(struct script_parser *p, struct script_option **out)
{
    struct str            name;
    struct script_pos     start;
    struct script_cursor  begin;

    begin = p->cur;
    script_skip_lines(p);
    (void) script_skip_blanks(p);
    start = p->cur.pos;
    name = script_word(p, is_option_char);
    (void) script_skip_blanks(p);

    if (!script_accept(p, ":")) {
        p->cur = begin;
        return SCRIPT_NO;
    }

    (void) script_skip_blanks(p);

    if (script_no_stray(p) != SCRIPT_OK) {
        return SCRIPT_FAIL;
    }

    for (size_t i = 0; i < COUNT(options); i++) {
        if (script_str_is(name, options[i].name)) {
            return known_option(p, i, start, out);
        }
    }

    return unknown_option(p, name, start);
}


enum script_result
script_options(struct script_parser *p, struct script_option **out)
{
    enum script_result  rc;

    for ( ;; ) {
        rc = one_option(p, out);

        if (rc != SCRIPT_OK) {
            return rc == SCRIPT_NO ? SCRIPT_OK : rc;
        }

        out = &(*out)->next;
    }
}
