/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A hundred reloads, each with another app from the server, while requests go
 * on: none is lost, and the file is one app or the other at any time.
 */
#include "tests/module/download_rig.h"

#define RELOADS    100
#define PROBE_SO   TEST_APPS "/probe.so"
#define PROBE2_SO  TEST_APPS "/probe2.so"


/* One request: answered by the new app? Anything but an app is a failure. */
static int
is_new(struct rig *rig, const char *build)
{
    int                  fresh;
    struct raw_response  response;

    module_send(rig->server, GET("/build"), &response);

    if (response.status != 200 || (strcmp(response.body, "one") != 0
                                   && strcmp(response.body, "two") != 0))
    {
        print_error("%d %s\n", response.status, response.body);
        module_fail(rig->server, "another response");
    }

    fresh = strcmp(response.body, build) == 0;
    raw_response_free(&response);
    assert_true(rig_is_file(rig->dest, PROBE_SO, PROBE2_SO));

    return fresh;
}


static void
no_request_is_lost_in_a_hundred_reloads(void **state)
{
    int          i;
    char         etag[16];
    const char  *build = "one";
    struct rig  *rig = *state;

    rig_answer_file(rig, PROBE_SO, "start");
    module_start(rig->server, NULL, rig->conf);
    assert_true(is_new(rig, "one"));

    for (i = 0; i < RELOADS; i++) {
        build = i % 2 == 0 ? "two" : "one";
        (void) snprintf(etag, sizeof(etag), "e%d", i);
        rig_answer_file(rig, i % 2 == 0 ? PROBE2_SO : PROBE_SO, etag);
        assert_int_equal(nginx_server_signal(rig->server, SIGHUP), 0);

        /* workers of earlier configurations may still answer */
        while (!is_new(rig, build)
               || fetch_server_count(rig->from) < (unsigned) i + 2)
        {
            /* next request */
        }
    }

    assert_int_equal(fetch_server_count(rig->from), RELOADS + 1);
    assert_int_equal(nginx_server_stop(rig->server, SIGQUIT), 0);
    assert_int_equal(rig_left_over(rig), 0);
    module_expect_log(rig->server, "[alert]", 0);
    module_expect_log(rig->server, "[emerg]", 0);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(
            no_request_is_lost_in_a_hundred_reloads, rig_setup, rig_teardown),
    };

    return cmocka_run_group_tests_name("download_reload", tests, NULL, NULL);
}
