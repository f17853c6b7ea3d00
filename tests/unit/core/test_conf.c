/* SPDX-License-Identifier: BSD-2-Clause */
/* The directives: what their arguments may be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "core/lf_conf.h"


static lf_str_t
str(const char *text)
{
    return (lf_str_t) { strlen(text), (u_char *) text };
}


static void
a_size_is_digits_with_k_or_m(void **state)
{
    size_t    i, size;
    lf_str_t  text;
    static const struct { const char *text; int rc; size_t size; } rows[] = {
        { "0", 0, 0 }, { "32768", 0, 32768 }, { "64k", 0, 65536 },
        { "64K", 0, 65536 }, { "4m", 0, 4194304 }, { "1M", 0, 1048576 },
        { "", -1, 0 }, { "k", -1, 0 }, { "1g", -1, 0 }, { "-1", -1, 0 },
        { "1.5m", -1, 0 }, { "1x", -1, 0 }, { " 1", -1, 0 }, { "1 ", -1, 0 },
        { "99999999999999999999", -1, 0 }, { "9223372036854775807m", -1, 0 },
    };

    (void) state;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        size = 0;
        text = str(rows[i].text);

        if (lf_conf_size(&text, &size) != rows[i].rc || size != rows[i].size) {
            fail_msg("size \"%s\" gave %zu", rows[i].text, size);
        }
    }
}


static void
senseless_arguments_are_refused_with_a_text(void **state)
{
    int       rc;
    char      err[LF_ERR_LEN];
    size_t    i;
    lf_str_t  args[2];
    static const struct {
        enum lf_directive_name  name;
        const char             *first, *second, *text;
    } rows[] = {
        { LF_DIRECTIVE_SHM_SIZE, "32k", "", NULL },
        { LF_DIRECTIVE_SHM_SIZE, "31k", "", "at least 32k" },
        { LF_DIRECTIVE_SHM_SIZE, "abc", "", "invalid size \"abc\"" },
        { LF_DIRECTIVE_SHM_SIZE, "", "", "empty" },
        { LF_DIRECTIVE_LIB, "", "", "empty" },
        { LF_DIRECTIVE_LIB, "./app.so", "", NULL },
        { LF_DIRECTIVE_CALL, "hello", "", NULL },
        { LF_DIRECTIVE_CALL, "", "", "empty" },
        { LF_DIRECTIVE_CALL, "ngx_link_func_init_cycle", "", "is a hook" },
        { LF_DIRECTIVE_CALL, "ngx_link_func_exit_cycle", "", "is a hook" },
        { LF_DIRECTIVE_DOWNLOAD, "https://h/a.so", "a.so", NULL },
        { LF_DIRECTIVE_DOWNLOAD, "ftp://h/a.so", "a.so", "http://" },
        { LF_DIRECTIVE_DOWNLOAD, "http://h/a.so", "", "target" },
        { LF_DIRECTIVE_SHA256, "abc", "", "64 hexadecimal" },
        { LF_DIRECTIVE_ADD_PROP, "", "x", "empty" },
        { LF_DIRECTIVE_ADD_PROP, "x", "", NULL },
        { LF_DIRECTIVE_ADD_REQ_HEADER, "userId", "$arg_u", NULL },
        { LF_DIRECTIVE_ADD_REQ_HEADER, "HOST", "x", "framing" },
        { LF_DIRECTIVE_ADD_REQ_HEADER, "content-length", "3", "framing" },
        { LF_DIRECTIVE_ADD_REQ_HEADER, "a", "b\r\nc: d", "must not hold CR" },
        { LF_DIRECTIVE_SUBREQUEST, "/a", "INCL_args", NULL },
        { LF_DIRECTIVE_SUBREQUEST, "/a", "Check_Status", NULL },
        { LF_DIRECTIVE_SUBREQUEST, "/a", "incl", "unknown flag \"incl\"" },
        { LF_DIRECTIVE_SUBREQUEST, "", "incl_body", "empty" },
        { LF_DIRECTIVE_SUBREQUEST, "@a", "incl_body", "not a URI" },
    };

    (void) state;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        args[0] = str(rows[i].first);
        args[1] = str(rows[i].second);
        err[0] = '\0';
        rc = lf_directive_check(rows[i].name, args, 2, err);

        assert_int_equal(rc, rows[i].text == NULL ? 0 : -1);
        if (rows[i].text != NULL && strstr(err, rows[i].text) == NULL) {
            fail_msg("row %zu: \"%s\" lacks \"%s\"", i, err, rows[i].text);
        }
    }
}


static void
a_directive_is_found_by_its_whole_name(void **state)
{
    lf_str_t  name;

    (void) state;

    name = str("ngx_link_func_call");
    assert_ptr_equal(lf_directive_find(&name),
                     &lf_directives[LF_DIRECTIVE_CALL]);
    name = str("ngx_link_func_cal");
    assert_null(lf_directive_find(&name));
    name = str("");
    assert_null(lf_directive_find(&name));
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(a_size_is_digits_with_k_or_m),
        cmocka_unit_test(senseless_arguments_are_refused_with_a_text),
        cmocka_unit_test(a_directive_is_found_by_its_whole_name),
    };

    return cmocka_run_group_tests_name("conf", tests, NULL, NULL);
}
