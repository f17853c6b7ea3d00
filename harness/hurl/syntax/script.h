/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The syntax tree of a script (Hurl 8.0 language), as the parser leaves it
 * and the player reads it. Nothing here executes or does I/O.
 *
 * Ownership: every node and every text lives in the arena that was given to
 * script_parse() and is borrowed until that arena is freed. Lists are singly
 * linked by `next`, in the order of the file.
 */
#ifndef LINKFUNC_SCRIPT_H
#define LINKFUNC_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/hurl/syntax/script_error.h"
#include "lib/base/str.h"

struct arena;

/* `end` is the place just behind the last character. */
struct script_span {
    struct script_pos  start;
    struct script_pos  end;
};

/* --- templates ---------------------------------------------------------- */

enum script_expr_kind {
    SCRIPT_EXPR_VARIABLE,               /* name = the variable */
    SCRIPT_EXPR_NEW_UUID,
    SCRIPT_EXPR_NEW_DATE,
    SCRIPT_EXPR_GET_ENV                 /* name = the environment variable */
};

/* What stands between {{ and }}. */
struct script_expr {
    struct script_span     span;
    enum script_expr_kind  kind;
    struct str             name;
    struct script_filter  *filters;     /* NULL: none */
};

/*
 * One part of a template: literal text, or an expression when expr is set.
 * `in_string` marks, in a JSON body, an expression between the quotes of a
 * JSON string: its value must be escaped as JSON text. A bare one must render
 * to null, a boolean or a number.
 */
struct script_part {
    struct script_part  *next;
    struct str           text;   /* escapes already undone */
    struct script_expr  *expr;
    bool                 in_string;
};

/* An empty template has no parts. `delimiter`: '"', '`' or 0. */
struct script_template {
    struct script_span   span;
    struct script_part  *parts;
    struct str           source; /* as written, delimiters included */
    char                 delimiter;
};

/* --- values ------------------------------------------------------------- */

enum script_hint {
    SCRIPT_HINT_NONE,
    SCRIPT_HINT_JSON,
    SCRIPT_HINT_XML,
    SCRIPT_HINT_GRAPHQL,
    SCRIPT_HINT_RAW
};

/* ```hint ... ```; variables: the {json} behind a GraphQL `variables`. */
struct script_multiline {
    enum script_hint         hint;
    struct script_template  *text;
    struct script_template  *variables; /* NULL: none */
};

enum script_value_kind {
    SCRIPT_VALUE_NULL,
    SCRIPT_VALUE_BOOL,
    SCRIPT_VALUE_INT,
    SCRIPT_VALUE_FLOAT,
    SCRIPT_VALUE_STRING,                /* "..", `..` or, in options, bare */
    SCRIPT_VALUE_MULTILINE,
    SCRIPT_VALUE_HEX,
    SCRIPT_VALUE_BASE64,
    SCRIPT_VALUE_FILE,
    SCRIPT_VALUE_REGEX,                 /* /../ */
    SCRIPT_VALUE_EXPR                   /* {{..}}, keeps its type */
};

struct script_value {
    struct script_span        span;
    enum script_value_kind    kind;
    bool                      boolean;
    bool                      big;      /* INT that does not fit integer */
    long long                 integer;
    double                    number;   /* FLOAT */
    struct str                text;     /* number or regex as text; bytes */
    struct script_template   *string;   /* STRING, FILE (its name) */
    struct script_multiline  *multiline;
    struct script_expr       *expr;
};

/* --- queries, filters, predicates --------------------------------------- */

enum script_query_kind {
    SCRIPT_QUERY_STATUS,
    SCRIPT_QUERY_VERSION,
    SCRIPT_QUERY_URL,
    SCRIPT_QUERY_HEADER,
    SCRIPT_QUERY_COOKIE,
    SCRIPT_QUERY_BODY,
    SCRIPT_QUERY_XPATH,
    SCRIPT_QUERY_JSONPATH,
    SCRIPT_QUERY_REGEX,
    SCRIPT_QUERY_VARIABLE,
    SCRIPT_QUERY_DURATION,
    SCRIPT_QUERY_BYTES,
    SCRIPT_QUERY_RAWBYTES,
    SCRIPT_QUERY_SHA256,
    SCRIPT_QUERY_MD5,
    SCRIPT_QUERY_CERTIFICATE,
    SCRIPT_QUERY_IP,
    SCRIPT_QUERY_REDIRECTS
};

struct script_query {
    struct script_span      span;
    enum script_query_kind  kind;
    const char             *name;       /* the keyword */
    struct script_value     arg;        /* STRING, or REGEX for regex */
    struct str              attribute;  /* cookie "name[attribute]"; or field
                                           of certificate; data NULL: none */
};

enum script_filter_kind {
    SCRIPT_FILTER_BASE64_DECODE,
    SCRIPT_FILTER_BASE64_ENCODE,
    SCRIPT_FILTER_BASE64_URL_SAFE_DECODE,
    SCRIPT_FILTER_BASE64_URL_SAFE_ENCODE,
    SCRIPT_FILTER_CHARSET_DECODE,       /* also spelt decode */
    SCRIPT_FILTER_COUNT,
    SCRIPT_FILTER_DATE_FORMAT,          /* also spelt format */
    SCRIPT_FILTER_DAYS_AFTER_NOW,
    SCRIPT_FILTER_DAYS_BEFORE_NOW,
    SCRIPT_FILTER_FIRST,
    SCRIPT_FILTER_HTML_ESCAPE,
    SCRIPT_FILTER_HTML_UNESCAPE,
    SCRIPT_FILTER_JSONPATH,
    SCRIPT_FILTER_LAST,
    SCRIPT_FILTER_LOCATION,
    SCRIPT_FILTER_NTH,
    SCRIPT_FILTER_REGEX,
    SCRIPT_FILTER_REPLACE,
    SCRIPT_FILTER_REPLACE_REGEX,
    SCRIPT_FILTER_SPLIT,
    SCRIPT_FILTER_TO_DATE,
    SCRIPT_FILTER_TO_FLOAT,
    SCRIPT_FILTER_TO_HEX,
    SCRIPT_FILTER_TO_INT,
    SCRIPT_FILTER_TO_STRING,
    SCRIPT_FILTER_URL_DECODE,
    SCRIPT_FILTER_URL_ENCODE,
    SCRIPT_FILTER_URL_QUERY_PARAM,
    SCRIPT_FILTER_UTF8_DECODE,
    SCRIPT_FILTER_UTF8_ENCODE,
    SCRIPT_FILTER_XPATH
};

struct script_filter {
    struct script_filter     *next;
    struct script_span        span;
    enum script_filter_kind   kind;
    const char               *name;     /* the keyword as written */
    struct script_value       arg;      /* STRING, REGEX, INT or EXPR (nth) */
    struct script_value       arg2;     /* STRING: replace, replaceRegex */
};

enum script_predicate_kind {
    SCRIPT_PRED_EQUAL,
    SCRIPT_PRED_NOT_EQUAL,
    SCRIPT_PRED_GREATER,
    SCRIPT_PRED_GREATER_EQUAL,
    SCRIPT_PRED_LESS,
    SCRIPT_PRED_LESS_EQUAL,
    SCRIPT_PRED_STARTS_WITH,
    SCRIPT_PRED_ENDS_WITH,
    SCRIPT_PRED_CONTAINS,
    SCRIPT_PRED_INCLUDES,
    SCRIPT_PRED_MATCHES,
    SCRIPT_PRED_EXISTS,
    SCRIPT_PRED_IS_EMPTY,
    SCRIPT_PRED_IS_BOOLEAN,
    SCRIPT_PRED_IS_INTEGER,
    SCRIPT_PRED_IS_FLOAT,
    SCRIPT_PRED_IS_NUMBER,
    SCRIPT_PRED_IS_STRING,
    SCRIPT_PRED_IS_COLLECTION,
    SCRIPT_PRED_IS_DATE,
    SCRIPT_PRED_IS_ISO_DATE,
    SCRIPT_PRED_IS_IPV4,
    SCRIPT_PRED_IS_IPV6,
    SCRIPT_PRED_IS_UUID,
    SCRIPT_PRED_IS_LIST,
    SCRIPT_PRED_IS_OBJECT
};

struct script_predicate {
    struct script_span           span;  /* without `not` */
    bool                         negated;
    enum script_predicate_kind   kind;
    const char                  *name;
    bool                         has_value;
    struct script_value          value;
};

/* --- sections ----------------------------------------------------------- */

/* Header, parameter, cookie, user: password, or one multipart field. */
struct script_pair {
    struct script_pair      *next;
    struct script_span       span;
    struct script_template  *key;
    struct script_template  *value;     /* multipart file: the file name */
    bool                     is_file;
    struct script_template  *content_type;  /* multipart file; NULL: guess */
};

enum script_option_kind {
    SCRIPT_OPT_AWS_SIGV4,
    SCRIPT_OPT_CACERT,
    SCRIPT_OPT_CERT,
    SCRIPT_OPT_COMPRESSED,
    SCRIPT_OPT_CONNECT_TIMEOUT,
    SCRIPT_OPT_CONNECT_TO,
    SCRIPT_OPT_DELAY,
    SCRIPT_OPT_DIGEST,
    SCRIPT_OPT_HEADER,
    SCRIPT_OPT_HTTP10,
    SCRIPT_OPT_HTTP11,
    SCRIPT_OPT_HTTP2,
    SCRIPT_OPT_HTTP3,
    SCRIPT_OPT_INSECURE,
    SCRIPT_OPT_IPV4,
    SCRIPT_OPT_IPV6,
    SCRIPT_OPT_KEY,
    SCRIPT_OPT_LIMIT_RATE,
    SCRIPT_OPT_LOCATION,
    SCRIPT_OPT_LOCATION_TRUSTED,
    SCRIPT_OPT_MAX_REDIRS,
    SCRIPT_OPT_MAX_TIME,
    SCRIPT_OPT_NEGOTIATE,
    SCRIPT_OPT_NETRC,
    SCRIPT_OPT_NETRC_FILE,
    SCRIPT_OPT_NETRC_OPTIONAL,
    SCRIPT_OPT_NO_PROXY,
    SCRIPT_OPT_NTLM,
    SCRIPT_OPT_OUTPUT,
    SCRIPT_OPT_PATH_AS_IS,
    SCRIPT_OPT_PINNED_PUB_KEY,
    SCRIPT_OPT_PROXY,
    SCRIPT_OPT_REPEAT,
    SCRIPT_OPT_RESOLVE,
    SCRIPT_OPT_RETRY,
    SCRIPT_OPT_RETRY_INTERVAL,
    SCRIPT_OPT_SKIP,
    SCRIPT_OPT_SSL_NO_REVOKE,
    SCRIPT_OPT_UNIX_SOCKET,
    SCRIPT_OPT_USER,
    SCRIPT_OPT_VARIABLE,
    SCRIPT_OPT_VERBOSE,
    SCRIPT_OPT_VERY_VERBOSE
};

enum script_unit {
    SCRIPT_UNIT_NONE,                   /* the option's default: ms */
    SCRIPT_UNIT_MS,
    SCRIPT_UNIT_S,
    SCRIPT_UNIT_M,
    SCRIPT_UNIT_H
};

/*
 * value is BOOL, INT, STRING or FILE, as the option wants, or EXPR where a
 * {{placeholder}} stands for a boolean or a number. For `variable` it is what
 * stands behind '=', and variable its name.
 */
struct script_option {
    struct script_option    *next;
    struct script_span       span;
    enum script_option_kind  kind;
    const char              *name;
    struct script_value      value;
    enum script_unit         unit;
    struct str               variable;
};

struct script_capture {
    struct script_capture   *next;
    struct script_span       span;
    struct script_template  *name;
    struct script_query      query;
    struct script_filter    *filters;
    bool                     redact;
    struct script_span       redact_span;
};

struct script_assert {
    struct script_assert     *next;
    struct script_span        span;
    struct script_query       query;
    struct script_filter     *filters;
    struct script_predicate   predicate;
};

enum script_section_kind {
    SCRIPT_SECTION_QUERY,
    SCRIPT_SECTION_FORM,
    SCRIPT_SECTION_MULTIPART,
    SCRIPT_SECTION_COOKIES,
    SCRIPT_SECTION_BASIC_AUTH,
    SCRIPT_SECTION_OPTIONS,
    SCRIPT_SECTION_CAPTURES,
    SCRIPT_SECTION_ASSERTS
};

/* One of the four lists is used, as the kind says. */
struct script_section {
    struct script_section    *next;
    struct script_span        span;     /* of [Name] */
    enum script_section_kind  kind;
    struct str                name;     /* as written */
    struct script_pair       *pairs;
    struct script_option     *options;
    struct script_capture    *captures;
    struct script_assert     *asserts;
};

/* --- bodies, requests, responses ---------------------------------------- */

enum script_body_kind {
    SCRIPT_BODY_MULTILINE,
    SCRIPT_BODY_ONELINE,
    SCRIPT_BODY_JSON,
    SCRIPT_BODY_XML,
    SCRIPT_BODY_BASE64,
    SCRIPT_BODY_HEX,
    SCRIPT_BODY_FILE
};

struct script_body {
    struct script_span        span;
    enum script_body_kind     kind;
    struct script_multiline  *multiline;
    struct script_template   *text;     /* ONELINE; JSON, whitespace kept;
                                           FILE: its name */
    struct str                bytes;    /* XML as written; BASE64 and HEX
                                           decoded */
};

struct script_request {
    struct script_span       span;      /* of the request line */
    struct script_span       method_span;
    struct str               method;
    struct script_template  *url;
    struct script_pair      *headers;
    struct script_section   *sections;
    struct script_body      *body;      /* NULL: none */
};

enum script_version {
    SCRIPT_VERSION_ANY,
    SCRIPT_VERSION_10,
    SCRIPT_VERSION_11,
    SCRIPT_VERSION_2,
    SCRIPT_VERSION_3
};

struct script_response {
    struct script_span       span;      /* of the response line */
    struct script_span       version_span;
    struct script_span       status_span;
    enum script_version      version;
    bool                     any_status;
    long long                status;
    struct script_pair      *headers;
    struct script_section   *sections;
    struct script_body      *body;
};

/* --- comment directives (#@) -------------------------------------------- */

enum script_directive_kind {
    SCRIPT_DIRECTIVE_CALL,              /* word = function name */
    SCRIPT_DIRECTIVE_LOG,               /* word = level */
    SCRIPT_DIRECTIVE_CACHE,             /* key */
    SCRIPT_DIRECTIVE_ALLOCS,
    SCRIPT_DIRECTIVE_POOL_BYTES,
    SCRIPT_DIRECTIVE_CYCLE,             /* word = reload, exit or init */
    SCRIPT_DIRECTIVE_EXPECT,            /* word = crash, timeout or rule */
    SCRIPT_DIRECTIVE_COOKIE_STORAGE     /* Hurl's own; word = its name */
};

/* LOG, CACHE, ALLOCS and POOL_BYTES are assertions. */
struct script_directive {
    struct script_directive    *next;
    struct script_span          span;
    enum script_directive_kind  kind;
    const char                 *name;
    struct str                  word;
    struct str                  detail; /* EXPECT: signal or rule name;
                                               data NULL: any */
    struct script_template     *key;
    struct script_filter       *filters;
    struct script_predicate     predicate;
};

/* --- the file ----------------------------------------------------------- */

struct script_entry {
    struct script_entry      *next;
    unsigned                  index;    /* 1-based */
    struct script_directive  *directives;
    struct script_request     request;
    struct script_response   *response; /* NULL: nothing is checked */
};

struct script {
    const char           *name;         /* as given, for messages */
    struct str            source;       /* the whole text, BOM removed */
    struct script_entry  *entries;
    unsigned              entry_count;
};

/*
 * Parse a whole script.
 *
 *   name    for messages, copied      data   need not be NUL-terminated, copied
 *   error   filled when the text is refused; its texts are its own
 *   returns the script, borrowed from the arena, or NULL
 */
const struct script *script_parse(struct arena *arena, const char *name,
    const char *data, size_t len, struct script_error *error);

/*
 * Find the first construct that the player does not execute yet.
 *
 *   returns true and fills error ("not supported yet") when there is one
 */
bool script_unsupported(const struct script *script,
    struct script_error *error);

#endif
