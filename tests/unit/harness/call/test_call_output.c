/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/unit/unit.h"

#include <string.h>

#include "harness/call/call_output.h"

static const struct lf_fake_header  headers[] = {
    { LF_STR("Content-Type"), LF_STR("text/plain") },
    { LF_STR("X-A"), LF_STR("") }
};

static struct request             request;
static struct call_options        options;
static struct worker_response     response;


static int
set_up(void **state)
{
    (void) state;
    memset(&request, 0, sizeof(request));
    memset(&options, 0, sizeof(options));
    memset(&response, 0, sizeof(response));

    request.method = (char *) (uintptr_t) "GET";
    request.target = (char *) (uintptr_t) "/x";
    request.url = (char *) (uintptr_t) "http://localhost/x";
    options.url = "/a/../x";
    response.status = 201;
    response.status_line = (lf_str_t) LF_STR("201 Created");
    response.headers = headers;
    response.header_count = COUNT(headers);
    response.body = (lf_str_t) LF_STR("12345");
    response.ns = 1234567890;
    response.alloc_count = 3;

    return 0;
}


static void
expect_write_out(const char *format, const char *expected)
{
    struct strbuf  out, err;

    memset(&out, 0, sizeof(out));
    memset(&err, 0, sizeof(err));
    call_write_out(format, &options, &request, &response, &out, &err);
    strbuf_add(&out, "", 0);
    assert_string_equal(out.data, expected);
    strbuf_free(&out);
    strbuf_free(&err);
}


static void
head_is_as_on_the_wire(void **state)
{
    struct strbuf  out;

    (void) state;
    memset(&out, 0, sizeof(out));
    call_output_head(&response, "", "\r\n", &out);
    assert_string_equal(out.data, "HTTP/1.1 201 Created\r\n"
                        "Content-Type: text/plain\r\nX-A: \r\n\r\n");
    strbuf_free(&out);
}


static void
write_out_knows_the_variables_of_curl(void **state)
{
    (void) state;
    expect_write_out("%{http_code} %{response_code}", "201 201");
    expect_write_out("%{size_download}/%{num_headers}", "5/2");
    expect_write_out("%{content_type}", "text/plain");
    expect_write_out("%{time_total}", "1.234567");
    expect_write_out("%{url} %{url_effective}", "/a/../x http://localhost/x");
    expect_write_out("%{method} %{alloc_count}", "GET 3");
    expect_write_out("%header{CONTENT-TYPE}|%header{none}|", "text/plain||");
    expect_write_out("%{size_header}", "57");
}


static void
write_out_reads_escapes_and_leaves_the_rest(void **state)
{
    (void) state;
    expect_write_out("a\\nb\\tc\\rd", "a\nb\tc\rd");
    expect_write_out("100%% %x \\q %{open", "100% %x \\q %{open");
    expect_write_out("", "");
    expect_write_out("\\", "\\");
}


static void
write_out_can_go_to_stderr(void **state)
{
    struct strbuf  out, err;

    (void) state;
    memset(&out, 0, sizeof(out));
    memset(&err, 0, sizeof(err));
    call_write_out("a%{stderr}b%{stdout}c", &options, &request, &response,
                   &out, &err);
    assert_string_equal(out.data, "ac");
    assert_string_equal(err.data, "b");
    strbuf_free(&out);
    strbuf_free(&err);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(head_is_as_on_the_wire),
        cmocka_unit_test(write_out_knows_the_variables_of_curl),
        cmocka_unit_test(write_out_reads_escapes_and_leaves_the_rest),
        cmocka_unit_test(write_out_can_go_to_stderr)
    };

    return cmocka_run_group_tests(tests, set_up, NULL);
}
