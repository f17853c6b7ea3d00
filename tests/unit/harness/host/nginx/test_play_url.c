/* SPDX-License-Identifier: BSD-2-Clause */
/* A server that runs already as a host. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

#include "lib/base/arena.h"
#include "tests/support/canned_server.h"
#include "harness/host/nginx/play_url.h"

#define OK  "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


static void
requests_go_to_its_address_whatever_they_name(void **state)
{
    char                      url[64], base[64], err[LF_ERR_LEN];
    static const char        *const texts[] = { OK, NULL };
    struct arena             *arena = arena_new();
    struct host              *host;
    struct canned_server     *server = canned_server_new(1, texts);
    struct host_answer        answer;
    struct play_url_settings  settings = { url, 0 };
    struct request_header     name = { (char *) "Host", (char *) "a.b", 0 };
    struct request            http = {
        .method = (char *) "GET", .target = (char *) "/api/x",
        .headers = &name, .header_count = 1
    };
    const struct host_request  request = { &http, "a.b", 8080, 5000, NULL };

    (void) state;
    assert_non_null(server);
    (void) snprintf(url, sizeof(url), "http://127.0.0.1:%u/api/",
                    canned_server_port(server));
    host = play_url_new(&settings, err);
    assert_non_null(host);

    assert_int_equal(host->ops->start(host, base, sizeof(base), err), 0);
    assert_int_equal(host->ops->exchange(host, arena, &request, &answer, err),
                     0);

    assert_int_equal(strlen(base), strlen(url) - 1);
    assert_memory_equal(base, url, strlen(base));
    assert_int_equal(answer.outcome, HOST_ANSWERED);
    assert_int_equal(answer.has_log, 0);
    assert_int_equal(answer.has_figures, 0);
    assert_string_equal(canned_server_seen(server, NULL),
                        "GET /api/x HTTP/1.1\r\nHost: a.b\r\n\r\n");
    assert_int_equal(host->ops->stop(host, arena, &answer, err), 0);
    host->ops->free(host);
    canned_server_free(&server);
    arena_free(&arena);
}


static void
what_it_cannot_do_is_not_applicable(void **state)
{
    char                       err[LF_ERR_LEN];
    const char                *na = NULL;
    struct host_answer         answer;
    struct play_url_settings   settings = { "http://localhost", 0 };
    struct host               *host = play_url_new(&settings, err);
    const struct host_request  request = { .function = "hello" };

    (void) state;
    assert_non_null(host);

    assert_int_equal(host->ops->cycle(host, HOST_CYCLE_RELOAD, &na, err), 0);
    assert_int_equal(host->ops->exchange(host, NULL, &request, &answer, err),
                     0);

    assert_non_null(na);
    assert_null(host->ops->cache);
    assert_int_equal(answer.outcome, HOST_NOT_APPLICABLE);
    host->ops->free(host);
}


static void
what_is_no_url_is_refused(void **state)
{
    size_t                    i;
    char                      err[LF_ERR_LEN];
    struct play_url_settings  settings = { NULL, 0 };
    static const char        *const urls[] = {
        "", "localhost", "ftp://x", "http://", "http:///x", "http://a b/",
        "http://user:secret@x/", "https:/x", "://x"
    };

    (void) state;

    for (i = 0; i < COUNT(urls); i++) {
        settings.url = urls[i];
        err[0] = '\0';

        assert_null(play_url_new(&settings, err));
        assert_non_null(strstr(err, "is not the URL of a server"));
        assert_null(strstr(err, "secret"));
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(requests_go_to_its_address_whatever_they_name),
        cmocka_unit_test(what_it_cannot_do_is_not_applicable),
        cmocka_unit_test(what_is_no_url_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
