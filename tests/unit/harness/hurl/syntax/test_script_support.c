/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is refused as not supported yet, and where; and that what the player
 * executes, ignores or reports as not applicable is not refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/arena.h"
#include "harness/hurl/syntax/script.h"

#define COUNT(a)  (sizeof(a) / sizeof((a)[0]))
#define GET       "GET http://h\n"
#define ASSERTS   GET "HTTP 200\n[Asserts]\n"
#define CAPTURES  GET "HTTP 200\n[Captures]\n"

static const struct {
    const char  *text;
    unsigned     line, column, width;
    const char  *message;
} refused[] = {
    { ASSERTS "xpath \"//a\" exists\n", 4, 1, 11,
      "the query xpath is not supported yet" },
    { ASSERTS "body xpath \"//a\" exists\n", 4, 6, 11,
      "the filter xpath is not supported yet" },
    { ASSERTS "body htmlUnescape exists\n", 4, 6, 12, "htmlUnescape" },
    { ASSERTS "redirects nth 0 location exists\n", 4, 17, 8, "location" },
    { ASSERTS "body == {{a htmlUnescape}}\n", 4, 13, 12, "htmlUnescape" },
    { ASSERTS "body == \"{{a htmlUnescape}}\"\n", 4, 14, 12, "htmlUnescape" },
    { ASSERTS "body == ```graphql\na\n```\n", 4, 9, 1, "GraphQL" },
    { CAPTURES "a: body redact\n", 4, 9, 6, "redact is not supported yet" },
    { CAPTURES "a: xpath \"b\"\n", 4, 4, 9, "xpath" },
    { GET "[Multipart]\na: b\n", 2, 1, 11, "a multipart form" },
    { GET "[Options]\ncompressed: true\n", 3, 1, 16, "option compressed" },
    { GET "```graphql\na\n```\n", 2, 1, 1, "a GraphQL body" },
    { GET "{\"a\": \"{{b htmlUnescape}}\"}\n", 2, 12, 12, "htmlUnescape" },
    { "GET http://{{a htmlUnescape}}\n", 1, 16, 12, "htmlUnescape" },
    { GET "A: {{a htmlUnescape}}\n", 2, 8, 12, "htmlUnescape" },
    { "#@ log info htmlUnescape exists\n" GET, 1, 13, 12, "htmlUnescape" },
    { "#@cookie_storage_clear\n" GET, 1, 1, 22, "cookie storage" },
};

static struct arena         *arena;
static struct script_error   error;


static int
setup(void **state)
{
    (void) state;
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

    script = script_parse(arena, "t", text, strlen(text), &error);

    if (script == NULL) {
        fail_msg("%s-> %u:%u: %s", text, error.pos.line, error.pos.column,
                 error.message);
    }

    return script;
}


static void
what_is_not_executed_is_refused_with_its_place(void **state)
{
    (void) state;

    for (size_t i = 0; i < COUNT(refused); i++) {
        if (!script_unsupported(parse(refused[i].text), &error)) {
            fail_msg("not refused: %s", refused[i].text);
        }

        if (error.pos.line != refused[i].line
            || error.pos.column != refused[i].column
            || error.width != refused[i].width
            || strstr(error.message, refused[i].message) == NULL)
        {
            fail_msg("%s-> %u:%u+%u: %s", refused[i].text, error.pos.line,
                     error.pos.column, error.width, error.message);
        }
    }
}


static void
the_first_of_several_is_named(void **state)
{
    (void) state;

    assert_true(script_unsupported(parse(GET ASSERTS
                    "status == 200\nxpath \"a\" exists\nbody htmlUnescape "
                    "exists\n"), &error));
    assert_int_equal(error.pos.line, 6);
}


static void
what_is_executed_is_not_refused(void **state)
{
    static const char *const  texts[] = {
        "", "#@ call f\n#@ log info count > 1\n" GET,
        "POST http://h/{{a}}\nA: {{newUuid}}\n[Query]\na: b\n[Form]\nc: d\n"
            "[Cookies]\ne: f\n[BasicAuth]\ng: h\n[Multipart]\n{\"a\": {{b}}}\n",
        GET "[Options]\nskip: true\nrepeat: 2\ndelay: 1s\nretry: 1\n"
            "retry-interval: 1\nvariable: a=b\nuser: a:b\nheader: a: b\n"
            "location: true\nmax-redirs: 1\nmax-time: 1\noutput: a\n",
        ASSERTS "jsonpath \"$\" nth 0 toString == \"a\"\nbody regex /(a)/ "
            "urlDecode base64Decode toHex split \",\" first matches /a/\n"
            "cookie \"a\" not exists\nmd5 == hex,00;\nrawbytes count == 1\n",
        CAPTURES "a: jsonpath \"$\"\n<a/>\n",
    };

    (void) state;

    for (size_t i = 0; i < COUNT(texts); i++) {
        if (script_unsupported(parse(texts[i]), &error)) {
            fail_msg("refused: %s-> %s", texts[i], error.message);
        }
    }
}


static void
what_has_no_meaning_on_the_mock_is_not_refused_here(void **state)
{
    static const char *const  texts[] = {
        GET "[Options]\ninsecure: true\ncacert: a\ncert: a\nkey: a\n"
            "pinnedpubkey: a\nproxy: a\nno-proxy: a\nconnect-to: a\n"
            "resolve: a\nunix-socket: a\nipv4: true\nipv6: true\n"
            "connect-timeout: 1\nlimit-rate: 1\nhttp1.0: true\nhttp2: true\n"
            "ssl-no-revoke: true\nverbose: true\nnetrc: true\n",
        ASSERTS "certificate \"Subject\" exists\nip isIpv4\n"
            "redirects count == 1\nrawbytes exists\nversion == \"2\"\n",
        GET "HTTP/3 200\n",
    };

    (void) state;

    for (size_t i = 0; i < COUNT(texts); i++) {
        assert_false(script_unsupported(parse(texts[i]), &error));
    }
}


#define TEST(name)  cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
    const struct CMUnitTest  tests[] = {
        TEST(what_is_not_executed_is_refused_with_its_place),
        TEST(the_first_of_several_is_named),
        TEST(what_is_executed_is_not_refused),
        TEST(what_has_no_meaning_on_the_mock_is_not_refused_here),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
