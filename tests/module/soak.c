/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * soak [REQUESTS [RELOADS]]: many requests of every kind to one nginx, clients
 * that go away among them, and reloads in their midst. Memory and descriptors
 * of worker and master and the pages of the zone must be as after the first
 * part, and the log must hold nothing from [warn] on.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <unistd.h>

#include "tests/module/module_test.h"

#define CLIENTS   8
#define ROUNDS    50
#define SLACK_KB  1024          /* of malloc, not of requests */

struct figures {
    long  worker_kb, master_kb;
    long  worker_fds, master_fds;
    long  pages;
};

static const char  conf[] =
    "ngx_link_func_shm_size 1m; server { listen @SOCK@; "
    "keepalive_requests 1000000; "
    "ngx_link_func_lib " TEST_APPS "/soak.so;"
    CALL("/get", "gen") CALL("/post", "echo") CALL("/cache", "cache")
    CALL("/room", "room")
    "location /thread { aio threads; ngx_link_func_call echo; }"
    "location /auth { auth_request /get; ngx_link_func_call gen; }"
    "location /sub { ngx_link_func_subrequest /get check_status; "
    "ngx_link_func_subrequest /thread incl_body; ngx_link_func_call gen; } }";


/* No download was asked for: the worker has not loaded what downloads. */
static void
expect_no_libcurl(pid_t pid)
{
    char   path[64], line[4096];
    FILE  *file;

    (void) snprintf(path, sizeof(path), "/proc/%d/maps", (int) pid);
    file = fopen(path, "r");
    assert_non_null(file);

    while (fgets(line, sizeof(line), file) != NULL) {
        assert_null(strstr(line, "libcurl"));
    }

    (void) fclose(file);
}


static long
status_kb(pid_t pid)
{
    char   path[64], line[256];
    long   kb = -1;
    FILE  *file;

    (void) snprintf(path, sizeof(path), "/proc/%d/status", (int) pid);
    file = fopen(path, "r");

    while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
        if (sscanf(line, "RssAnon: %ld", &kb) == 1) {
            break;
        }
    }

    if (file != NULL) {
        (void) fclose(file);
    }

    return kb;
}


static long
descriptors(pid_t pid)
{
    char            path[64];
    long            n = 0;
    DIR            *dir;
    struct dirent  *entry;

    (void) snprintf(path, sizeof(path), "/proc/%d/fd", (int) pid);
    dir = opendir(path);

    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        n += entry->d_name[0] != '.';
    }

    if (dir != NULL) {
        (void) closedir(dir);
    }

    return n;
}


/*
 * The least of some looks. Before each a request whose connection the worker has
 * closed: it has then also seen who went away earlier.
 */
static long
least_descriptors(struct nginx_server *server, pid_t pid)
{
    int                 i;
    long                n, least = descriptors(pid);
    size_t              len;
    struct raw_client  *client;

    for (i = 0; i < ROUNDS; i++) {
        client = raw_client_open(nginx_server_socket(server));
        assert_non_null(client);
        assert_int_equal(raw_client_text(client, GET("/get")), 0);
        free(raw_client_read_all(client, &len));
        n = descriptors(pid);
        least = n < least ? n : least;
        raw_client_close(&client);
    }

    return least;
}


static void
measure(struct nginx_server *server, struct figures *f)
{
    pid_t                worker = -1;
    struct raw_response  response;

    module_send(server, GET("/room"), &response);
    f->pages = strtol(response.body, NULL, 10);
    raw_response_free(&response);
    assert_int_equal(module_status(server, "/thread"), 200);

    assert_int_equal(nginx_server_workers(server, &worker, 1), 1);
    expect_no_libcurl(worker);
    f->worker_kb = status_kb(worker);
    f->worker_fds = least_descriptors(server, worker);
    f->master_kb = status_kb(nginx_server_pid(server));
    f->master_fds = descriptors(nginx_server_pid(server));
    (void) printf("worker %ld kB %ld fds, master %ld kB %ld fds, zone %ld "
                  "pages free\n", f->worker_kb, f->worker_fds, f->master_kb,
                  f->master_fds, f->pages);
    (void) fflush(stdout);
}


/* Request number n of the mix. */
static void
request_text(unsigned long n, char *to, size_t size)
{
    static const char  post[] =
        "POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n0123456789";
    static const char  get[] = "GET %s HTTP/1.1\r\nHost: x\r\n\r\n";
    char               path[32];

    (void) snprintf(path, sizeof(path), "/cache?key=%lu", n % 97);

    switch (n % 6) {
    case 0: (void) snprintf(to, size, get, "/get"); break;
    case 1: (void) snprintf(to, size, post, "/post"); break;
    case 2: (void) snprintf(to, size, post, "/thread"); break;
    case 3: (void) snprintf(to, size, get, path); break;
    case 4: (void) snprintf(to, size, get, "/auth"); break;
    default: (void) snprintf(to, size, post, "/sub"); break;
    }
}


/* A client that goes away: in its request, or before the answer. */
static void
abort_one(struct nginx_server *server, unsigned long n)
{
    char                text[256];
    size_t              len;
    struct raw_client  *client;

    request_text(n / 100, text, sizeof(text));
    len = strlen(text);
    client = raw_client_open(nginx_server_socket(server));
    assert_non_null(client);
    assert_int_equal(raw_client_send(client, text, n % 200 ? len : len - 4), 0);
    raw_client_close(&client);
}


/* So many requests, CLIENTS at a time; a reload in the midst of the last. */
static void
part(struct nginx_server *server, unsigned long count, int reload)
{
    int                   i;
    char                  text[256];
    unsigned long         n;
    struct raw_client    *clients[CLIENTS];
    struct raw_response   response;

    for (i = 0; i < CLIENTS; i++) {
        clients[i] = raw_client_open(nginx_server_socket(server));
        assert_non_null(clients[i]);
    }

    for (n = 0; n < count; n += CLIENTS) {
        if (n % 800 < CLIENTS) {
            for (i = 1; i <= CLIENTS; i++) {
                abort_one(server, (n / 800 * CLIENTS + (unsigned) i) * 100);
            }
        }

        for (i = 0; i < CLIENTS; i++) {
            request_text(n + (unsigned) i, text, sizeof(text));
            assert_int_equal(raw_client_text(clients[i], text), 0);
        }

        if (reload && n + CLIENTS >= count) {
            assert_int_equal(nginx_server_signal(server, SIGHUP), 0);
        }

        for (i = 0; i < CLIENTS; i++) {
            if (raw_client_read(clients[i], 0, &response) != 0) {
                module_fail(server, "no answer");
            }

            assert_int_equal(response.status, 200);
            raw_response_free(&response);
        }
    }

    for (i = 0; i < CLIENTS; i++) {
        raw_client_close(&clients[i]);
    }
}


/* Lines that should not be, the first few; /room fills the zone on purpose. */
static void
complain(const char *log, const char *level)
{
    int          n = 0;
    const char  *at, *end;

    for (at = log; n < 5 && (at = strstr(at, level)) != NULL; at = end, n++) {
        end = at + strcspn(at, "\n");

        if (memmem(at, (size_t) (end - at), "GET /room", 9) != NULL) {
            n--;
            continue;
        }

        print_error("%.*s\n", (int) (end - at), at);
    }

    if (n > 0) {
        fail();
    }
}


static void
check(struct nginx_server *server, const struct figures *from,
      const struct figures *to)
{
    char                     *log;
    size_t                    i;
    static const char *const  levels[] = {
        "[warn]", "[error]", "[crit]", "[alert]", "[emerg]"
    };

    assert_in_range(to->worker_kb, 1, from->worker_kb + SLACK_KB);
    assert_in_range(to->master_kb, 1, from->master_kb + SLACK_KB);
    assert_int_equal(to->worker_fds, from->worker_fds);
    assert_int_equal(to->master_fds, from->master_fds);
    assert_int_equal(to->pages, from->pages);

    log = nginx_server_read(server, "error.log");
    assert_non_null(log);

    for (i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
        complain(log, levels[i]);
    }

    free(log);
}


static unsigned long  requests = 20000;
static unsigned       reloads = 2;


static void
nothing_is_used_up(void **state)
{
    char            *log;
    unsigned         i;
    struct figures   first = { 0 }, last;

    module_start(*state, NULL, conf);

    for (i = 0; i <= reloads; i++) {
        part(*state, requests / (reloads + 1), i < reloads);

        if (i < reloads) {
            assert_int_equal(nginx_server_wait_text(*state, "error.log",
                                             "exited with code", i + 1), 0);
        }

        measure(*state, &last);

        if (i == 0) {
            first = last;
        }
    }

    check(*state, &first, &last);
    assert_int_equal(nginx_server_stop(*state, SIGQUIT), 0);
    log = nginx_server_read(*state, "error.log");
    assert_null(strstr(log, "open socket"));
    free(log);
}


int
main(int argc, char **argv)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(nothing_is_used_up, module_setup,
                                        module_teardown)
    };

    if (argc > 1) {
        requests = strtoul(argv[1], NULL, 10);
    }

    if (argc > 2) {
        reloads = (unsigned) strtoul(argv[2], NULL, 10);
    }

    return cmocka_run_group_tests_name("soak", tests, NULL, NULL);
}
