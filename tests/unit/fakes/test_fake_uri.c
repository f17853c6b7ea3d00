/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include "tests/unit/mock.h"
#include "tests/unit/golden.h"

#include "fakes/lf_fake_request.h"

static int  rows_played;


/* Rows that a method and a target cannot express: other versions, layouts. */
static int
split_line(char *line, char **method, char **target, int *http_1_0)
{
    char    *space;
    size_t   len;

    len = strlen(line);

    if (len > 9 && strcmp(line + len - 9, " HTTP/1.1") == 0) {
        *http_1_0 = 0;
    } else if (len > 9 && strcmp(line + len - 9, " HTTP/1.0") == 0) {
        *http_1_0 = 1;
    } else {
        return 0;
    }

    line[len - 9] = '\0';
    space = strchr(line, ' ');

    if (space == NULL || space == line || line[0] == '\r') {
        return 0;
    }

    *space = '\0';
    *method = line;
    *target = space + 1;

    return 1;
}


static void
check_text(const struct golden_row *row, const lf_str_t *got, char *cell)
{
    struct golden_text  right;

    if (strstr(cell, " bytes}") != NULL) {
        assert_int_equal(got->len, atoi(cell + 2));
        return;
    }

    right = golden_quoted(cell);

    if (got->len != right.len
        || (right.len > 0 && memcmp(got->data, right.data, right.len) != 0))
    {
        fail_msg("row %s: got \"%.*s\", right is \"%s\"", row->cells[0],
                 (int) got->len, (char *) got->data, right.data);
    }

    free(right.data);
}


static void
check_row(const struct golden_row *row)
{
    int                      http_1_0, status;
    char                    *method, *target;
    struct golden_text       line;
    struct lf_fake_server    server;
    struct lf_fake_request  *request;

    line = golden_bytes(row->cells[2]);
    memset(&server, 0, sizeof(server));
    server.keep_slashes = strcmp(row->cells[1], "off") == 0;

    if (strlen(line.data) != line.len
        || !split_line(line.data, &method, &target, &http_1_0))
    {
        free(line.data);
        return;
    }

    rows_played++;
    request = lf_fake_request_on(mock, &server, method, target);
    assert_non_null(request);
    mock_header(request, "Host", "localhost");

    if (http_1_0) {
        lf_fake_set_http_1_0(request);
    }

    status = lf_fake_refused(request);

    if ((status == 0 ? 200 : status) != atoi(row->cells[3])) {
        fail_msg("row %s: status %d, right is %s", row->cells[0], status,
                 row->cells[3]);
    }

    if (status == 0) {
        check_text(row, &request->core.uri, row->cells[4]);
        check_text(row, &request->args, row->cells[5]);

        if (request->host_in_uri) {
            assert_int_equal(strncasecmp((char *) request->server.data,
                                         row->cells[6] + 1,
                                         request->server.len), 0);
        }
    }

    lf_fake_request_free(&request);
    free(line.data);
}


static void
every_expressible_golden_row_is_right(void **state)
{
    (void) state;
    rows_played = 0;
    assert_int_equal(golden_each("uri_normalise.tsv", check_row), 117);
    assert_true(rows_played >= 95);
}


static int
refused(const char *method, const char *target)
{
    int                      status;
    struct lf_fake_request  *request;

    request = mock_new(method, target);
    status = lf_fake_refused(request);
    lf_fake_request_free(&request);

    return status;
}


static void
methods_are_upper_case_with_dash_and_underscore(void **state)
{
    (void) state;
    assert_int_equal(refused("GET", "/"), 0);
    assert_int_equal(refused("M-SEARCH", "/"), 0);
    assert_int_equal(refused("_", "/"), 0);
    assert_int_equal(refused("get", "/"), 400);
    assert_int_equal(refused("G3T", "/"), 400);
    assert_int_equal(refused("", "/"), 400);
    assert_int_equal(refused("TRACE", "/"), 405);
    assert_int_equal(refused("CONNECT", "/"), 405);
    assert_int_equal(refused("CONNECT", "a:80"), 400);
}


static void
authorities_are_read_as_nginx_does(void **state)
{
    (void) state;
    assert_int_equal(refused("GET", "http://u@h/"), 400);
    assert_int_equal(refused("GET", "http://h_1/"), 400);
    assert_int_equal(refused("GET", "http://h:8x/"), 400);
    assert_int_equal(refused("GET", "http://h:/"), 0);
    assert_int_equal(refused("GET", "http://h:80"), 0);
    assert_int_equal(refused("GET", "http://h#f"), 400);
    assert_int_equal(refused("GET", "a+b.c-1://h/"), 0);
    assert_int_equal(refused("GET", "1a://h/"), 400);
    assert_int_equal(refused("GET", "http://[::1"), 400);
    assert_int_equal(refused("GET", "http://a..b/"), 400);
}


static void
a_query_behind_the_host_belongs_to_the_root(void **state)
{
    struct lf_fake_request  *request;

    (void) state;
    request = mock_new("GET", "http://h?x");
    assert_int_equal(lf_fake_refused(request), 0);
    assert_int_equal(request->core.uri.len, 1);
    assert_int_equal(request->args.len, 1);
    assert_int_equal(request->args.data[0], 'x');
    lf_fake_request_free(&request);
}


static void
a_line_beyond_the_large_buffer_is_414(void **state)
{
    char  target[8400];

    (void) state;
    memset(target, 'a', sizeof(target));
    target[0] = '/';
    target[8192 - 15] = '\0';
    assert_int_equal(refused("GET", target), 0);
    target[8192 - 15] = 'a';
    target[8192 - 14] = '\0';
    assert_int_equal(refused("GET", target), 414);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        mock_test(every_expressible_golden_row_is_right),
        mock_test(methods_are_upper_case_with_dash_and_underscore),
        mock_test(authorities_are_read_as_nginx_does),
        mock_test(a_query_behind_the_host_belongs_to_the_root),
        mock_test(a_line_beyond_the_large_buffer_is_414),
    };

    return cmocka_run_group_tests_name("fake_uri", tests, NULL, NULL);
}
