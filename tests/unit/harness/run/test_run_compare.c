/* SPDX-License-Identifier: BSD-2-Clause */
/* What two hosts answered: what counts as the same, and how it is told. */
#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

#include "harness/run/run_compare.h"

static struct run_seen  mock, nginx;


static struct str
str(const char *text)
{
    return (struct str) { text, strlen(text) };
}


/* "Name=value Name=value", the body, a line of the log or NULL. */
static void
see(struct run_seen *seen, const char *const *headers, const char *body,
    size_t len, const char *line)
{
    size_t                i;
    struct http_header    list[4];
    struct host_log_line  log = { LF_WARN, { NULL, 0 }, NULL };
    struct host_answer    answer;

    memset(&answer, 0, sizeof(answer));
    answer.outcome = HOST_ANSWERED;
    answer.http.status_line = str("200 OK");
    answer.http.headers = list;
    for (i = 0; headers != NULL && headers[i] != NULL; i += 2) {
        list[i / 2] = (struct http_header) { str(headers[i]),
                                             str(headers[i + 1]) };
        answer.http.header_count++;
    }
    answer.http.body = (struct str) { body, len };
    if (line != NULL) {
        log.text = str(line);
        answer.log = &log;
    }
    run_seen_add(seen, &answer);
}


static void
expect(const char *text)
{
    struct strbuf  to = { 0 };

    run_compare(&to, &mock, &nginx);
    assert_string_equal(to.data != NULL ? to.data : "", text);
    strbuf_free(&to);
}


static int
tear_down(void **state)
{
    (void) state;
    run_seen_free(&mock);
    run_seen_free(&nginx);
    memset(&mock, 0, sizeof(mock));
    memset(&nginx, 0, sizeof(nginx));

    return 0;
}


static void
headers_of_different_names_come_in_any_order(void **state)
{
    const char *const  one[] = { "X-B", "2", "x-a", "1", "Date", "now", NULL };
    const char *const  two[] = { "Server", "nginx", "x-a", "1", "X-B", "2",
                                 NULL };

    (void) state;
    see(&mock, one, "a", 1, NULL);
    see(&nginx, two, "a", 1, NULL);
    expect("");
}


static void
headers_of_one_name_keep_their_order(void **state)
{
    const char *const  one[] = { "A", "0", "X", "1", "X", "2", NULL };
    const char *const  two[] = { "X", "2", "X", "1", "A", "0", NULL };

    (void) state;
    see(&mock, one, "", 0, NULL);
    see(&nginx, two, "", 0, NULL);
    expect("headers:\n  mock:  X: 1\n  mock:  X: 2\n"
           "  nginx: X: 2\n  nginx: X: 1");
}


static void
texts_are_shown_by_lines(void **state)
{
    (void) state;
    see(&mock, NULL, "one\ntwo\nlast\n", 13, NULL);
    see(&nginx, NULL, "one\n2\n3\nlast\n", 13, NULL);
    expect("body: 13 bytes and 13 bytes, different from byte 4 (0x4) on\n"
           "  mock:  two\n  nginx: 2\n  nginx: 3");
}


static void
a_line_that_is_missing_is_shown_alone(void **state)
{
    (void) state;
    see(&mock, NULL, "x\nlast\n", 7, NULL);
    see(&nginx, NULL, "last\n", 5, NULL);
    expect("body: 7 bytes and 5 bytes, different from byte 0 (0x0) on\n"
           "  mock:  x\n  nginx: (nothing)");
}


static void
bytes_are_shown_as_hexadecimals(void **state)
{
    (void) state;
    see(&mock, NULL, "ab\0c", 4, NULL);
    see(&nginx, NULL, "ab\0", 3, NULL);
    expect("body: 4 bytes and 3 bytes, different from byte 3 (0x3) on\n"
           "  mock:  63\n  nginx: (ends here)");
}


static void
the_log_is_compared_with_its_levels(void **state)
{
    (void) state;
    see(&mock, NULL, "", 0, "said");
    see(&nginx, NULL, "", 0, NULL);
    expect("log of the app:\n  mock:  [warn] said\n  nginx: (nothing)");
}


/* Two lines, as after a reload or not. */
static void
see_lines(struct run_seen *seen, const char *one, const char *two,
          unsigned mixed)
{
    struct host_answer    answer;
    struct host_log_line  last = { LF_WARN, str(two), NULL };
    struct host_log_line  first = { LF_WARN, str(one), &last };

    memset(&answer, 0, sizeof(answer));
    answer.outcome = HOST_ANSWERED;
    answer.http.status_line = str("200 OK");
    answer.http.body = str("");
    answer.log = &first;
    answer.log_mixed = mixed & 1;
    run_seen_add(seen, &answer);
}


/* nginx starts the new worker and ends the old one at once. */
static void
after_a_reload_the_lines_of_the_log_come_in_any_order(void **state)
{
    (void) state;
    see_lines(&mock, "init", "exit", 1);
    see_lines(&nginx, "exit", "init", 1);
    expect("");
    see_lines(&mock, "init", "init", 1);
    see_lines(&nginx, "init", "exit", 1);
    expect("log of the app:\n  mock:  [warn] init\n"
           "  nginx: [warn] exit");
}


static void
else_they_come_in_the_same_order(void **state)
{
    (void) state;
    see_lines(&mock, "b", "a", 1);
    see_lines(&mock, "b", "a", 0);
    see_lines(&nginx, "a", "b", 1);
    see_lines(&nginx, "a", "b", 0);
    expect("log of the app:\n  mock:  [warn] b\n  mock:  [warn] a\n"
           "  nginx: [warn] a\n  nginx: [warn] b");
}


static void
repeats_are_answers_of_their_own(void **state)
{
    const char *const  header[] = { "X", "1", NULL };

    (void) state;
    see(&mock, header, "", 0, NULL);
    see(&mock, NULL, "", 0, NULL);
    see(&nginx, NULL, "", 0, NULL);
    see(&nginx, header, "", 0, NULL);
    expect("headers:\n  mock:  X: 1\n  mock:  \n  nginx: \n  nginx: X: 1");
}


static void
pages_of_two_versions_of_nginx_are_the_same(void **state)
{
    char          one[] = "<hr><center>nginx/1.22.1</center>\r\n";
    char          two[] = "<hr><center>nginx/1.9.15</center>\r\n";
    const size_t  len = sizeof(one) - 1;

    (void) state;
    see(&mock, NULL, one, len, NULL);
    see(&nginx, NULL, two, len, NULL);
    expect("");

    two[len - 3] = '!';
    see(&mock, NULL, one, len, NULL);
    see(&nginx, NULL, two, len, NULL);
    expect("body: 70 bytes and 70 bytes, different from byte 67 (0x43) on\n"
           "  mock:  <hr><center>nginx/xxxxxx</center>\r\n"
           "  nginx: <hr><center>nginx/xxxxxx</center!\r");
}


static void
a_host_without_an_answer_says_why(void **state)
{
    struct host_answer  dead;

    (void) state;
    memset(&dead, 0, sizeof(dead));
    dead.outcome = HOST_CRASHED;
    run_seen_add(&mock, &dead);
    see(&nginx, NULL, "x", 1, NULL);
    expect("status:\n  mock:  no response: the app died\n  nginx: 200 OK");
}


#define TEST(name)  cmocka_unit_test_teardown(name, tear_down)

int
main(void)
{
    const struct CMUnitTest  tests[] = {
        TEST(headers_of_different_names_come_in_any_order),
        TEST(headers_of_one_name_keep_their_order),
        TEST(texts_are_shown_by_lines),
        TEST(a_line_that_is_missing_is_shown_alone),
        TEST(bytes_are_shown_as_hexadecimals),
        TEST(the_log_is_compared_with_its_levels),
        TEST(after_a_reload_the_lines_of_the_log_come_in_any_order),
        TEST(else_they_come_in_the_same_order),
        TEST(repeats_are_answers_of_their_own),
        TEST(pages_of_two_versions_of_nginx_are_the_same),
        TEST(a_host_without_an_answer_says_why),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
