/* SPDX-License-Identifier: BSD-2-Clause */
/* Sizes, offsets and macros of version 34: apps of years ago rely on them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ngx_link_func_module.h>


static void
a_string_is_a_length_and_a_pointer(void **state)
{
    (void) state;

    assert_int_equal(sizeof(ngx_link_func_str_t), 16);
    assert_int_equal(_Alignof(ngx_link_func_str_t), 8);
    assert_int_equal(offsetof(ngx_link_func_str_t, len), 0);
    assert_int_equal(offsetof(ngx_link_func_str_t, data), 8);
}


static void
a_ctx_keeps_its_layout(void **state)
{
    (void) state;

    assert_int_equal(sizeof(ngx_link_func_ctx_t), 56);
    assert_int_equal(_Alignof(ngx_link_func_ctx_t), 8);
    assert_int_equal(offsetof(ngx_link_func_ctx_t, req_args), 0);
    assert_int_equal(offsetof(ngx_link_func_ctx_t, req_body), 8);
    assert_int_equal(offsetof(ngx_link_func_ctx_t, req_body_len), 16);
    assert_int_equal(offsetof(ngx_link_func_ctx_t, shared_mem), 24);
    assert_int_equal(offsetof(ngx_link_func_ctx_t, __r__), 32);
    assert_int_equal(offsetof(ngx_link_func_ctx_t, __pl__), 40);
    assert_int_equal(offsetof(ngx_link_func_ctx_t, __log__), 48);
}


static void
a_cycle_keeps_its_layout(void **state)
{
    (void) state;

    assert_int_equal(sizeof(ngx_link_func_cycle_t), 48);
    assert_int_equal(_Alignof(ngx_link_func_cycle_t), 8);
    assert_int_equal(offsetof(ngx_link_func_cycle_t, shared_mem), 0);
    assert_int_equal(offsetof(ngx_link_func_cycle_t, has_error), 8);
    assert_int_equal(sizeof(((ngx_link_func_cycle_t *) 0)->has_error), 4);
    assert_int_equal(offsetof(ngx_link_func_cycle_t, __cycle__), 16);
    assert_int_equal(offsetof(ngx_link_func_cycle_t, __srv_cf__), 24);
    assert_int_equal(offsetof(ngx_link_func_cycle_t, __pl__), 32);
    assert_int_equal(offsetof(ngx_link_func_cycle_t, __log__), 40);
}


static void
the_macros_keep_their_values(void **state)
{
    (void) state;

    assert_int_equal(ngx_link_func_module_version_34, 34);
    assert_string_equal(ngx_link_func_content_type_plaintext, "text/plain");
    assert_string_equal(ngx_link_func_content_type_html,
                        "text/html; charset=utf-8");
    assert_string_equal(ngx_link_func_content_type_json, "application/json");
    assert_string_equal(ngx_link_func_content_type_jsonp,
                        "application/javascript");
    assert_string_equal(ngx_link_func_content_type_xformencoded,
                        "application/x-www-form-urlencoded");
}


#ifndef _NGX_LINK_FUNC_APP_H_INCLUDED_
#error "apps test for the include guard by this name"
#endif


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(a_string_is_a_length_and_a_pointer),
        cmocka_unit_test(a_ctx_keeps_its_layout),
        cmocka_unit_test(a_cycle_keeps_its_layout),
        cmocka_unit_test(the_macros_keep_their_values),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
