/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * golden/lifecycle.tsv, every row: which process has which event of an app, in
 * which order. It was measured on the known module, which differs in three
 * points, all wanted (see "differs"): the config-check rows must not happen in
 * a master; after has_error the exit hooks of the servers run that were
 * initialised; and a process alone runs its exit hooks as a worker does.
 */
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/module/life_table.h"

#define BORN(n)  life_row("start 2 workers / after start", "new-worker-" #n)


/* ---- start and reload -------------------------------------------------- */

static void
start_has_the_events_of_the_table(void **state)
{
    pid_t  pids[LIFE_PIDS];

    life_start(*state, LIFE_WORKERS, pids);

    life_has(*state, pids[0], BORN(1), NULL);
    life_has(*state, pids[1], BORN(2), NULL);
    life_unchecked(*state, "start 2 workers / after start");
}


/* A child opens each library once and ends: no hook, nothing is closed. */
static void
a_check_of_the_configuration_runs_no_hook(void **state)
{
    char  *events;

    (void) life_row("nginx -t / after -t", "config-check");
    life_put(*state, "life_a.so", "a.so");
    life_put(*state, "life_b.so", "b.so");
    assert_int_equal(nginx_server_conf(*state, LIFE_MAIN, life_conf("", 0)), 0);
    assert_int_equal(nginx_server_check(*state, NULL), 0);

    events = nginx_server_read(*state, "events");
    assert_null(events != NULL ? strstr(events, "INIT") : NULL);
    assert_null(events != NULL ? strstr(events, "EXIT") : NULL);
    assert_null(events != NULL ? strstr(events, "DESTRUCTOR") : NULL);
    free(events);
}


/* HUP; the old workers were born with these events, and all is as in a row. */
static void
reload(struct nginx_server *server, const char *scenario, const char *born,
       unsigned inits, pid_t *pids)
{
    pid_t  old[LIFE_PIDS];

    life_two_workers(server, old);

    if (nginx_server_reload(server) != 0) {
        module_fail(server, scenario);
    }

    life_wait_inits(server, inits);
    life_two_workers(server, pids);
    life_has(server, old[0], born, life_row(scenario, "old-worker-1"));
    life_has(server, old[1], born, life_row(scenario, "old-worker-2"));
    life_has(server, pids[0], life_row(scenario, "new-worker-1"), NULL);
    life_has(server, pids[1], life_row(scenario, "new-worker-2"), NULL);
    life_unchecked(server, scenario);
}


static void
reloads_have_the_events_of_the_table(void **state)
{
    char   born[400];
    pid_t  pids[LIFE_PIDS];

    life_start(*state, LIFE_WORKERS, pids);
    reload(*state, "HUP same so / after HUP", BORN(1), 4, pids);

    life_put(*state, "life_a2.so", "a.so");
    reload(*state, "HUP with so replaced by mv (new inode) / after HUP2",
           BORN(1), 6, pids);

    (void) snprintf(born, sizeof(born), "%s",
                    life_row("HUP with shm size changed / after HUP size",
                             "new-worker-1"));
    assert_int_equal(nginx_server_conf(*state, LIFE_MAIN,
                     life_conf("ngx_link_func_shm_size 2m;\n", 0)), 0);
    reload(*state, "HUP with shm size changed / after HUP size", born, 8,
           pids);
}


/* Refused: nothing happens; then the file is good again. */
static void
a_broken_library_changes_nothing_until_it_is_mended(void **state)
{
    char   born[400];
    pid_t  pids[LIFE_PIDS], now[LIFE_PIDS];

    life_start(*state, LIFE_WORKERS, pids);
    life_put(*state, "life_a2.so", "a.so");
    assert_int_equal(nginx_server_reload(*state), 0);
    life_wait_inits(*state, 4);
    life_two_workers(*state, pids);
    life_put(*state, "empty.so", "a.so");

    assert_int_equal(nginx_server_signal(*state, SIGHUP), 0);
    assert_int_equal(nginx_server_wait_text(*state, "error.log", "[emerg]",
                                            1), 0);
    life_two_workers(*state, now);

    life_put(*state, "life_a2.so", "a.so");
    (void) snprintf(born, sizeof(born), "%s",
                    life_row("HUP with broken so / .", "new-worker-1"));
    reload(*state, "HUP with broken so / .", born, 6, now);
}


/* ---- workers that end by themselves or are ended ------------------------ */

/* One worker ended without a word; the next one is as in the row. */
static void
expect_respawn(struct nginx_server *server, const pid_t *old,
               const char *scenario)
{
    pid_t  fresh;

    life_wait_inits(server, 3);
    fresh = life_new_one(server, old, LIFE_WORKERS);
    life_has(server, old[0], BORN(1), NULL);
    life_has(server, old[1], BORN(2), NULL);
    life_has(server, fresh, life_row(scenario, "new-worker-1"), NULL);
}


/* A request that its worker does not survive. */
static void
request_death(struct nginx_server *server, const char *request)
{
    struct raw_response  response;

    assert_int_equal(raw_request(nginx_server_socket(server), request,
                                 strlen(request), 0, &response), -1);
}


static void
a_crash_is_followed_by_a_new_worker(void **state)
{
    pid_t  pids[LIFE_PIDS];

    life_start(*state, LIFE_WORKERS, pids);
    request_death(*state, GET("/die"));

    expect_respawn(*state, pids, "worker crash + respawn / after crash");
}


static void
a_killed_worker_is_followed_by_a_new_one(void **state)
{
    pid_t  pids[LIFE_PIDS];

    life_start(*state, LIFE_WORKERS, pids);
    assert_int_equal(kill(pids[0], SIGKILL), 0);

    expect_respawn(*state, pids, "kill -9 a worker / after kill9");
}


static void
a_crash_with_the_lock_is_followed_by_a_new_worker(void **state)
{
    pid_t  pids[LIFE_PIDS];

    life_start(*state, LIFE_WORKERS, pids);
    request_death(*state, GET("/lock"));

    expect_respawn(*state, pids,
                   "lockdie (crash while holding lock) / after lockdie");
    module_expect(*state, "/", "A");
}


static void
a_worker_that_is_told_to_end_exits_and_is_replaced(void **state)
{
    size_t  i;
    pid_t   pids[LIFE_PIDS], fresh;

    static const struct {
        int          number;
        const char  *scenario;
    } signals[] = {
        { SIGTERM, "kill -TERM a worker / after worker TERM" },
        { SIGQUIT, "kill -QUIT a worker / after worker QUIT" }
    };

    life_start(*state, LIFE_WORKERS, pids);

    for (i = 0; i < 2; i++) {
        assert_int_equal(kill(pids[i], signals[i].number), 0);
        life_wait_inits(*state, LIFE_WORKERS + 1 + (unsigned) i);
        life_wait_exits(*state, 1 + (unsigned) i);
        life_has(*state, pids[i], BORN(1),
                 life_row(signals[i].scenario, "old-worker-1"));

        fresh = life_new_one(*state, pids, LIFE_WORKERS);
        life_has(*state, fresh, life_row(signals[i].scenario, "new-worker-1"),
                 NULL);
        pids[i] = fresh;
    }
}


/* nginx gives up the worker whose library is gone; a reload mends all. */
static void
a_crash_beside_a_broken_library_is_mended_by_a_reload(void **state)
{
    char         born[400];
    pid_t        pids[LIFE_PIDS], now[LIFE_PIDS];
    const char  *scenario =
        "worker crash while .so broken on disk / after HUP fixed";

    (void) snprintf(born, sizeof(born), "%s",
                    life_row("HUP with so replaced by mv (new inode) / after "
                             "HUP2", "new-worker-1"));
    life_start(*state, LIFE_WORKERS, pids);
    life_put(*state, "life_a2.so", "a.so");
    assert_int_equal(nginx_server_reload(*state), 0);
    life_wait_inits(*state, 4);
    life_two_workers(*state, pids);

    life_put(*state, "empty.so", "a.so");
    assert_int_equal(kill(pids[0], SIGKILL), 0);
    assert_int_equal(nginx_server_wait_text(*state, "error.log",
                     "exited with fatal code 2 and cannot be respawned", 1),
                     0);
    life_put(*state, "life_a.so", "a.so");
    assert_int_equal(nginx_server_signal(*state, SIGHUP), 0);
    life_wait_inits(*state, 6);

    /* two of the reload before */
    if (nginx_server_wait_text(*state, "error.log", "exited with code 0", 3)
        != 0)
    {
        module_fail(*state, "the old worker stays");
    }

    life_two_workers(*state, now);
    life_has(*state, pids[0], born, NULL);
    life_has(*state, pids[1], born, life_row(scenario, "old-worker-1"));
    life_has(*state, now[0], life_row(scenario, "new-worker-1"), NULL);
    life_has(*state, now[1], life_row(scenario, "new-worker-2"), NULL);
    life_unchecked(*state, scenario);
}


/* ---- the end ------------------------------------------------------------ */

static void
end_with(struct nginx_server *server, int number, const char *scenario)
{
    pid_t  pids[LIFE_PIDS];

    life_start(server, LIFE_WORKERS, pids);
    assert_int_equal(nginx_server_stop(server, number), 0);

    life_has(server, pids[0], BORN(1), life_row(scenario, "old-worker-1"));
    life_has(server, pids[1], BORN(2), life_row(scenario, "old-worker-2"));
}


static void
quit_has_the_events_of_the_table(void **state)
{
    end_with(*state, SIGQUIT, "QUIT / after QUIT");
}


static void
term_has_the_events_of_the_table(void **state)
{
    pid_t        pids[LIFE_PIDS];
    const char  *started = "TERM / started";

    life_start(*state, LIFE_WORKERS, pids);
    life_has(*state, pids[0], life_row(started, "new-worker-1"), NULL);
    life_has(*state, pids[1], life_row(started, "new-worker-2"), NULL);
    life_unchecked(*state, started);

    assert_int_equal(nginx_server_stop(*state, SIGTERM), 0);
    life_has(*state, pids[0], BORN(1), life_row("TERM / after TERM",
                                              "old-worker-1"));
    life_has(*state, pids[1], BORN(2), life_row("TERM / after TERM",
                                              "old-worker-2"));
}


static void
int_has_the_events_of_the_table(void **state)
{
    end_with(*state, SIGINT, "INT / after INT");
}


/* The stop sends TERM to the orphans, which become children of this test. */
static void
orphans_have_the_events_of_the_table(void **state)
{
    pid_t        pids[LIFE_PIDS];
    const char  *scenario = "kill -9 master / after orphan TERM";

    life_start(*state, LIFE_WORKERS, pids);
    assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
    assert_int_equal(nginx_server_stop(*state, SIGKILL), -SIGKILL);
    assert_int_equal(waitpid(pids[0], NULL, 0), pids[0]);
    assert_int_equal(waitpid(pids[1], NULL, 0), pids[1]);
    assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 0), 0);

    life_has(*state, pids[0], BORN(1), life_row(scenario, "old-worker-1"));
    life_has(*state, pids[1], BORN(2), life_row(scenario, "old-worker-2"));
}


/* ---- has_error: differs, the exit hooks run ----------------------------- */

#define LOADED       "A CONSTRUCTOR -|B CONSTRUCTOR -|"
#define GIVEN_UP     "exited with fatal code 2 and cannot be respawned"

static void
start_refused_by(struct nginx_server *server, int refuse)
{
    life_put(server, "life_a.so", "a.so");
    life_put(server, "life_b.so", "b.so");
    module_start(server, LIFE_MAIN, life_conf("", refuse));

    if (nginx_server_wait_text(server, "error.log", GIVEN_UP, 1) != 0) {
        module_fail(server, "the worker was not given up");
    }
}


/*
 * The known module ends the process and leaves closing to libc, so the order
 * of the two destructors is another one.
 */
static void
has_error_in_the_first_init_ends_the_worker(void **state)
{
    const char  *rows_of = life_row("has_error in init of 3rd server / after "
                                 "start", "new-worker-1");

    assert_string_equal(rows_of, LOADED "A INIT s1|A DESTRUCTOR -|"
                        "B DESTRUCTOR -|");
    start_refused_by(*state, 1);

    life_expect(*state, life_who_had(*state, "INIT s1"), LOADED "A INIT s1|"
                "B DESTRUCTOR -|A DESTRUCTOR -|");
    life_unchecked(*state, "has_error in init of 3rd server / after start");
}


static void
has_error_in_the_last_init_runs_the_exit_hooks_of_the_others(void **state)
{
    const char  *rows_of = life_row("has_error in init of 3rd server / .",
                                 "new-worker-1");

    start_refused_by(*state, 3);

    life_has(*state, life_who_had(*state, "INIT s3"), rows_of, "A EXIT s1|"
             "B EXIT s2|B DESTRUCTOR -|A DESTRUCTOR -|");
    life_unchecked(*state, "has_error in init of 3rd server / .");
}


static void
a_reload_into_has_error_still_ends_the_old_workers(void **state)
{
    pid_t        pids[LIFE_PIDS];
    const char  *scenario = "HUP into has_error / hup";

    life_start(*state, 1, pids);
    assert_int_equal(nginx_server_conf(*state, LIFE_MAIN, life_conf("", 1)), 0);
    assert_int_equal(nginx_server_signal(*state, SIGHUP), 0);

    assert_int_equal(nginx_server_wait_text(*state, "error.log", GIVEN_UP, 1),
                     0);
    life_wait_exits(*state, 2);
    life_has(*state, pids[0], BORN(1), life_row(scenario, "old-worker-1"));
    assert_string_equal(life_row(scenario, "new-worker-1"), LOADED "A INIT s1|"
                        "A DESTRUCTOR -|B DESTRUCTOR -|");
    life_unchecked(*state, scenario);
}


/* ---- other masters ------------------------------------------------------- */

static void
a_process_alone_also_runs_the_exit_hook(void **state)
{
    pid_t        pid;
    const char  *start_rows, *quit_rows;

    life_put(*state, "life_a.so", "a.so");
    nginx_server_set_single_process(*state);
    module_start(*state, LIFE_MAIN, "server { listen @SOCK@; "
                 "ngx_link_func_lib ./a.so; " CALL("/", "who") "}");
    pid = nginx_server_pid(*state);
    module_expect(*state, "/", "A");
    assert_int_equal(nginx_server_stop(*state, SIGQUIT), 0);

    (void) life_row("master_process off / single start", "config-check");
    start_rows = life_row("master_process off / single start", "new-worker-1");
    quit_rows = life_row("master_process off / single QUIT", "config-check");
    assert_string_equal(quit_rows, "A DESTRUCTOR -|");
    life_has(*state, pid, start_rows, "A EXIT -|A DESTRUCTOR -|");
}


/* A pid from a file of nginx. */
static pid_t
read_pid(struct nginx_server *server, const char *file)
{
    char   *text;
    pid_t   pid;

    text = nginx_server_read(server, file);
    pid = text != NULL ? (pid_t) strtol(text, NULL, 10) : 0;
    free(text);
    assert_true(pid > 1);                        /* 0 would be all of us */

    return pid;
}


/*
 * A master that is a child of who started it refuses USR2. This wrapper lets
 * nginx go when told, says so, and stays in its place, to be stopped with the
 * group.
 */
static const char *const  let_go[] = {
    "sh", "-c", "(\"$@\" & read -r go < \"$LF_DIR/go\");"
    "echo gone > \"$LF_DIR/gone\"; exec sleep infinity", "sh", NULL
};


/* A runtime of a sanitizer must come first in the new program too. */
#define UPGRADE_ENV                                                           \
    "env LD_PRELOAD;\nenv ASAN_OPTIONS;\nenv UBSAN_OPTIONS;\n"                \
    "env LSAN_OPTIONS;\n"


static void
wait_until_let_go(struct nginx_server *server, const char *fifo)
{
    int  fd;

    fd = open(fifo, O_WRONLY | O_CLOEXEC);
    assert_int_not_equal(fd, -1);
    assert_int_equal(write(fd, "go\n", 3), 3);
    assert_int_equal(close(fd), 0);
    assert_int_equal(nginx_server_wait_text(server, "gone", "gone", 1), 0);
}


static void
an_upgrade_of_the_binary_has_the_events_of_the_table(void **state)
{
    char         folder[200], fifo[200];
    pid_t        master, next, worker;
    const char  *begun = "binary upgrade USR2 / after USR2";

    (void) snprintf(folder, sizeof(folder), "LF_DIR=%s",
                    nginx_server_prefix(*state));
    (void) snprintf(fifo, sizeof(fifo), "%s/go", nginx_server_prefix(*state));
    assert_int_equal(mkfifo(fifo, 0600), 0);
    nginx_server_add_env(*state, folder);
    nginx_server_set_wrapper(*state, let_go);
    life_put(*state, "life_a.so", "a.so");
    life_put(*state, "life_b.so", "b.so");
    module_start(*state, LIFE_MAIN UPGRADE_ENV, life_conf("", 0));
    life_wait_inits(*state, 1);
    master = read_pid(*state, "nginx.pid");
    worker = life_who_had(*state, "INIT s3");
    wait_until_let_go(*state, fifo);

    assert_int_equal(kill(master, SIGUSR2), 0);
    life_wait_inits(*state, 2);
    next = read_pid(*state, "nginx.pid");
    assert_int_not_equal(next, master);
    life_expect(*state, master, "");
    life_expect(*state, next, "");
    (void) life_row(begun, "config-check");

    /* a master in the foreground ignores WINCH; this ends its workers too */
    assert_int_equal(kill(master, SIGQUIT), 0);
    life_wait_exits(*state, 1);
    life_has(*state, worker, BORN(1),
             life_row("binary upgrade USR2 / after WINCH old", "old-worker-1"));
    life_has(*state, life_last(*state, "INIT s3"),
             life_row(begun, "new-worker-1"), NULL);
}


int
main(void)
{
#define LIFE(name)  cmocka_unit_test_setup_teardown(name, life_setup,         \
                                                     module_teardown)
    const struct CMUnitTest  tests[] = {
        LIFE(start_has_the_events_of_the_table),
        LIFE(a_check_of_the_configuration_runs_no_hook),
        LIFE(reloads_have_the_events_of_the_table),
        LIFE(a_broken_library_changes_nothing_until_it_is_mended),
        LIFE(a_crash_is_followed_by_a_new_worker),
        LIFE(a_killed_worker_is_followed_by_a_new_one),
        LIFE(a_crash_with_the_lock_is_followed_by_a_new_worker),
        LIFE(a_worker_that_is_told_to_end_exits_and_is_replaced),
        LIFE(a_crash_beside_a_broken_library_is_mended_by_a_reload),
        LIFE(quit_has_the_events_of_the_table),
        LIFE(term_has_the_events_of_the_table),
        LIFE(int_has_the_events_of_the_table),
        LIFE(orphans_have_the_events_of_the_table),
        LIFE(has_error_in_the_first_init_ends_the_worker),
        LIFE(has_error_in_the_last_init_runs_the_exit_hooks_of_the_others),
        LIFE(a_reload_into_has_error_still_ends_the_old_workers),
        LIFE(a_process_alone_also_runs_the_exit_hook),
        LIFE(an_upgrade_of_the_binary_has_the_events_of_the_table)
    };

    return cmocka_run_group_tests_name("lifecycle_table", tests,
                                       life_read_table, life_all_rows_seen);
}
