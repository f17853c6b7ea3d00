/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/strbuf.h"


static void
pieces_become_one_string(void **state)
{
    char           *text;
    struct strbuf   buf;

    (void) state;
    memset(&buf, 0, sizeof(buf));
    strbuf_addstr(&buf, "a");
    strbuf_printf(&buf, "%d-%s", 12, "b");
    strbuf_addch(&buf, 'c');
    assert_false(buf.failed);
    text = strbuf_steal(&buf, NULL);
    assert_string_equal(text, "a12-bc");
    assert_null(buf.data);
    free(text);
}


static void
the_nul_has_room_at_every_length(void **state)
{
    struct strbuf  buf = { 0 };

    (void) state;

    while (buf.len < 200) {
        strbuf_addch(&buf, 'x');
        assert_true(buf.len < buf.cap);
    }

    strbuf_free(&buf);
}


static void
impossible_sizes_fail_and_are_remembered(void **state)
{
    struct strbuf  buf;

    (void) state;
    memset(&buf, 0, sizeof(buf));
    strbuf_addstr(&buf, "a");
    assert_null(strbuf_reserve(&buf, SIZE_MAX));
    strbuf_addstr(&buf, "b");
    assert_true(buf.failed);
    assert_null(strbuf_steal(&buf, NULL));
}


static void
words_for_a_shell_are_quoted_when_needed(void **state)
{
    size_t         i;
    struct strbuf  buf;

    static const char *const  rows[][2] = {
        { "plain", "plain" }, { "a b", "'a b'" }, { "", "''" },
        { "it's", "'it'\\''s'" }, { "/x?y=1", "'/x?y=1'" },
        { "@file", "@file" }, { "$HOME", "'$HOME'" }
    };

    (void) state;
    memset(&buf, 0, sizeof(buf));

    for (i = 0; i < COUNT(rows); i++) {
        strbuf_clear(&buf);
        strbuf_add_shell(&buf, rows[i][0], strlen(rows[i][0]));
        assert_string_equal(buf.data, rows[i][1]);
    }

    strbuf_free(&buf);
}


static void
shift_keeps_what_is_behind(void **state)
{
    struct strbuf  buf;

    (void) state;
    memset(&buf, 0, sizeof(buf));
    strbuf_addstr(&buf, "frontback");
    strbuf_shift(&buf, 5);
    assert_string_equal(buf.data, "back");
    strbuf_shift(&buf, 100);
    assert_int_equal(buf.len, 0);
    strbuf_free(&buf);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(pieces_become_one_string),
        cmocka_unit_test(the_nul_has_room_at_every_length),
        cmocka_unit_test(impossible_sizes_fail_and_are_remembered),
        cmocka_unit_test(words_for_a_shell_are_quoted_when_needed),
        cmocka_unit_test(shift_keeps_what_is_behind)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
