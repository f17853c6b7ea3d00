/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dlfcn.h>

#include "tests/unit/mock.h"

#define APP(name)  TEST_APPS "/" name ".so"

static char  err[LF_ERR_LEN];


static struct lf_app
open_app(const char *path)
{
    struct lf_app  app;

    if (lf_app_open(&app, path, err) != 0) {
        fail_msg("%s", err);
    }

    return app;
}


static void
an_app_opens_with_both_hooks_and_answers(void **state)
{
    lf_handler_pt            handler;
    struct lf_app            app;
    struct lf_fake_request  *request;

    (void) state;
    app = open_app(APP("plain"));
    assert_non_null(app.init);
    assert_non_null(app.exit);
    handler = lf_app_handler(&app, "plain_handler", err);
    assert_non_null(handler);
    assert_int_equal(lf_fake_init(mock, &app), 0);
    request = mock_new("GET", "/");
    mock_run(request, handler);
    assert_memory_equal(lf_fake_get_response(request)->body.data, "plain\n", 6);
    lf_fake_request_free(&request);
    assert_int_equal(lf_fake_exit(mock, &app), 0);
    lf_app_close(&app);
    assert_null(app.handle);
}


static void
ifunc_and_weak_functions_are_handlers(void **state)
{
    struct lf_app            app;
    struct lf_fake_request  *request;

    (void) state;
    app = open_app(APP("plain"));
    assert_non_null(lf_app_handler(&app, "plain_weak", err));
    assert_non_null(lf_app_handler(&app, "plain_untyped", err));
    request = mock_new("GET", "/");
    mock_run(request, lf_app_handler(&app, "plain_ifunc", err));
    assert_int_equal(lf_fake_get_response(request)->status, 201);
    lf_fake_request_free(&request);
    lf_app_close(&app);
}


static void
what_is_no_function_of_the_app_is_refused(void **state)
{
    struct lf_app  app;

    (void) state;
    app = open_app(APP("plain"));
    assert_null(lf_app_handler(&app, "plain_data", err));
    assert_non_null(strstr(err, "\"plain_data\" is data"));
    assert_null(lf_app_handler(&app, "strlen", err));
    assert_non_null(strstr(err, "system library"));
    assert_null(lf_app_handler(&app, "environ", err));
    assert_null(lf_app_handler(&app, "plain_hidden", err));
    assert_non_null(strstr(err, "no function \"plain_hidden\""));
    assert_null(lf_app_handler(&app, "ngx_link_func_palloc", err));
    assert_null(lf_app_handler(&app, "ngx_link_func_init_cycle", err));
    assert_non_null(strstr(err, "is a hook"));
    assert_null(lf_app_handler(&app, "", err));
    lf_app_close(&app);
}


static void
a_handler_in_a_library_of_the_app_is_found(void **state)
{
    struct lf_app  app;

    (void) state;
    app = open_app(APP("needs_part"));
    assert_non_null(lf_app_handler(&app, "part_handler", err));
    lf_app_close(&app);
}


static void
an_app_without_exit_hook_opens_and_one_without_init_does_not(void **state)
{
    struct lf_app  app;

    (void) state;
    app = open_app(APP("no_exit"));
    assert_null(app.exit);
    assert_int_equal(lf_fake_exit(mock, &app), 0);
    lf_app_close(&app);
    assert_int_equal(lf_app_open(&app, APP("no_init"), err), -1);
    assert_non_null(strstr(err, "ngx_link_func_init_cycle"));
    assert_null(app.handle);
}


static void
what_cannot_be_opened_says_why(void **state)
{
    struct lf_app  app;

    (void) state;
    assert_int_equal(lf_app_open(&app, "/nowhere/lib.so", err), -1);
    assert_non_null(strstr(err, "/nowhere/lib.so"));
    assert_int_equal(lf_app_open(&app, TEST_GOLDEN "/query_param.tsv", err),
                     -1);
    lf_app_close(&app);
}


static void
note_name(void *data, const char *name)
{
    (void) strncat(data, name, 100);
    (void) strncat(data, " ", 2);
}


static void
only_names_that_nobody_provides_are_unresolved(void **state)
{
    char           names[400] = "";
    struct lf_app  app;

    (void) state;
    app = open_app(APP("missing"));
    assert_int_equal(lf_app_unresolved(&app, APP("missing"), note_name, names),
                     1);
    assert_string_equal(names, "missing_function ");
    lf_app_close(&app);

    app = open_app(APP("needs_part"));
    assert_int_equal(lf_app_unresolved(&app, "needs_part.so", note_name,
                                       names), 0);
    lf_app_close(&app);
}


static void
note_clash(void *data, const char *name, const char *library)
{
    (void) library;
    (void) strcat(data, " ");
    (void) strcat(data, name);
}


/* What the loader really bound, of the names that the app asks it for. */
static int
is_taken(const struct lf_app *app, const char *name)
{
    Dl_info       mine, bound;
    const void *(*address)(const char *name);

    address = (const void *(*)(const char *)) (uintptr_t)
              dlsym(app->handle, "clash_address");
    assert_non_null(address);
    assert_int_not_equal(dladdr((void *) (uintptr_t) address, &mine), 0);
    assert_int_not_equal(dladdr(address(name), &bound), 0);

    return strcmp(mine.dli_fname, bound.dli_fname) != 0;
}


static void
names_that_the_loader_takes_elsewhere_are_clashes(void **state)
{
    size_t         i, n, count, taken;
    char           names[400], wanted[40];
    struct lf_app  app;

    static const char *const  apps[] = {
        APP("clash"), APP("clash_symbolic"), APP("clash_functions"),
        APP("clash_versions")
    };
    static const char *const  asked[] = {
        "login", "step", "timezone", "app_alone", "logout", "random",
        "getdtablesize"
    };

    (void) state;

    for (i = 0; i < 4; i++) {
        names[0] = '\0';
        taken = 0;
        app = open_app(apps[i]);
        count = lf_app_clashes(&app, apps[i], note_clash, names);
        (void) strcat(names, " ");

        for (n = 0; n < 7; n++) {
            (void) snprintf(wanted, sizeof(wanted), " %s ", asked[n]);
            if ((strstr(names, wanted) != NULL)
                != is_taken(&app, asked[n]))
            {
                fail_msg("%s:%s is %staken: %s", apps[i], wanted,
                         is_taken(&app, asked[n]) ? "" : "not ", names);
            }
            taken += (size_t) is_taken(&app, asked[n]);
        }

        assert_int_equal(count, taken);
        lf_app_close(&app);
    }
}


static void
the_kit_keeps_names_to_the_app(void **state)
{
    char           names[400] = "";
    struct lf_app  app;

    (void) state;
    app = open_app(APP("clash"));
    assert_true(is_taken(&app, "login"));
    assert_true(is_taken(&app, "step"));
    assert_true(is_taken(&app, "getdtablesize"));
    lf_app_close(&app);

    app = open_app(APP("clash_symbolic"));
    assert_int_equal(lf_app_clashes(&app, APP("clash_symbolic"), note_clash,
                                    names), 0);
    assert_false(is_taken(&app, "login"));
    lf_app_close(&app);
}


static void
what_others_may_replace_is_no_clash(void **state)
{
    char           names[400] = "";
    struct lf_app  app;

    (void) state;
    app = open_app(APP("clash"));
    (void) lf_app_clashes(&app, APP("clash"), note_clash, names);
    assert_null(strstr(names, "valloc"));
    assert_null(strstr(names, "logwtmp"));
    assert_null(strstr(names, "ngx_link_func"));
    lf_app_close(&app);

    names[0] = '\0';
    app = open_app(APP("plain"));
    assert_int_equal(lf_app_clashes(&app, "plain.so", note_clash, names), 0);
    lf_app_close(&app);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        mock_test(an_app_opens_with_both_hooks_and_answers),
        mock_test(ifunc_and_weak_functions_are_handlers),
        mock_test(what_is_no_function_of_the_app_is_refused),
        mock_test(a_handler_in_a_library_of_the_app_is_found),
        mock_test(an_app_without_exit_hook_opens_and_one_without_init_does_not),
        mock_test(what_cannot_be_opened_says_why),
        mock_test(only_names_that_nobody_provides_are_unresolved),
        mock_test(names_that_the_loader_takes_elsewhere_are_clashes),
        mock_test(the_kit_keeps_names_to_the_app),
        mock_test(what_others_may_replace_is_no_clash),
    };

    return cmocka_run_group_tests_name("app", tests, NULL, NULL);
}
