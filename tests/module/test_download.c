/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Apps from a URL: when they are put in place, when the old one stays, and
 * that nothing else stays. How a transfer may fail is tested in unit.fetch.
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/module/download_rig.h"

#define MISSING    "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"
#define UNCHANGED  "HTTP/1.1 304 Not Modified\r\n\r\n"
#define PROBE_SO   TEST_APPS "/probe.so"
#define PROBE2_SO  TEST_APPS "/probe2.so"
#define URL        "http://127.0.0.1:%u/a"
#define DOWNLOAD   "ngx_link_func_download_link_lib "

/* Nothing in the tests has this SHA-256. */
#define WRONG_PIN  "0000000000000000000000000000000000000000000000000000"      \
                   "000000000000"


static ino_t
inode(const char *path)
{
    struct stat  st;

    assert_int_equal(stat(path, &st), 0);

    return st.st_ino;
}


static void
start_with_probe(struct rig *rig)
{
    rig_answer_file(rig, PROBE_SO, "one");
    module_start(rig->server, NULL, rig->conf);
    module_expect(rig->server, "/build", "one");
}


static void
reload(struct rig *rig)
{
    if (nginx_server_reload(rig->server) != 0) {
        module_fail(rig->server, "no reload");
    }
}


static void
an_app_is_fetched_and_a_failed_fetch_leaves_it(void **state)
{
    ino_t        before;
    struct rig  *rig = *state;

    start_with_probe(rig);
    assert_non_null(strstr(fetch_server_request(rig->from), "X-A: b\r\n"));
    before = inode(rig->dest);

    rig_answer(rig, MISSING);
    reload(rig);
    assert_non_null(strstr(fetch_server_request(rig->from), "If-None-Match"));
    assert_true(inode(rig->dest) == before);

    module_expect_log(rig->server, "the file of last time stays", 1);
    module_expect_log(rig->server, "secret", 0);
    module_expect(rig->server, "/", "up");
    assert_int_equal(rig_left_over(rig), 0);
}


static void
an_unchanged_app_stays_without_a_word(void **state)
{
    ino_t        before;
    struct rig  *rig = *state;

    start_with_probe(rig);
    before = inode(rig->dest);
    rig_answer(rig, UNCHANGED);
    reload(rig);

    assert_true(inode(rig->dest) == before);
    assert_int_equal(fetch_server_count(rig->from), 2);
    module_expect_log(rig->server, "the file of last time stays", 0);
    module_expect(rig->server, "/build", "one");
    assert_int_equal(rig_left_over(rig), 0);
}


static void
a_new_app_is_in_use_after_a_reload(void **state)
{
    struct rig  *rig = *state;

    start_with_probe(rig);
    rig_answer_file(rig, PROBE2_SO, "two");
    reload(rig);

    module_expect(rig->server, "/build", "two");
    assert_true(rig_is_file(rig->dest, PROBE2_SO, NULL));
    assert_int_equal(rig_left_over(rig), 0);
}


static void
an_app_that_does_not_match_its_pin_is_refused(void **state)
{
    struct rig  *rig = *state;

    rig_answer_file(rig, PROBE_SO, "one");
    rig_conf(rig, "server { listen @SOCK@; " DOWNLOAD URL " app.so; "
             "ngx_link_func_download_sha256 " WRONG_PIN "; "
             CALL("/build", "build") "}");

    rig_expect_refusal(rig, "not the expected one");
    assert_int_equal(access(rig->dest, F_OK), -1);
}


/* Nor does an old file run that is not what the pin says. */
static void
a_pin_beside_an_old_file_keeps_the_old_workers(void **state)
{
    struct rig  *rig = *state;

    start_with_probe(rig);
    rig_conf(rig, "server { listen @SOCK@; " DOWNLOAD URL " app.so; "
             "ngx_link_func_download_sha256 " WRONG_PIN "; "
             CALL("/build", "build") "}");
    assert_int_equal(nginx_server_signal(rig->server, SIGHUP), 0);

    assert_int_equal(nginx_server_wait_text(rig->server, "error.log",
                     "not the expected one", 1), 0);
    module_expect(rig->server, "/build", "one");
    assert_true(rig_is_file(rig->dest, PROBE_SO, NULL));
    assert_int_equal(rig_left_over(rig), 0);
}


static void
two_servers_with_one_target_fetch_once(void **state)
{
    struct rig  *rig = *state;

    rig_answer_file(rig, PROBE_SO, "one");
    rig_conf(rig, "server { listen @SOCK@; " DOWNLOAD URL " app.so; "
             CALL("/build", "build") "} server { listen @SOCK@; server_name "
             "b; " DOWNLOAD URL " app.so; " CALL("/see", "see") "}");
    module_start(rig->server, NULL, rig->conf);

    module_expect(rig->server, "/build", "one");
    assert_int_equal(fetch_server_count(rig->from), 1);
}


static void
one_target_for_two_urls_is_refused(void **state)
{
    struct rig  *rig = *state;

    rig_answer_file(rig, PROBE_SO, "one");
    rig_conf(rig, "server { listen @SOCK@; " DOWNLOAD URL " app.so; } "
             "server { listen @SOCK@; server_name b; " DOWNLOAD URL "/other "
             "app.so; }");

    rig_expect_refusal(rig, "downloads something else to the same file");
}


static void
a_check_puts_nothing_in_place(void **state)
{
    struct rig  *rig = *state;

    rig_answer_file(rig, PROBE_SO, "one");

    assert_int_equal(nginx_server_check(rig->server, NULL), 0);
    assert_int_equal(access(rig->dest, F_OK), -1);
    assert_int_equal(rig_left_over(rig), 0);
}


/* ---- what comes is no app ------------------------------------------------ */

static void
what_is_no_app_is_refused_when_there_is_no_old_one(void **state)
{
    size_t       i;
    struct rig  *rig = *state;
    static const char *const  rows[][2] = {
        { MISSING, "status 404" },
        { "HTTP/1.1 200 OK\r\n\r\nnot an ELF file", "is not an ELF file" },
        { "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf", "" },
        { "", "" },
        { "HTTP/1.1 302 F\r\nLocation: ftp://127.0.0.1/a\r\n\r\n",
          "not https: refused" },
        { "HTTP/1.1 302 F\r\nLocation: file:///etc/passwd\r\n\r\n",
          "not https: refused" }
    };

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        rig_answer(rig, rows[i][0]);
        rig_expect_refusal(rig, rows[i][1]);
        assert_int_equal(access(rig->dest, F_OK), -1);
    }
}


static void
an_app_that_lacks_what_is_called_is_refused(void **state)
{
    struct rig  *rig = *state;

    rig_answer_file(rig, TEST_APPS "/hidden.so", "h");
    rig_expect_refusal(rig, "no function \"build\"");

    rig_answer_file(rig, TEST_APPS_UNIT "/no_init.so", "n");
    rig_expect_refusal(rig, "every app must have it");
}


/* The byte of the head that names the machine. */
static void
an_app_of_another_machine_is_refused(void **state)
{
    char         path[300], command[900];
    struct rig  *rig = *state;

    (void) snprintf(path, sizeof(path), "%s/other.so",
                    nginx_server_prefix(rig->server));
    (void) snprintf(command, sizeof(command), "cp " PROBE_SO " %s && printf "
                    "'\\002\\000' | dd of=%s bs=1 seek=18 conv=notrunc "
                    "2>/dev/null", path, path);
    assert_int_equal(system(command), 0);
    rig_answer_file(rig, path, "o");

    rig_expect_refusal(rig, "is built for another machine");
}


/* ---- the target ---------------------------------------------------------- */

static void
a_refused_configuration_puts_nothing_in_place(void **state)
{
    char         more[1200];
    struct rig  *rig = *state;

    rig_answer_file(rig, PROBE_SO, "one");
    (void) snprintf(more, sizeof(more), "%s server { listen "
                    "unix:@PREFIX@/b.sock; ngx_link_func_lib " TEST_APPS
                    "/empty.so; }", rig->conf);
    rig_conf(rig, more);

    rig_expect_refusal(rig, "empty.so");
    assert_int_equal(access(rig->dest, F_OK), -1);
}


static void
a_target_that_cannot_be_written_is_refused(void **state)
{
    struct rig  *rig = *state;

    rig_answer_file(rig, PROBE_SO, "one");
    rig_conf(rig, "server { listen @SOCK@; " DOWNLOAD URL " none/app.so; }");
    rig_expect_refusal(rig, "no file can be made beside");

    /* also for root */
    rig_conf(rig, "server { listen @SOCK@; " DOWNLOAD URL " /proc/app.so; }");
    rig_expect_refusal(rig, "no file can be made beside");

    assert_int_equal(mkdir(rig->dest, 0755), 0);
    rig_conf(rig, "server { listen @SOCK@; " DOWNLOAD URL " app.so; }");
    rig_expect_refusal(rig, "the target is no regular file");
    assert_int_equal(rmdir(rig->dest), 0);
    assert_int_equal(fetch_server_count(rig->from), 0);
}


/* What it points at is somebody else's, and is left alone. */
static void
a_target_that_is_a_link_becomes_a_file(void **state)
{
    char         other[300];
    FILE        *file;
    struct rig  *rig = *state;
    struct stat  st;

    (void) snprintf(other, sizeof(other), "%s/theirs",
                    nginx_server_prefix(rig->server));
    file = fopen(other, "w");
    assert_non_null(file);
    assert_int_equal(fputs("theirs", file) < 0 ? -1 : fclose(file), 0);
    assert_int_equal(symlink(other, rig->dest), 0);

    start_with_probe(rig);
    assert_int_equal(lstat(rig->dest, &st), 0);
    assert_true(S_ISREG(st.st_mode));
    assert_int_equal(stat(other, &st), 0);
    assert_int_equal(st.st_size, 6);
}


static void
a_full_disk_is_named_and_leaves_nothing(void **state)
{
    struct rig  *rig = *state;
    static const char *const  small_files[] = {
        "sh", "-c", "ulimit -f 16; exec \"$@\"", "sh", NULL
    };

    rig_answer_file(rig, PROBE_SO, "one");
    nginx_server_set_wrapper(rig->server, small_files);

    rig_expect_refusal(rig, "cannot be written: File too large");
    assert_int_equal(access(rig->dest, F_OK), -1);
}


static void
what_is_known_of_the_old_file_may_be_anything(void **state)
{
    size_t       i;
    char         path[300];
    FILE        *file;
    struct rig  *rig = *state;
    static const char *const  texts[] = {
        "", "\n\n\n", "linkfunc 1 zz", "linkfunc 2 0 0 0 0\n\"e\"\n\n",
        "linkfunc 1 ffffffffffffffffffffff -1 9999999999999999999 0\n\"e\"\nx\n"
    };

    start_with_probe(rig);
    (void) snprintf(path, sizeof(path), "%s.meta", rig->dest);

    for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        file = fopen(path, "w");
        assert_non_null(file);
        assert_int_equal(fputs(texts[i], file) < 0 ? -1 : fclose(file), 0);
        reload(rig);
        assert_null(strstr(fetch_server_request(rig->from), "If-None-Match"));
    }

    reload(rig);
    assert_non_null(strstr(fetch_server_request(rig->from), "If-None-Match"));
    module_expect(rig->server, "/build", "one");
}


/* A nanosecond is enough: it may be another file of that size. */
static void
a_file_that_was_written_meanwhile_is_fetched_again(void **state)
{
    struct rig       *rig = *state;
    struct stat       st;
    struct timespec   times[2];

    start_with_probe(rig);
    assert_int_equal(stat(rig->dest, &st), 0);
    times[0] = st.st_atim;
    times[1] = st.st_mtim;
    times[1].tv_nsec = (times[1].tv_nsec + 1) % 1000000000;
    assert_int_equal(utimensat(AT_FDCWD, rig->dest, times, 0), 0);

    reload(rig);
    assert_null(strstr(fetch_server_request(rig->from), "If-None-Match"));
}


static void
many_headers_are_sent_as_they_stand(void **state)
{
    struct rig  *rig = *state;

    rig_answer_file(rig, PROBE_SO, "one");
    rig_conf(rig, "server { listen @SOCK@; " DOWNLOAD URL " \"Authorization: "
             "token t\\r\\nX-Two: a b\\r\\n\" app.so; }");
    assert_int_equal(nginx_server_check(rig->server, NULL), 0);
    assert_non_null(strstr(fetch_server_request(rig->from),
                           "\r\nAuthorization: token t\r\nX-Two: a b\r\n"));

    rig_conf(rig, "server { listen @SOCK@; " DOWNLOAD URL " 'X-Last: no end' "
             "app.so; }");
    assert_int_equal(nginx_server_check(rig->server, NULL), 0);
    assert_non_null(strstr(fetch_server_request(rig->from),
                           "\r\nX-Last: no end\r\n"));
}


/* ---- other processes ----------------------------------------------------- */

static const char *
program(void)
{
    const char  *path = getenv("LINKFUNC_NGINX");

    return path != NULL ? path : "/usr/sbin/nginx";
}


static void
a_signal_from_the_command_line_fetches_nothing(void **state)
{
    char         command[700];
    struct rig  *rig = *state;

    start_with_probe(rig);
    (void) snprintf(command, sizeof(command), "%s -p %s/ -c %s/nginx.conf -s "
                    "reopen 2>/dev/null", program(),
                    nginx_server_prefix(rig->server),
                    nginx_server_prefix(rig->server));

    assert_int_equal(system(command), 0);
    assert_int_equal(fetch_server_count(rig->from), 1);
}


/* nginx -t until the server has its request and answers nothing; killed. */
static void
check_and_kill(struct rig *rig)
{
    int    out;
    char   prefix[300], conf[320];
    pid_t  pid;

    (void) snprintf(prefix, sizeof(prefix), "%s/",
                    nginx_server_prefix(rig->server));
    (void) snprintf(conf, sizeof(conf), "%snginx.conf", prefix);
    pid = fork();
    assert_int_not_equal(pid, -1);

    if (pid == 0) {
        out = open("/dev/null", O_WRONLY);
        (void) dup2(out, 2);
        (void) execl(program(), program(), "-p", prefix, "-c", conf, "-t",
                     (char *) NULL);
        _exit(127);
    }

    assert_int_equal(fetch_server_wait(rig->from, 1), 0);
    assert_int_equal(kill(pid, SIGKILL), 0);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    assert_int_equal(fetch_server_count(rig->from), 1);
}


/* Its child lets go of the server, which serves one at a time. */
static void
what_a_killed_process_leaves_is_removed_later(void **state)
{
    char             command[400], path[300];
    struct rig      *rig = *state;
    struct timespec  old[2] = { { 1000000000, 0 }, { 1000000000, 0 } };

    fetch_server_answer(rig->from, "HTTP/1.1 200 OK\r\n\r\n\177ELF", 23, 1);
    check_and_kill(rig);
    assert_int_equal(rig_left_over(rig), 1);

    rig_answer_file(rig, PROBE_SO, "one");
    (void) snprintf(path, sizeof(path), "%s.linkfunc-young0", rig->dest);
    assert_int_equal(close(creat(path, 0644)), 0);
    assert_int_equal(nginx_server_check(rig->server, NULL), 0);
    assert_int_equal(rig_left_over(rig), 2);

    (void) snprintf(command, sizeof(command), "touch -d @1000000000 "
                    "%s.linkfunc-*", rig->dest);
    assert_int_equal(system(command), 0);
    (void) snprintf(path, sizeof(path), "%s.linkfunc-someones", rig->dest);
    assert_int_equal(close(creat(path, 0644)), 0);
    assert_int_equal(utimensat(AT_FDCWD, path, old, 0), 0);

    assert_int_equal(nginx_server_check(rig->server, NULL), 0);
    assert_int_equal(access(path, F_OK), 0);
    assert_int_equal(rig_left_over(rig), 1);
}


int
main(void)
{
#define RIG(name)  cmocka_unit_test_setup_teardown(name, rig_setup,           \
                                                    rig_teardown)
    const struct CMUnitTest  tests[] = {
        RIG(an_app_is_fetched_and_a_failed_fetch_leaves_it),
        RIG(an_unchanged_app_stays_without_a_word),
        RIG(a_new_app_is_in_use_after_a_reload),
        RIG(an_app_that_does_not_match_its_pin_is_refused),
        RIG(a_pin_beside_an_old_file_keeps_the_old_workers),
        RIG(two_servers_with_one_target_fetch_once),
        RIG(one_target_for_two_urls_is_refused),
        RIG(a_check_puts_nothing_in_place),
        RIG(what_is_no_app_is_refused_when_there_is_no_old_one),
        RIG(an_app_that_lacks_what_is_called_is_refused),
        RIG(an_app_of_another_machine_is_refused),
        RIG(a_refused_configuration_puts_nothing_in_place),
        RIG(a_target_that_cannot_be_written_is_refused),
        RIG(a_target_that_is_a_link_becomes_a_file),
        RIG(a_full_disk_is_named_and_leaves_nothing),
        RIG(what_is_known_of_the_old_file_may_be_anything),
        RIG(a_file_that_was_written_meanwhile_is_fetched_again),
        RIG(many_headers_are_sent_as_they_stand),
        RIG(a_signal_from_the_command_line_fetches_nothing),
        RIG(what_a_killed_process_leaves_is_removed_later),
    };

    return cmocka_run_group_tests_name("download", tests, NULL, NULL);
}
