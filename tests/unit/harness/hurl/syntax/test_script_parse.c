/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The script parser: which texts it accepts, where and with which words it
 * refuses the others, and that the tree says what the text says.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/arena.h"
#include "harness/hurl/syntax/script.h"

#define COUNT(a)  (sizeof(a) / sizeof((a)[0]))
#define GET       "GET http://h\n"
#define ASSERTS   GET "HTTP 200\n[Asserts]\n"
#define POST      "POST http://h\n"
#define OPTIONS   GET "[Options]\n"

static struct arena         *arena;
static struct script_error   error;

/* Allocations that still succeed; negative: all. */
static int  budget = -1;

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);


void *
__wrap_malloc(size_t size)
{
    if (budget == 0) {
        return NULL;
    }

    budget -= budget > 0;

    return __real_malloc(size);
}


static int
setup(void **state)
{
    (void) state;
    memset(&error, 0, sizeof(error));
    arena = arena_new();

    return arena == NULL;
}


static int
teardown(void **state)
{
    (void) state;
    arena_free(&arena);

    return 0;
}


static const struct script *
parse(const char *text)
{
    const struct script  *script;

    script = script_parse(arena, "t.hurl", text, strlen(text), &error);

    if (script == NULL) {
        print_message("%s\n-> %u:%u: %s\n", text, error.pos.line,
                      error.pos.column, error.message);
    }

    return script;
}


static void
assert_str(struct str str, const char *expected)
{
    assert_int_equal(str.len, strlen(expected));
    assert_memory_equal(str.data, expected, str.len);
}


static void
every_construct_of_the_language_is_accepted(void **state)
{
    static const char *const  texts[] = {
        "", "\n\n# only a comment\n", "\xef\xbb\xbf" GET, "GET http://h",
        "  GET\thttp://h  # comment\r\nHTTP/1.1 200\r\n",
        "PROPFIND http://h/!$&()*+,;=:@[]~%7E\n",
        GET "HTTP *\n", GET "HTTP/1.0 200\n", GET "HTTP/2 200\n",
        GET "HTTP/3 200\n", GET "A: b\n{{k}}: {{v}}\nempty:\nHTTP 200\nC: d\n",
        GET "[QueryStringParams]\na: b\n[Query]\nc: d\n[Cookies]\n[BasicAuth]\n"
            "u: p\n[FormParams]\nx[0]: \\#1\n",
        POST "[Multipart]\na: b\nc: file,x\\ y.txt;\nd: file,z; text/plain\n",
        POST "```\ntext {{a}}\n```\n", POST "```json,escape\n\\t{{a}}\n```\n",
        POST "```escape,novariable\n{{\n```\n", POST "```raw\n{{ \\x\n```",
        POST "```graphql\nquery { a }\nvariables {\"a\": 1}\n```\n",
        POST "`one {{a}} \\u{00002708}`\n", POST "null", POST "-1.5e+3\n",
        POST "\"\\ud83d\\ude00 {{a}}\"\n", POST "{{a}}\n", POST "[]\n",
        POST "[1, [2, {}], \"x\"]\n", POST "{ \"a\": {{b}}, \"{{k}}\":true}\n",
        POST "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b '>'>]>\n<a b='c>'/>"
    };

    (void) state;

    for (size_t i = 0; i < COUNT(texts); i++) {
        assert_non_null(parse(texts[i]));
    }
}


static void
every_kind_of_value_and_predicate_is_accepted(void **state)
{
    static const char *const  texts[] = {
        "status == 200", "version not == \"1.1\"",
        "url startsWith \"http\"", "header \"A\" contains \"b\"",
        "cookie \"a\" exists", "cookie \"{{a}}[Max-Age]\" == 1",
        "body == ```\nx\n```", "bytes startsWith hex,0aFF;", "body == `x`",
        "bytes == base64,AQ ID\n;", "bytes == file,a{{b}}.bin;",
        "rawbytes isEmpty", "xpath \"//a\" count > 1", "md5 exists",
        "jsonpath \"$\" not isList", "jsonpath \"$\" isObject # comment",
        "regex /a\\/b(c)/ == \"d\"", "regex \"a(b)\" matches \"\\\\d\"",
        "variable \"a\" == {{b}}", "variable \"a\" >= {{b}}",
        "duration < 1000", "sha256 == hex,;", "ip isIpv4",
        "certificate \"Subject-Alt-Name\" contains \"x\"",
        "redirects nth -1 location == \"x\"", "body nth {{n}} == null",
        "body split \",\" first toInt == 99999999999999999999999",
        "body replace \"a\" \"b\" replaceRegex /c/ \"$1\" != -0.50",
        "body decode \"x\" charsetDecode \"y\" utf8Decode exists",
        "body toDate \"%Y\" format \"%m\" dateFormat \"%d\" isIsoDate",
        "body urlQueryParam \"a\" base64UrlSafeEncode toHex isUuid",
        "body matches /(?P<n>a)(?:b)(?i:c)|d|[[:alpha:]&&[^\\]x]]{1,}?/",
        "body matches /(?x) a # (/", "regex /\\x{41}\\b/ exists",
        "body includes true", "body matches /(?i)^a+?[^]b]{2,}\\p{L}$/",
    };

    char  text[200];

    (void) state;

    for (size_t i = 0; i < COUNT(texts); i++) {
        (void) snprintf(text, sizeof(text), "%s%s\n", ASSERTS, texts[i]);
        assert_non_null(parse(text));
    }
}


static void
every_option_is_accepted(void **state)
{
    static const char  text[] = OPTIONS
        "aws-sigv4: a:b\ncacert: a\ncert: a b:pw\ncompressed: true\n"
        "connect-timeout: 60s\nconnect-to: a:1:b:2\ndelay: 10ms\n"
        "digest: false\nheader: a: b\nhttp1.0: true\nhttp1.1: true\n"
        "http2: true\nhttp3: true\ninsecure: {{a}}\nipv4: true\n"
        "ipv6: true\nkey: k.pem\nlimit-rate: 100\nlocation: true\n"
        "location-trusted: true\nmax-redirs: -1\nmax-time: 1m\n"
        "negotiate: true\nnetrc: true\nnetrc-file: f\n"
        "netrc-optional: true\nno-proxy: a\nntlm: true\noutput: -\n"
        "path-as-is: true\npinnedpubkey: p\nproxy: p\nrepeat: 3\n"
        "resolve: a:1:b\nretry: {{n}}\nretry-interval: 2h\nskip: false\n"
        "ssl-no-revoke: true\nunix-socket: s\nuser: u:p\n"
        "variable: a=1\nvariable:b = x y\nvariable: c=\"7\"\n"
        "verbose: true\nvery-verbose: true\n";

    (void) state;
    assert_non_null(parse(text));
}


static const struct {
    const char  *text;
    unsigned     line, column;
    const char  *message;
} refused[] = {
    { "get http://h\n", 1, 1, "Did you mean GET?" },
    { "GET//h\n", 1, 4, "expecting a space" },
    { "GET \n", 1, 5, "expecting a url" },
    { "GET a\tb\n", 1, 7, "end of the line" },
    { "GET {{a\n", 1, 8, "expecting '}}'" },
    { "GET {{a b}}\n", 1, 9, "expecting '}}'" },
    { "GET {{}}\n", 1, 7, "expecting a variable" },
    { "GET a\\d\n", 1, 7, "escaping sequence" },
    { "GET \\u{d800}\n", 1, 12, "unicode" },
    { "GET \\u{}\n", 1, 8, "hexadecimal" },
    { "GET \xff\n", 1, 5, "UTF-8" },
    { "# \xc3\xa9\nGET \xc3\xa9\xe2\x82\xac\tx\n", 2, 8, "end of the line" },
    { GET "?\n", 2, 1, "method <?>" },
    { GET "[Nope]\n", 2, 2, "Valid values are Query" },
    { GET "[Qery]\n", 2, 2, "Did you mean Query?" },
    { GET "[Asserts]\n", 2, 2, "not valid here" },
    { GET "HTTP 200\n[Options]\n", 3, 2, "Captures, Asserts" },
    { GET "[Query]\na: b\n[Query]\n", 4, 1, "already defined" },
    { GET "[1]\n", 2, 2, "section is not valid" },
    { GET "HTTP/* 200\n", 2, 1, "HTTP version" },
    { GET "HTTP 200 OK\n", 2, 10, "end of the line" },
    { GET "HTTP abc\n", 2, 6, "HTTP status" },
    { GET "[Options]\nretry: 9999999999999999999\n", 3, 9, "too large" },
    { GET "HTTP\n", 2, 5, "expecting a space" },
    { GET "[BasicAuth]\na: b\nc: d\n", 4, 1, "method" },
    { POST "hex,abc;\n", 2, 8, "even number" },
    { POST "hex,ab\n", 2, 7, "expecting ';'" },
    { POST "base64,AAAAA;\n", 2, 8, "truncated" },
    { POST "file,;\n", 2, 6, "filename" },
    { POST "```\nabc\n", 4, 1, "expecting '```'" },
    { POST "```toml\nabc\n```\n", 2, 4, "not a kind of multiline" },
    { POST "```graphql\nq\nvariables 1\n```\n", 4, 11, "object" },
    { POST "`abc\n", 2, 5, "expecting '`'" },
    { POST "[1,\n2,]\n", 3, 2, "trailing comma" },
    { POST "[1 2]\n", 2, 4, "expecting ']'" },
    { POST "[,1]\n", 2, 2, "empty element" },
    { POST "[1.]\n", 2, 4, "digits" },
    { POST "{\"a\" 1}\n", 2, 6, "expecting ':'" },
    { POST "{a: 1}\n", 2, 2, "expecting '\"'" },
    { POST "{\"a\":}\n", 2, 6, "empty element" },
    { POST "{\"a\":\xc3\xa9}\n", 2, 6, "expecting a boolean" },
    { POST "{\"a\": 01}\n", 2, 8, "expecting '}'" },
    { POST "{\"a\n\": 1}\n", 2, 2, "control character" },
    { POST "[\"\\u00g0\"]\n", 2, 7, "hexadecimal" },
    { POST "[\"\\udc00\\udc00\"]\n", 2, 11, "unicode" },
    { POST "[\"\\ud800\\u0041\"]\n", 2, 11, "unicode" },
    { POST "[\"{{a\"]\n", 2, 6, "expecting '}}'" },
    { POST "<a><b></a>\n", 2, 1, "column 9: this closing tag does not match" },
    { POST "<a b=c/>\n", 2, 1, "quoted" },
    { POST "<a b/>\n", 2, 1, "needs a value" },
    { POST "<a b=\"c/>\n", 2, 1, "value of an attribute is not closed" },
    { POST "<a b='1'c='2'/>\n", 2, 1, "expecting a space" },
    { POST "<a =1/>\n", 2, 1, "expecting an attribute" },
    { POST "<1/>\n", 2, 1, "name of an element" },
    { POST "</a>\n", 2, 1, "never opened" },
    { POST "<a></a b>\n", 2, 1, "expecting '>'" },
    { POST "<!-- a\n", 2, 1, "a comment is not closed" },
    { POST "<?a\n", 2, 1, "instruction is not closed" },
    { POST "<a><![CDATA[\n", 2, 1, "CDATA section is not closed" },
    { POST "<![CDATA[]]><a/>\n", 2, 1, "outside the root" },
    { POST "<?a?>b<a/>\n", 2, 1, "outside the root" },
    { POST "<!DOCTYPE a ']>\n", 2, 1, "type is not closed" },
    { POST "<a><!DOCTYPE b></a>\n", 2, 1, "before the root" },
    { POST "<a>\n", 2, 1, "line 3, column 1: an element is not closed" },
    { POST "<a/>x\n", 2, 5, "end of the line" },
    { OPTIONS "max_redirs: 1\n", 3, 1, "Did you mean max-redirs?" },
    { OPTIONS "skip: yes\n", 3, 7, "true|false" },
    { OPTIONS "delay: 1x\n", 3, 9, "unit" },
    { OPTIONS "delay: fast\n", 3, 8, "expecting integer" },
    { OPTIONS "repeat: -2\n", 3, 9, ">= -1" },
    { OPTIONS "repeat: 01\n", 3, 10, "begin with 0" },
    { OPTIONS "variable: newDate=1\n", 3, 11, "conflicts" },
    { OPTIONS "variable: a\n", 3, 12, "expecting '='" },
    { OPTIONS "variable: =1\n", 3, 11, "variable name" },
    { GET "HTTP 200\n[Captures]\na: bdy\n", 4, 4, "expecting a query" },
    { ASSERTS "jsonpaht \"a\" == 1\n", 4, 1, "Did you mean jsonpath?" },
    { ASSERTS "status\n", 4, 7, "expecting a space" },
    { ASSERTS "status is 1\n", 4, 8, "expecting a predicate" },
    { ASSERTS "status not is 1\n", 4, 12, "expecting a predicate" },
    { ASSERTS "status == x\n", 4, 11, "invalid predicate value" },
    { ASSERTS "status == 01\n", 4, 13, "begin with 0" },
    { ASSERTS "status == 1.\n", 4, 13, "decimal digits" },
    { ASSERTS "status > true\n", 4, 10, "needs a number" },
    { ASSERTS "body startsWith 1\n", 4, 17, "needs a string" },
    { ASSERTS "body matches 1\n", 4, 14, "/regex/" },
    { ASSERTS "header A == 1\n", 4, 8, "expecting '\"'" },
    { ASSERTS "header \"A == 1\n", 4, 15, "expecting '\"'" },
    { ASSERTS "cookie \"a[Nope]\" exists\n", 4, 11, "cookie attribute" },
    { ASSERTS "certificate \"Nope\" exists\n", 4, 14, "expecting Subject" },
    { ASSERTS "regex /a/b == 1\n", 4, 10, "expecting a space" },
    { ASSERTS "body matches /a\n", 5, 1, "expecting '/'" },
    { ASSERTS "body matches /a{b}/\n", 4, 15, "a repetition is" },
    { ASSERTS "body matches /a{2/\n", 4, 15, "a repetition is" },
    { ASSERTS "body matches /a{/\n", 4, 15, "a repetition is" },
    { ASSERTS "body matches /a\\y/\n", 4, 15, "there is no escape" },
    { ASSERTS "body matches /[\\y]/\n", 4, 15, "there is no escape" },
    { ASSERTS "body matches /(?!a)/\n", 4, 15, "look-ahead" },
    { ASSERTS "body matches /(?&)/\n", 4, 15, "are not supported" },
    { ASSERTS "body matches /(?i/\n", 4, 15, "a ')' is missing" },
    { ASSERTS "body matches /(a/\n", 4, 15, "group is missing" },
    { ASSERTS "body matches /a)/\n", 4, 15, "closes nothing" },
    { ASSERTS "body matches /[a/\n", 4, 15, "class is missing" },
    { ASSERTS "body matches /(?=a)/\n", 4, 15, "look-ahead" },
    { ASSERTS "body matches /(a)\\1/\n", 4, 15, "back-references" },
    { ASSERTS "body matches /*a/\n", 4, 15, "nothing to repeat" },
    { ASSERTS "body nth x == 1\n", 4, 10, "expecting an integer" },
    { ASSERTS "body replace \"a\" == 1\n", 4, 18, "expecting '\"'" },
    { "#@ cal f\n" GET, 1, 4, "Did you mean call?" },
    { "#@ call\n" GET, 1, 8, "name of a function" },
    { "#@ log loud contains \"x\"\n" GET, 1, 8, "a log level" },
    { "#@ log info\n" GET, 1, 12, "expecting a predicate" },
    { "#@ cache key == 1\n" GET, 1, 10, "expecting '\"'" },
    { "#@ cycle twice\n" GET, 1, 10, "reload, exit or init" },
    { "#@ expect rule nope\n" GET, 1, 20, "name of a rule" },
    { "#@ expect crash SIGFOO\n" GET, 1, 17, "name of a signal" },
    { "#@ expect crash SIGSEGVX\n" GET, 1, 17, "name of a signal" },
    { "#@ allocs <= 1 x\n" GET, 1, 16, "end of the line" },
    { GET "#@ call f\n", 2, 1, "no request below" },
    { GET "#@ call f\nHTTP 200\n", 2, 1, "directly above" },
    { GET "#@ call f\nA: b\n", 2, 1, "directly above" },
    { "GET http://h #@ call f\n", 1, 14, "on its own line" },
};


static void
what_is_wrong_is_refused_with_place_and_reason(void **state)
{
    const char  *text;

    (void) state;

    for (size_t i = 0; i < COUNT(refused); i++) {
        text = refused[i].text;

        if (script_parse(arena, "t", text, strlen(text), &error) != NULL) {
            fail_msg("accepted: %s", text);
        }

        if (error.pos.line != refused[i].line
            || error.pos.column != refused[i].column
            || strstr(error.message, refused[i].message) == NULL)
        {
            fail_msg("%s-> %u:%u: %s", text, error.pos.line,
                     error.pos.column, error.message);
        }
    }
}


static void
nul_bytes_are_refused(void **state)
{
    (void) state;

    assert_null(script_parse(arena, "t", "GET a\0b", 7, &error));
    assert_int_equal(error.pos.column, 6);
}


static void
deep_nesting_is_refused_and_not_crashed_on(void **state)
{
    char  *text;

    (void) state;
    text = arena_alloc(arena, 100000);
    memcpy(text, POST, strlen(POST));
    memset(text + strlen(POST), '[', 90000);

    assert_null(script_parse(arena, "t", text, strlen(text), &error));
    assert_non_null(strstr(error.message, "200 levels"));
}


static void
entries_keep_order_and_lines(void **state)
{
    const struct script        *script;
    const struct script_entry  *second;

    (void) state;
    script = parse("GET http://a\n\n# x\nPURGE http://b\nHTTP/1.1 404\n");

    assert_non_null(script);
    assert_int_equal(script->entry_count, 2);
    assert_null(script->entries->response);
    second = script->entries->next;
    assert_int_equal(second->index, 2);
    assert_str(second->request.method, "PURGE");
    assert_int_equal(second->request.span.start.line, 4);
    assert_int_equal(second->response->version, SCRIPT_VERSION_11);
    assert_int_equal(second->response->status, 404);
    assert_int_equal(second->response->span.start.line, 5);
    assert_null(second->next);
}


static void
templates_are_text_and_expressions(void **state)
{
    const struct script       *script;
    const struct script_part  *part;

    (void) state;
    script = parse("GET http://h/{{ a-b toInt }}\\u{e9}{{newUuid}}  # c\n");

    assert_non_null(script);
    part = script->entries->request.url->parts;
    assert_str(part->text, "http://h/");
    part = part->next;
    assert_int_equal(part->expr->kind, SCRIPT_EXPR_VARIABLE);
    assert_str(part->expr->name, "a-b");
    assert_int_equal(part->expr->span.start.column, 17);
    assert_int_equal(part->expr->filters->kind, SCRIPT_FILTER_TO_INT);
    part = part->next;
    assert_str(part->text, "\xc3\xa9");
    assert_int_equal(part->next->expr->kind, SCRIPT_EXPR_NEW_UUID);
    assert_null(part->next->next);
}


static void
escaped_braces_are_text(void **state)
{
    const struct script  *script;

    (void) state;
    script = parse(GET "A: \\u{7b}\\u{7b}x}} {y\n");

    assert_non_null(script);
    assert_str(script->entries->request.headers->value->parts->text,
               "{{x}} {y");
}


static void
an_environment_variable_may_stand_in_a_quoted_string(void **state)
{
    const struct script_expr    *expr;
    const struct script         *script;
    const struct script_assert  *assert;

    (void) state;
    script = parse(ASSERTS "body == \"{{getEnv \\\"HOME\\\"}}\"\n");

    assert_non_null(script);
    assert = script->entries->response->sections->asserts;
    expr = assert->predicate.value.string->parts->expr;
    assert_int_equal(expr->kind, SCRIPT_EXPR_GET_ENV);
    assert_str(expr->name, "HOME");
}


static void
json_bodies_keep_their_text_and_mark_expressions(void **state)
{
    const struct script       *script;
    const struct script_part  *part;

    (void) state;
    script = parse(POST "{ \"a\" : \"x\\n{{b}}\",\n\t\"c\": {{d}} }\n");

    assert_non_null(script);
    part = script->entries->request.body->text->parts;
    assert_str(part->text, "{ \"a\" : \"x\\n");
    part = part->next;
    assert_true(part->in_string);
    part = part->next;
    assert_str(part->text, "\",\n\t\"c\": ");
    part = part->next;
    assert_str(part->expr->name, "d");
    assert_false(part->in_string);
    assert_str(part->next->text, " }");
}


static void
an_xml_body_ends_where_its_root_closes(void **state)
{
    const struct script  *script;

    (void) state;
    script = parse(POST "<a><!-- </a> --><b c=\"/>\"/><![CDATA[</a>]]>\n"
                   "</a > # comment\nHTTP 200\n");

    assert_non_null(script);
    assert_str(script->entries->request.body->bytes,
               "<a><!-- </a> --><b c=\"/>\"/><![CDATA[</a>]]>\n</a >");
    assert_non_null(script->entries->response);
}


static void
multiline_text_runs_to_the_last_newline(void **state)
{
    const struct script_multiline  *m;
    const struct script            *script;

    (void) state;
    script = parse(POST "```graphql  \nquery\\t\nvariables { \"a\": 1 }\n```\n");

    assert_non_null(script);
    m = script->entries->request.body->multiline;
    assert_int_equal(m->hint, SCRIPT_HINT_GRAPHQL);
    assert_str(m->text->parts->text, "query\\t\n");
    assert_str(m->variables->source, "{ \"a\": 1 }");
}


static void
bytes_are_decoded(void **state)
{
    const struct script         *script;
    const struct script_assert  *assert;

    (void) state;
    script = parse(ASSERTS "bytes == hex,00fF;\nbytes == base64,AQI\n=;\n");

    assert_non_null(script);
    assert = script->entries->response->sections->asserts;
    assert_int_equal(assert->predicate.value.text.len, 2);
    assert_memory_equal(assert->predicate.value.text.data, "\0\xff", 2);
    assert_str(assert->next->predicate.value.text, "\x01\x02");
}


static void
numbers_keep_kind_and_text(void **state)
{
    const struct script_value   *value;
    const struct script         *script;
    const struct script_assert  *assert;

    (void) state;
    script = parse(ASSERTS "status == -7\nstatus == 1.50\n"
                   "status == 9223372036854775808\n");

    assert_non_null(script);
    assert = script->entries->response->sections->asserts;
    assert_int_equal(assert->predicate.value.integer, -7);
    value = &assert->next->predicate.value;
    assert_int_equal(value->kind, SCRIPT_VALUE_FLOAT);
    assert_true(value->number == 1.5);
    assert_str(value->text, "1.50");
    value = &assert->next->next->predicate.value;
    assert_true(value->big);
    assert_str(value->text, "9223372036854775808");
}


static void
queries_filters_and_predicates_form_an_assert(void **state)
{
    const struct script         *script;
    const struct script_assert  *a;

    (void) state;
    script = parse(ASSERTS
                   "cookie \"sid[Path]\" replaceRegex /a\\/b/ \"c\" not == 1\n");

    assert_non_null(script);
    a = script->entries->response->sections->asserts;
    assert_int_equal(a->query.kind, SCRIPT_QUERY_COOKIE);
    assert_str(a->query.arg.string->parts->text, "sid");
    assert_str(a->query.attribute, "Path");
    assert_int_equal(a->filters->kind, SCRIPT_FILTER_REPLACE_REGEX);
    assert_str(a->filters->arg.text, "a/b");
    assert_int_equal(a->filters->span.start.column, 20);
    assert_true(a->predicate.negated);
    assert_int_equal(a->predicate.kind, SCRIPT_PRED_EQUAL);
    assert_int_equal(a->predicate.span.start.column, 48);
}


static void
captures_may_be_redacted(void **state)
{
    const struct script          *script;
    const struct script_capture  *capture;

    (void) state;
    script = parse(GET "HTTP 200\n[Captures]\nt: header \"A\" redact # x\n"
                   "u: body count\n");

    assert_non_null(script);
    capture = script->entries->response->sections->captures;
    assert_str(capture->name->parts->text, "t");
    assert_true(capture->redact);
    assert_false(capture->next->redact);
    assert_int_equal(capture->next->filters->kind, SCRIPT_FILTER_COUNT);
}


static void
options_carry_typed_values(void **state)
{
    const struct script         *script;
    const struct script_option  *option;

    (void) state;
    script = parse(OPTIONS "delay: 3s\nskip: {{a}}\nvariable: v = 1.5\n"
                   "cert: a\\:b:pw\n");

    assert_non_null(script);
    option = script->entries->request.sections->options;
    assert_int_equal(option->value.integer, 3);
    assert_int_equal(option->unit, SCRIPT_UNIT_S);
    option = option->next;
    assert_int_equal(option->value.kind, SCRIPT_VALUE_EXPR);
    option = option->next;
    assert_str(option->variable, "v");
    assert_int_equal(option->value.kind, SCRIPT_VALUE_FLOAT);
    assert_str(option->next->value.string->parts->text, "a\\:b:pw");
}


static void
multipart_fields_may_be_files(void **state)
{
    const struct script       *script;
    const struct script_pair  *pair;

    (void) state;
    script = parse(POST "[Multipart]\na: file,x\\ y.txt; text/plain\n"
                   "b: file\n");

    assert_non_null(script);
    pair = script->entries->request.sections->pairs;
    assert_true(pair->is_file);
    assert_str(pair->value->parts->text, "x y.txt");
    assert_str(pair->content_type->parts->text, "text/plain");
    assert_false(pair->next->is_file);
}


static void
directives_belong_to_the_entry_below(void **state)
{
    const struct script            *script;
    const struct script_directive  *d;

    (void) state;
    script = parse(GET "#@ call my_fn\n# plain\n\n#@log info count == 2\n"
                   "#@ cache \"k{{n}}\" not exists\n#@ pool-bytes <= 4096\n"
                   "#@ cycle reload\n#@ expect crash SIGSEGV # here\n"
                   "#@ expect rule LF-101\n" GET);

    assert_non_null(script);
    assert_null(script->entries->directives);
    d = script->entries->next->directives;
    assert_str(d->word, "my_fn");
    d = d->next;
    assert_int_equal(d->kind, SCRIPT_DIRECTIVE_LOG);
    assert_int_equal(d->filters->kind, SCRIPT_FILTER_COUNT);
    d = d->next;
    assert_non_null(d->key->parts->next->expr);
    assert_true(d->predicate.negated);
    d = d->next;
    assert_int_equal(d->predicate.value.integer, 4096);
    d = d->next;
    assert_str(d->word, "reload");
    d = d->next;
    assert_str(d->detail, "SIGSEGV");
    assert_str(d->next->detail, "LF-101");
}


static void
a_long_file_is_parsed_in_one_go(void **state)
{
    char                 *text, *at;
    const struct script  *script;
    static const char     entry[] = GET "[Query]\na: {{b}}\nHTTP 200\n\n";

    (void) state;
    text = arena_alloc(arena, 10000 * strlen(entry) + 1);
    at = text;

    for (int i = 0; i < 10000; i++, at += strlen(entry)) {
        memcpy(at, entry, strlen(entry));
    }

    script = script_parse(arena, "t", text, (size_t) (at - text), &error);

    assert_non_null(script);
    assert_int_equal(script->entry_count, 10000);
}


static void
running_out_of_memory_is_said_and_nothing_else(void **state)
{
    char                 *text, *at;
    const struct script  *script;
    static const char     entry[] = POST "{{k}}: {{v}}\n[Query]\na: {{b}}\n"
                                    "{\"a\": \"{{b}}\"}\nHTTP 200\n";

    (void) state;
    text = arena_alloc(arena, 100 * strlen(entry) + 1);
    at = text;

    for (int i = 0; i < 100; i++, at += strlen(entry)) {
        memcpy(at, entry, strlen(entry));
    }

    for (int n = 0; n < 1000; n++) {
        struct arena  *small = arena_new();

        assert_non_null(small);
        budget = n;
        script = script_parse(small, "t", text, strlen(text), &error);
        budget = -1;
        arena_free(&small);

        if (script != NULL) {
            assert_true(n > 2);
            return;
        }

        assert_string_equal(error.title, "Out of memory");
    }

    fail_msg("never enough memory");
}


#define TEST(name)  cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
    const struct CMUnitTest  tests[] = {
        TEST(every_construct_of_the_language_is_accepted),
        TEST(every_kind_of_value_and_predicate_is_accepted),
        TEST(every_option_is_accepted),
        TEST(what_is_wrong_is_refused_with_place_and_reason),
        TEST(nul_bytes_are_refused),
        TEST(deep_nesting_is_refused_and_not_crashed_on),
        TEST(entries_keep_order_and_lines),
        TEST(templates_are_text_and_expressions),
        TEST(escaped_braces_are_text),
        TEST(an_environment_variable_may_stand_in_a_quoted_string),
        TEST(json_bodies_keep_their_text_and_mark_expressions),
        TEST(an_xml_body_ends_where_its_root_closes),
        TEST(multiline_text_runs_to_the_last_newline),
        TEST(bytes_are_decoded),
        TEST(numbers_keep_kind_and_text),
        TEST(queries_filters_and_predicates_form_an_assert),
        TEST(captures_may_be_redacted),
        TEST(options_carry_typed_values),
        TEST(multipart_fields_may_be_files),
        TEST(directives_belong_to_the_entry_below),
        TEST(a_long_file_is_parsed_in_one_go),
        TEST(running_out_of_memory_is_said_and_nothing_else),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
