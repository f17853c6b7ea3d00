/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/unit/unit.h"

#include "lib/base/number.h"


static void
sizes_are_read_as_nginx_reads_them(void **state)
{
    size_t  i, size;

    static const struct { const char *text; size_t size; } rows[] = {
        { "0", 0 }, { "1", 1 }, { "64k", 65536 }, { "64K", 65536 },
        { "1m", 1048576 }, { "2G", (size_t) 2 << 30 }
    };

    (void) state;

    for (i = 0; i < COUNT(rows); i++) {
        assert_int_equal(number_parse_size(rows[i].text, &size), 0);
        assert_int_equal(size, rows[i].size);
    }
}


static void
bad_sizes_are_refused(void **state)
{
    size_t  i, size;

    static const char *const  rows[] = {
        "", "k", "1kb", "-1", "+1", " 1", "1 ", "0x10", "1.5m", "1t",
        "99999999999999999999", "9999999999999g"
    };

    (void) state;

    for (i = 0; i < COUNT(rows); i++) {
        assert_int_equal(number_parse_size(rows[i], &size), -1);
    }
}


static void
durations_have_units_and_fractions(void **state)
{
    size_t    i;
    uint64_t  ns;

    static const struct { const char *text; uint64_t ms; } rows[] = {
        { "10", 10000 }, { "10s", 10000 }, { "500ms", 500 }, { "2m", 120000 },
        { "1h", 3600000 }, { "1.5s", 1500 }, { "0.25", 250 }, { "0", 0 },
        { "2.5m", 150000 }, { "24h", 86400000 }
    };

    (void) state;

    for (i = 0; i < COUNT(rows); i++) {
        assert_int_equal(number_parse_duration(rows[i].text, &ns), 0);
        assert_int_equal(ns, rows[i].ms * 1000000);
    }
}


static void
bad_durations_are_refused(void **state)
{
    size_t    i;
    uint64_t  ns;

    static const char *const  rows[] = {
        "", "s", ".5", "1.", "1.s", "-1s", "1 s", "1x", "25h",
        "99999999999999999999s"
    };

    (void) state;

    for (i = 0; i < COUNT(rows); i++) {
        assert_int_equal(number_parse_duration(rows[i], &ns), -1);
    }
}


static void
counts_keep_their_limits(void **state)
{
    unsigned long  value;

    (void) state;
    assert_int_equal(number_parse_count("256", 1, 256, &value), 0);
    assert_int_equal(value, 256);
    assert_int_equal(number_parse_count("0", 1, 256, &value), -1);
    assert_int_equal(number_parse_count("257", 1, 256, &value), -1);
    assert_int_equal(number_parse_count("1k", 1, 256, &value), -1);
    assert_int_equal(number_parse_count("", 0, 256, &value), -1);
}


static void
durations_are_told_shortly(void **state)
{
    char  text[NUMBER_TEXT];

    (void) state;
    assert_string_equal(number_duration_text(10000000000, text), "10s");
    assert_string_equal(number_duration_text(1500000000, text), "1500ms");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(sizes_are_read_as_nginx_reads_them),
        cmocka_unit_test(bad_sizes_are_refused),
        cmocka_unit_test(durations_have_units_and_fractions),
        cmocka_unit_test(bad_durations_are_refused),
        cmocka_unit_test(counts_keep_their_limits),
        cmocka_unit_test(durations_are_told_shortly)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
