/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Handlers in threads, when the client or the worker ends meanwhile: an answer
 * and an orderly end come out, and nothing is left over.
 */
#include "tests/module/thread_rig.h"


static void
a_client_that_leaves_harms_nobody(void **state)
{
    struct raw_client  *client;

    thread_start(*state);
    client = thread_send(*state, THREAD_GATE_GET);
    thread_wait(*state, "events", THREAD_IN, 1);
    raw_client_close(&client);
    module_expect(*state, "/off", "loop");

    thread_open_gate(1);
    thread_wait(*state, "events", "LEFT", 1);
    module_expect(*state, "/tid", "thread");
    assert_int_equal(nginx_server_stop(*state, SIGQUIT), 0);
    thread_events(*state, "INIT\nIN\nLEFT\nEXIT\n");
    module_expect_log(*state, "[alert]", 0);
}


/* Sixteen connections are all that the worker has, its own among them. */
static void
clients_that_leave_leave_no_connection_behind(void **state)
{
    int                 i;
    struct raw_client  *client;

    module_start(*state, THREAD_POOLS "events { worker_connections 16; }\n",
                 THREAD_SERVER);

    for (i = 1; i <= 40; i++) {
        client = thread_send(*state, THREAD_GATE_GET);
        thread_wait(*state, "events", THREAD_IN, (unsigned) i);
        raw_client_close(&client);
        thread_open_gate(1);
        thread_wait(*state, "events", "LEFT", (unsigned) i);
        module_expect(*state, "/tid", "thread");
    }

    assert_int_equal(nginx_server_stop(*state, SIGQUIT), 0);
    module_expect_log(*state, "[alert]", 0);
}


/* A client that takes nothing of the answer, and one that sends no body. */
static void
timeouts_of_nginx_hold_beside_threads(void **state)
{
    struct raw_client    *reader, *writer;
    struct raw_response   response;

    nginx_server_set_log_level(*state, "info");
    module_start(*state, THREAD_POOLS, "send_timeout 100ms; "
                 "client_body_timeout 100ms; reset_timedout_connection on;"
                 THREAD_SERVER);
    reader = thread_send(*state, GET("/large"));
    thread_wait(*state, "error.log", "client timed out", 1);
    writer = thread_send(*state, "POST /step HTTP/1.1\r\nHost: x\r\n"
                     "Content-Length: 4\r\n\r\nbo");
    assert_int_equal(raw_client_read(writer, 0, &response), -1);

    module_expect(*state, "/tid", "thread");
    assert_int_equal(nginx_server_stop(*state, SIGQUIT), 0);
    raw_client_close(&reader);
    raw_client_close(&writer);
    thread_events(*state, "INIT\nEXIT\n");
    module_expect_log(*state, "[alert]", 0);
}


/* What a worker writes when it leaves its loop, and not its master before. */
#define EXITING  ": exiting"

/* QUIT, TERM or HUP comes while a handler waits at the gate. */
static void
signal_inside(struct nginx_server *server, int number, const char *text,
              const char *request, struct raw_client **client)
{
    thread_start(server);
    *client = thread_send(server, request);
    thread_wait(server, "events", THREAD_IN, 1);
    assert_int_equal(nginx_server_signal(server, number), 0);
    thread_wait(server, "error.log", text, 1);
    thread_open_gate(1);
}


static void
quit_waits_for_the_answer(void **state)
{
    struct raw_client  *client;

    signal_inside(*state, SIGQUIT, "gracefully shutting down",
                  THREAD_GATE_GET, &client);

    thread_answer(*state, client, "through the gate");
    raw_client_close(&client);
    assert_int_equal(nginx_server_stop(*state, SIGQUIT), 0);
    thread_events(*state, "INIT\nIN\nLEFT\nEXIT\n");
    module_expect_log(*state, "[alert]", 0);
}


static void
reload_waits_for_the_answer(void **state)
{
    struct raw_client  *client;

    signal_inside(*state, SIGHUP, "gracefully shutting down",
                  THREAD_GATE_GET, &client);

    thread_answer(*state, client, "through the gate");
    raw_client_close(&client);
    thread_wait(*state, "events", "EXIT", 1);
    module_expect(*state, "/tid", "thread");
    module_expect_log(*state, "[alert]", 0);
}


static void
term_runs_the_exit_hook_after_the_handler(void **state)
{
    struct raw_client  *client;

    signal_inside(*state, SIGTERM, EXITING, THREAD_GATE_GET, &client);

    assert_int_equal(nginx_server_stop(*state, SIGTERM), 0);
    raw_client_close(&client);
    thread_events(*state, "INIT\nIN\nLEFT\nEXIT\n");
}


static void
a_variable_comes_while_the_worker_quits(void **state)
{
    struct raw_client  *client;

    signal_inside(*state, SIGQUIT, "gracefully shutting down",
                  GET("/ask?id=7"), &client);

    thread_answer(*state, client, "outer inner-7");
    raw_client_close(&client);
    assert_int_equal(nginx_server_stop(*state, SIGQUIT), 0);
    thread_events(*state, "INIT\nIN\nouter inner-7\nEXIT\n");
}


/* nginx waits for the thread and serves nobody: no value, and no hanging. */
static void
no_variable_comes_when_the_worker_is_terminated(void **state)
{
    struct raw_client  *client;

    signal_inside(*state, SIGTERM, EXITING, GET("/ask?id=7"), &client);

    assert_int_equal(nginx_server_stop(*state, SIGTERM), 0);
    raw_client_close(&client);
    thread_events(*state, "INIT\nIN\n-\nEXIT\n");
}


static void
a_variable_comes_when_the_client_has_gone(void **state)
{
    struct raw_client  *client;

    thread_start(*state);
    client = thread_send(*state, GET("/ask?id=7"));
    thread_wait(*state, "events", THREAD_IN, 1);
    raw_client_close(&client);
    module_expect(*state, "/off", "loop");

    thread_open_gate(1);
    thread_wait(*state, "events", "outer inner-7", 1);
    module_expect(*state, "/tid", "thread");
}


/* What is not taken in time is cut off, which is seen; the thread goes on. */
static void
a_shutdown_timeout_ends_in_order(void **state)
{
    struct raw_client  *client, *reader;

    module_start(*state, "worker_shutdown_timeout 10ms;\n" THREAD_POOLS,
                 THREAD_SERVER);
    reader = thread_send(*state, GET("/large"));
    assert_int_equal(raw_client_wait_readable(reader), 0);
    client = thread_send(*state, THREAD_GATE_GET);
    thread_wait(*state, "events", THREAD_IN, 1);
    assert_int_equal(nginx_server_signal(*state, SIGQUIT), 0);
    assert_int_equal(raw_client_wait_closed(reader), 0);

    thread_open_gate(1);
    assert_int_equal(nginx_server_stop(*state, SIGQUIT), 0);
    raw_client_close(&client);
    raw_client_close(&reader);
    thread_events(*state, "INIT\nIN\nLEFT\nEXIT\n");
    module_expect_log(*state, "exited on signal", 0);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        THREAD_TEST(a_client_that_leaves_harms_nobody),
        THREAD_TEST(clients_that_leave_leave_no_connection_behind),
        THREAD_TEST(timeouts_of_nginx_hold_beside_threads),
        THREAD_TEST(quit_waits_for_the_answer),
        THREAD_TEST(reload_waits_for_the_answer),
        THREAD_TEST(term_runs_the_exit_hook_after_the_handler),
        THREAD_TEST(a_variable_comes_while_the_worker_quits),
        THREAD_TEST(no_variable_comes_when_the_worker_is_terminated),
        THREAD_TEST(a_variable_comes_when_the_client_has_gone),
        THREAD_TEST(a_shutdown_timeout_ends_in_order)
    };

    return cmocka_run_group_tests_name("threads_end", tests, NULL, NULL);
}
