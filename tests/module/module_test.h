/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the tests of the module share: an nginx with the module under test, and
 * requests in one line. A failure prints the log of that nginx.
 */
#ifndef LF_TESTS_MODULE_TEST_H
#define LF_TESTS_MODULE_TEST_H

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/nginx_server.h"
#include "tests/support/raw_client.h"

#define PROBE   "ngx_link_func_lib " TEST_APPS "/probe.so;"
#define LIFE_A  "ngx_link_func_lib " TEST_APPS "/life_a.so;"
#define LIFE_B  "ngx_link_func_lib " TEST_APPS "/life_b.so;"
#define CALL(path, name)  "location " path " { ngx_link_func_call " name "; } "

/* A server on @SOCK@ with the probe app and these locations. */
#define SERVER(text)  "server { listen @SOCK@; " PROBE " " text " }"

#define GET(path)                                                             \
    "GET " path " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"

/* cmocka setup and teardown: *state is the server, not started. */
int module_setup(void **state);
int module_teardown(void **state);

/* Write the configuration and start, or fail the test. */
void module_start(struct nginx_server *server, const char *main_text,
                  const char *http_text);

/* Fail the test with what the server knows. */
void module_fail(struct nginx_server *server, const char *what);

/* Send bytes on a connection of its own; read one response. */
void module_send(struct nginx_server *server, const char *bytes,
                 struct raw_response *response);

/* GET path; the body must be text, the status 200. */
void module_expect(struct nginx_server *server, const char *path,
                   const char *text);

/* The status of a GET. */
int module_status(struct nginx_server *server, const char *path);

/* A header of the response must have this value; NULL: must be absent. */
void module_expect_header(const struct raw_response *response,
                          const char *name, const char *value);

/* The error.log must hold this text so often. */
void module_expect_log(struct nginx_server *server, const char *text,
                       unsigned count);

#endif /* LF_TESTS_MODULE_TEST_H */
