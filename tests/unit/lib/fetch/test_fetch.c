/* SPDX-License-Identifier: BSD-2-Clause */
/* Fetching a file: what good, broken and hostile servers lead to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include <cmocka.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "tests/support/fetch_server.h"
#include "lib/fetch/lf_fetch.h"

#define OK_TEXT   "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nETag: \"e1\"\r\n"    \
                  "Connection: close\r\n\r\nhello"
#define HELLO_SUM "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b" \
                  "9824"

static struct {
    char                  dir[64], path[96], url[128];
    char                  file[4][96];       /* key, good, expired, other */
    struct fetch_server  *http;
} rig;


static void
sh(const char *command)
{
    if (system(command) != 0) {
        fail_msg("%s", command);
    }
}


static void
make_cert(int i, const char *name)
{
    char  command[512];

    (void) snprintf(command, sizeof(command), "openssl req -x509 -newkey "
                    "ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=x "
                    "-addext subjectAltName=%s -days 2 -keyout %s.key -out %s "
                    "2>/dev/null", name, rig.file[i], rig.file[i]);
    sh(command);
}


/* Signed again, for yesterday: openssl 3.4 refuses "x509 -days -1". */
static void
expire_cert(int i)
{
    char       path[128];
    FILE      *cert_file, *key_file;
    X509      *cert;
    EVP_PKEY  *key;

    (void) snprintf(path, sizeof(path), "%s.key", rig.file[i]);
    key_file = fopen(path, "r");
    cert_file = fopen(rig.file[i], "r+");
    assert_non_null(key_file);
    assert_non_null(cert_file);

    key = PEM_read_PrivateKey(key_file, NULL, NULL, NULL);
    cert = PEM_read_X509(cert_file, NULL, NULL, NULL);
    assert_non_null(X509_gmtime_adj(X509_getm_notBefore(cert), -2 * 86400));
    assert_non_null(X509_gmtime_adj(X509_getm_notAfter(cert), -86400));
    assert_true(X509_sign(cert, key, EVP_sha256()) > 0);

    rewind(cert_file);
    assert_int_equal(ftruncate(fileno(cert_file), 0), 0);
    assert_int_equal(PEM_write_X509(cert_file, cert), 1);

    X509_free(cert);
    EVP_PKEY_free(key);
    assert_int_equal(fclose(cert_file), 0);
    assert_int_equal(fclose(key_file), 0);
}


static int
setup(void **state)
{
    int  i;

    (void) state;
    (void) snprintf(rig.dir, sizeof(rig.dir), "/tmp/lf_fetch.XXXXXX");
    if (mkdtemp(rig.dir) == NULL) {
        return -1;
    }

    (void) snprintf(rig.path, sizeof(rig.path), "%s/out", rig.dir);
    for (i = 0; i < 4; i++) {
        (void) snprintf(rig.file[i], sizeof(rig.file[i]), "%s/cert%d", rig.dir,
                        i);
    }

    make_cert(0, "IP:127.0.0.1");
    make_cert(1, "DNS:other.example");
    make_cert(2, "IP:127.0.0.1");
    expire_cert(2);
    rig.http = fetch_server_new(NULL, NULL);

    return rig.http != NULL ? 0 : -1;
}


static int
teardown(void **state)
{
    char  command[128];

    (void) state;
    fetch_server_free(&rig.http);
    (void) snprintf(command, sizeof(command), "rm -rf %s", rig.dir);

    return system(command);
}


/* A fetch of /x from the plain server, to an empty file. */
static struct lf_fetch
request(void)
{
    FILE  *file = fopen(rig.path, "w");

    assert_non_null(file);
    (void) fclose(file);
    (void) snprintf(rig.url, sizeof(rig.url), "http://127.0.0.1:%u/x",
                    fetch_server_port(rig.http));

    return (struct lf_fetch) { .url = rig.url, .path = rig.path };
}


static void
answer(const char *text)
{
    fetch_server_answer(rig.http, text, strlen(text), 0);
}


static void
expect_failure(const struct lf_fetch *fetch, const char *text)
{
    struct lf_fetch_result  result;

    lf_fetch_run(fetch, &result);

    if (result.outcome != LF_FETCH_FAILED || strstr(result.err, text) == NULL) {
        fail_msg("outcome %d: \"%s\" lacks \"%s\"", result.outcome, result.err,
                 text);
    }
}


static void
expect_new(const struct lf_fetch *fetch)
{
    struct lf_fetch_result  result;

    lf_fetch_run(fetch, &result);

    if (result.outcome != LF_FETCH_NEW) {
        fail_msg("outcome %d: \"%s\"", result.outcome, result.err);
    }
}


static void
a_file_arrives_with_its_validator_and_header_block(void **state)
{
    struct lf_fetch         fetch = request();
    struct lf_fetch_result  result;

    (void) state;
    fetch.headers = "Authorization: token t\r\nX-A: b\r\n";
    answer(OK_TEXT);
    lf_fetch_run(&fetch, &result);

    assert_int_equal(result.outcome, LF_FETCH_NEW);
    assert_string_equal(result.etag, "\"e1\"");
    assert_int_equal(access(rig.path, R_OK), 0);
    assert_non_null(strstr(fetch_server_request(rig.http),
                           "Authorization: token t\r\nX-A: b\r\n"));
}


static void
broken_answers_are_failures_with_a_reason(void **state)
{
    size_t           i;
    struct lf_fetch  fetch = request();
    static const struct { const char *answer, *text; } rows[] = {
        { "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", "status 404" },
        { "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", "status 500" },
        { "HTTP/1.1 304 No\r\n\r\n", "status 304" },
        { "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhel", "artial" },
        { "HTTP/1.1 302 Go\r\nLocation: ftp://x/\r\n"
          "Content-Length: 0\r\n\r\n", "not https" },
        { "HTTP/1.1 302 Go\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n",
          "more than 5 redirects" },
        { "", "mpty reply" }, { "hello", "" },
    };

    (void) state;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        answer(rows[i].answer);
        expect_failure(&fetch, rows[i].text);
    }
}


static void
a_slow_server_is_given_up(void **state)
{
    const char      *start = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhel";
    struct lf_fetch  fetch = request();

    (void) state;
    fetch.total_ms = 200;
    fetch_server_answer(rig.http, start, strlen(start), 1);

    expect_failure(&fetch, "imeout");
}


static void
a_file_that_is_too_large_is_refused(void **state)
{
    struct lf_fetch  fetch = request();

    (void) state;
    fetch.size_max = 4;
    answer(OK_TEXT);
    expect_failure(&fetch, "larger than 4 bytes");
    answer("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello");
    expect_failure(&fetch, "larger than 4 bytes");
    fetch.size_max = 5;
    expect_new(&fetch);
}


static void
a_full_disk_is_named(void **state)
{
    struct rlimit    limit, few;
    struct lf_fetch  fetch = request();

    (void) state;
    answer(OK_TEXT);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    few = limit;
    few.rlim_cur = 3;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &few), 0);
    expect_failure(&fetch, "cannot be written: File too large");
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}


static void
the_pin_decides(void **state)
{
    struct lf_fetch         fetch = request();
    struct lf_fetch_result  result;
    unsigned                count;

    (void) state;
    answer(OK_TEXT);
    fetch.sha256 = HELLO_SUM;
    lf_fetch_run(&fetch, &result);
    assert_int_equal(result.outcome, LF_FETCH_NEW);

    /* the file is there and right: nobody is asked */
    count = fetch_server_count(rig.http);
    fetch.old = rig.path;
    lf_fetch_run(&fetch, &result);
    assert_int_equal(result.outcome, LF_FETCH_UNCHANGED);
    assert_int_equal(fetch_server_count(rig.http), count);

    answer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhallo");
    fetch.old = NULL;
    expect_failure(&fetch, "SHA-256");

    /* the old file is another one: "not modified" does not help */
    answer("HTTP/1.1 304 Same\r\n\r\n");
    fetch.old = "/dev/null";
    fetch.etag = "\"e1\"";
    expect_failure(&fetch, "status 304");
}


static void
a_redirect_leaves_nothing_of_its_body(void **state)
{
    char                  go[128];
    struct lf_fetch       fetch = request();
    struct fetch_server  *other = fetch_server_new(NULL, NULL);

    (void) state;
    assert_non_null(other);
    fetch_server_answer(other, OK_TEXT, strlen(OK_TEXT), 0);
    (void) snprintf(go, sizeof(go), "HTTP/1.1 302 Go\r\nLocation: "
                    "http://127.0.0.1:%u/\r\nContent-Length: 4\r\n\r\ngone",
                    fetch_server_port(other));
    answer(go);
    fetch.headers = "Authorization: token t\r\n";
    fetch.sha256 = HELLO_SUM;

    expect_new(&fetch);
    assert_null(strstr(fetch_server_request(other), "token"));
    fetch_server_free(&other);
}


static void
five_redirects_are_followed_and_no_more(void **state)
{
    unsigned         count = fetch_server_count(rig.http);
    struct lf_fetch  fetch = request();

    (void) state;
    answer("HTTP/1.1 302 Go\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n");

    expect_failure(&fetch, "more than 5 redirects");
    assert_int_equal(fetch_server_count(rig.http), count + 6);
}


static void
an_unchanged_file_is_not_sent_again(void **state)
{
    struct lf_fetch         fetch = request();
    struct lf_fetch_result  result;

    (void) state;
    fetch.old = "/dev/null";
    fetch.etag = "\"e1\"";
    answer("HTTP/1.1 304 Same\r\n\r\n");
    lf_fetch_run(&fetch, &result);

    assert_int_equal(result.outcome, LF_FETCH_UNCHANGED);
    assert_non_null(strstr(fetch_server_request(rig.http),
                           "If-None-Match: \"e1\"\r\n"));
}


static void
a_certificate_must_be_right_in_all_ways(void **state)
{
    int                     i;
    char                    key[128], url[64];
    struct lf_fetch         fetch = request();
    struct fetch_server    *tls;
    struct lf_fetch_result  result;
    static const char *const  texts[] = { NULL, "no alternative", "expired" };

    (void) state;

    for (i = 0; i < 3; i++) {
        (void) snprintf(key, sizeof(key), "%s.key", rig.file[i]);
        tls = fetch_server_new(rig.file[i], key);
        assert_non_null(tls);
        fetch_server_answer(tls, OK_TEXT, strlen(OK_TEXT), 0);
        (void) snprintf(url, sizeof(url), "https://127.0.0.1:%u/x",
                        fetch_server_port(tls));
        fetch.url = url;
        fetch.ca_file = NULL;
        expect_failure(&fetch, "certificate");
        fetch.ca_file = rig.file[i];
        lf_fetch_run(&fetch, &result);
        fetch_server_free(&tls);

        assert_int_equal(result.outcome == LF_FETCH_NEW, texts[i] == NULL);
        if (texts[i] != NULL && strstr(result.err, texts[i]) == NULL) {
            fail_msg("\"%s\" lacks \"%s\"", result.err, texts[i]);
        }
    }
}


static void
no_redirect_leaves_https(void **state)
{
    char                  key[128], url[64];
    const char           *go = "HTTP/1.1 302 Go\r\nLocation: http://127.0.0.1/"
                               "\r\nContent-Length: 0\r\n\r\n";
    struct lf_fetch       fetch = request();
    struct fetch_server  *tls;

    (void) state;
    (void) snprintf(key, sizeof(key), "%s.key", rig.file[0]);
    tls = fetch_server_new(rig.file[0], key);
    assert_non_null(tls);
    fetch_server_answer(tls, go, strlen(go), 0);
    (void) snprintf(url, sizeof(url), "https://127.0.0.1:%u/x",
                    fetch_server_port(tls));
    fetch.url = url;
    fetch.ca_file = rig.file[0];

    expect_failure(&fetch, "not https");
    fetch_server_free(&tls);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(a_file_arrives_with_its_validator_and_header_block),
        cmocka_unit_test(broken_answers_are_failures_with_a_reason),
        cmocka_unit_test(a_slow_server_is_given_up),
        cmocka_unit_test(a_file_that_is_too_large_is_refused),
        cmocka_unit_test(a_full_disk_is_named),
        cmocka_unit_test(the_pin_decides),
        cmocka_unit_test(a_redirect_leaves_nothing_of_its_body),
        cmocka_unit_test(five_redirects_are_followed_and_no_more),
        cmocka_unit_test(an_unchanged_file_is_not_sent_again),
        cmocka_unit_test(a_certificate_must_be_right_in_all_ways),
        cmocka_unit_test(no_redirect_leaves_https),
    };

    return cmocka_run_group_tests_name("fetch", tests, setup, teardown);
}
