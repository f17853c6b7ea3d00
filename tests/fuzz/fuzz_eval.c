/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzz target: queries, filters and predicates on any answer. The first bytes
 * choose an assertion, the rest is the body, a cookie and a variable at once.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "harness/hurl/eval/eval.h"

#define COUNT(a)  (sizeof(a) / sizeof((a)[0]))

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const  queries[] = {
    "status", "version", "url", "header \"Set-Cookie\"", "header \"Two\"",
    "cookie \"a\"", "cookie \"a[Expires]\"", "cookie \"a[Max-Age]\"",
    "cookie \"a[Path]\"", "body", "bytes", "rawbytes", "sha256", "duration",
    "jsonpath \"$\"", "jsonpath \"$..*\"", "jsonpath \"$.a[0]\"",
    "jsonpath \"{{v}}\"", "regex /(.)/", "regex \"{{v}}\"",
    "variable \"v\"", "variable \"t\"", "variable \"none\"",
};

static const char *const  filters[] = {
    "base64Decode", "base64Encode", "base64UrlSafeDecode",
    "base64UrlSafeEncode", "count", "daysAfterNow", "decode \"utf-16\"",
    "decode \"gbk\"", "decode \"{{v}}\"", "decode \"latin1\"", "first",
    "format \"{{v}}\"", "format \"%+ %a %j\"", "toDate \"{{v}}\"",
    "toDate \"%+\"", "toDate \"%a, %d %b %Y %T %z\"",
    "htmlEscape", "jsonpath \"$\"", "jsonpath \"{{v}}\"", "last", "nth 0",
    "nth -2", "nth {{t}}", "regex /(a+)+$/", "regex \"{{v}}\"",
    "replace \"\" \"x\"", "replace \"{{v}}\" \"\"",
    "replaceRegex /(.)/ \"$1$1\"", "replaceRegex \"{{v}}\" \"{{v}}\"",
    "split \"\"", "split \"{{v}}\"", "toFloat", "toHex", "toInt", "toString",
    "urlDecode", "urlEncode", "urlQueryParam \"a\"", "utf8Decode",
    "utf8Encode",
};

static const char *const  predicates[] = {
    "== {{v}}", "!= {{t}}", "> {{t}}", "<= {{v}}", "startsWith \"{{v}}\"",
    "endsWith hex,00;", "contains {{t}}", "includes \"{{v}}\"",
    "matches \"{{v}}\"", "matches /^(a|aa)+$/", "exists", "isEmpty",
    "isInteger", "isCollection", "isIsoDate", "isIpv4", "isIpv6", "isUuid",
    "not == 1.5",
};


/* A value's every form; what it comes to does not matter. */
static void
show(const struct value *value)
{
    struct strbuf  text = { 0 };

    value_add_shown(&text, value);
    (void) value_add_rendered(&text, value);
    value_add_json(&text, value);
    strbuf_free(&text);
}


static void
run(struct eval *e, const char *line)
{
    struct value                 value;
    struct eval_verdict          verdict;
    struct script_error          error;
    const struct script         *script;
    const struct script_assert  *assert;

    script = script_parse(e->arena, "fuzz", line, strlen(line), &error);
    if (script == NULL) {
        abort();                             /* the tables hold a mistake */
    }

    assert = script->entries->response->sections->asserts;
    memset(&value, 0, sizeof(value));

    if (eval_query(e, &assert->query, &value) == 0
        && eval_filters(e, assert->filters, &value) == 0)
    {
        show(&value);
        (void) eval_predicate(e, &assert->predicate, &value, &verdict);
    }
}


static void
set_variables(struct eval *e, const char *text, size_t len)
{
    struct value  value = value_string(text, len);

    (void) vars_set(e->vars, "v", 1, &value);
    if (value_from_text(e->arena, text, &value) == 0) {
        (void) vars_set(e->vars, "t", 1, &value);
    }
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t              len;
    char                line[512], *text;
    struct eval         e;
    struct http_answer  answer;
    struct http_header  headers[3];

    if (size < 5) {
        return 0;
    }

    memset(&e, 0, sizeof(e));
    memset(&answer, 0, sizeof(answer));
    e.arena = arena_new();
    e.vars = vars_new();
    len = size - 5;
    text = arena_memdup(e.arena, (const char *) data + 5, len);

    headers[0].name.data = headers[1].name.data = "Set-Cookie";
    headers[2].name.data = "Two";
    headers[0].value.data = headers[1].value.data = text;
    headers[2].value.data = text;
    headers[0].value.len = headers[1].value.len = strlen(text);
    headers[2].value.len = strlen(text);

    answer.status = 200;
    answer.version = "1.1";
    answer.headers = headers;
    answer.header_count = 3;
    answer.body.data = text;
    answer.body.len = len;
    e.answer = &answer;
    e.url = "http://localhost/";
    e.file_root = "/nonexistent";
    set_variables(&e, text, len);

    (void) snprintf(line, sizeof(line), "GET http://h\nHTTP 200\n[Asserts]\n"
                    "%s %s %s %s %s\n", queries[data[0] % COUNT(queries)],
                    data[4] & 1 ? filters[data[1] % COUNT(filters)] : "",
                    data[4] & 2 ? filters[data[2] % COUNT(filters)] : "",
                    data[4] & 4 ? filters[data[4] % COUNT(filters)] : "",
                    predicates[data[3] % COUNT(predicates)]);
    run(&e, line);

    vars_free(&e.vars);
    arena_free(&e.arena);

    return 0;
}
