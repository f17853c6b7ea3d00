/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * nginx in one process under Valgrind, over requests of every kind: no invalid
 * access and no use of what was never written.
 */
#include <unistd.h>

#include "tests/module/module_test.h"

static const char *const  valgrind[] = {
    "/usr/bin/valgrind", "-q", "--error-exitcode=77", "--leak-check=no",
    "--num-callers=20", NULL
};


static const char *const  requests[] = {
    GET("/"), GET("/status?status=204"), GET("/status?status=99"),
    GET("/none"), GET("/html"), GET("/see?name=Host"), GET("/add"),
    GET("/add_in"), GET("/log"), GET("/set?key=a&value=1"),
    GET("/get?key=a"), GET("/free"), GET("/keep"), GET("/auth"),
    GET("/sub"),
    "HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n"
    "Connection: close\r\n\r\nabc",
    "POST /file HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n"
    "Connection: close\r\n\r\nabc",
    "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
    "Connection: close\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
};


/* The requests, with handlers where aio says. */
static void
run_under_valgrind(struct nginx_server *server, const char *aio)
{
    char                      conf[4096];
    size_t                    i;
    char                     *report;
    struct raw_response       response;

    if (access(valgrind[0], X_OK) != 0) {
        print_message("skipped: %s is not installed\n", valgrind[0]);
        skip();
    }

    nginx_server_set_wrapper(server, valgrind);
    nginx_server_set_single_process(server);
    (void) snprintf(conf, sizeof(conf), SERVER(
        "%s ngx_link_func_add_req_header A $uri; gzip on;"
        CALL("/", "gen") CALL("/status", "status") CALL("/none", "none")
        CALL("/html", "html") CALL("/see", "see") CALL("/add", "add_out")
        CALL("/add_in", "add_in") CALL("/log", "log_all")
        CALL("/set", "cache_set") CALL("/get", "cache_see")
        CALL("/free", "free_twice") CALL("/keep", "keep_lock")
        CALL("/echo", "echo")
        "location /sub { ngx_link_func_subrequest /add_in check_status; "
        "ngx_link_func_subrequest /absent; ngx_link_func_call see; }"
        "location /file { client_body_in_file_only clean; "
        "ngx_link_func_call echo; }"
        "location /auth { auth_request /add_in; ngx_link_func_call gen; }"),
        aio);
    module_start(server, NULL, conf);

    for (i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
        module_send(server, requests[i], &response);
        raw_response_free(&response);
    }

    assert_int_equal(nginx_server_stop(server, SIGQUIT), 0);
    report = nginx_server_read(server, "stderr.log");
    assert_non_null(report);

    if (strstr(report, "==") != NULL) {
        print_error("%s\n", report);
        fail();
    }

    free(report);
}


static void
valgrind_has_nothing_to_report(void **state)
{
    run_under_valgrind(*state, "");
}


static void
valgrind_has_nothing_to_report_of_threads(void **state)
{
    run_under_valgrind(*state, "aio threads;");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(valgrind_has_nothing_to_report,
                                        module_setup, module_teardown),
        cmocka_unit_test_setup_teardown(
            valgrind_has_nothing_to_report_of_threads, module_setup,
            module_teardown)
    };

    return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
