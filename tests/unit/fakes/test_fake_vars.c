/* SPDX-License-Identifier: BSD-2-Clause */
/* Variables of the mock that no comparison with nginx can fix. */
#include <time.h>
#include <unistd.h>

#include "tests/unit/mock.h"

#define FORM_LOCAL  "dd/aaa/dddd:dd:dd:dd zdddd"
#define FORM_ISO    "dddd-dd-ddTdd:dd:ddzdd:dd"


static const char *
get(ngx_link_func_ctx_t *ctx, const char *name)
{
    ngx_link_func_str_t  value;

    return ngx_link_func_get_variable(ctx, name, strlen(name), &value) == 0
           ? (char *) value.data : NULL;
}


/* d: a digit, a: a letter, z: a sign; others stand for themselves. */
static void
assert_form(const char *text, const char *form)
{
    size_t  i;

    assert_int_equal(strlen(text), strlen(form));

    for (i = 0; form[i] != '\0'; i++) {
        if (form[i] == 'd' ? text[i] < '0' || text[i] > '9'
            : form[i] == 'a' ? text[i] < 'A' || text[i] > 'z'
            : form[i] == 'z' ? text[i] != '+' && text[i] != '-'
            : text[i] != form[i])
        {
            fail_msg("\"%s\" is not \"%s\"", text, form);
        }
    }
}


static void
of_client_and_server(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_str_t  value;

    assert_string_equal(get(ctx, "remote_addr"), "127.0.0.1");
    assert_string_equal(get(ctx, "server_addr"), "127.0.0.1");
    assert_string_equal(get(ctx, "server_port"), "80");
    assert_int_equal(strtol(get(ctx, "pid"), NULL, 10), getpid());
    assert_int_equal(ngx_link_func_get_variable(ctx, "binary_remote_addr", 18,
                                                &value), 0);
    assert_int_equal(value.len, 4);
    assert_memory_equal(value.data, "\x7f\0\0\x01", 4);
}


static void
the_client_is_at_127_0_0_1_and_the_server_at_port_80(void **state)
{
    (void) state;
    mock_get("/", of_client_and_server);
}


/* Not time(): its clock is a coarser one, and behind. */
static time_t
seconds(void)
{
    struct timespec  now;

    assert_int_equal(clock_gettime(CLOCK_REALTIME, &now), 0);

    return now.tv_sec;
}


static void
of_time(ngx_link_func_ctx_t *ctx)
{
    time_t  before = seconds(), at;

    at = (time_t) strtoll(get(ctx, "msec"), NULL, 10);
    assert_in_range(at, before, seconds());
    assert_form(strchr(get(ctx, "msec"), '.'), ".ddd");
    assert_form(get(ctx, "time_local"), FORM_LOCAL);
    assert_form(get(ctx, "time_iso8601"), FORM_ISO);
}


static void
times_have_the_forms_of_nginx(void **state)
{
    (void) state;
    mock_get("/", of_time);
}


static char  ids[2][64];


static void
keeps_id(ngx_link_func_ctx_t *ctx)
{
    char  *to = ids[ids[0][0] != '\0'];

    (void) snprintf(to, sizeof(ids[0]), "%s", get(ctx, "request_id"));
    assert_int_equal(strspn(to, "0123456789abcdef"), 32);
    assert_string_equal(get(ctx, "request_id"), to);
}


static void
each_request_has_one_id_of_its_own(void **state)
{
    (void) state;
    ids[0][0] = '\0';
    mock_get("/", keeps_id);
    mock_get("/", keeps_id);

    assert_string_not_equal(ids[0], ids[1]);
}


static void
set_twice(ngx_link_func_ctx_t *ctx)
{
    assert_string_equal(get(ctx, "mine"), "2");
}


static void
of_two_values_the_last_one_counts(void **state)
{
    struct lf_fake_request  *request = mock_new("GET", "/");

    (void) state;
    assert_int_equal(lf_fake_set_variable(request, "mine", "1"), 0);
    assert_int_equal(lf_fake_set_variable(request, "mine", "2"), 0);
    mock_run(request, set_twice);
    lf_fake_request_free(&request);
}


static void
large(ngx_link_func_ctx_t *ctx)
{
    assert_int_equal(ctx->req_body_len, 20000);
    assert_null(get(ctx, "request_body"));
}


static void
request_body_is_only_what_nginx_keeps_in_memory(void **state)
{
    static char              body[20000];
    struct lf_fake_request  *request = mock_new("POST", "/");

    (void) state;
    assert_int_equal(lf_fake_set_body(request, body, sizeof(body)), 0);
    mock_run(request, large);
    lf_fake_request_free(&request);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        mock_test(the_client_is_at_127_0_0_1_and_the_server_at_port_80),
        mock_test(times_have_the_forms_of_nginx),
        mock_test(each_request_has_one_id_of_its_own),
        mock_test(of_two_values_the_last_one_counts),
        mock_test(request_body_is_only_what_nginx_keeps_in_memory),
    };

    return cmocka_run_group_tests_name("fake_vars", tests, NULL, NULL);
}
