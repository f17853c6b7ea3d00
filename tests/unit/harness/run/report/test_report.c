/* SPDX-License-Identifier: BSD-2-Clause */
/* Texts of reports, and the exit status. */
#include "tests/unit/unit.h"

#include <string.h>

#include "harness/run/report/report.h"
#include "harness/run/report/verdict.h"
#include "lib/json/json.h"


static void
reports_hold_any_bytes_as_valid_text(void **state)
{
    struct strbuf  json = { 0 }, xml = { 0 };
    const char    *text = "a\"<&>\n\t\x01\xff\xc3\xa9";

    (void) state;
    json_write_string(&json, text, strlen(text));
    report_add_xml(&xml, text);
    assert_string_equal(json.data,
                        "\"a\\\"<&>\\n\\t\\u0001\xef\xbf\xbd\xc3\xa9\"");
    assert_string_equal(xml.data, "a&quot;&lt;&amp;&gt;&#10;\t"
                        "\xef\xbf\xbd\xef\xbf\xbd\xc3\xa9");
    strbuf_free(&json);
    strbuf_free(&xml);
}


static void
a_failure_is_not_skipped_and_times_have_three_digits(void **state)
{
    struct strbuf    tap = { 0 }, junit = { 0 };
    struct run_file  file = { .path = "a", .host = "mock", .na = 1,
                              .duration_us = 1002003, .verdict = RUN_FAILED };

    (void) state;
    report_tap.file_end(&file, 1, &tap);
    report_junit.file_end(&file, 1, &junit);
    assert_string_equal(tap.data, "not ok 1 - a\n");
    assert_non_null(strstr(junit.data, "time=\"1.002\""));
    assert_null(strstr(junit.data, "skipped"));
    strbuf_free(&tap);
    strbuf_free(&junit);
}


static void
the_exit_status_follows_the_worst_verdict(void **state)
{
    (void) state;
    assert_int_equal(verdict_worse(RUN_ERROR, RUN_FAILED), RUN_ERROR);
    assert_int_equal(verdict_exit_status(RUN_ERROR), 3);
    assert_int_equal(verdict_exit_status(RUN_FAILED), 4);
    assert_int_equal(verdict_exit_status(RUN_NA), 0);
    assert_int_equal(verdict_exit_status(RUN_SKIPPED), 0);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(reports_hold_any_bytes_as_valid_text),
        cmocka_unit_test(a_failure_is_not_skipped_and_times_have_three_digits),
        cmocka_unit_test(the_exit_status_follows_the_worst_verdict),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
