/* SPDX-License-Identifier: BSD-2-Clause */
#include <linkfunc_test_cmocka.h>

#ifndef LINKFUNC_TEST_APP
void login(ngx_link_func_ctx_t *ctx);
#endif


static void
login_is_the_app_s_own(void **state)
{
    struct linkfunc_test_host      *host;
    struct linkfunc_test_response  *r;

    (void) state;
    host = linkfunc_test_host_new(NULL);

#ifdef LINKFUNC_TEST_APP
    linkfunc_test_open(host, LINKFUNC_TEST_APP);
    r = LINKFUNC_TEST_CALL(host, linkfunc_test_symbol(host, "login"));
#else
    r = LINKFUNC_TEST_CALL(host, login);
#endif

    linkfunc_test_assert_body(r, "my own login\n");
    linkfunc_test_host_free(&host);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(login_is_the_app_s_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
