/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/unit/mock.h"


static void
allocate(ngx_link_func_ctx_t *ctx)
{
    u_char  *plain, *zero;
    size_t   i;

    plain = ngx_link_func_palloc(ctx, 100);
    zero = ngx_link_func_pcalloc(ctx, 100);
    assert_non_null(plain);
    assert_non_null(zero);
    assert_int_equal((uintptr_t) plain % sizeof(void *), 0);
    assert_int_equal((uintptr_t) zero % sizeof(double), 0);

    for (i = 0; i < 100; i++) {
        assert_int_equal(zero[i], 0);
    }

    memset(plain, 1, 100);
    assert_non_null(ngx_link_func_palloc(ctx, 0));
    assert_non_null(ngx_link_func_pcalloc(ctx, 0));
}


static void
palloc_and_pcalloc_give_aligned_memory(void **state)
{
    (void) state;
    mock_get("/", allocate);
    assert_int_equal(mock_findings(), 0);
}


static void
allocate_large(ngx_link_func_ctx_t *ctx)
{
    size_t   size;
    u_char  *memory;

    for (size = 1; size <= 1 << 20; size *= 4) {
        memory = ngx_link_func_palloc(ctx, size);
        memset(memory, 1, size);
    }

    for (size = 4010; size < 4110; size++) {
        memory = ngx_link_func_palloc(ctx, size);
        memset(memory, 2, size);
    }
}


static void
every_size_can_be_written_whole(void **state)
{
    (void) state;
    mock_get("/", allocate_large);
    assert_int_equal(mock_findings(), 0);
}


static void
duplicate(ngx_link_func_ctx_t *ctx)
{
    char  text[] = "text", *copy;

    copy = ngx_link_func_strdup(ctx, text);
    memset(text, 'z', 4);
    assert_string_equal(copy, "text");
    assert_string_equal(ngx_link_func_strdup(ctx, ""), "");
    assert_null(ngx_link_func_strdup(ctx, NULL));
}


static void
strdup_copies_and_keeps_null(void **state)
{
    (void) state;
    mock_get("/", duplicate);
    assert_int_equal(mock_findings(), 0);
}


static void
allocate_endless(ngx_link_func_ctx_t *ctx)
{
    assert_null(ngx_link_func_palloc(ctx, SIZE_MAX));
    assert_null(ngx_link_func_pcalloc(ctx, SIZE_MAX - 100));
    assert_null(ngx_link_func_palloc(ctx, SIZE_MAX / 2));
}


static void
impossible_sizes_give_null_with_a_report(void **state)
{
    (void) state;
    mock_get("/", allocate_endless);
    assert_int_equal(mock_found(LF_RULE_NO_MEMORY), 3);
}


static void
fail_third(ngx_link_func_ctx_t *ctx)
{
    assert_non_null(ngx_link_func_palloc(ctx, 1));
    assert_non_null(ngx_link_func_pcalloc(ctx, 1));
    assert_null(ngx_link_func_strdup(ctx, "a"));
    assert_non_null(ngx_link_func_strdup(ctx, "a"));
}


static void
only_the_chosen_allocation_fails(void **state)
{
    struct lf_fake_request  *request;

    (void) state;
    request = mock_new("GET", "/?with=args");
    lf_fake_fail_alloc(request, 3);
    mock_run(request, fail_third);
    assert_int_equal(lf_fake_alloc_count(request), 4);
    assert_int_equal(lf_fake_alloc_bytes(request), 6);
    lf_fake_request_free(&request);
}


static void
null_ctx_gives_null(void **state)
{
    (void) state;
    assert_null(ngx_link_func_palloc(NULL, 1));
    assert_null(ngx_link_func_pcalloc(NULL, 1));
    assert_null(ngx_link_func_strdup(NULL, "a"));
    assert_int_equal(mock_found(LF_RULE_NULL_ARG), 3);
}


#define fast_test(name)                                                       \
    { #name " (fast)", name, mock_setup_fast, mock_teardown, NULL }


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        mock_test(palloc_and_pcalloc_give_aligned_memory),
        mock_test(every_size_can_be_written_whole),
        mock_test(strdup_copies_and_keeps_null),
        mock_test(impossible_sizes_give_null_with_a_report),
        mock_test(only_the_chosen_allocation_fails),
        mock_test(null_ctx_gives_null),
        fast_test(palloc_and_pcalloc_give_aligned_memory),
        fast_test(every_size_can_be_written_whole),
        fast_test(strdup_copies_and_keeps_null),
        fast_test(impossible_sizes_give_null_with_a_report),
        fast_test(only_the_chosen_allocation_fails),
    };

    return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
