/* SPDX-License-Identifier: BSD-2-Clause */
/* URLs of requests, and references in answers. */
#include "tests/unit/unit.h"

#include <string.h>

#include "lib/base/arena.h"
#include "lib/http/url.h"


static void
references_are_resolved_against_the_last_url(void **state)
{
    size_t         i;
    struct arena  *arena = arena_new();
    static const char *const  rows[][3] = {
        { "http://h/a/b?c", "d", "http://h/a/d" },
        { "http://h/a/b?c", "/d", "http://h/d" },
        { "http://h/a/b?c=/x", "?d", "http://h/a/b?d" },
        { "http://h", "d", "http://h/d" },
        { "http://h?q", "d", "http://h/d" },
        { "https://h/a", "//i/b", "https://i/b" },
        { "http://h/a", "https://i/", "https://i/" },
        { "http://h/a?b#c", "", "http://h/a?b" },
        { "http://h/a", "b:c/d", "b:c/d" },
    };

    (void) state;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_string_equal(url_resolve(arena, rows[i][0], rows[i][1]),
                            rows[i][2]);
    }
    arena_free(&arena);
}


static void
a_url_is_taken_apart(void **state)
{
    size_t         i;
    struct url     url;
    const char    *why;
    struct arena  *arena = arena_new();
    static const struct {
        const char  *text, *user, *host, *name, *target, *whole;
        unsigned     port;
    } rows[] = {
        { "/a?b#c", NULL, "localhost", "localhost", "/a?b",
          "http://localhost/a?b", 80 },
        { "HTTPS://H", NULL, "H", "H", "/", "https://H/", 443 },
        { "https://h:443/", NULL, "h", "h", "/", "https://h/", 443 },
        { "https://h:80/", NULL, "h:80", "h", "/", "https://h:80/", 80 },
        { "http://h:00000080/", NULL, "h", "h", "/", "http://h/", 80 },
        { "http://u%3a@[::1]:81", "u::", "[::1]:81", "[::1]", "/",
          "http://[::1]:81/", 81 },
        { "http://u:%4@h?x", "u:%4", "h", "h", "/?x", "http://h/?x", 80 },
    };

    (void) state;

    for (i = 0; i < COUNT(rows); i++) {
        assert_int_equal(url_parse(&url, arena, rows[i].text, 0, NULL, &why),
                         0);
        assert_int_equal(url.user == NULL, rows[i].user == NULL);
        if (rows[i].user != NULL) {
            assert_string_equal(url.user, rows[i].user);
        }
        assert_string_equal(url.host, rows[i].host);
        assert_string_equal(url.name, rows[i].name);
        assert_string_equal(url.target, rows[i].target);
        assert_string_equal(url.text, rows[i].whole);
        assert_int_equal(url.port, rows[i].port);
    }
    arena_free(&arena);
}


static void
what_is_no_url_is_refused(void **state)
{
    size_t         i;
    struct url     url;
    const char    *why;
    struct arena  *arena = arena_new();
    static const char *const  rows[][2] = {
        { "", "write a path" }, { "h/a", "write a path" },
        { "ftp://h", "write a path" }, { "http:/h", "write a path" },
        { "http://", "no host" }, { "http://u@:80/", "no host" },
        { "http://[::1/", "ends with ']'" }, { "http://h:/", "a port" },
        { "http://h:65536", "a port" }, { "http://h:8\x01", "control byte" },
        { "http://h:00000801x", "a port" }, { "/a b", "space" },
    };

    (void) state;

    for (i = 0; i < COUNT(rows); i++) {
        why = NULL;
        assert_int_equal(url_parse(&url, arena, rows[i][0], 0, NULL, &why),
                         -1);
        if (strstr(why, rows[i][1]) == NULL) {
            fail_msg("%s: \"%s\" lacks \"%s\"", rows[i][0], why, rows[i][1]);
        }
    }
    arena_free(&arena);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(a_url_is_taken_apart),
        cmocka_unit_test(what_is_no_url_is_refused),
        cmocka_unit_test(references_are_resolved_against_the_last_url),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
