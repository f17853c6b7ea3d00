/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include "tests/unit/mock.h"
#include "tests/unit/golden.h"

/* What the row_handler writes. */
static uintptr_t           row_status;
static struct golden_text  row_line, row_type, row_body;


static void
row_handler(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_write_resp(ctx, row_status, row_line.data, row_type.data,
                             row_body.data, row_body.len);
}


/* The bytes on the wire, without Server and Date; a page of nginx in short. */
static char *
wire(const struct lf_fake_response *response, size_t *len)
{
    FILE                         *out;
    char                         *text;
    size_t                        i;
    const struct lf_fake_header  *header;

    text = NULL;
    out = open_memstream(&text, len);
    (void) fprintf(out, "HTTP/1.1 %.*s\r\n", (int) response->status_line.len,
                   (char *) response->status_line.data);

    for (i = 0; i < response->header_count; i++) {
        header = &response->headers[i];

        if (strcmp((char *) header->name.data, "Server") != 0
            && strcmp((char *) header->name.data, "Date") != 0)
        {
            (void) fprintf(out, "%s: %s\r\n", (char *) header->name.data,
                           (char *) header->value.data);
        }
    }

    (void) fputs("\r\n", out);

    if (response->by_app) {
        (void) fwrite(response->body.data, 1, response->body.len, out);
    } else {
        (void) fputs("<nginx error page>", out);
    }

    (void) fclose(out);

    return text;
}


static void
add_row_headers(struct lf_fake_request *request, const char *cell)
{
    char                *line, *next, *colon;
    struct golden_text   text;

    if (strcmp(cell, "-") == 0) {
        return;
    }

    text = golden_bytes(cell);

    for (next = text.data; (line = strsep(&next, "\n")) != NULL; ) {
        line[strcspn(line, "\r")] = '\0';
        colon = strchr(line, ':');

        if (colon != NULL) {
            *colon = '\0';
            mock_header(request, line, colon + 1 + strspn(colon + 1, " "));
        }
    }

    free(text.data);
}


static void
check_row(const struct golden_row *row)
{
    char                    *got;
    size_t                   len;
    struct golden_text       right;
    struct lf_fake_request  *request;

    row_status = strtoull(row->cells[4], NULL, 0);
    row_line = golden_quoted(row->cells[5]);
    row_type = golden_quoted(row->cells[6]);
    row_body = golden_quoted(row->cells[7]);
    right = golden_bytes(row->cells[9]);

    request = mock_new(row->cells[1], "/");
    add_row_headers(request, row->cells[3]);

    if (strcmp(row->cells[2], "1.0") == 0) {
        lf_fake_set_http_1_0(request);
    }

    mock_run(request, row_handler);
    got = wire(lf_fake_get_response(request), &len);

    if (len != right.len || memcmp(got, right.data, len) != 0) {
        fail_msg("row %s: got\n%s\nright is\n%s", row->cells[0], got,
                 right.data);
    }

    lf_fake_request_free(&request);
    free(got);
    free(right.data);
    free(row_line.data);
    free(row_type.data);
    free(row_body.data);
}


static void
every_golden_row_is_answered_right(void **state)
{
    (void) state;
    assert_int_equal(golden_each("response_cases.tsv", check_row), 73);
}


static const struct lf_fake_response *
answer(struct lf_fake_request **request, lf_handler_pt handler)
{
    const struct lf_fake_response  *response;

    *request = mock_new("GET", "/");
    mock_run(*request, handler);
    response = lf_fake_get_response(*request);
    assert_non_null(response);

    return response;
}


static void
write_twice(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_write_resp(ctx, 200, "200 First", "text/html", "one", 3);
    ngx_link_func_write_resp(ctx, 201, NULL, NULL, NULL, 0);
}


static void
the_last_response_wins_wholly_with_a_warning(void **state)
{
    struct lf_fake_request         *request;
    const struct lf_fake_response  *response;

    (void) state;
    response = answer(&request, write_twice);
    assert_int_equal(response->status, 201);
    assert_text_equal(response->status_line.data, "201 Created");
    assert_string_equal(mock_answer_header(response, "Content-Type"),
                        "text/plain");
    assert_int_equal(response->body.len, 0);
    assert_int_equal(lf_fake_core(request)->response.written, 2);
    assert_int_equal(mock_found(LF_RULE_RESP_TWICE), 1);
    lf_fake_request_free(&request);
}


static void
good_after_bad(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_write_resp(ctx, 42, NULL, NULL, "x", 1);
    ngx_link_func_write_resp(ctx, 200, NULL, NULL, "y", 1);
}


static void
a_good_response_replaces_a_failed_one(void **state)
{
    struct lf_fake_request  *request;

    (void) state;
    assert_int_equal(answer(&request, good_after_bad)->status, 200);
    assert_int_equal(mock_found(LF_RULE_RESP_STATUS), 1);
    lf_fake_request_free(&request);
}


static void
write_from_stack(ngx_link_func_ctx_t *ctx)
{
    char  line[] = "200 Mine", type[] = "a/b", body[] = "body";

    ngx_link_func_write_resp(ctx, 200, line, type, body, 4);
    memset(line, 'z', sizeof(line) - 1);
    memset(type, 'z', sizeof(type) - 1);
    memset(body, 'z', sizeof(body) - 1);
}


static void
all_three_strings_are_copied(void **state)
{
    struct lf_fake_request         *request;
    const struct lf_fake_response  *response;

    (void) state;
    response = answer(&request, write_from_stack);
    assert_text_equal(response->status_line.data, "200 Mine");
    assert_string_equal(mock_answer_header(response, "Content-Type"), "a/b");
    assert_memory_equal(response->body.data, "body", 4);
    lf_fake_request_free(&request);
}


static void
write_bad_bytes(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_write_resp(ctx, 200, "200 A\r\nX: y", "a/b\nZ: 1", NULL, 3);
}


static void
bad_bytes_become_the_defaults_with_a_report_each(void **state)
{
    struct lf_fake_request         *request;
    const struct lf_fake_response  *response;

    (void) state;
    response = answer(&request, write_bad_bytes);
    assert_text_equal(response->status_line.data, "200 OK");
    assert_string_equal(mock_answer_header(response, "Content-Type"),
                        "text/plain");
    assert_string_equal(mock_answer_header(response, "Content-Length"), "0");
    assert_int_equal(mock_found(LF_RULE_RESP_LINE), 1);
    assert_int_equal(mock_found(LF_RULE_RESP_TYPE), 1);
    assert_int_equal(mock_found(LF_RULE_RESP_BODY), 1);
    lf_fake_request_free(&request);
}


static void
write_shorter(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_write_resp_l(ctx, 200, "200 OK", 3, "text/html; x", 9,
                               "body", 2);
}


static void
write_resp_l_honours_shorter_lengths(void **state)
{
    struct lf_fake_request         *request;
    const struct lf_fake_response  *response;

    (void) state;
    response = answer(&request, write_shorter);
    assert_text_equal(response->status_line.data, "200");
    assert_string_equal(mock_answer_header(response, "Content-Type"),
                        "text/html");
    assert_int_equal(response->body.len, 2);
    assert_int_equal(mock_findings(), 0);
    lf_fake_request_free(&request);
}


static void
write_null_lengths(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_write_resp_l(ctx, 200, NULL, 5, NULL, 5, "b", 1);
}


static void
null_strings_with_a_length_are_reported_and_defaulted(void **state)
{
    struct lf_fake_request  *request;

    (void) state;
    assert_text_equal(answer(&request, write_null_lengths)
                      ->status_line.data, "200 OK");
    assert_int_equal(mock_found(LF_RULE_NULL_ARG), 2);
    lf_fake_request_free(&request);
}


static void
write_disagreeing(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_write_resp(ctx, 200, "404 Not Found", NULL, "x", 1);
}


static void
a_line_with_another_number_is_sent_and_warned_about(void **state)
{
    struct lf_fake_request  *request;

    (void) state;
    assert_text_equal(answer(&request, write_disagreeing)
                      ->status_line.data, "404 Not Found");
    assert_int_equal(mock_found(LF_RULE_RESP_AGREE), 1);
    lf_fake_request_free(&request);
}


static void
write_longer_number(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_write_resp(ctx, 200, "2000 OK", NULL, "x", 1);
}


static void
a_number_of_four_digits_is_another_one(void **state)
{
    (void) state;
    mock_get("/", write_longer_number);
    assert_int_equal(mock_found(LF_RULE_RESP_AGREE), 1);
}


static void
write_without_memory_is_a_500(void **state)
{
    struct lf_fake_request  *request;

    (void) state;
    request = mock_new("GET", "/");
    lf_fake_fail_alloc(request, 1);
    mock_run(request, write_disagreeing);
    assert_int_equal(lf_fake_get_response(request)->status, 500);
    assert_int_equal(mock_found(LF_RULE_NO_MEMORY), 1);
    lf_fake_request_free(&request);
}


static void
write_endless(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_write_resp(ctx, 200, NULL, NULL, "x", SIZE_MAX);
}


static void
an_impossible_length_is_a_500(void **state)
{
    struct lf_fake_request  *request;

    (void) state;
    assert_int_equal(answer(&request, write_endless)->status, 500);
    assert_int_equal(mock_found(LF_RULE_NO_MEMORY), 1);
    lf_fake_request_free(&request);
}


static void
media_type_len_stops_before_parameters(void **state)
{
    struct lf_fake_request  *request;

    (void) state;
    row_status = 200;
    row_type.data = (char *) (uintptr_t) "text/html  ; charset=utf-8";
    row_line.data = row_body.data = NULL;
    row_body.len = 0;
    (void) answer(&request, row_handler);
    assert_int_equal(lf_fake_core(request)->response.media_type_len, 9);
    lf_fake_request_free(&request);
}


static void
write_to_null(ngx_link_func_ctx_t *ctx)
{
    (void) ctx;
    ngx_link_func_write_resp(NULL, 200, NULL, NULL, "x", 1);
}


static void
null_ctx_writes_nothing(void **state)
{
    struct lf_fake_request  *request;

    (void) state;
    assert_int_equal(answer(&request, write_to_null)->status, 404);
    assert_int_equal(mock_found(LF_RULE_NULL_ARG), 1);
    lf_fake_request_free(&request);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        mock_test(every_golden_row_is_answered_right),
        mock_test(the_last_response_wins_wholly_with_a_warning),
        mock_test(a_good_response_replaces_a_failed_one),
        mock_test(all_three_strings_are_copied),
        mock_test(bad_bytes_become_the_defaults_with_a_report_each),
        mock_test(write_resp_l_honours_shorter_lengths),
        mock_test(null_strings_with_a_length_are_reported_and_defaulted),
        mock_test(a_line_with_another_number_is_sent_and_warned_about),
        mock_test(a_number_of_four_digits_is_another_one),
        mock_test(write_without_memory_is_a_500),
        mock_test(an_impossible_length_is_a_500),
        mock_test(media_type_len_stops_before_parameters),
        mock_test(null_ctx_writes_nothing),
    };

    return cmocka_run_group_tests_name("response", tests, NULL, NULL);
}
