/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests inside requests: what they share, and what is their own. */
#include "tests/unit/mock.h"

#include "core/lf_port.h"

static char  seen[64];


static void
add_user(ngx_link_func_ctx_t *ctx)
{
    (void) ngx_link_func_add_header_in(ctx, "X-User", 6, "bob", 3);
    ngx_link_func_write_resp(ctx, 201, NULL, NULL, "inner", 5);
}


static void
tell_user(ngx_link_func_ctx_t *ctx)
{
    u_char  *user = ngx_link_func_get_header(ctx, "x-user", 6);

    (void) snprintf(seen, sizeof(seen), "%s args=%s body=%zu",
                    user != NULL ? (char *) user : "NULL",
                    ctx->req_args != NULL ? ctx->req_args : "NULL",
                    ctx->req_body_len);
}


static struct lf_fake_request *
make_inner(struct lf_fake_request *outer, int args, int body)
{
    lf_str_t                 uri = LF_STR("/in%20side");
    struct lf_fake_request  *inner;

    inner = lf_fake_subrequest_new(outer, &uri, args, body);
    assert_non_null(inner);

    return inner;
}


static void
the_uri_is_taken_as_it_is(void **state)
{
    struct lf_fake_request  *outer = mock_new("PURGE", "/out?a=1");
    struct lf_fake_request  *inner = make_inner(outer, 0, 0);

    (void) state;

    assert_text_equal(lf_fake_core(inner)->uri.data, "/in%20side");
    assert_text_equal(lf_fake_core(inner)->method.data, "PURGE");
    assert_ptr_equal(lf_fake_outer(inner), outer);
    assert_null(lf_fake_outer(outer));
    assert_int_equal(lf_fake_depth(inner), 1);
    lf_fake_request_free(&outer);
}


static void
args_and_body_are_passed_when_asked(void **state)
{
    struct lf_fake_request  *outer = mock_new("POST", "/out?a=1");

    (void) state;

    assert_int_equal(lf_fake_set_body(outer, "body", 4), 0);
    mock_run(make_inner(outer, 0, 0), tell_user);
    assert_string_equal(seen, "NULL args=NULL body=0");
    mock_run(make_inner(outer, 1, 1), tell_user);
    assert_string_equal(seen, "NULL args=a=1 body=4");
    lf_fake_request_free(&outer);
}


static void
a_header_that_one_adds_is_seen_in_the_other(void **state)
{
    struct lf_fake_request  *outer = mock_new("GET", "/out");
    struct lf_fake_request  *inner = make_inner(outer, 0, 0);

    (void) state;

    mock_run(inner, add_user);
    assert_int_equal(lf_fake_get_response(inner)->status, 201);
    mock_run(outer, tell_user);
    assert_string_equal(seen, "bob args=NULL body=0");
    assert_int_equal(lf_fake_get_response(outer)->status, 404);
    lf_fake_request_free(&outer);
}


static void
headers_of_the_configuration_are_there_once(void **state)
{
    void                    *iter = NULL;
    size_t                   n = 0;
    lf_str_t                 name, value;
    struct lf_fake_request  *outer = mock_new("GET", "/out");
    struct lf_fake_request  *inner = make_inner(outer, 0, 0);

    (void) state;

    (void) lf_fake_add_location_header(outer, "X-A", "outer");
    (void) lf_fake_add_location_header(outer, "X-A", "two");
    (void) lf_fake_add_location_header(inner, "x-a", "inner");
    assert_int_equal(lf_fake_headers_apply(outer), 0);
    assert_int_equal(lf_fake_headers_apply(inner), 0);
    assert_int_equal(lf_fake_headers_apply(outer), 0);

    while (lf_port_header_in_next(lf_fake_core(inner), &iter, &name, &value)) {
        n++;
        if (n == 2) {
            assert_text_equal(value.data, "inner");
        }
    }

    assert_int_equal(n, 3);                  /* Host, and two */
    lf_fake_request_free(&outer);
}


static void
what_inner_ones_allocate_is_counted(void **state)
{
    struct lf_fake_request  *outer = mock_new("GET", "/out");

    (void) state;

    mock_run(make_inner(outer, 0, 0), add_user);
    assert_true(lf_fake_alloc_count(outer) > 0);
    assert_true(lf_fake_alloc_bytes(outer) > 0);
    lf_fake_request_free(&outer);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(the_uri_is_taken_as_it_is,
                                        mock_setup, mock_teardown),
        cmocka_unit_test_setup_teardown(args_and_body_are_passed_when_asked,
                                        mock_setup, mock_teardown),
        cmocka_unit_test_setup_teardown(a_header_that_one_adds_is_seen_in_the_other,
                                        mock_setup, mock_teardown),
        cmocka_unit_test_setup_teardown(headers_of_the_configuration_are_there_once,
                                        mock_setup, mock_teardown),
        cmocka_unit_test_setup_teardown(what_inner_ones_allocate_is_counted,
                                        mock_setup, mock_teardown)
    };

    return cmocka_run_group_tests_name("fake_sub", tests, NULL, NULL);
}
