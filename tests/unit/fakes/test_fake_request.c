/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/unit/mock.h"

#define MANY  200


static void
count_call(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_write_resp(ctx, 200, NULL, NULL, ctx->req_args,
                             strlen(ctx->req_args));
}


static void
many_requests_live_at_a_time(void **state)
{
    int                      i;
    char                     target[16];
    struct lf_fake_request  *requests[MANY];

    (void) state;

    for (i = 0; i < MANY; i++) {
        (void) snprintf(target, sizeof(target), "/?%d", i);
        requests[i] = mock_new("GET", target);
    }

    for (i = 0; i < MANY; i++) {
        mock_run(requests[i], count_call);
    }

    for (i = 0; i < MANY; i++) {
        (void) snprintf(target, sizeof(target), "/?%d", i);
        assert_int_equal(lf_fake_core(requests[i])->number, i + 1);
        assert_memory_equal(lf_fake_get_response(requests[i])->body.data,
                            target + 2, strlen(target + 2));
        lf_fake_request_free(&requests[i]);
        assert_null(requests[i]);
    }

    assert_int_equal(mock_findings(), 0);
}


static void
requests_without_end_are_refused_not_crashed(void **state)
{
    int                      i, count;
    struct lf_fake_request  *request;

    (void) state;

    for (i = 0, count = 0; i < 5000; i++) {
        request = lf_fake_request_new(mock, "GET", "/");
        count += request != NULL;
    }

    assert_true(count >= 4000 && count < 5000);
}


static int  calls;


static void
write_again(ngx_link_func_ctx_t *ctx)
{
    calls++;
    ngx_link_func_write_resp(ctx, 200, NULL, NULL, NULL, 0);
}


static void
a_request_runs_once(void **state)
{
    struct lf_fake_request  *request;

    (void) state;
    calls = 0;
    request = mock_new("GET", "/");
    mock_run(request, write_again);
    lf_fake_run(request, write_again);
    assert_int_equal(calls, 1);
    lf_fake_request_free(&request);
    lf_fake_request_free(&request);
}


static void
see_own_props(ngx_link_func_ctx_t *ctx)
{
    assert_text_equal(ngx_link_func_get_prop(ctx, "a", 1), "request");
    assert_null(ngx_link_func_get_prop(ctx, "b", 1));
}


static void
properties_of_the_request_hide_those_of_the_host(void **state)
{
    struct lf_prop           prop = { LF_STR("a"), LF_STR("request") };
    struct lf_props          props = { &prop, 1, 0 };
    struct lf_fake_request  *request;

    (void) state;
    assert_int_equal(lf_fake_add_prop(mock, "a", "host"), 0);
    assert_int_equal(lf_fake_add_prop(mock, "b", "host"), 0);
    request = mock_new("GET", "/");
    lf_fake_set_props(request, &props);
    mock_run(request, see_own_props);
    lf_fake_request_free(&request);
}


static void
overrun_body(ngx_link_func_ctx_t *ctx)
{
    ctx->req_body[ctx->req_body_len + 1] = 'x';
}


static void
the_ends_of_body_are_watched(void **state)
{
#if defined(__SANITIZE_ADDRESS__)
    (void) state;
    (void) overrun_body;
    skip();
#else
    struct lf_fake_request  *request;

    (void) state;

    if (getenv("LD_PRELOAD") != NULL) {
        skip();
    }

    request = mock_new("POST", "/");
    assert_int_equal(lf_fake_set_body(request, "abc", 3), 0);
    mock_run(request, overrun_body);
    assert_int_equal(mock_found(LF_RULE_POOL_OVERRUN), 1);
    lf_fake_request_free(&request);
#endif
}


static void
one_host_lives_in_a_process(void **state)
{
    char                    err[LF_ERR_LEN];
    struct lf_fake_options  options;

    (void) state;
    memset(&options, 0, sizeof(options));
    assert_null(lf_fake_new(&options, err));
    assert_non_null(strstr(err, "has a mock host"));
}


static void
a_zone_too_small_is_refused(void **state)
{
    char                    err[LF_ERR_LEN] = "";
    struct lf_fake_options  options;

    (void) state;
    lf_fake_free(&mock);
    memset(&options, 0, sizeof(options));
    options.shm_size = 100;
    assert_null(lf_fake_new(&options, err));
    assert_int_not_equal(err[0], '\0');
    mock_open(LF_FAKE_POOL_GUARD);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        mock_test(many_requests_live_at_a_time),
        mock_test(requests_without_end_are_refused_not_crashed),
        mock_test(a_request_runs_once),
        mock_test(properties_of_the_request_hide_those_of_the_host),
        mock_test(the_ends_of_body_are_watched),
        mock_test(one_host_lives_in_a_process),
        mock_test(a_zone_too_small_is_refused),
    };

    return cmocka_run_group_tests_name("fake_request", tests, NULL, NULL);
}
