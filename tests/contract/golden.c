/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The golden rows of responses and of query parameters, each on the mock and
 * on a real nginx: there byte for byte, with a second request behind the
 * first, so that no byte too many hides.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/contract/contract.h"
#include "tests/contract/golden_table.h"
#include "tests/support/raw_client.h"

/* Of response_cases.tsv; column[n]. */
enum { METHOD = 1, HTTP, HEADERS, STATUS, LINE, TYPE, BODY, RIGHT = 9 };

/* Of query_param.tsv. */
enum { ARGS = 1, KEY, RIGHT_VALUE = 4 };

/* cmocka does not count what a teardown finds. */
static int                     trouble_seen;

static struct contract_setup   setup;
static struct contract_mock   *mock;
static struct contract_real   *real;

static const char  error_page[] = "<nginx error page>";


/* ---- responses -------------------------------------------------------- */

static char *
word_of(const char *cell)
{
    char    *data, *word;
    size_t   len;

    data = golden_cell(cell, &len);
    word = data != NULL ? golden_encode(data, len) : strdup("-");
    free(data);
    assert_non_null(word);

    return word;
}


static char *
response_target(const struct golden_row *row)
{
    char  *target, *line, *type, *body;

    line = word_of(row->column[LINE]);
    type = word_of(row->column[TYPE]);
    body = word_of(row->column[BODY]);

    assert_true(asprintf(&target, "/r?do=resp:%s:%s:%s:%s",
                         row->column[STATUS], line, type, body) > 0);
    free(line);
    free(type);
    free(body);

    return target;
}


/* Head and body as bytes, without the lines Server and Date: yours. */
static char *
wire_of(const char *head, const char *end_of_line, const void *body,
        size_t body_len, size_t *len)
{
    char        *text;
    FILE        *out;
    size_t       n;
    const char  *at;

    out = open_memstream(&text, len);
    assert_non_null(out);

    for (at = head; *at != '\0' && *at != '\r'; at += n + strlen(end_of_line))
    {
        n = strcspn(at, "\r\n");

        if (strncmp(at, "Server: ", 8) != 0 && strncmp(at, "Date: ", 6) != 0)
        {
            (void) fprintf(out, "%.*s\r\n", (int) n, at);
        }
    }

    (void) fprintf(out, "\r\n");

    if (body_len > 6 && memcmp(body, "<html>", 6) == 0) {
        (void) fprintf(out, "%s", error_page);
    } else {
        (void) fwrite(body, 1, body_len, out);
    }

    assert_int_equal(fclose(out), 0);

    return text;
}


static void
assert_wire(const char *host, const char *got, size_t got_len,
            const char *right, size_t right_len)
{
    if (got_len != right_len || memcmp(got, right, right_len) != 0) {
        print_error("%s sent:\n%s\nright is:\n%s\n", host, got, right);
        fail();
    }
}


static void
respond_on_mock(struct contract_request *request, const char *right,
                size_t right_len)
{
    char                    *got, err[CONTRACT_ERR] = "";
    size_t                   got_len;
    struct contract_answer   answer = { 0 };

    if (contract_mock_play(mock, request, &answer, err) != 0) {
        fail_msg("%s", err);
    }

    got = wire_of(answer.head, "\n", answer.body, answer.body_len, &got_len);
    assert_wire("the mock", got, got_len, right, right_len);

    free(got);
    contract_answer_free(&answer);
}


/* After it stands what closes the connection, or the answer to /sync. */
static void
assert_in_step(struct raw_client *client, const struct raw_response *before)
{
    char                 *rest;
    size_t                len;
    struct raw_response   next = { 0 };

    if (strstr(before->head, "Connection: close\r\n") != NULL) {
        rest = raw_client_read_all(client, &len);
        assert_non_null(rest);
        assert_string_equal(rest, "");
        free(rest);
        return;
    }

    assert_int_equal(raw_client_read(client, 0, &next), 0);
    assert_int_equal(strncmp(next.head, "HTTP/1.1 202 Accepted\r\n", 23), 0);
    assert_string_equal(next.body, "sync");
    raw_response_free(&next);
}


static void
respond_on_nginx(struct contract_request *request, const char *right,
                 size_t right_len)
{
    char                 *got, *text;
    size_t                got_len;
    struct raw_client    *client;
    struct raw_response   response = { 0 };

    assert_true(asprintf(&text, "%s %s HTTP/1.%d\r\nHost: contract\r\n%s\r\n"
                         "GET /r?do=resp:202:-:-:sync HTTP/1.1\r\n"
                         "Host: contract\r\n\r\n", request->method,
                         request->target, request->http_1_0 ? 0 : 1,
                         request->headers ? request->headers : "") > 0);

    client = raw_client_open(contract_real_socket(real));
    assert_non_null(client);
    assert_int_equal(raw_client_text(client, text), 0);
    assert_int_equal(raw_client_read(client,
                                     strcmp(request->method, "HEAD") == 0,
                                     &response), 0);

    got = wire_of(response.head, "\r\n", response.body, response.body_len,
                  &got_len);
    assert_wire("nginx", got, got_len, right, right_len);
    assert_in_step(client, &response);

    free(got);
    free(text);
    raw_response_free(&response);
    raw_client_close(&client);
}


static void
response_is_right(void **state)
{
    char                     *target, *right, *headers;
    size_t                    right_len;
    const struct golden_row  *row = *state;
    struct contract_request   request = { 0 };

    headers = NULL;
    target = response_target(row);
    right = golden_cell(row->column[RIGHT], &right_len);
    assert_non_null(right);

    if (strcmp(row->column[HEADERS], "-") != 0) {
        assert_true(asprintf(&headers, "%s\r\n", row->column[HEADERS]) > 0);
    }

    request.method = row->column[METHOD];
    request.target = target;
    request.headers = headers;
    request.http_1_0 = strcmp(row->column[HTTP], "1.0") == 0;

    respond_on_mock(&request, right, right_len);

    if (real != NULL) {
        respond_on_nginx(&request, right, right_len);
    }

    free(target);
    free(right);
    free(headers);
}


/* ---- query parameters ------------------------------------------------- */

/* As the app of the suite spells a value. */
static char *
spelt(const char *cell)
{
    char    *data, *text;
    FILE    *out;
    size_t   i, len, size;

    data = golden_cell(cell, &len);
    out = open_memstream(&text, &size);
    assert_non_null(out);

    if (data == NULL) {
        (void) fprintf(out, "param=NULL\n");
        assert_int_equal(fclose(out), 0);
        return text;
    }

    (void) fprintf(out, "param=\"");

    for (i = 0; i < len; i++) {
        if (data[i] < 0x20 || data[i] > 0x7e || data[i] == '"'
            || data[i] == '\\')
        {
            (void) fprintf(out, "\\x%02x", (unsigned char) data[i]);
        } else {
            (void) fputc(data[i], out);
        }
    }

    (void) fprintf(out, "\"\nparam.own=1\n");
    assert_int_equal(fclose(out), 0);
    free(data);

    return text;
}


static void
param_is_right(void **state)
{
    char                      err[CONTRACT_ERR] = "";
    char                     *args, *key, *right, *target, *headers;
    size_t                    len;
    struct contract_answer    answer = { 0 };
    const struct golden_row  *row = *state;
    struct contract_request   request = { 0 };

    args = golden_cell(row->column[ARGS], &len);
    assert_non_null(args);
    key = word_of(row->column[KEY]);
    right = spelt(row->column[RIGHT_VALUE]);
    assert_true(asprintf(&target, "/p?%s", args) > 0);
    assert_true(asprintf(&headers, "X-Do: param:%s\r\n", key) > 0);
    request.target = target;
    request.headers = headers;

    assert_int_equal(contract_mock_play(mock, &request, &answer, err), 0);
    assert_string_equal((char *) answer.body, right);
    contract_answer_free(&answer);

    if (real != NULL) {
        assert_int_equal(contract_real_play(real, &request, &answer, err), 0);
        assert_string_equal((char *) answer.body, right);
        contract_answer_free(&answer);
    }

    free(args);
    free(key);
    free(right);
    free(target);
    free(headers);
}


/* ---- the program ------------------------------------------------------ */

static int
open_hosts(void **state)
{
    char         err[CONTRACT_ERR] = "no memory";
    const char  *missing;

    (void) state;

    mock = contract_mock_new(&setup, err);
    missing = contract_real_missing(setup.module);

    if (missing != NULL) {
        print_message("SKIPPED: played on the mock alone: %s\n", missing);
    } else {
        real = contract_real_new(&setup, err);
    }

    if (mock == NULL || (missing == NULL && real == NULL)) {
        print_error("%s\n", err);
        return -1;
    }

    return 0;
}


static int
close_hosts(void **state)
{
    char  *trouble;

    (void) state;

    contract_mock_free(&mock);
    trouble = contract_real_free(&real);
    trouble_seen = trouble != NULL;

    if (trouble != NULL) {
        (void) fprintf(stderr, "%s\n", trouble);
        free(trouble);
        return -1;
    }

    return 0;
}


int
main(int argc, char **argv)
{
    int                   rc;
    size_t                i, n;
    struct CMUnitTest    *tests;
    struct golden_table   responses, params;

    if (argc != 4) {
        (void) fprintf(stderr, "usage: contract_golden TABLES APP MODULE\n");
        return 2;
    }

    setup = contract_setup_app;
    setup.app = argv[2];
    setup.module = argv[3];

    if (golden_read(&responses, argv[1], "response_cases.tsv") != 0
        || golden_read(&params, argv[1], "query_param.tsv") != 0)
    {
        (void) fprintf(stderr, "%s: no tables there\n", argv[1]);
        return 2;
    }

    n = responses.count + params.count;
    tests = calloc(n, sizeof(*tests));

    for (i = 0; tests != NULL && i < n; i++) {
        struct golden_row  *row = i < responses.count
                                  ? &responses.rows[i]
                                  : &params.rows[i - responses.count];

        tests[i].name = row->name;
        tests[i].initial_state = row;
        tests[i].test_func = i < responses.count ? response_is_right
                                                 : param_is_right;
    }

    rc = tests == NULL || n == 0 ? 2
         : _cmocka_run_group_tests("golden", tests, n, open_hosts,
                                   close_hosts);
    free(tests);
    golden_free(&responses);
    golden_free(&params);

    return rc != 0 ? rc : trouble_seen;
}
