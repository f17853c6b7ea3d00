/* SPDX-License-Identifier: BSD-2-Clause */
/* Templates, values and bodies: what a script's text renders to. */
#include "tests/unit/harness/hurl/eval/eval_setup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A temporary folder with a file, and a link that leaves it. */
static char  folder[] = "/tmp/linkfunc-template-XXXXXX";


static int
make_folder(void **state)
{
    FILE  *file;
    char   path[64];

    (void) state;

    if (mkdtemp(folder) == NULL) {
        return -1;
    }

    (void) snprintf(path, sizeof(path), "%s/in.txt", folder);
    file = fopen(path, "w");
    if (file == NULL || fputs("{{n}}\n", file) < 0 || fclose(file) != 0) {
        return -1;
    }

    (void) snprintf(path, sizeof(path), "%s/fifo", folder);
    if (mkfifo(path, 0600) != 0) {
        return -1;
    }

    (void) snprintf(path, sizeof(path), "%s/out", folder);

    return symlink("/etc/hostname", path);
}


static int
remove_folder(void **state)
{
    char  path[64];

    (void) state;
    (void) snprintf(path, sizeof(path), "%s/in.txt", folder);
    (void) unlink(path);
    (void) snprintf(path, sizeof(path), "%s/out", folder);
    (void) unlink(path);
    (void) snprintf(path, sizeof(path), "%s/fifo", folder);
    (void) unlink(path);

    return rmdir(folder);
}


static int
setup(void **state)
{
    struct value  v = { .kind = VALUE_LIST };

    assert_int_equal(eval_setup(state), 0);
    eval_set("list", &v);
    v.kind = VALUE_OBJECT;
    eval_set("object", &v);
    v.kind = VALUE_UNIT;
    eval_set("unit", &v);
    v.kind = VALUE_DATE;
    eval_set("date", &v);
    v = value_string("a\0b", 3);
    eval_set("nul", &v);
    v.kind = VALUE_BYTES;
    eval_set("bytes", &v);

    eval_set_text("n", "7");
    eval_set_text("neg", "-1");
    eval_set_text("big", "99999999999999999999");
    eval_set_text("f", "1.0");
    eval_set_text("t", "true");
    eval_set_text("null", "null");
    eval_set_text("s", "a\"\\\xc3\xa9");
    eval_set_text("a-b_C9", "x");
    rig.e.file_root = folder;

    return 0;
}

#define template_test(name)                                                   \
    cmocka_unit_test_setup_teardown(name, setup, eval_teardown)


/* The value of a header, or "error COLUMN: TITLE: MESSAGE". */
static const char *
render(const char *text)
{
    struct str            out;
    const struct script  *script;

    script = eval_parse(arena_printf(rig.arena, "GET http://h\nA: %s\n",
                                     text));
    if (eval_template(&rig.e, script->entries->request.headers->value, &out)
        != 0)
    {
        return arena_printf(rig.arena, "error %u: %s: %s",
                            rig.e.where.start.column, rig.e.title,
                            rig.e.message);
    }

    assert_int_equal(out.data[out.len], '\0');

    return out.data;
}


static void
expect_begins(const char *text, const char *result, const char *expected)
{
    if (strncmp(result, expected, strlen(expected)) != 0
        || (expected[0] != 'e' && strcmp(result, expected) != 0))
    {
        fail_msg("%s\n  is       %s\n  expected %s", text, result, expected);
    }
}


static void
values_render_or_are_refused(void **state)
{
    size_t  i;
    static const char *const  rows[][2] = {
        { "a{{n}}b", "a7b" }, { "{{neg}}", "-1" }, { "{{ n }}", "7" },
        { "{{big}}", "99999999999999999999" }, { "{{f}}", "1.0" },
        { "{{t}}", "true" }, { "{{null}}", "null" },
        { "{{s}}", "a\"\\\xc3\xa9" }, { "{{a-b_C9}}{{n}}", "x7" },
        { "{{date}}", "1970-01-01T00:00:00.000000Z" },
        { "\\u{7b}\\u{7b}n}}", "{{n}}" }, { "{", "{" }, { "\\#\\t", "#\t" },
        { "{{list}}", "error 6: Unrenderable variable: list" },
        { "{{object}}", "error 6: Unrenderable variable: object" },
        { "{{bytes}}", "error 6: Unrenderable variable: bytes" },
        { "{{unit}}", "error 6: Unrenderable variable: unit" },
        { "x{{none}}", "error 7: Undefined variable: you must set the "
          "variable none" },
        { "{{n toString}}", "7" }, { "{{n toFloat}}", "7.0" },
        { "{{s split \"\xc3\xa9\" first}}", "a\"\\" },
        { "{{s count}}", "error 8: Filter error: invalid filter input" },
        { "{{bytes toHex}}", "610062" },
    };

    (void) state;

    for (i = 0; i < COUNT(rows); i++) {
        expect_begins(rows[i][0], render(rows[i][0]), rows[i][1]);
    }
}


static void
floats_render_without_an_exponent(void **state)
{
    size_t  i;
    static const char *const  rows[][2] = {
        { "1.5", "1.5" }, { "-1.5", "-1.5" }, { "0.1", "0.1" },
        { "100.0", "100.0" }, { "0.000001", "0.000001" },
        { "12345678.9", "12345678.9" }, { "0.30000000000000004",
          "0.30000000000000004" },
        { "100000000000000000000000.0", "100000000000000000000000.0" },
        { "1234567890123456789012.0", "1234567890123456800000.0" },
        { "-0.0", "-0.0" }, { "0.0", "0.0" }, { "123.0", "123.0" },
        { "0.00012", "0.00012" },
    };

    (void) state;

    for (i = 0; i < COUNT(rows); i++) {
        eval_set_text("x", rows[i][0]);
        expect_begins(rows[i][0], render("{{x}}"), rows[i][1]);
    }
}


static void
functions_give_new_values(void **state)
{
    char  first[40];

    (void) state;

    (void) snprintf(first, sizeof(first), "%s", render("{{newUuid}}"));
    eval_set_body(first, strlen(first));
    eval_expect_line("body isUuid", "pass");
    eval_expect_line("body matches /^.{14}4.{4}[89ab]/", "pass");
    assert_string_not_equal(first, render("{{newUuid}}"));

    (void) snprintf(first, sizeof(first), "%s", render("{{newDate}}"));
    eval_set_body(first, strlen(first));
    eval_expect_line("body isIsoDate", "pass");
    eval_expect_line("body matches /\\.\\d{6}Z$/", "pass");
    assert_string_equal(render("{{newDate daysAfterNow}}"), "0");
    eval_expect_line("variable \"date\" < {{newDate}}", "pass");
    eval_expect_line("body == {{newDate}}", "fail: string");
}


static void
the_environment_is_read(void **state)
{
    (void) state;
    assert_int_equal(setenv("LINKFUNC_TEST_VALUE", "a b", 1), 0);

    assert_string_equal(render("{{getEnv \"LINKFUNC_TEST_VALUE\"}}"), "a b");
    expect_begins("getEnv", render("{{getEnv \"LINKFUNC_TEST_NONE\"}}"),
                  "error 6: Undefined environment variable");

    assert_int_equal(unsetenv("LINKFUNC_TEST_VALUE"), 0);
}


/* What a body comes to, or the error as above. */
static const char *
body_of(const char *body, size_t *len)
{
    struct str            out;
    const struct script  *script;

    script = eval_parse(arena_printf(rig.arena, "POST http://h\n%s\n", body));
    if (eval_body(&rig.e, script->entries->request.body, &out) != 0) {
        *len = 0;
        return arena_printf(rig.arena, "error %u: %s: %s",
                            rig.e.where.start.column, rig.e.title,
                            rig.e.message);
    }

    *len = out.len;

    return arena_memdup(rig.arena, out.data, out.len);
}


static void
bodies_of_every_kind_are_made(void **state)
{
    size_t  i, len;
    static const char *const  rows[][2] = {
        { "`a{{n}}\\n\\u{e9}`", "a7\n\xc3\xa9" },
        { "```\na{{n}}\\n\n```", "a7\\n\n" },
        { "```\n```", "" }, { "```raw\n{{n}}\n```", "{{n}}\n" },
        { "```json\n{{s}}\n```", "a\"\\\xc3\xa9\n" },
        { "```xml\n<a/>\n```", "<a/>\n" },
        { "{\"a\" : {{n}} }", "{\"a\" : 7 }" },
        { "{\"a\":\"{{s}}\"}", "{\"a\":\"a\\\"\\\\\xc3\xa9\"}" },
        { "{\"a\":\"{{n}}\"}", "{\"a\":\"7\"}" },
        { "[{{t}},{{null}},{{f}},{{big}}]",
          "[true,null,1.0,99999999999999999999]" },
        { "{\"{{n}}\":\"\\u00e9\\n\"}", "{\"7\":\"\\u00e9\\n\"}" },
        { "[{{s}}]", "error 4: Invalid JSON: actual value is <a\"\\" },
        { "[{{list}}]", "error 4: Invalid JSON: actual value is <[]>" },
        { "{\"a\":\"{{list}}\"}", "error 9: Unrenderable variable" },
        { "{\"a\":\"{{none}}\"}", "error 9: Undefined variable" },
        { "<a b=\"{{n}}\">{{n}}</a>", "<a b=\"{{n}}\">{{n}}</a>" },
        { "base64,Y W\nI=;", "ab" }, { "base64,YQ;", "a" },
        { "hex,6162;", "ab" }, { "file,in.txt;", "{{n}}\n" },
        { "file,{{file}}.txt;", "{{n}}\n" },
        { "file,none.txt;", "error 6: File read access: file none.txt" },
        { "file,out;", "error 6: Unauthorized file access" },
        { "file,../etc/hostname;", "error 6: " },
        { "file,/etc/hostname;", "error 6: Unauthorized file access" },
        { "file,.;", "error 6: " },
        { "file,fifo;", "error 6: File read access: fifo is not a regular" },
    };

    (void) state;
    eval_set_text("file", "in");

    for (i = 0; i < COUNT(rows); i++) {
        const char  *body = body_of(rows[i][0], &len);

        expect_begins(rows[i][0], body, rows[i][1]);
        if (rows[i][1][0] != 'e') {
            assert_int_equal(len, strlen(rows[i][1]));
        }
    }
}


static void
a_folder_whose_name_only_begins_alike_is_not_below(void **state)
{
    (void) state;
    assert_true(eval_is_below("/proc/self", "/proc/self/fdinfo"));
    assert_false(eval_is_below("/proc/self/fd", "/proc/self/fdinfo"));
}


static void
a_nul_in_a_variable_keeps_the_rest(void **state)
{
    size_t       len;
    const char  *body;

    (void) state;

    body = body_of("`{{nul}}`", &len);
    assert_int_equal(len, 3);
    assert_memory_equal(body, "a\0b", 3);

    assert_string_equal(body_of("{\"a\":\"{{nul}}\"}", &len),
                        "{\"a\":\"a\\u0000b\"}");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        template_test(values_render_or_are_refused),
        template_test(floats_render_without_an_exponent),
        template_test(functions_give_new_values),
        template_test(the_environment_is_read),
        template_test(bodies_of_every_kind_are_made),
        template_test(a_folder_whose_name_only_begins_alike_is_not_below),
        template_test(a_nul_in_a_variable_keeps_the_rest),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
