/* SPDX-License-Identifier: BSD-2-Clause */
/* Regexes: Hurl's syntax, captures, replacing, limits; nginx's on bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "lib/base/arena.h"
#include "lib/regex/regexp.h"
#include "lib/base/strbuf.h"


/* What is found, or what group 1 holds when there is one; NULL: nothing. */
static void
assert_finds(const char *pattern, const char *text, const char *expected)
{
    int                  rc;
    char                 found[100] = "";
    size_t               group;
    struct regex        *regex;
    struct regex_match   match;
    struct regex_error   error;

    regex = regex_compile(pattern, strlen(pattern), &error);
    if (regex == NULL) {
        fail_msg("%s: at %zu: %s", pattern, error.offset, error.message);
    }
    rc = regex_find(regex, text, strlen(text), 0, &match, &error);
    regex_free(&regex);
    assert_null(regex);
    assert_true(rc >= 0);

    if (rc == 0 || expected == NULL) {
        if (rc != 0 || expected != NULL) {
            fail_msg("%s on %s: found: %d", pattern, text, rc);
        }
        return;
    }
    group = match.count > 1 && match.start[1] != REGEX_NONE;
    memcpy(found, text + match.start[group],
           match.end[group] - match.start[group]);
    if (strcmp(found, expected) != 0) {
        fail_msg("%s on %s: found \"%s\", not \"%s\"", pattern, text, found,
                 expected);
    }
}


static void
assert_refused(const char *pattern, size_t offset, const char *words)
{
    struct regex        *regex;
    struct regex_error   error;

    regex = regex_compile(pattern, strlen(pattern), &error);
    if (regex != NULL || error.offset != offset
        || strstr(error.message, words) == NULL)
    {
        fail_msg("%s: at %zu: %s", pattern, error.offset, error.message);
    }
}


static void
assert_replaces(const char *pattern, const char *text, const char *with,
                const char *expected)
{
    struct regex        *regex;
    struct strbuf        out = { 0 };
    struct regex_error   error;

    regex = regex_compile(pattern, strlen(pattern), &error);
    assert_non_null(regex);
    assert_int_equal(regex_replace_all(regex, text, strlen(text), with,
                                       strlen(with), &out, &error), 0);
    regex_free(&regex);
    assert_string_equal(out.data, expected);
    strbuf_free(&out);
}


static void
patterns_search_anywhere_and_capture(void **state)
{
    (void) state;

    assert_finds("b+", "abbc", "bb");
    assert_finds("id=(\\d+)", "x id=42;", "42");
    assert_finds("(?P<n>[a-z]+)@", "me@x", "me");
    assert_finds("(?<n>[a-z]+)@", "me@x", "me");
    assert_finds("(x)?y", "y", "y");
    assert_finds("^c", "abc", NULL);
    assert_finds("", "abc", "");
}


static void
the_end_is_the_end_and_not_before_a_last_newline(void **state)
{
    (void) state;

    assert_finds("a$", "a\n", NULL);
    assert_finds("(?m)a$", "a\nb", "a");
    assert_finds("a\\z", "a\n", NULL);
    assert_finds("a.b", "a\nb", NULL);
    assert_finds("a.b", "a\rb", "a\rb");
    assert_finds("(?s)a.b", "a\nb", "a\nb");
}


static void
unicode_is_on(void **state)
{
    (void) state;

    assert_finds("^.$", "\xc3\xa9", "\xc3\xa9");
    assert_finds("^\\w+$", "\xc3\xa9t\xc3\xa9", "\xc3\xa9t\xc3\xa9");
    assert_finds("(?i)\xc3\x89", "\xc3\xa9", "\xc3\xa9");
    assert_finds("\\p{Uppercase_Letter}", "aB", "B");
    assert_finds("\\p{script=Greek}+", "a\xce\xb1\xce\xb2", "\xce\xb1\xce\xb2");
    assert_finds("\\pL", "1a", "a");
    assert_finds("\\u{e9}\\x{74}\\xe9", "\xc3\xa9t\xc3\xa9",
                 "\xc3\xa9t\xc3\xa9");
}


static void
classes_nest_and_have_operators(void **state)
{
    (void) state;

    assert_finds("[a-z&&[^aeiou]]+", "aeibcdo", "bcd");
    assert_finds("[a-z--[b-d]]+", "bcdef", "ef");
    assert_finds("[a-c~~b-d]+", "bcad", "ad");
    assert_finds("[x[0-9]]+", "a1x2b", "1x2");
    assert_finds("[^x[0-9]]+", "1xab2", "ab");
    assert_finds("[[:alpha:]_]+", "1\xc3\xa9" "a_", "a_");
    assert_finds("[[:^digit:]]+", "1ab2", "ab");
    assert_finds("[[:^ascii:]]", "a\xf0\x9f\x90\x80", "\xf0\x9f\x90\x80");
    assert_finds("[a-a]+", "baa", "aa");
    assert_finds("[]a]+", "b]a", "]a");
    assert_finds("[a\\]-]+", "b-]a", "-]a");
    assert_finds("[\\d.]+", "v1.2", "1.2");
}


static void
repetitions_can_be_repeated(void **state)
{
    (void) state;

    assert_finds("a**", "aaa", "aaa");
    assert_finds("a++b", "aab", "aab");
    assert_finds("(?:a{2}){2}", "aaaaa", "aaaa");
    assert_finds("a{2}{2}", "aaaaa", "aaaa");
    assert_finds("a+?", "aaa", "a");
    assert_finds("(?U)a+", "aaa", "a");
    assert_finds("\\b*a", "a", "a");
}


static void
flag_x_drops_blanks_and_comments(void **state)
{
    (void) state;

    assert_finds("(?x) a b # (?= comment\n c", "abc", "abc");
    assert_finds("(?x: a b ) c", "ab c", "ab c");
    assert_finds("(?x)[ a b ]+", " ab", "ab");
    assert_finds("(?i-s)A.", "ab", "ab");
    assert_finds("(?-x)a b", "a b", "a b");
}


static void
what_hurl_refuses_is_refused(void **state)
{
    (void) state;

    assert_refused("a(?=b)", 1, "look-ahead");
    assert_refused("a(?!b)", 1, "look-ahead");
    assert_refused("(?<=b)", 0, "look-behind");
    assert_refused("(?<!b)", 0, "look-behind");
    assert_refused("(a)\\1", 3, "back-references");
    assert_refused("(?<n>a)\\k<n>", 7, "back-references");
    assert_refused("(?R)", 2, "flag R");
    assert_refused("(?1)", 2, "recursion");
    assert_refused("(?>a)", 2, "atomic");
    assert_refused("(?(1)a)", 2, "conditions");
    assert_refused("(*COMMIT)a", 1, "nothing to repeat");
    assert_refused("(?-u)a", 3, "without Unicode");
    assert_refused("a\\Qb", 1, "no escape");
    assert_refused("a\\Z", 1, "no escape");
}


static void
broken_patterns_are_refused_at_their_place(void **state)
{
    (void) state;

    assert_refused("a(b", 1, "')' of this group");
    assert_refused("a)b", 1, "closes nothing");
    assert_refused("a[b", 1, "']' of this class");
    assert_refused("*a", 0, "nothing to repeat");
    assert_refused("a|*", 2, "nothing to repeat");
    assert_refused("a{", 1, "a repetition is written");
    assert_refused("a{2,1}", 1, "must not be less");
    assert_refused("a\\", 1, "ends after a backslash");
    assert_refused("[z-a]", 1, "ends before it begins");
    assert_refused("ab\\p{Klingon}", 2, "unknown property");
    assert_refused("(?<n>a)(?<n>b)", 10, "two groups");
    assert_refused("\xff", 0, "not UTF-8");
}


static void
every_match_is_replaced(void **state)
{
    (void) state;

    assert_replaces("b", "abcb", "x", "axcx");
    assert_replaces("(\\w+) (\\w+)", "ab cd", "$2 $1", "cd ab");
    assert_replaces("(?P<y>\\d{4})-(?P<m>\\d\\d)", "2026-11", "${m}/$y",
                    "11/2026");
    assert_replaces("a(b)?", "ac", "[$1$7$none]", "[]c");
    assert_replaces("a", "a", "$$1 $ ${x $1a", "$1 $ ${x ");
    assert_replaces("a*", "baac", "X", "XbXcX");
    assert_replaces("", "\xc3\xa9" "a", "-", "-\xc3\xa9-a-");
    assert_replaces("x", "", "y", "");
}


static void
exploding_patterns_end_with_an_error(void **state)
{
    struct regex        *regex;
    struct regex_error   error;

    static const char  text[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!";

    (void) state;

    regex = regex_compile("(a|a)*[bc]", 10, &error);
    assert_non_null(regex);
    assert_int_equal(regex_find(regex, text, sizeof(text) - 1, 0, NULL,
                                &error), -1);
    assert_non_null(strstr(error.message, "too many steps"));
    regex_free(&regex);
}


static void
text_that_is_not_utf8_is_an_error(void **state)
{
    struct regex        *regex;
    struct regex_error   error;

    (void) state;

    regex = regex_compile("a", 1, &error);
    assert_non_null(regex);
    assert_int_equal(regex_find(regex, "a\xff", 2, 0, NULL, &error), -1);
    assert_non_null(strstr(error.message, "UTF-8"));
    regex_free(&regex);
}


static void
a_full_match_takes_the_whole_text(void **state)
{
    struct arena        *arena = arena_new();
    struct regex        *regex;
    struct regex_error   error;

    (void) state;

    regex = regex_new(arena, "a|ab", 4, REGEX_I, &error);
    assert_non_null(regex);
    assert_int_equal(regex_match_all(regex, "ab", 2, &error), 1);
    assert_int_equal(regex_match_all(regex, "abc", 3, &error), 0);
    regex = regex_new(arena, ".", 1, REGEX_I, &error);
    assert_int_equal(regex_match_all(regex, "\r", 1, &error), 0);
    arena_free(&arena);
}


static void
regexes_of_nginx_work_on_bytes(void **state)
{
    char           err[REGEX_TEXT_LEN];
    struct arena  *arena = arena_new();
    struct regex  *regex;

    (void) state;

    regex = regex_compile_bytes(arena, "^/(?!no).*\\.PHP$", 1, err);
    assert_non_null(regex);
    assert_int_equal(regex_matches_bytes(regex, "/a\xff.php", 7), 1);
    assert_int_equal(regex_matches_bytes(regex, "/no.php", 7), 0);
    assert_null(regex_compile_bytes(arena, "a(", 0, err));
    assert_non_null(strstr(err, "pcre2_compile() failed: missing"));
    arena_free(&arena);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(patterns_search_anywhere_and_capture),
        cmocka_unit_test(the_end_is_the_end_and_not_before_a_last_newline),
        cmocka_unit_test(unicode_is_on),
        cmocka_unit_test(classes_nest_and_have_operators),
        cmocka_unit_test(repetitions_can_be_repeated),
        cmocka_unit_test(flag_x_drops_blanks_and_comments),
        cmocka_unit_test(what_hurl_refuses_is_refused),
        cmocka_unit_test(broken_patterns_are_refused_at_their_place),
        cmocka_unit_test(every_match_is_replaced),
        cmocka_unit_test(exploding_patterns_end_with_an_error),
        cmocka_unit_test(text_that_is_not_utf8_is_an_error),
        cmocka_unit_test(a_full_match_takes_the_whole_text),
        cmocka_unit_test(regexes_of_nginx_work_on_bytes)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
