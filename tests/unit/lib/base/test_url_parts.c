/* SPDX-License-Identifier: BSD-2-Clause */
/* URLs taken apart, and what of them may be shown. */
#include "tests/unit/unit.h"
#include "lib/base/url_parts.h"


static void
a_part_ends_where_the_next_one_begins(void **state)
{
    size_t            i;
    struct url_parts  p;
    static const char *const  rows[][6] = {
        /* URL, and what stands from each part on */
        { "http://u:p@h:1/a?b#c", "u:p@h:1/a?b#c", "h:1/a?b#c", "/a?b#c",
          "?b#c", "#c" },
        { "http://a@b@h", "a@b@h", "h", "", "", "" },
        { "http://h?x=/@", "h?x=/@", "h?x=/@", "?x=/@", "?x=/@", "" },
        { "http://h#?/", "h#?/", "h#?/", "#?/", "#?/", "#?/" },
        { "/a?u=http://h/b", "/a?u=http://h/b", "/a?u=http://h/b",
          "/a?u=http://h/b", "?u=http://h/b", "" },
        { "://h", "://h", "://h", "//h", "", "" },
        { "", "", "", "", "", "" },
    };

    (void) state;

    for (i = 0; i < COUNT(rows); i++) {
        url_split(rows[i][0], &p);

        assert_string_equal(p.authority, rows[i][1]);
        assert_string_equal(p.host, rows[i][2]);
        assert_string_equal(p.path, rows[i][3]);
        assert_string_equal(p.query, rows[i][4]);
        assert_string_equal(p.fragment, rows[i][5]);
    }
}


static void
a_scheme_is_known_in_any_case(void **state)
{
    (void) state;

    assert_true(url_has_scheme("HTTPS://h", "https"));
    assert_false(url_has_scheme("https://h", "http"));
    assert_false(url_has_scheme("http:/h", "http"));
    assert_false(url_has_scheme("htt", "http"));
}


static void
secrets_of_a_url_are_not_shown(void **state)
{
    char    out[128];
    size_t  i;
    static const char *const  rows[][2] = {
        { "https://u:p@host:1/a.so?sig=s", "https://***@host:1/a.so?***" },
        { "https://token@host/a.so", "https://***@host/a.so" },
        { "http://host/a.so#s", "http://host/a.so?***" },
        { "http://host/a@b.so", "http://host/a@b.so" },
        { "http://host/a.so?mail=s@s", "http://host/a.so?***" },
        { "u:p@host/a.so", "***@host/a.so" },

        /* passwords as nobody should write them into a URL */
        { "http://u:se/cret@host/a.so", "http://***@host/a.so" },
        { "http://u:12/34@host/a.so", "http://***@host/a.so" },
        { "http://u:s@e/cret@host/a.so?s", "http://***@host/a.so?***" },
        { "http://u/s:e/cret@host/a.so", "http://***@host/a.so" },
        { "http://u:se?cret@host/a.so", "http://***" },
        { "http://u:se#cret@host/a.so", "http://***" },
        { "http://u:p@host/a.so?mail=s@s", "http://***" },
    };

    (void) state;

    for (i = 0; i < COUNT(rows); i++) {
        url_redact(rows[i][0], out, sizeof(out));
        assert_string_equal(out, rows[i][1]);
    }

    url_redact("http://u:secret@host/a.so", out, 13);
    assert_string_equal(out, "http://***@h");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(a_part_ends_where_the_next_one_begins),
        cmocka_unit_test(a_scheme_is_known_in_any_case),
        cmocka_unit_test(secrets_of_a_url_are_not_shown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
