/* SPDX-License-Identifier: BSD-2-Clause */
#include <pthread.h>

#include "tests/unit/mock.h"

static ngx_link_func_ctx_t    kept;
static struct lf_request     *seen;


static void
keep_lock(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_shmtx_lock(ctx->shared_mem);
}


static void
a_kept_lock_is_freed_and_reported(void **state)
{
    (void) state;
    mock_get("/", keep_lock);
    assert_int_equal(mock_found(LF_RULE_LOCK_KEPT), 1);
    assert_int_equal(lf_fake_findings(mock)->request, 1);
    assert_int_equal(ngx_link_func_shmtx_trylock(lf_fake_zone(mock)), 1);
    ngx_link_func_shmtx_unlock(lf_fake_zone(mock));
}


static void
inner(ngx_link_func_ctx_t *ctx)
{
    assert_ptr_equal(&lf_current_request()->ctx, ctx);
}


static void
outer(ngx_link_func_ctx_t *ctx)
{
    assert_ptr_equal(&lf_current_request()->ctx, ctx);
    mock_get("/inner", inner);
    assert_ptr_equal(&lf_current_request()->ctx, ctx);
}


static void
the_current_request_survives_a_nested_call(void **state)
{
    (void) state;
    assert_null(lf_current_request());
    mock_get("/outer", outer);
    assert_null(lf_current_request());
}


static void
call_inside(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_shmtx_lock(ctx->shared_mem);
    mock_get("/inner", inner);
    assert_int_equal(ngx_link_func_shmtx_trylock(ctx->shared_mem), 0);
    ngx_link_func_shmtx_unlock(ctx->shared_mem);
}


static void
a_nested_call_leaves_the_lock_of_the_outer_alone(void **state)
{
    (void) state;
    mock_get("/", call_inside);
    assert_int_equal(mock_found(LF_RULE_LOCK_KEPT), 0);
}


static jmp_buf  way_out;


static void
jump_out(ngx_link_func_ctx_t *ctx)
{
    (void) ctx;
    longjmp(way_out, 1);
}


static void
a_handler_left_by_a_jump_is_forgotten_with_its_request(void **state)
{
    static struct lf_fake_request  *request;

    (void) state;
    request = mock_new("GET", "/");

    if (setjmp(way_out) == 0) {
        mock_run(request, jump_out);
    }

    assert_ptr_equal(lf_current_request(), lf_fake_core(request));
    lf_fake_request_free(&request);
    assert_null(lf_current_request());
}


static void
keep_ctx(ngx_link_func_ctx_t *ctx)
{
    kept = *ctx;
    assert_non_null(ngx_link_func_palloc(&kept, 1));
}


static void
a_copied_ctx_works_until_the_handler_returns(void **state)
{
    (void) state;
    mock_get("/", keep_ctx);
    assert_int_equal(mock_findings(), 0);
    assert_null(ngx_link_func_palloc(&kept, 1));
    ngx_link_func_write_resp(&kept, 200, NULL, NULL, "x", 1);
    assert_int_equal(mock_found(LF_RULE_CTX_DEAD), 2);
}


static ngx_link_func_ctx_t  *kept_address;


static void
keep_address(ngx_link_func_ctx_t *ctx)
{
    kept_address = ctx;
}


static void
a_kept_address_is_reported_too(void **state)
{
    (void) state;
    mock_get("/", keep_address);
    mock_get("/", inner);
    assert_null(ngx_link_func_palloc(kept_address, 1));
    assert_int_equal(mock_found(LF_RULE_CTX_DEAD), 1);
}


static void
a_made_up_ctx_is_reported(void **state)
{
    ngx_link_func_ctx_t  ctx;

    (void) state;
    memset(&ctx, 0, sizeof(ctx));
    assert_null(ngx_link_func_palloc(&ctx, 1));
    ctx.__r__ = &ctx;
    assert_null(ngx_link_func_palloc(&ctx, 1));
    assert_int_equal(mock_found(LF_RULE_CTX_DEAD), 2);
}


static void
many_pallocs(ngx_link_func_ctx_t *ctx)
{
    int  i;

    assert_ptr_equal(&lf_current_request()->ctx, ctx);

    for (i = 0; i < 50; i++) {
        memset(ngx_link_func_palloc(ctx, 64), i, 64);
    }

    ngx_link_func_write_resp(ctx, 200, NULL, NULL, ctx->req_args, 1);
}


static void *
run_thread(void *data)
{
    int                      i;
    struct lf_fake_request  *request;

    for (i = 0; i < 50; i++) {
        request = lf_fake_request_new(mock, "GET", data);
        (void) lf_fake_add_header(request, "Host", 4, "x", 1);
        mock_run(request, many_pallocs);

        if (lf_fake_get_response(request)->body.data[0]
            != ((char *) data)[2])
        {
            return data;
        }

        lf_fake_request_free(&request);
    }

    return NULL;
}


static void
handlers_of_one_process_run_side_by_side(void **state)
{
    int         i;
    void       *result;
    pthread_t   threads[4];

    static char  targets[4][8] = { "/?a", "/?b", "/?c", "/?d" };

    (void) state;

    for (i = 0; i < 4; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, run_thread,
                                        targets[i]), 0);
    }

    for (i = 0; i < 4; i++) {
        assert_int_equal(pthread_join(threads[i], &result), 0);
        assert_null(result);
    }

    assert_int_equal(mock_findings(), 0);
}


static void
init_with_props(ngx_link_func_cycle_t *cycle)
{
    assert_int_equal(cycle->has_error, 0);
    assert_ptr_equal(cycle->shared_mem, lf_fake_zone(mock));
    assert_text_equal(ngx_link_func_cyc_get_prop(cycle, "A", 1), "1");
    assert_null(ngx_link_func_cyc_get_prop(cycle, "b", 1));
    assert_null(ngx_link_func_cyc_get_prop(cycle, "b", 0));
    assert_null(ngx_link_func_cyc_get_prop(cycle, NULL, 1));
    assert_null(lf_current_request());
}


static void
init_sees_properties_and_the_zone(void **state)
{
    struct lf_app  app = { NULL, init_with_props, NULL };

    (void) state;
    assert_int_equal(lf_fake_add_prop(mock, "a", "1"), 0);
    assert_int_equal(lf_fake_init(mock, &app), 0);
    assert_int_equal(lf_fake_exit(mock, &app), 0);
    assert_int_equal(mock_found(LF_RULE_NULL_ARG), 1);
}


static void
bad_hook(ngx_link_func_cycle_t *cycle)
{
    cycle->has_error = 7;
    ngx_link_func_shmtx_lock(cycle->shared_mem);
}


static void
has_error_and_a_kept_lock_of_a_hook_are_reported(void **state)
{
    struct lf_app  app = { NULL, bad_hook, bad_hook };

    (void) state;
    assert_int_equal(lf_fake_init(mock, &app), 7);
    assert_int_equal(lf_fake_exit(mock, &app), 7);
    assert_int_equal(mock_found(LF_RULE_HAS_ERROR), 2);
    assert_int_equal(mock_found(LF_RULE_LOCK_KEPT), 2);
}


static ngx_link_func_cycle_t  kept_cycle;


static void
keep_cycle(ngx_link_func_cycle_t *cycle)
{
    kept_cycle = *cycle;
    ngx_link_func_cyc_log_info(&kept_cycle, "works");
}


static void
a_cycle_is_dead_when_its_hook_returned(void **state)
{
    struct lf_app  app = { NULL, keep_cycle, NULL };

    (void) state;
    assert_int_equal(lf_fake_init(mock, &app), 0);
    assert_non_null(lf_fake_log(mock));
    assert_string_equal(lf_fake_log(mock)->text, "works");
    assert_int_equal(mock_findings(), 0);
    ngx_link_func_cyc_log_info(&kept_cycle, "late");
    assert_int_equal(mock_found(LF_RULE_CTX_DEAD), 1);
}


static void
break_one_rule_often(ngx_link_func_ctx_t *ctx)
{
    int  i;

    seen = lf_current_request();

    for (i = 0; i < 10; i++) {
        (void) ngx_link_func_add_header_out(ctx, "", 0, "v", 1);
    }
}


static unsigned  told;


static void
count_told(void *data, const struct lf_fake_finding *finding)
{
    assert_ptr_equal(data, &told);
    assert_ptr_equal(finding->rule, &lf_rules[LF_RULE_HEADER_NAME]);
    assert_non_null(finding->site);
    told++;
}


static void
a_finding_is_kept_once_and_counted(void **state)
{
    (void) state;
    told = 0;
    lf_fake_on_finding(mock, count_told, &told);
    mock_get("/", break_one_rule_often);
    assert_int_equal(told, 1);
    assert_int_equal(lf_fake_findings(mock)->count, 10);
    assert_null(lf_fake_findings(mock)->next);
    lf_fake_clear(mock);
    assert_null(lf_fake_findings(mock));
    assert_null(lf_fake_log(mock));
}


/* Others of its kind stay, also in the middle and at the end of the list. */
static void
one_request_is_forgotten_and_no_other(void **state)
{
    unsigned                       i;
    const struct lf_fake_finding  *finding;

    (void) state;

    for (i = 0; i < 3; i++) {
        mock_get("/", break_one_rule_often);
    }

    lf_fake_forget(mock, 2);
    finding = lf_fake_findings(mock);
    assert_int_equal(finding->request, 1);
    assert_int_equal(finding->next->request, 3);
    lf_fake_forget(mock, 3);
    assert_null(lf_fake_findings(mock)->next);
    mock_get("/", break_one_rule_often);
    assert_int_equal(lf_fake_findings(mock)->next->request, 4);
    lf_fake_forget(mock, 1);
    lf_fake_forget(mock, 4);
    assert_null(lf_fake_findings(mock));
    assert_null(lf_fake_log(mock));
    mock_get("/", break_one_rule_often);
    assert_int_equal(lf_fake_log(mock)->request, 5);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        mock_test(a_kept_lock_is_freed_and_reported),
        mock_test(the_current_request_survives_a_nested_call),
        mock_test(a_nested_call_leaves_the_lock_of_the_outer_alone),
        mock_test(a_handler_left_by_a_jump_is_forgotten_with_its_request),
        mock_test(a_copied_ctx_works_until_the_handler_returns),
        mock_test(a_kept_address_is_reported_too),
        mock_test(a_made_up_ctx_is_reported),
        mock_test(handlers_of_one_process_run_side_by_side),
        mock_test(init_sees_properties_and_the_zone),
        mock_test(has_error_and_a_kept_lock_of_a_hook_are_reported),
        mock_test(a_cycle_is_dead_when_its_hook_returned),
        mock_test(one_request_is_forgotten_and_no_other),
        mock_test(a_finding_is_kept_once_and_counted),
    };

    return cmocka_run_group_tests_name("call", tests, NULL, NULL);
}
