/* SPDX-License-Identifier: BSD-2-Clause */
/* Apps from a URL: when they are put in place, and when the old one stays. */
#include <sys/stat.h>
#include <unistd.h>

#include "fetch_server.h"
#include "module_test.h"

#define MISSING  "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"

struct rig {
    struct nginx_server  *server;
    struct fetch_server  *from;
    char                  conf[512], dest[256];
};


static int
setup(void **state)
{
    struct rig  *rig = calloc(1, sizeof(*rig));

    if (rig == NULL) {
        return -1;
    }

    *state = rig;
    rig->server = nginx_server_new(TEST_MODULE);
    rig->from = fetch_server_new(NULL, NULL);

    if (rig->server == NULL || rig->from == NULL) {
        return -1;
    }

    (void) snprintf(rig->dest, sizeof(rig->dest), "%s/app.so",
                    nginx_server_prefix(rig->server));
    (void) snprintf(rig->conf, sizeof(rig->conf), "server { listen @SOCK@; "
                    "ngx_link_func_download_link_lib "
                    "http://u:secret@127.0.0.1:%u/a \"X-A: b\\r\\n\" app.so; "
                    "location / { return 200 up; } }",
                    fetch_server_port(rig->from));

    return nginx_server_conf(rig->server, NULL, rig->conf);
}


static int
teardown(void **state)
{
    struct rig  *rig = *state;

    nginx_server_free(&rig->server);
    fetch_server_free(&rig->from);
    free(rig);

    return 0;
}


static void
answer_app(struct rig *rig)
{
    int     n;
    char   *data = malloc(4 << 20);
    FILE   *file = fopen(TEST_APPS "/probe.so", "r");
    size_t  size;

    assert_non_null(data);
    assert_non_null(file);
    n = sprintf(data, "HTTP/1.1 200 OK\r\nETag: \"e\"\r\n\r\n");
    size = fread(data + n, 1, (4 << 20) - (size_t) n, file);
    (void) fclose(file);
    fetch_server_answer(rig->from, data, size + (size_t) n, 0);
    free(data);
}


static void
an_app_is_fetched_and_a_failed_fetch_leaves_it(void **state)
{
    struct rig   *rig = *state;
    struct stat   before, after;

    answer_app(rig);
    module_start(rig->server, NULL, rig->conf);
    assert_non_null(strstr(fetch_server_request(rig->from), "X-A: b\r\n"));
    assert_int_equal(stat(rig->dest, &before), 0);

    fetch_server_answer(rig->from, MISSING, strlen(MISSING), 0);
    assert_int_equal(nginx_server_reload(rig->server), 0);
    assert_non_null(strstr(fetch_server_request(rig->from), "If-None-Match"));
    assert_int_equal(stat(rig->dest, &after), 0);

    assert_int_equal(before.st_ino, after.st_ino);
    module_expect_log(rig->server, "the file of last time stays", 1);
    module_expect_log(rig->server, "secret", 0);
    module_expect(rig->server, "/", "up");
}


static void
a_check_puts_nothing_in_place(void **state)
{
    int          rc;
    char        *output;
    struct rig  *rig = *state;

    answer_app(rig);
    rc = nginx_server_check(rig->server, &output);
    free(output);

    assert_int_equal(rc, 0);
    assert_int_equal(access(rig->dest, F_OK), -1);
}


static void
what_is_no_app_is_refused_when_there_is_no_old_one(void **state)
{
    size_t       i;
    char        *output;
    struct rig  *rig = *state;
    static const char *const  rows[] = {
        MISSING, "HTTP/1.1 200 OK\r\n\r\nnot an ELF file"
    };

    for (i = 0; i < 2; i++) {
        fetch_server_answer(rig->from, rows[i], strlen(rows[i]), 0);
        assert_int_equal(nginx_server_check(rig->server, &output), 1);
        assert_non_null(strstr(output, "[emerg]"));
        assert_non_null(strstr(output, "nginx.conf:"));
        free(output);
        assert_int_equal(access(rig->dest, F_OK), -1);
    }
}


static void
expect_refusal(struct rig *rig, const char *more, const char *text)
{
    char  conf[1024], *output;

    (void) snprintf(conf, sizeof(conf), "%s %s", rig->conf, more);
    assert_int_equal(nginx_server_conf(rig->server, NULL, conf), 0);
    assert_int_equal(nginx_server_check(rig->server, &output), 1);

    if (strstr(output, text) == NULL) {
        fail_msg("\"%s\" lacks \"%s\"", output, text);
    }

    free(output);
    assert_int_equal(access(rig->dest, F_OK), -1);
}


static void
a_refused_configuration_puts_nothing_in_place(void **state)
{
    struct rig  *rig = *state;

    answer_app(rig);
    expect_refusal(rig, "server { listen unix:@PREFIX@/b.sock; "
                   "ngx_link_func_lib " TEST_APPS "/empty.so; }", "empty.so");
    expect_refusal(rig, "server { listen unix:@PREFIX@/b.sock; "
                   "ngx_link_func_download_link_lib http://127.0.0.1:1/a "
                   "none/a.so; }", "no file can be made beside");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(
            an_app_is_fetched_and_a_failed_fetch_leaves_it, setup, teardown),
        cmocka_unit_test_setup_teardown(a_check_puts_nothing_in_place, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(
            what_is_no_app_is_refused_when_there_is_no_old_one, setup,
            teardown),
        cmocka_unit_test_setup_teardown(
            a_refused_configuration_puts_nothing_in_place, setup, teardown),
    };

    return cmocka_run_group_tests_name("download", tests, NULL, NULL);
}
