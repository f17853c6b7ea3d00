/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Handlers in threads: the worker goes on meanwhile, and whatever ends it or
 * the client, an answer and an orderly end come out. A handler waits at a FIFO
 * that the test opens.
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "module_test.h"

#define MAPS                                                                  \
    "map $arg_id $inner { default none; ~(.+) inner-$1; }"                    \
    "map $inner $mapped { default 'outer $inner'; }"

#define THREADED                                                              \
    MAPS "server { listen @SOCK@; ngx_link_func_lib " TEST_APPS "/thread.so; "     \
    "ngx_link_func_add_prop dir @PREFIX@; aio threads; "                      \
    CALL("/tid", "tid") CALL("/gate", "gate") CALL("/together", "together")   \
    CALL("/empty", "empty") CALL("/abi", "abi") CALL("/hammer", "hammer")     \
    CALL("/step", "step") CALL("/walk", "walk") CALL("/vars", "vars")         \
    CALL("/large", "large")                                                   \
    CALL("/ask", "ask_behind_gate") CALL("/lock", "ask_with_lock")            \
    "set $made $arg_id; set $rid $request_id;"                                \
    "location /need { aio off; ngx_link_func_call need_lock; }"               \
    "location /looped { aio off; ngx_link_func_call vars; }"                  \
    "location /walked { aio off; ngx_link_func_call walk; }"                  \
    "location /named { aio threads=own; ngx_link_func_call tid; }"            \
    "location /off { aio off; ngx_link_func_call tid; }"                      \
    "location /slow { aio off; ngx_link_func_call gate; }"                    \
    "location /var { aio threads=$arg_p; ngx_link_func_call tid; }"           \
    "location /tiny { aio threads=tiny; ngx_link_func_call gate; } }"

#define POOLS                                                                 \
    "thread_pool own threads=2;\nthread_pool tiny threads=1 max_queue=1;\n"

#define GATE_GET  "GET /gate HTTP/1.1\r\nHost: x\r\n\r\n"

static int  gate;


static int
setup(void **state)
{
    char  path[256];

    if (module_setup(state) != 0) {
        return -1;
    }

    (void) snprintf(path, sizeof(path), "%s/gate",
                    nginx_server_prefix(*state));

    if (mkfifo(path, 0666) != 0 || chmod(path, 0666) != 0) {
        return -1;
    }

    gate = open(path, O_RDWR | O_CLOEXEC);

    return gate < 0 ? -1 : 0;
}


static int
teardown(void **state)
{
    (void) close(gate);

    return module_teardown(state);
}


static void
start(struct nginx_server *server)
{
    module_start(server, POOLS, THREADED);
}


/* Let this many handlers pass. */
static void
open_gate(size_t count)
{
    assert_int_equal(write(gate, "........", count), (ssize_t) count);
}


static void
wait_for(struct nginx_server *server, const char *file, const char *text,
         unsigned count)
{
    if (nginx_server_wait_text(server, file, text, count) != 0) {
        module_fail(server, text);
    }
}


static struct raw_client *
send_on(struct nginx_server *server, const char *text)
{
    struct raw_client  *client;

    client = raw_client_open(nginx_server_socket(server));
    assert_non_null(client);
    assert_int_equal(raw_client_text(client, text), 0);

    return client;
}


static void
expect_answer(struct nginx_server *server, struct raw_client *client,
              const char *body)
{
    struct raw_response  response;

    if (raw_client_read(client, 0, &response) != 0) {
        module_fail(server, "no answer");
    }

    assert_int_equal(response.status, 200);
    assert_string_equal(response.body, body);
    raw_response_free(&response);
}


static void
expect_events(struct nginx_server *server, const char *want)
{
    char  *events;

    events = nginx_server_read(server, "events");
    assert_string_equal(events, want);
    free(events);
}


static void
aio_decides_where_a_handler_runs(void **state)
{
    start(*state);

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

    start(*state);

    for (i = 0; i < 4; i++) {
        clients[i] = send_on(*state, GET("/together"));
    }

    for (i = 0; i < 4; i++) {
        expect_answer(*state, clients[i], "together");
        raw_client_close(&clients[i]);
    }
}


static void
the_worker_answers_others_while_a_handler_waits(void **state)
{
    struct raw_client  *client;

    start(*state);
    client = send_on(*state, GATE_GET);
    wait_for(*state, "events", "IN", 1);

    module_expect(*state, "/off", "loop");
    module_expect(*state, "/tid", "thread");

    open_gate(1);
    expect_answer(*state, client, "through the gate");
    raw_client_close(&client);
    module_expect_log(*state, "held up", 0);
}


static void
all_of_the_abi_works_in_a_thread(void **state)
{
    struct raw_response  response;

    start(*state);
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

    start(*state);

    for (i = 0; i < 12; i++) {
        (void) snprintf(text, sizeof(text), "GET /%s?id=n%d HTTP/1.1\r\n"
                        "Host: x\r\n\r\n", i % 4 ? "vars" : "looped", i);
        clients[i] = send_on(*state, text);
    }

    for (i = 0; i < 12; i++) {
        expect_answer(*state, clients[i], "same");
        raw_client_close(&clients[i]);
    }
}


/* The loop waits for the lock, its owner for the loop. */
static void
a_variable_comes_while_the_loop_waits_for_the_zone(void **state)
{
    struct raw_client  *holder, *other;

    start(*state);
    holder = send_on(*state, GET("/lock?id=1"));
    wait_for(*state, "events", "IN", 1);
    other = send_on(*state, GET("/need"));
    wait_for(*state, "events", "NEEDS", 1);

    open_gate(1);
    expect_answer(*state, holder, "outer inner-1");
    expect_answer(*state, other, "had it");
    raw_client_close(&holder);
    raw_client_close(&other);
}


static void
headers_added_on_the_way_are_walked_too(void **state)
{
    start(*state);

    module_expect(*state, "/walk", "102 w");
    module_expect(*state, "/walked", "102 w");
}


static void
a_body_reaches_a_thread(void **state)
{
    struct raw_client  *client;

    start(*state);
    client = send_on(*state, "POST /step?a=1 HTTP/1.1\r\nHost: x\r\n"
                     "Content-Length: 4\r\n\r\n");
    assert_int_equal(raw_client_text(client, "body"), 0);

    expect_answer(*state, client, "/step thread args=a=1 body=body");
    raw_client_close(&client);
}


static void
answers_without_a_body_keep_the_connection_whole(void **state)
{
    struct raw_client    *client;
    struct raw_response   response;

    start(*state);
    client = send_on(*state, "HEAD /tid HTTP/1.1\r\nHost: x\r\n\r\n"
                     "GET /empty HTTP/1.1\r\nHost: x\r\n\r\n"
                     "GET /tid HTTP/1.1\r\nHost: x\r\n\r\n");

    assert_int_equal(raw_client_read(client, 1, &response), 0);
    module_expect_header(&response, "Content-Length", "6");
    raw_response_free(&response);
    assert_int_equal(raw_client_read(client, 0, &response), 0);
    assert_int_equal(response.status, 204);
    raw_response_free(&response);
    expect_answer(*state, client, "thread");
    raw_client_close(&client);
}


static void
bytes_that_come_meanwhile_are_the_next_request(void **state)
{
    struct raw_client  *client;

    start(*state);
    client = send_on(*state, GATE_GET);
    wait_for(*state, "events", "IN", 1);
    assert_int_equal(raw_client_text(client, "GET /tid HTTP/1.1\r\n"
                                     "Host: x\r\n\r\n"), 0);
    module_expect(*state, "/off", "loop");

    open_gate(1);
    expect_answer(*state, client, "through the gate");
    expect_answer(*state, client, "thread");
    raw_client_close(&client);
}


static void
a_client_that_leaves_harms_nobody(void **state)
{
    struct raw_client  *client;

    start(*state);
    client = send_on(*state, GATE_GET);
    wait_for(*state, "events", "IN", 1);
    raw_client_close(&client);
    module_expect(*state, "/off", "loop");

    open_gate(1);
    wait_for(*state, "events", "LEFT", 1);
    module_expect(*state, "/tid", "thread");
    assert_int_equal(nginx_server_stop(*state, SIGQUIT), 0);
    expect_events(*state, "INIT\nIN\nLEFT\nEXIT\n");
    module_expect_log(*state, "[alert]", 0);
}


/* Sixteen connections are all that the worker has, its own among them. */
static void
clients_that_leave_leave_no_connection_behind(void **state)
{
    int                 i;
    struct raw_client  *client;

    module_start(*state, POOLS "events { worker_connections 16; }\n", THREADED);

    for (i = 1; i <= 40; i++) {
        client = send_on(*state, GATE_GET);
        wait_for(*state, "events", "IN", (unsigned) i);
        raw_client_close(&client);
        open_gate(1);
        wait_for(*state, "events", "LEFT", (unsigned) i);
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
    module_start(*state, POOLS, "send_timeout 100ms; client_body_timeout "
                 "100ms; reset_timedout_connection on;" THREADED);
    reader = send_on(*state, GET("/large"));
    wait_for(*state, "error.log", "client timed out", 1);
    writer = send_on(*state, "POST /step HTTP/1.1\r\nHost: x\r\n"
                     "Content-Length: 4\r\n\r\nbo");
    assert_int_equal(raw_client_read(writer, 0, &response), -1);

    module_expect(*state, "/tid", "thread");
    assert_int_equal(nginx_server_stop(*state, SIGQUIT), 0);
    raw_client_close(&reader);
    raw_client_close(&writer);
    expect_events(*state, "INIT\nEXIT\n");
    module_expect_log(*state, "[alert]", 0);
}


/* QUIT, TERM or HUP comes while a handler waits at the gate. */
static void
signal_inside(struct nginx_server *server, int number, const char *text,
              const char *request, struct raw_client **client)
{
    start(server);
    *client = send_on(server, request);
    wait_for(server, "events", "IN", 1);
    assert_int_equal(nginx_server_signal(server, number), 0);
    wait_for(server, "error.log", text, 1);
    open_gate(1);
}


static void
quit_waits_for_the_answer(void **state)
{
    struct raw_client  *client;

    signal_inside(*state, SIGQUIT, "gracefully shutting down", GATE_GET, &client);

    expect_answer(*state, client, "through the gate");
    raw_client_close(&client);
    assert_int_equal(nginx_server_stop(*state, SIGQUIT), 0);
    expect_events(*state, "INIT\nIN\nLEFT\nEXIT\n");
    module_expect_log(*state, "[alert]", 0);
}


static void
reload_waits_for_the_answer(void **state)
{
    struct raw_client  *client;

    signal_inside(*state, SIGHUP, "gracefully shutting down", GATE_GET, &client);

    expect_answer(*state, client, "through the gate");
    raw_client_close(&client);
    wait_for(*state, "events", "EXIT", 1);
    module_expect(*state, "/tid", "thread");
    module_expect_log(*state, "[alert]", 0);
}


static void
term_runs_the_exit_hook_after_the_handler(void **state)
{
    struct raw_client  *client;

    signal_inside(*state, SIGTERM, "exiting", GATE_GET, &client);

    assert_int_equal(nginx_server_stop(*state, SIGTERM), 0);
    raw_client_close(&client);
    expect_events(*state, "INIT\nIN\nLEFT\nEXIT\n");
}


static void
a_variable_comes_while_the_worker_quits(void **state)
{
    struct raw_client  *client;

    signal_inside(*state, SIGQUIT, "gracefully shutting down",
                  GET("/ask?id=7"), &client);

    expect_answer(*state, client, "outer inner-7");
    raw_client_close(&client);
    assert_int_equal(nginx_server_stop(*state, SIGQUIT), 0);
    expect_events(*state, "INIT\nIN\nouter inner-7\nEXIT\n");
}


/* nginx waits for the thread and serves nobody: no value, and no hanging. */
static void
no_variable_comes_when_the_worker_is_terminated(void **state)
{
    struct raw_client  *client;

    signal_inside(*state, SIGTERM, "exiting", GET("/ask?id=7"), &client);

    assert_int_equal(nginx_server_stop(*state, SIGTERM), 0);
    raw_client_close(&client);
    expect_events(*state, "INIT\nIN\n-\nEXIT\n");
}


static void
a_variable_comes_when_the_client_has_gone(void **state)
{
    struct raw_client  *client;

    start(*state);
    client = send_on(*state, GET("/ask?id=7"));
    wait_for(*state, "events", "IN", 1);
    raw_client_close(&client);
    module_expect(*state, "/off", "loop");

    open_gate(1);
    wait_for(*state, "events", "outer inner-7", 1);
    module_expect(*state, "/tid", "thread");
}


static void
a_shutdown_timeout_ends_in_order(void **state)
{
    struct raw_client  *client;

    module_start(*state, "worker_shutdown_timeout 10ms;\n" POOLS, THREADED);
    client = send_on(*state, GATE_GET);
    wait_for(*state, "events", "IN", 1);
    assert_int_equal(nginx_server_signal(*state, SIGQUIT), 0);
    wait_for(*state, "error.log", "gracefully shutting down", 1);
    (void) usleep(50000);        /* the timeout passes, or not: both end */

    open_gate(1);
    assert_int_equal(nginx_server_stop(*state, SIGQUIT), 0);
    raw_client_close(&client);
    expect_events(*state, "INIT\nIN\nLEFT\nEXIT\n");
    module_expect_log(*state, "exited on signal", 0);
}


static void
a_full_queue_answers_503(void **state)
{
    struct raw_client  *first, *second;

    start(*state);
    first = send_on(*state, GET("/tiny"));
    wait_for(*state, "events", "IN", 1);
    second = send_on(*state, GET("/tiny"));
    module_expect(*state, "/off", "loop");

    assert_int_equal(module_status(*state, "/tiny"), 503);

    open_gate(2);
    expect_answer(*state, first, "through the gate");
    expect_answer(*state, second, "through the gate");
    raw_client_close(&first);
    raw_client_close(&second);
}


static void
threads_of_two_workers_share_the_cache(void **state)
{
    int                 i;
    struct raw_client  *clients[20];

    nginx_server_set_workers(*state, 2);
    start(*state);

    for (i = 0; i < 20; i++) {
        clients[i] = send_on(*state, GET("/hammer"));
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

    start(*state);

    for (i = 1; i <= 2; i++) {
        client = send_on(*state, GET("/slow"));
        wait_for(*state, "events", "IN", (unsigned) i);
        (void) usleep(250000);   /* is the slowness that is looked for */
        open_gate(1);
        expect_answer(*state, client, "through the gate");
        raw_client_close(&client);
    }

    module_expect_log(*state, "held up all requests", 1);
}


#define T(name)  cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
    const struct CMUnitTest  tests[] = {
        T(aio_decides_where_a_handler_runs),
        T(handlers_of_one_worker_run_at_once),
        T(the_worker_answers_others_while_a_handler_waits),
        T(all_of_the_abi_works_in_a_thread),
        T(variables_are_right_in_threads_and_in_the_loop),
        T(a_variable_comes_while_the_loop_waits_for_the_zone),
        T(headers_added_on_the_way_are_walked_too),
        T(a_body_reaches_a_thread),
        T(answers_without_a_body_keep_the_connection_whole),
        T(bytes_that_come_meanwhile_are_the_next_request),
        T(a_client_that_leaves_harms_nobody),
        T(clients_that_leave_leave_no_connection_behind),
        T(timeouts_of_nginx_hold_beside_threads),
        T(quit_waits_for_the_answer),
        T(reload_waits_for_the_answer),
        T(term_runs_the_exit_hook_after_the_handler),
        T(a_variable_comes_while_the_worker_quits),
        T(no_variable_comes_when_the_worker_is_terminated),
        T(a_variable_comes_when_the_client_has_gone),
        T(a_shutdown_timeout_ends_in_order),
        T(a_full_queue_answers_503),
        T(threads_of_two_workers_share_the_cache),
        T(a_slow_handler_in_the_loop_is_told_once)
    };

    return cmocka_run_group_tests_name("threads", tests, NULL, NULL);
}
