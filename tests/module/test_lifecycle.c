/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The life of apps where golden/lifecycle.tsv has no row, or another one: see
 * test_lifecycle_table.c.
 */
#include <sys/wait.h>
#include <unistd.h>

#include "tests/module/life_events.h"

#define OPENED     "A CONSTRUCTOR -|B CONSTRUCTOR -|"
#define STARTED    "A INIT s1|B INIT s2|A INIT s3|"
#define EXITED     "A EXIT s1|B EXIT s2|B DESTRUCTOR -|A EXIT s3|"            \
                   "A DESTRUCTOR -|"


static const char  three_servers[] =
    "server { listen @SOCK@; ngx_link_func_add_prop who s1; " LIFE_A
    CALL("/", "who") CALL("/die", "die") "}\n"
    "server { listen @SOCK@; server_name b; ngx_link_func_add_prop who s2; "
    LIFE_B CALL("/", "who") "}\n"
    "server { listen @SOCK@; server_name c; ngx_link_func_add_prop who s3; "
    LIFE_A CALL("/", "who") "}\n"
    "server { listen @SOCK@; server_name d; }\n";

static void
start_two(struct nginx_server *server, pid_t *workers)
{
    nginx_server_set_workers(server, 2);
    module_start(server, LIFE_MAIN, three_servers);

    if (nginx_server_wait_text(server, "events", "INIT s3", 2) != 0) {
        module_fail(server, "no worker came up");
    }

    assert_int_equal(nginx_server_workers(server, workers, LIFE_PIDS), 2);
}


static void
each_worker_opens_once_and_inits_once_per_server(void **state)
{
    pid_t  workers[LIFE_PIDS];

    start_two(*state, workers);

    life_expect(*state, workers[0], OPENED STARTED);
    life_expect(*state, workers[1], OPENED STARTED);
}


static void
the_master_never_runs_app_code(void **state)
{
    pid_t  master, workers[LIFE_PIDS];

    start_two(*state, workers);
    master = nginx_server_pid(*state);
    assert_int_equal(nginx_server_reload(*state), 0);

    life_expect(*state, master, "");
}


static void
quit_runs_the_exit_hooks_once_in_order(void **state)
{
    pid_t  workers[LIFE_PIDS];

    start_two(*state, workers);

    assert_int_equal(nginx_server_stop(*state, SIGQUIT), 0);
    life_expect(*state, workers[0], OPENED STARTED EXITED);
    life_expect(*state, workers[1], OPENED STARTED EXITED);
}


static void
term_runs_the_exit_hooks_too(void **state)
{
    pid_t  workers[LIFE_PIDS];

    start_two(*state, workers);

    assert_int_equal(nginx_server_stop(*state, SIGTERM), 0);
    life_expect(*state, workers[0], OPENED STARTED EXITED);
}


static void
reload_ends_the_old_workers_and_starts_new_ones(void **state)
{
    pid_t  old[LIFE_PIDS], now[LIFE_PIDS];

    start_two(*state, old);
    assert_int_equal(nginx_server_reload(*state), 0);

    assert_int_equal(nginx_server_wait_text(*state, "events", "INIT s3", 4),
                     0);
    assert_int_equal(nginx_server_workers(*state, now, LIFE_PIDS), 2);
    life_expect(*state, old[0], OPENED STARTED EXITED);
    life_expect(*state, now[0], OPENED STARTED);
    life_expect(*state, now[1], OPENED STARTED);
}


static void
a_crash_runs_no_exit_hook_and_the_next_worker_inits(void **state)
{
    pid_t               old[LIFE_PIDS], now[LIFE_PIDS];
    struct raw_response response;

    module_start(*state, LIFE_MAIN, three_servers);
    assert_int_equal(nginx_server_wait_text(*state, "events", "INIT s3", 1),
                     0);
    assert_int_equal(nginx_server_workers(*state, old, LIFE_PIDS), 1);

    assert_int_equal(raw_request(nginx_server_socket(*state), GET("/die"),
                                 strlen(GET("/die")), 0, &response), -1);

    assert_int_equal(nginx_server_wait_text(*state, "events", "INIT s3", 2),
                     0);
    assert_int_equal(nginx_server_workers(*state, now, LIFE_PIDS), 1);
    life_expect(*state, old[0], OPENED STARTED);
    life_expect(*state, now[0], OPENED STARTED);
}


static void
term_to_a_worker_runs_its_exit_hooks(void **state)
{
    pid_t  workers[LIFE_PIDS];

    start_two(*state, workers);
    assert_int_equal(kill(workers[0], SIGTERM), 0);

    assert_int_equal(nginx_server_wait_text(*state, "events", "INIT s3", 3),
                     0);
    life_expect(*state, workers[0], OPENED STARTED EXITED);
}


static void
has_error_ends_the_worker_after_the_exit_hooks_of_the_others(void **state)
{
    module_start(*state, LIFE_MAIN,
        "server { listen @SOCK@; ngx_link_func_add_prop who s1; " LIFE_A "}\n"
        "server { listen @SOCK@; server_name b; ngx_link_func_add_prop who s2;"
        "ngx_link_func_add_prop refuse 1;" LIFE_B "}\n"
        "server { listen @SOCK@; server_name c; ngx_link_func_add_prop who s3;"
        LIFE_A "}\n");

    assert_int_equal(nginx_server_wait_text(*state, "error.log",
                     "exited with fatal code 2 and cannot be respawned", 1),
                     0);
    life_expect(*state, life_who_had(*state, "INIT s2"),
                OPENED "A INIT s1|B INIT s2|A EXIT s1|B DESTRUCTOR -|"
                "A DESTRUCTOR -|");
}


static void
a_reload_with_a_broken_library_keeps_the_old_workers(void **state)
{
    pid_t  workers[LIFE_PIDS], now[LIFE_PIDS];

    start_two(*state, workers);
    assert_int_equal(nginx_server_conf(*state, LIFE_MAIN, "server { listen "
                     "@SOCK@; ngx_link_func_lib " TEST_APPS "/empty.so; }"), 0);

    assert_int_equal(nginx_server_signal(*state, SIGHUP), 0);
    assert_int_equal(nginx_server_wait_text(*state, "error.log", "[emerg]",
                                            1), 0);

    assert_int_equal(nginx_server_workers(*state, now, LIFE_PIDS), 2);
    life_expect(*state, workers[0], OPENED STARTED);
    module_expect(*state, "/", "A");
}


static void
one_process_alone_starts_and_ends_its_apps(void **state)
{
    pid_t  pid;

    nginx_server_set_single_process(*state);
    module_start(*state, LIFE_MAIN, three_servers);
    pid = nginx_server_pid(*state);
    module_expect(*state, "/", "A");

    assert_int_equal(nginx_server_stop(*state, SIGQUIT), 0);
    life_expect(*state, pid, OPENED STARTED EXITED);
}


/* nginx itself serves nothing after a reload without a master. */
static void
one_process_alone_starts_the_apps_of_a_new_configuration(void **state)
{
    pid_t  pid;

    nginx_server_set_single_process(*state);
    module_start(*state, LIFE_MAIN, three_servers);
    pid = nginx_server_pid(*state);
    module_expect(*state, "/", "A");
    assert_int_equal(nginx_server_signal(*state, SIGHUP), 0);

    assert_int_equal(nginx_server_wait_text(*state, "events", "INIT s3", 2),
                     0);
    life_expect(*state, pid, OPENED STARTED EXITED OPENED STARTED);
}


static void
what_nobody_provides_is_listed_once(void **state)
{
    nginx_server_set_workers(*state, 2);
    module_start(*state, NULL, "server { listen @SOCK@; ngx_link_func_lib "
                 TEST_APPS "/undef.so; " CALL("/", "fine") "}");
    module_expect(*state, "/", "fine");
    assert_int_equal(nginx_server_stop(*state, SIGQUIT), 0);

    module_expect_log(*state, "LF-602", 1);
    module_expect_log(*state, "nobody_has_this", 1);
}


static const char  clashing[] =
    "server { listen @SOCK@; ngx_link_func_lib " TEST_APPS "/clash.so; "
    CALL("/", "whose") "}\n"
    "server { listen @SOCK@; server_name b; ngx_link_func_lib " TEST_APPS
    "/clash.so; }\n"
    "server { listen @SOCK@; server_name c; " LIFE_A "}\n";


/* Once for a library however many workers and servers: "-t" and reload. */
static void
a_name_that_libc_takes_is_a_warning(void **state)
{
    char  *output;

    nginx_server_set_workers(*state, 2);
    assert_int_equal(nginx_server_conf(*state, NULL, clashing), 0);
    assert_int_equal(nginx_server_check(*state, &output), 0);
    assert_non_null(strstr(output, "\"getdtablesize\" (libc.so.6)"));
    assert_non_null(strstr(output, "(LF-604) in "));
    free(output);

    module_start(*state, NULL, clashing);
    module_expect(*state, "/", "another");
    assert_int_equal(nginx_server_reload(*state), 0);
    module_expect_log(*state, "LF-604", 1);
}


/* ---- runtimes with threads of their own ---------------------------------- */

/* What /proc knows of a process: is the file mapped, and how many threads? */
static unsigned
count_lines(pid_t pid, const char *file, const char *text)
{
    char      path[64], line[512];
    FILE     *proc;
    unsigned  count = 0;

    (void) snprintf(path, sizeof(path), "/proc/%d/%s", (int) pid, file);
    proc = fopen(path, "r");
    assert_non_null(proc);

    while (fgets(line, sizeof(line), proc) != NULL) {
        count += strstr(line, text) != NULL;
    }

    (void) fclose(proc);

    return count;
}


/* Go starts threads when it is loaded: they must survive, so no master. */
static void
a_runtime_starts_in_workers_only(void **state)
{
    pid_t        master, workers[LIFE_PIDS];
    const char  *library = TEST_APPS "/../../apps/libgo.so";

    if (access(library, R_OK) != 0) {
        print_message("skipped: no compiler of Go where this was built\n");
        skip();
    }

    module_start(*state, NULL, "server { listen @SOCK@; ngx_link_func_lib "
                 TEST_APPS "/../../apps/libgo.so; " CALL("/", "go_hello") "}");
    module_expect(*state, "/", "hello from Go\n");
    assert_int_equal(nginx_server_reload(*state), 0);
    module_expect(*state, "/", "hello from Go\n");

    master = nginx_server_pid(*state);
    assert_int_equal(nginx_server_workers(*state, workers, LIFE_PIDS), 1);
    assert_int_equal(count_lines(master, "maps", "libgo.so"), 0);
    assert_int_equal(count_lines(master, "status", "Threads:\t1\n"), 1);
    assert_int_not_equal(count_lines(workers[0], "maps", "libgo.so"), 0);
    assert_int_equal(count_lines(workers[0], "status", "Threads:\t1\n"), 0);
}


int
main(void)
{
#define LIFE(name)  cmocka_unit_test_setup_teardown(name, life_setup,         \
                                                     module_teardown)
    const struct CMUnitTest  tests[] = {
        LIFE(each_worker_opens_once_and_inits_once_per_server),
        LIFE(the_master_never_runs_app_code),
        LIFE(quit_runs_the_exit_hooks_once_in_order),
        LIFE(term_runs_the_exit_hooks_too),
        LIFE(reload_ends_the_old_workers_and_starts_new_ones),
        LIFE(a_crash_runs_no_exit_hook_and_the_next_worker_inits),
        LIFE(term_to_a_worker_runs_its_exit_hooks),
        LIFE(has_error_ends_the_worker_after_the_exit_hooks_of_the_others),
        LIFE(a_reload_with_a_broken_library_keeps_the_old_workers),
        LIFE(one_process_alone_starts_and_ends_its_apps),
        LIFE(one_process_alone_starts_the_apps_of_a_new_configuration),
        LIFE(what_nobody_provides_is_listed_once),
        LIFE(a_name_that_libc_takes_is_a_warning),
        LIFE(a_runtime_starts_in_workers_only)
    };

    return cmocka_run_group_tests_name("lifecycle", tests, NULL, NULL);
}
