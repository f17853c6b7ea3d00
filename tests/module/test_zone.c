/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The shared memory over the life of workers, and reloads under load: nothing
 * is lost, no worker that dies takes the others with it.
 */
#include <pthread.h>
#include <stdatomic.h>

#include "tests/module/module_test.h"

#define LOCATIONS                                                             \
    CALL("/set", "cache_set") CALL("/see", "cache_see") CALL("/pid", "pid")   \
    CALL("/lockdie", "lock_and_die") CALL("/die", "die")                      \
    CALL("/keep", "keep_lock") CALL("/free", "free_twice")                    \
    CALL("/", "gen") CALL("/build", "build")

struct load {
    const char    *path;
    atomic_int     stop;
    atomic_int     done;
    int            failed;
};


static void
restart_text(struct nginx_server *server, const char *main_text,
             const char *http_text)
{
    assert_int_equal(nginx_server_conf(server, main_text, http_text), 0);

    if (nginx_server_reload(server) != 0) {
        module_fail(server, "no reload");
    }
}


static void
a_reload_keeps_the_zone(void **state)
{
    module_start(*state, NULL, SERVER(LOCATIONS));
    module_expect(*state, "/set?key=a&value=7", "set");

    assert_int_equal(nginx_server_reload(*state), 0);

    module_expect(*state, "/see?key=a", "7");
}


static void
another_size_makes_a_new_zone(void **state)
{
    module_start(*state, NULL, SERVER(LOCATIONS));
    module_expect(*state, "/set?key=a&value=7", "set");

    restart_text(*state, NULL, "ngx_link_func_shm_size 2m;" SERVER(LOCATIONS));

    module_expect(*state, "/see?key=a", "(null)");
    module_expect(*state, "/set?key=a&value=8", "set");
    module_expect(*state, "/see?key=a", "8");
}


static void
the_smallest_zone_works(void **state)
{
    module_start(*state, NULL,
                 "ngx_link_func_shm_size 32k;" SERVER(LOCATIONS));
    module_expect(*state, "/set?key=a&value=7", "set");
    module_expect(*state, "/see?key=a", "7");
}


static void
workers_and_servers_share_one_zone(void **state)
{
    int  i;

    nginx_server_set_workers(*state, 2);
    module_start(*state, NULL, SERVER(LOCATIONS)
                 "server { listen unix:@PREFIX@/b.sock; " PROBE
                 CALL("/set", "cache_set") "}");
    module_expect(*state, "/set?key=a&value=7", "set");

    for (i = 0; i < 20; i++) {
        module_expect(*state, "/see?key=a", "7");
    }
}


/* A request that gets no answer, since its worker dies. */
static void
kill_by(struct nginx_server *server, const char *path, unsigned count)
{
    char                 bytes[256];
    struct raw_response  response;

    (void) snprintf(bytes, sizeof(bytes), GET("%s"), path);
    assert_int_equal(raw_request(nginx_server_socket(server), bytes,
                                 strlen(bytes), 0, &response), -1);
    assert_int_equal(nginx_server_wait_text(server, "error.log",
                                            "exited on signal 9", count), 0);
}


static void
a_worker_that_dies_with_the_lock_leaves_the_values(void **state)
{
    module_start(*state, NULL, SERVER(LOCATIONS));
    module_expect(*state, "/set?key=a&value=7", "set");

    kill_by(*state, "/lockdie", 1);

    module_expect(*state, "/see?key=a", "7");
    module_expect(*state, "/set?key=b&value=8", "set");
    module_expect_log(*state, "was locked by", 1);
}


static void
a_worker_that_dies_inside_a_cache_call_leaves_an_empty_zone(void **state)
{
#ifndef TEST_FAULTS
    (void) state;
    print_message("the build has no fault points (LINKFUNC_FAULTS)\n");
    skip();
#else
    pid_t  worker;
    char   text[64];

    /* the point is named in the reloaded configuration only */
    module_start(*state, NULL, SERVER(LOCATIONS));
    module_expect(*state, "/set?key=a&value=7", "set");
    restart_text(*state, "env LINKFUNC_FAULT=cache_new_linked;\n",
                 SERVER(LOCATIONS));
    assert_int_equal(nginx_server_workers(*state, &worker, 1), 1);

    kill_by(*state, "/set?key=b&value=8", 1);
    restart_text(*state, NULL, SERVER(LOCATIONS));

    module_expect(*state, "/see?key=a", "(null)");
    module_expect(*state, "/set?key=b&value=8", "set");
    module_expect(*state, "/see?key=b", "8");
    (void) snprintf(text, sizeof(text), "process %d died",
                    (int) worker);
    module_expect_log(*state, text, 1);
    module_expect_log(*state, "(LF-508)", 1);
#endif
}


static void
a_lock_that_a_handler_kept_is_freed(void **state)
{
    module_start(*state, NULL, SERVER(LOCATIONS));

    module_expect(*state, "/keep", "kept");

    module_expect(*state, "/set?key=a&value=7", "set");
    module_expect_log(*state, "LF-503", 1);
}


static void
what_is_no_block_is_not_freed(void **state)
{
    module_start(*state, NULL, SERVER(LOCATIONS));

    module_expect(*state, "/free", "freed");

    module_expect_log(*state, "LF-506", 13);
    module_expect_log(*state, "it is free already", 6);
    module_expect_log(*state, "it is not in the shared memory", 1);
    module_expect_log(*state, "ngx_slab_free()", 0);
    module_expect(*state, "/set?key=a&value=7", "set");
}


/* A thread that asks on a new connection each time. */
static void *
ask(void *data)
{
    struct load          *load = data;
    struct raw_response   response;

    while (!atomic_load(&load->stop)) {
        if (raw_request(load->path, GET("/"), strlen(GET("/")), 0, &response)
            != 0
            || response.status != 200)
        {
            load->failed++;
        }

        raw_response_free(&response);
        atomic_fetch_add(&load->done, 1);
    }

    return NULL;
}


static void
replace_app(struct nginx_server *server, const char *app)
{
    char  command[512];

    (void) snprintf(command, sizeof(command),
                    "cp " TEST_APPS "/%s %s/new.so && mv %s/new.so %s/app.so",
                    app, nginx_server_prefix(server),
                    nginx_server_prefix(server), nginx_server_prefix(server));
    assert_int_equal(system(command), 0);
}


static void
reloads_under_load_lose_no_request_and_bring_the_new_build(void **state)
{
    int           i;
    pthread_t     thread;
    struct load   load = { .path = nginx_server_socket(*state) };

    nginx_server_set_workers(*state, 2);
    replace_app(*state, "probe.so");
    module_start(*state, NULL, "server { listen @SOCK@; ngx_link_func_lib "
                 "./app.so; " LOCATIONS "}");
    module_expect(*state, "/build", "one");
    assert_int_equal(pthread_create(&thread, NULL, ask, &load), 0);

    for (i = 0; i < 5; i++) {
        replace_app(*state, i % 2 ? "probe.so" : "probe2.so");
        assert_int_equal(nginx_server_reload(*state), 0);
        module_expect(*state, "/build", i % 2 ? "one" : "two");
    }

    atomic_store(&load.stop, 1);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(load.failed, 0);
    assert_true(atomic_load(&load.done) > 5);
}


static void
a_crash_costs_one_request(void **state)
{
    module_start(*state, NULL, SERVER(LOCATIONS));

    kill_by(*state, "/die", 1);

    module_expect(*state, "/", "hello");
}


int
main(void)
{
#define ZONE(name)  cmocka_unit_test_setup_teardown(name, module_setup,      \
                                                     module_teardown)
    const struct CMUnitTest  tests[] = {
        ZONE(a_reload_keeps_the_zone),
        ZONE(another_size_makes_a_new_zone),
        ZONE(the_smallest_zone_works),
        ZONE(workers_and_servers_share_one_zone),
        ZONE(a_worker_that_dies_with_the_lock_leaves_the_values),
        ZONE(a_worker_that_dies_inside_a_cache_call_leaves_an_empty_zone),
        ZONE(a_lock_that_a_handler_kept_is_freed),
        ZONE(what_is_no_block_is_not_freed),
        ZONE(reloads_under_load_lose_no_request_and_bring_the_new_build),
        ZONE(a_crash_costs_one_request)
    };

    return cmocka_run_group_tests_name("zone", tests, NULL, NULL);
}
