/* SPDX-License-Identifier: BSD-2-Clause */
/* Cookies: what Set-Cookie says, and who gets it back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "lib/base/arena.h"
#include "lib/http/cookie.h"
#include "lib/base/strbuf.h"

#define NOW  1000000000


static void
set(struct cookie_jar *jar, const char *host, const char *path,
    const char *field)
{
    assert_int_equal(cookie_jar_receive(jar, host, path, field, strlen(field),
                                        NOW), 0);
}


static void
expect_sent(const struct cookie_jar *jar, const char *host, const char *path,
            int secure, const char *expected)
{
    struct strbuf  sent = { 0 };

    cookie_jar_header(jar, host, path, secure, NOW, &sent);
    assert_string_equal(sent.data != NULL ? sent.data : "", expected);
    strbuf_free(&sent);
}


static void
a_field_is_taken_apart(void **state)
{
    struct arena   *arena = arena_new();
    struct cookie   c;
    const char     *field = " id = a=b ; Path=/x; HttpOnly;SECURE; "
                            "Domain=.x.org; Max-Age=-5; SameSite=Lax";

    (void) state;

    assert_int_equal(cookie_parse(arena, field, strlen(field), &c), 0);
    assert_string_equal(c.name, "id");
    assert_string_equal(c.value, "a=b");
    assert_string_equal(c.path, "/x");
    assert_string_equal(c.domain, ".x.org");
    assert_string_equal(c.same_site, "Lax");
    assert_int_equal(c.max_age, -5);
    assert_true(c.http_only && c.secure);
    assert_null(c.expires_text);
    arena_free(&arena);
}


static void
a_field_without_a_name_is_no_cookie(void **state)
{
    size_t              i;
    struct arena       *arena = arena_new();
    struct cookie       c;
    static const char  *fields[] = { "", "abc", "=x", ";a=b", " =" };

    (void) state;

    for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        assert_int_equal(cookie_parse(arena, fields[i], strlen(fields[i]), &c),
                         -1);
    }
    arena_free(&arena);
}


static void
dates_come_in_three_forms(void **state)
{
    (void) state;

    assert_int_equal(cookie_date("Sun, 06 Nov 1994 08:49:37 GMT"), 784111777);
    assert_int_equal(cookie_date("Sunday, 06-Nov-94 08:49:37 GMT"), 784111777);
    assert_int_equal(cookie_date("Sun Nov  6 08:49:37 1994"), 784111777);
    assert_int_equal(cookie_date("Thu, 01 Jan 1970 00:00:00 GMT"), 0);
    assert_int_equal(cookie_date("Thursday, 01-Jan-70 00:00:00 GMT"), 0);
    assert_int_equal(cookie_date("Tuesday, 01-Jan-69 00:00:00 GMT"),
                     3124224000);
    assert_true(cookie_date("tomorrow") == COOKIE_NO_TIME);
    assert_true(cookie_date("Sun, 32 Nov 1994 08:49:37 GMT")
                == COOKIE_NO_TIME);
    assert_true(cookie_date("Sun, 06 Nov 1994 25:49:37 GMT")
                == COOKIE_NO_TIME);
}


static void
a_cookie_goes_back_to_its_host_and_path(void **state)
{
    struct cookie_jar  *jar = cookie_jar_new();

    (void) state;

    set(jar, "a.org", "/shop/list?x=/y/z", "one=1");
    set(jar, "a.org", "/", "two=2; Path=/shop/list");

    expect_sent(jar, "a.org", "/shop/list", 0, "two=2; one=1");
    expect_sent(jar, "A.ORG", "/shop/cart", 0, "one=1");
    expect_sent(jar, "a.org", "/shopping", 0, "");
    expect_sent(jar, "a.org", "/shop?x", 0, "one=1");
    expect_sent(jar, "www.a.org", "/shop", 0, "");
    cookie_jar_free(&jar);
}


static void
a_domain_widens_but_not_beyond_the_host(void **state)
{
    struct cookie_jar  *jar = cookie_jar_new();

    (void) state;

    set(jar, "www.a.org", "/", "wide=1; Domain=a.org");
    set(jar, "www.a.org", "/", "dot=1; Domain=.www.a.org");
    set(jar, "www.a.org", "/", "other=1; Domain=b.org");
    set(jar, "www.a.org", "/", "top=1; Domain=org");
    set(jar, "127.0.0.1", "/", "ip=1; Domain=0.0.1");

    expect_sent(jar, "x.a.org", "/", 0, "wide=1");
    expect_sent(jar, "www.a.org", "/", 0, "wide=1; dot=1");
    expect_sent(jar, "b.org", "/", 0, "");
    expect_sent(jar, "1.0.0.1", "/", 0, "");
    cookie_jar_free(&jar);
}


static void
a_cookie_is_replaced_expires_and_is_kept_from_plain_http(void **state)
{
    size_t              iter = 0;
    struct cookie_jar  *jar = cookie_jar_new();

    (void) state;

    set(jar, "a.org", "/", "a=1");
    set(jar, "a.org", "/", "a=2");
    set(jar, "a.org", "/", "safe=1; Secure");
    expect_sent(jar, "a.org", "/", 0, "a=2");
    expect_sent(jar, "a.org", "/", 1, "a=2; safe=1");

    set(jar, "a.org", "/", "a=3; Max-Age=0");
    set(jar, "a.org", "/", "safe=; Expires=Thu, 01 Jan 1970 00:00:00 GMT");
    expect_sent(jar, "a.org", "/", 1, "");
    assert_null(cookie_jar_next(jar, &iter));

    set(jar, "a.org", "/", "b=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT; "
        "Max-Age=10");
    expect_sent(jar, "a.org", "/", 1, "b=1");
    cookie_jar_free(&jar);
}


static void
a_flood_of_cookies_is_bounded(void **state)
{
    int                 i;
    char                field[6000];
    struct strbuf       sent = { 0 };
    struct cookie_jar  *jar = cookie_jar_new();

    (void) state;

    for (i = 0; i < 20000; i++) {
        (void) snprintf(field, sizeof(field), "c%d=%0100d; Path=/%.*s", i, i,
                        i % 50, "/////////////////////////////////////////"
                        "/////////");
        set(jar, "a.org", "/", field);
    }

    (void) snprintf(field, sizeof(field), "huge=%05000d", 1);
    set(jar, "a.org", "/", field);
    cookie_jar_header(jar, "a.org", "/", 0, 1000, &sent);

    assert_in_range(sent.len, 4000, 8190);
    assert_null(strstr(sent.data, "huge"));
    assert_non_null(strstr(sent.data, "c17000="));
    assert_null(strstr(sent.data, "c16999="));
    strbuf_free(&sent);
    cookie_jar_free(&jar);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(a_field_is_taken_apart),
        cmocka_unit_test(a_field_without_a_name_is_no_cookie),
        cmocka_unit_test(dates_come_in_three_forms),
        cmocka_unit_test(a_cookie_goes_back_to_its_host_and_path),
        cmocka_unit_test(a_domain_widens_but_not_beyond_the_host),
        cmocka_unit_test(
            a_cookie_is_replaced_expires_and_is_kept_from_plain_http),
        cmocka_unit_test(a_flood_of_cookies_is_bounded),
    };

    return cmocka_run_group_tests_name("cookie", tests, NULL, NULL);
}
