/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of upload: its source is linked in, so it is called by name. */
#include <linkfunc_test_cmocka.h>

void upload(ngx_link_func_ctx_t *ctx);
void echo(ngx_link_func_ctx_t *ctx);

static struct linkfunc_test_host      *host;
static struct linkfunc_test_response  *r;


static int
set_up(void **state)
{
    (void) state;
    host = linkfunc_test_host_new(NULL);
    return 0;
}


static int
tear_down(void **state)
{
    (void) state;
    linkfunc_test_host_free(&host);
    return 0;
}


static void
upload_counts_bytes_and_lines(void **state)
{
    (void) state;

    r = LINKFUNC_TEST_CALL(host, upload,
                           .headers = {"Content-Type: text/csv"},
                           .body = "a,b\n1,2\n");

    linkfunc_test_assert_status(r, 201);
    linkfunc_test_assert_body(r, "{\"bytes\": 8, \"lines\": 2}\n");
    linkfunc_test_assert_header(r, "Content-Type", "application/json");
}


static void
the_same_body_has_the_same_location(void **state)
{
    const char  *location;

    (void) state;
    r = LINKFUNC_TEST_CALL(host, upload, .headers = {"Content-Type: text/x"},
                           .body = "abc");
    location = linkfunc_test_get_header(r, "Location");
    assert_non_null(location);

    r = LINKFUNC_TEST_CALL(host, upload, .method = "PUT",
                           .headers = {"Content-Type: text/y"}, .body = "abc");

    linkfunc_test_assert_header(r, "Location", location);
}


static void
a_request_without_a_body_is_told_what_to_send(void **state)
{
    (void) state;

    r = LINKFUNC_TEST_CALL(host, upload);

    linkfunc_test_assert_status(r, 400);
    linkfunc_test_assert_header(r, "Accept-Post", "text/*, application/json");
    linkfunc_test_assert_header(r, "Location", NULL);
}


static void
other_types_are_refused_and_logged(void **state)
{
    (void) state;

    r = LINKFUNC_TEST_CALL(host, upload, .headers = {"Content-Type: image/png"},
                           .body = "\x89PNG");

    linkfunc_test_assert_status(r, 415);
    linkfunc_test_assert_logged(host, "info", "\"image/png\"");
}


static void
a_body_over_the_limit_of_the_property_is_refused(void **state)
{
    (void) state;
    linkfunc_test_add_prop(host, "max_bytes", "3");

    r = LINKFUNC_TEST_CALL(host, upload, .headers = {"Content-Type: text/csv"},
                           .body = "abc");
    linkfunc_test_assert_status(r, 201);

    r = LINKFUNC_TEST_CALL(host, upload, .headers = {"Content-Type: text/csv"},
                           .body = "abcd");
    linkfunc_test_assert_status(r, 413);
}


static void
echo_gives_all_bytes_back(void **state)
{
    (void) state;

    r = LINKFUNC_TEST_CALL(host, echo, .headers = {"Content-Type: x/y"},
                           .body = "\0\xff\n", .body_len = 3);

    linkfunc_test_assert_body_bytes(r, "\0\xff\n", 3);
    linkfunc_test_assert_header(r, "Content-Type", "x/y");
    linkfunc_test_assert_header(r, "Content-Length", "3");
}


static void
whatever_allocation_fails_the_host_stays_well(void **state)
{
    unsigned long  n;

    (void) state;

    for (n = 1; n <= 8; n++) {
        r = LINKFUNC_TEST_CALL(host, upload,
                               .headers = {"Content-Type: text/csv"},
                               .body = "a,b", .fail_alloc = n);

        assert_true(r->status == 201 || r->status == 415 || r->status == 500);
    }
}


#define TEST(name)  cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest  tests[] = {
        TEST(upload_counts_bytes_and_lines),
        TEST(the_same_body_has_the_same_location),
        TEST(a_request_without_a_body_is_told_what_to_send),
        TEST(other_types_are_refused_and_logged),
        TEST(a_body_over_the_limit_of_the_property_is_refused),
        TEST(echo_gives_all_bytes_back),
        TEST(whatever_allocation_fails_the_host_stays_well),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
