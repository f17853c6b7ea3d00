/* SPDX-License-Identifier: BSD-2-Clause */
/* References in answers. */
#include "tests/unit/unit.h"
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


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(references_are_resolved_against_the_last_url),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
