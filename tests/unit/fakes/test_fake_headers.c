/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include "tests/unit/mock.h"
#include "tests/unit/golden.h"

#include "fakes/lf_fake_request.h"

static int     rows_played;
static size_t  body_max;


static void
set_option(struct lf_fake_request *request, const char *version)
{
    if (strcmp(version, "HTTP/1.0") == 0) {
        lf_fake_set_http_1_0(request);
    }
}


/* The list as the table writes it: Name:[value] Name:[value]. */
static char *
list_headers(const struct lf_fake_request *request, size_t most)
{
    FILE                         *out;
    char                         *text;
    size_t                        i, j, size;
    const struct lf_fake_header  *header;

    text = NULL;
    out = open_memstream(&text, &size);

    for (i = 0; i < request->headers_in.count && i < most; i++) {
        header = &request->headers_in.items[i];
        (void) fprintf(out, "%s%s:[", i > 0 ? " " : "",
                       (char *) header->name.data);

        for (j = 0; j < header->value.len; j++) {
            u_char  byte = header->value.data[j];

            (void) fprintf(out, byte < ' ' || byte > '~' ? "\\x%02x" : "%c",
                           byte);
        }

        (void) fputs("]", out);
    }

    (void) fclose(out);

    return text;
}


/* Lines end at LF; one CR before it is dropped. Folding is not expressible. */
static struct lf_fake_request *
parse_raw(const struct lf_fake_server *server, struct golden_text *raw)
{
    char                    *p, *end, *method, *target, *colon, *stop;
    struct lf_fake_request  *request;

    end = memmem(raw->data, raw->len, "\r\n\r\n", 4);
    end += 2;
    p = raw->data;
    method = strsep(&p, " ");
    target = strsep(&p, " ");
    request = lf_fake_request_on(mock, server, method, target);
    assert_non_null(request);
    set_option(request, strsep(&p, "\r"));

    for (p++; p < end; p = stop + 1) {
        stop = memchr(p, '\n', (size_t) (end - p));
        colon = memchr(p, ':', (size_t) (stop - p));
        colon = colon != NULL ? colon : stop - 1;

        assert_int_equal(lf_fake_add_header(
            request, p, (size_t) (colon - p), colon + (colon < stop - 1),
            (size_t) (stop - (stop[-1] == '\r') - colon)
                - (colon < stop - 1)), 0);
    }

    return request;
}


/* Rows that a script can not express, and why. */
static const struct { const char *part, *why; }  left_out[] = {
    { " ... ", "bytes that are sent one by one" },
    { "\\n ", "a folded header" }, { "\\n\\x09", "a folded header" },
};


/* The directives of the table that a server of the mock knows. */
static int
configure(const char *conf, struct lf_fake_server *server)
{
    memset(server, 0, sizeof(*server));
    body_max = strcmp(conf, "client_max_body_size 100") == 0 ? 100 : 1 << 20;

    if (strcmp(conf, "client_header_buffer_size 256; "
               "large_client_header_buffers 2 512") == 0)
    {
        server->first_buffer = 256;
        server->header_buffers = 2;
        server->header_buffer_size = 512;
    }

    server->underscores_in_headers =
        strcmp(conf, "underscores_in_headers on") == 0;
    server->keep_invalid_headers =
        strcmp(conf, "ignore_invalid_headers off") == 0;

    return strcmp(conf, "default") == 0 || body_max == 100
           || server->first_buffer != 0 || server->underscores_in_headers
           || server->keep_invalid_headers;
}


static int
is_expressible(const struct golden_row *row)
{
    size_t  i;

    for (i = 0; i < sizeof(left_out) / sizeof(left_out[0]); i++) {
        if (strstr(row->cells[2], left_out[i].part) != NULL) {
            print_message("header_parse.tsv %s: not played: %s\n",
                          row->cells[0], left_out[i].why);
            return 0;
        }
    }

    return 1;
}


static void
check_list(const struct golden_row *row, struct lf_fake_request *request)
{
    char  *got, *right;

    right = row->cells[5];
    right[strstr(right, " | ") - right] = '\0';
    got = list_headers(request, SIZE_MAX);

    if (strstr(right, " bytes}") == NULL && strcmp(got, right) != 0) {
        fail_msg("row %s: got %s, right is %s", row->cells[0], got, right);
    }

    free(got);
}


static void
check_row(const struct golden_row *row)
{
    int                             status;
    struct golden_text              raw;
    struct lf_fake_server           server;
    struct lf_fake_request         *request;
    const struct lf_fake_response  *response;

    if (!is_expressible(row)) {
        return;
    }

    if (!configure(row->cells[1], &server)) {
        fail_msg("row %s: what is \"%s\"?", row->cells[0], row->cells[1]);
    }

    rows_played++;
    raw = golden_bytes(row->cells[2]);
    request = parse_raw(&server, &raw);
    lf_fake_limit_body(request, body_max);
    status = lf_fake_refused(request);
    lf_fake_run(request, NULL);
    response = lf_fake_get_response(request);

    if ((status == 0) != (strstr(row->cells[4], "200") != NULL)
        || (status != 0 && status != atoi(row->cells[4])))
    {
        fail_msg("row %s: status %d, right is %s", row->cells[0], status,
                 row->cells[4]);
    }

    if (strcmp(mock_answer_header(response, "Connection"), row->cells[6])
        != 0)
    {
        fail_msg("row %s: Connection: %s", row->cells[0],
                 mock_answer_header(response, "Connection"));
    }

    if (status == 0) {
        check_list(row, request);
    }

    lf_fake_request_free(&request);
    free(raw.data);
}


static void
every_expressible_golden_row_is_right(void **state)
{
    (void) state;
    rows_played = 0;
    assert_int_equal(golden_each("header_parse.tsv", check_row), 88);
    assert_int_equal(rows_played, 83);
}


static int
refused_with(const char *name, const char *value)
{
    int                      status;
    struct lf_fake_request  *request;

    request = mock_new("GET", "/");
    mock_header(request, name, value);
    status = lf_fake_refused(request);
    lf_fake_request_free(&request);

    return status;
}


static void
line_ends_in_names_and_values_are_refused(void **state)
{
    (void) state;
    assert_int_equal(refused_with("X-A", "1\r\nX-B: 2"), 400);
    assert_int_equal(refused_with("X-A", "1\nX-B: 2"), 400);
    assert_int_equal(refused_with("X\nA", "1"), 400);
    assert_int_equal(refused_with("", "1"), 400);
    assert_int_equal(refused_with("X-A", "1"), 0);
}


static struct lf_fake_request *
with_headers(size_t count, size_t value_len)
{
    char                     name[32];
    char                    *value;
    size_t                   i;
    struct lf_fake_request  *request;

    value = malloc(value_len + 1);
    memset(value, 'v', value_len);
    value[value_len] = '\0';
    request = mock_new("GET", "/");

    for (i = 0; i < count; i++) {
        (void) snprintf(name, sizeof(name), "X-%zu", i);
        mock_header(request, name, value);
    }

    free(value);

    return request;
}


static void
a_thousand_headers_pass_and_one_more_does_not(void **state)
{
    struct lf_fake_request  *request;

    (void) state;
    request = with_headers(999, 1);
    assert_int_equal(lf_fake_refused(request), 0);
    lf_fake_request_free(&request);
    request = with_headers(1000, 1);
    assert_int_equal(lf_fake_refused(request), 400);
    lf_fake_request_free(&request);
}


static void
four_large_buffers_pass_and_a_fifth_has_its_own_page(void **state)
{
    struct lf_fake_request  *request;

    (void) state;
    request = with_headers(4, 8000);
    assert_int_equal(lf_fake_refused(request), 0);
    lf_fake_request_free(&request);
    request = with_headers(5, 8000);
    assert_int_equal(lf_fake_refused(request), 400);
    assert_non_null(strstr((char *) lf_fake_get_response(request)->body.data,
                           "Request Header Or Cookie Too Large"));
    lf_fake_request_free(&request);
}


static void
see_added(ngx_link_func_ctx_t *ctx)
{
    assert_text_equal((ngx_link_func_get_header)(ctx, "authorization", 13),
                      "conf");
    assert_text_equal((ngx_link_func_get_header)(ctx, "x-a", 3), "client");
}


static void
add_req_header_replaces_what_may_stand_once(void **state)
{
    struct lf_fake_request  *request;

    (void) state;
    assert_int_equal(lf_fake_add_req_header(mock, "Authorization", "conf"), 0);
    assert_int_equal(lf_fake_add_req_header(mock, "X-A", "conf"), 0);
    request = mock_new("GET", "/");
    mock_header(request, "authorization", "client");
    mock_header(request, "X-A", "client");
    mock_run(request, see_added);
    assert_int_equal(request->headers_in.count, 4);
    lf_fake_request_free(&request);
}


static void
a_dropped_name_is_told_in_the_log(void **state)
{
    (void) state;
    assert_int_equal(refused_with("x_a", "1"), 0);
    assert_non_null(strstr(lf_fake_log(mock)->text, "x_a"));
    assert_int_equal(lf_fake_log(mock)->level, LF_INFO);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        mock_test(every_expressible_golden_row_is_right),
        mock_test(line_ends_in_names_and_values_are_refused),
        mock_test(a_thousand_headers_pass_and_one_more_does_not),
        mock_test(four_large_buffers_pass_and_a_fifth_has_its_own_page),
        mock_test(add_req_header_replaces_what_may_stand_once),
        mock_test(a_dropped_name_is_told_in_the_log),
    };

    return cmocka_run_group_tests_name("fake_headers", tests, NULL, NULL);
}
