/* SPDX-License-Identifier: BSD-2-Clause */
/* Base64, hex, percent signs and UTF-8, there and back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "lib/base/arena.h"
#include "lib/base/encode.h"

static int
set_up(void **state)
{
    *state = arena_new();

    return *state == NULL;
}


static int
tear_down(void **state)
{
    struct arena  *arena = *state;

    arena_free(&arena);

    return 0;
}


static void
base64_is_as_rfc_4648_shows_it(void **state)
{
    char    *text;
    size_t   i, len, bad;

    static const char *const  pairs[][2] = {
        { "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" }, { "foo", "Zm9v" },
        { "foob", "Zm9vYg==" }, { "fooba", "Zm9vYmE=" },
        { "\xff\xef\xbe", "/+++" }
    };

    for (i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        text = base64_encode(*state, pairs[i][0], strlen(pairs[i][0]),
                             BASE64_STANDARD, &len);
        assert_string_equal(text, pairs[i][1]);
        assert_int_equal(len, strlen(text));
        text = base64_decode(*state, text, len, BASE64_STANDARD, &len, &bad);
        assert_string_equal(text, pairs[i][0]);
        assert_int_equal(len, strlen(pairs[i][0]));
    }
}


static void
url_base64_has_other_digits_and_no_padding(void **state)
{
    char    *text;
    size_t   len, bad;

    text = base64_encode(*state, "\xff\xef\xbe\xff", 4, BASE64_URL, &len);
    assert_string_equal(text, "_---_w");
    text = base64_decode(*state, text, len, BASE64_URL, &len, &bad);
    assert_memory_equal(text, "\xff\xef\xbe\xff", 5);
    assert_int_equal(len, 4);
    assert_null(base64_decode(*state, "_---", 4, BASE64_STANDARD, &len, &bad));
    assert_int_equal(bad, 0);
}


static void
base64_padding_may_be_missing_but_not_wrong(void **state)
{
    size_t  i, len, bad;

    static const struct {
        const char  *text;
        size_t       bad;
    } cases[] = {
        { "Zg=", 3 }, { "Zg===", 4 }, { "Z", 0 }, { "Zm9v=", 4 },
        { "Zm9v!", 4 }, { "Zg==Zg==", 4 }, { "=", 0 }, { "Zm9vY", 4 }
    };

    assert_string_equal(base64_decode(*state, "Zm8", 3, BASE64_STANDARD, &len,
                                      &bad), "fo");
    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        bad = 99;
        assert_null(base64_decode(*state, cases[i].text,
                                  strlen(cases[i].text), BASE64_STANDARD,
                                  &len, &bad));
        assert_int_equal(bad, cases[i].bad);
    }
}


static void
hex_goes_there_and_back(void **state)
{
    char    *bytes;
    size_t   len, bad;

    assert_string_equal(hex_encode(*state, "\x00\xff\x1a", 3), "00ff1a");
    bytes = hex_decode(*state, "00fF1A", 6, &len, &bad);
    assert_int_equal(len, 3);
    assert_memory_equal(bytes, "\x00\xff\x1a", 4);
    assert_null(hex_decode(*state, "0g", 2, &len, &bad));
    assert_int_equal(bad, 1);
    assert_null(hex_decode(*state, "012", 3, &len, &bad));
    assert_int_equal(bad, 3);
}


static void
percent_sets_keep_what_hurl_keeps(void **state)
{
    size_t  len;

    static const char  text[] = "Az09-._~/ &+\xc3\xa9";

    assert_string_equal(percent_encode(*state, text, sizeof(text) - 1,
                                       PERCENT_QUERY, &len),
                        "Az09-._~%2F%20%26%2B%C3%A9");
    assert_int_equal(len, 26);
    assert_string_equal(percent_encode(*state, text, sizeof(text) - 1,
                                       PERCENT_PATH, &len),
                        "Az09-._~/%20%26%2B%C3%A9");
}


static void
percent_decoding_leaves_what_is_no_escape(void **state)
{
    size_t  len;

    assert_string_equal(percent_decode(*state, "%41%c3%A9+%zz%4", 15, &len),
                        "A\xc3\xa9+%zz%4");
    assert_int_equal(len, 9);
    assert_string_equal(percent_decode(*state, "%41", 3, &len), "A");
}


static void
wrong_utf8_is_found_at_its_place(void **state)
{
    size_t  i;

    static const struct {
        const char  *text;
        size_t       bad;
    } cases[] = {
        { "", ENCODE_OK }, { "0123456789abcdef\xc3\xa9", ENCODE_OK },
        { "\xf4\x8f\xbf\xbf", ENCODE_OK }, { "01234567\xff", 8 },
        { "a\xc3", 1 }, { "\xc0\x80", 0 }, { "\xe0\x9f\xbf", 0 },
        { "\xed\xa0\x80", 0 }, { "\xf4\x90\x80\x80", 0 },
        { "\xf5\x80\x80\x80", 0 }, { "ab\x80", 2 }, { "\xe2\x82", 0 }
    };

    (void) state;

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(utf8_check(cases[i].text, strlen(cases[i].text)),
                         cases[i].bad);
    }
}


static void
code_points_go_there_and_back(void **state)
{
    char      text[4];
    size_t    i, len;
    uint32_t  code;

    static const uint32_t  codes[] = {
        0, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x10ffff
    };

    (void) state;

    for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        len = utf8_encode(codes[i], text);
        assert_true(len > 0);
        assert_int_equal(utf8_decode(text, len, &code), len);
        assert_int_equal(code, codes[i]);
    }
    assert_int_equal(utf8_encode(0xd800, text), 0);
    assert_int_equal(utf8_encode(0x110000, text), 0);
    assert_int_equal(utf8_count("a\xc3\xa9\xe2\x82\xac", 6), 3);
}


static void
positions_count_lines_and_characters(void **state)
{
    unsigned  line, column;

    (void) state;

    text_position("a\n\xc3\xa9x", 4, &line, &column);
    assert_int_equal(line, 2);
    assert_int_equal(column, 2);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(base64_is_as_rfc_4648_shows_it),
        cmocka_unit_test(url_base64_has_other_digits_and_no_padding),
        cmocka_unit_test(base64_padding_may_be_missing_but_not_wrong),
        cmocka_unit_test(hex_goes_there_and_back),
        cmocka_unit_test(percent_sets_keep_what_hurl_keeps),
        cmocka_unit_test(percent_decoding_leaves_what_is_no_escape),
        cmocka_unit_test(wrong_utf8_is_found_at_its_place),
        cmocka_unit_test(code_points_go_there_and_back),
        cmocka_unit_test(positions_count_lines_and_characters)
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
