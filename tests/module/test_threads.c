/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Handlers in threads: where they run, what of the ABI they may use, and that
 * the worker goes on meanwhile.
 */
#include <unistd.h>

#include "tests/module/thread_rig.h"


static void
aio_decides_where_a_handler_runs(void **state)
{
    thread_start(*state);

    module_expect(*state, "/tid", "thread");
    module_expect(*state, "/named", "thread");
    module_expect(*state, "/off", "loop");
    module_expect(*state, "/var?p=own", "loop");
}


static void
handlers_of_one_worker_run_at_once(void **state)
{
    size_t              i;
    struct raw_client  *clients[4];

    thread_start(*state);

    for (i = 0; i < 4; i++) {
        clients[i] = thread_send(*state, GET("/together"));
    }

    for (i = 0; i < 4; i++) {
        thread_answer(*state, clients[i], "together");
        raw_client_close(&clients[i]);
    }
}


static void
the_worker_answers_others_while_a_handler_waits(void **state)
{
    struct raw_client  *client;

    thread_start(*state);
    client = thread_send(*state, THREAD_GATE_GET);
    thread_wait(*state, "events", THREAD_IN, 1);

    module_expect(*state, "/off", "loop");
    module_expect(*state, "/tid", "thread");

    thread_open_gate(1);
    thread_answer(*state, client, "through the gate");
    raw_client_close(&client);
    module_expect_log(*state, "held up", 0);
}


static void
all_of_the_abi_works_in_a_thread(void **state)
{
    struct raw_response  response;

    thread_start(*state);
    module_send(*state, GET("/abi"), &response);

    assert_string_equal(response.body, "in");
    module_expect_header(&response, "X-On-0", "out");
    module_expect_header(&response, "X-On-39", "out");
    raw_response_free(&response);
    module_expect_log(*state, "from the thread", 1);
}


static void
variables_are_right_in_threads_and_in_the_loop(void **state)
{
    int                 i;
    char                text[64];
    struct raw_client  *clients[12];

    thread_start(*state);

    for (i = 0; i < 12; i++) {
        (void) snprintf(text, sizeof(text), "GET /%s?id=n%d HTTP/1.1\r\n"
                        "Host: x\r\n\r\n", i % 4 ? "vars" : "looped", i);
        clients[i] = thread_send(*state, text);
    }

    for (i = 0; i < 12; i++) {
        thread_answer(*state, clients[i], "same");
        raw_client_close(&clients[i]);
    }
}


/* The loop waits for the lock, its owner for the loop. */
static void
a_variable_comes_while_the_loop_waits_for_the_zone(void **state)
{
    struct raw_client  *holder, *other;

    thread_start(*state);
    holder = thread_send(*state, GET("/lock?id=1"));
    thread_wait(*state, "events", THREAD_IN, 1);
    other = thread_send(*state, GET("/need"));
    thread_wait(*state, "events", "NEEDS", 1);

    thread_open_gate(1);
    thread_answer(*state, holder, "outer inner-1");
    thread_answer(*state, other, "had it");
    raw_client_close(&holder);
    raw_client_close(&other);
}


static void
headers_added_on_the_way_are_walked_too(void **state)
{
    thread_start(*state);

    module_expect(*state, "/walk", "102 w");
    module_expect(*state, "/walked", "102 w");
}


static void
a_body_reaches_a_thread(void **state)
{
    struct raw_client  *client;

    thread_start(*state);
    client = thread_send(*state, "POST /step?a=1 HTTP/1.1\r\nHost: x\r\n"
                     "Content-Length: 4\r\n\r\n");
    assert_int_equal(raw_client_text(client, "body"), 0);

    thread_answer(*state, client, "/step thread args=a=1 body=body");
    raw_client_close(&client);
}


static void
answers_without_a_body_keep_the_connection_whole(void **state)
{
    struct raw_client    *client;
    struct raw_response   response;

    thread_start(*state);
    client = thread_send(*state, "HEAD /tid HTTP/1.1\r\nHost: x\r\n\r\n"
                     "GET /empty HTTP/1.1\r\nHost: x\r\n\r\n"
                     "GET /tid HTTP/1.1\r\nHost: x\r\n\r\n");

    assert_int_equal(raw_client_read(client, 1, &response), 0);
    module_expect_header(&response, "Content-Length", "6");
    raw_response_free(&response);
    assert_int_equal(raw_client_read(client, 0, &response), 0);
    assert_int_equal(response.status, 204);
    raw_response_free(&response);
    thread_answer(*state, client, "thread");
    raw_client_close(&client);
}


static void
bytes_that_come_meanwhile_are_the_next_request(void **state)
{
    struct raw_client  *client;

    thread_start(*state);
    client = thread_send(*state, THREAD_GATE_GET);
    thread_wait(*state, "events", THREAD_IN, 1);
    assert_int_equal(raw_client_text(client, "GET /tid HTTP/1.1\r\n"
                                     "Host: x\r\n\r\n"), 0);
    module_expect(*state, "/off", "loop");

    thread_open_gate(1);
    thread_answer(*state, client, "through the gate");
    thread_answer(*state, client, "thread");
    raw_client_close(&client);
}


static void
a_full_queue_answers_503(void **state)
{
    struct raw_client  *first, *second;

    thread_start(*state);
    first = thread_send(*state, GET("/tiny"));
    thread_wait(*state, "events", THREAD_IN, 1);
    second = thread_send(*state, GET("/tiny"));
    module_expect(*state, "/off", "loop");

    assert_int_equal(module_status(*state, "/tiny"), 503);

    thread_open_gate(2);
    thread_answer(*state, first, "through the gate");
    thread_answer(*state, second, "through the gate");
    raw_client_close(&first);
    raw_client_close(&second);
}


static void
threads_of_two_workers_share_the_cache(void **state)
{
    int                 i;
    struct raw_client  *clients[20];

    nginx_server_set_workers(*state, 2);
    thread_start(*state);

    for (i = 0; i < 20; i++) {
        clients[i] = thread_send(*state, GET("/hammer"));
    }

    for (i = 0; i < 20; i++) {
        struct raw_response  response;

        assert_int_equal(raw_client_read(clients[i], 0, &response), 0);
        assert_int_equal(response.status, 200);
        raw_response_free(&response);
        raw_client_close(&clients[i]);
    }

    module_expect(*state, "/hammer", "1050");
}


static void
a_slow_handler_in_the_loop_is_told_once(void **state)
{
    int                 i;
    struct raw_client  *client;

    thread_start(*state);

    for (i = 1; i <= 2; i++) {
        client = thread_send(*state, GET("/slow"));
        thread_wait(*state, "events", THREAD_IN, (unsigned) i);
        (void) usleep(250000);   /* not a wait: so long it is held up */
        thread_open_gate(1);
        thread_answer(*state, client, "through the gate");
        raw_client_close(&client);
    }

    module_expect_log(*state, "held up all requests", 1);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        THREAD_TEST(aio_decides_where_a_handler_runs),
        THREAD_TEST(handlers_of_one_worker_run_at_once),
        THREAD_TEST(the_worker_answers_others_while_a_handler_waits),
        THREAD_TEST(all_of_the_abi_works_in_a_thread),
        THREAD_TEST(variables_are_right_in_threads_and_in_the_loop),
        THREAD_TEST(a_variable_comes_while_the_loop_waits_for_the_zone),
        THREAD_TEST(headers_added_on_the_way_are_walked_too),
        THREAD_TEST(a_body_reaches_a_thread),
        THREAD_TEST(answers_without_a_body_keep_the_connection_whole),
        THREAD_TEST(bytes_that_come_meanwhile_are_the_next_request),
        THREAD_TEST(a_full_queue_answers_503),
        THREAD_TEST(threads_of_two_workers_share_the_cache),
        THREAD_TEST(a_slow_handler_in_the_loop_is_told_once)
    };

    return cmocka_run_group_tests_name("threads", tests, NULL, NULL);
}
