/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A server whose handlers run in threads, and a FIFO at which some of them
 * wait until the test opens it.
 */
#ifndef LF_TESTS_THREAD_RIG_H
#define LF_TESTS_THREAD_RIG_H

#include "tests/module/module_test.h"

#define MAPS                                                                  \
    "map $arg_id $inner { default none; ~(.+) inner-$1; }"                    \
    "map $inner $mapped { default 'outer $inner'; }"

#define THREAD_SERVER                                                         \
    MAPS "server { listen @SOCK@; ngx_link_func_lib " TEST_APPS "/thread.so; " \
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

#define THREAD_POOLS                                                          \
    "thread_pool own threads=2;\nthread_pool tiny threads=1 max_queue=1;\n"

/* What a handler notes before it waits at the gate; INIT is no such line. */
#define THREAD_IN  "IN\n"

#define THREAD_GATE_GET  "GET /gate HTTP/1.1\r\nHost: x\r\n\r\n"

/* As module_setup and module_teardown, with the gate. */
int thread_setup(void **state);
int thread_teardown(void **state);

#define THREAD_TEST(name)                                                     \
    cmocka_unit_test_setup_teardown(name, thread_setup, thread_teardown)

void thread_start(struct nginx_server *server);

/* Let this many handlers pass, eight at most. */
void thread_open_gate(size_t count);

/* A text must come, so often, in a file. */
void thread_wait(struct nginx_server *server, const char *file,
                 const char *text, unsigned count);

/* A connection with these bytes sent; and the answer, a 200 with this body. */
struct raw_client *thread_send(struct nginx_server *server, const char *text);
void thread_answer(struct nginx_server *server, struct raw_client *client,
                   const char *body);

/* All that the app has noted. */
void thread_events(struct nginx_server *server, const char *want);

#endif /* LF_TESTS_THREAD_RIG_H */
