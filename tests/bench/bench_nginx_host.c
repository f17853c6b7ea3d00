/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a script on a real nginx costs: start, one request and stop with
 * libcurl's loading, in a process of its own; and many requests next to a bare
 * keep-alive libcurl loop on the same socket. Medians.
 */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/base/arena.h"
#include "harness/conf/conf_parse.h"
#include "lib/curl/curl_lib.h"
#include "harness/host/nginx/play_nginx.h"

#define STARTS    15
#define ROUNDS    11
#define REQUESTS  1000
#define CONF      "location / { return 200 hello; }"

struct bench {
    struct arena                *arena;
    struct play_nginx_paths      paths;
    struct play_nginx_settings   settings;
    char                         err[LF_ERR_LEN];
};


static double
now(void)
{
    struct timespec  t;

    (void) clock_gettime(CLOCK_MONOTONIC, &t);

    return (double) t.tv_sec * 1e3 + (double) t.tv_nsec / 1e6;
}


static int
compare(const void *a, const void *b)
{
    double  x = *(const double *) a, y = *(const double *) b;

    return (x > y) - (x < y);
}


static double
median(double *values, size_t count)
{
    qsort(values, count, sizeof(*values), compare);

    return values[count / 2];
}


static int
exchange(struct bench *b, struct host *host)
{
    int                    rc;
    struct arena          *arena = arena_new();
    struct host_answer     answer;
    struct request_header  headers[] = {
        { (char *) "Host", (char *) "localhost", 1 },
        { (char *) "Accept", (char *) "*/*", 1 },
        { (char *) "User-Agent", (char *) "hurl/8.0", 1 }
    };
    struct request             http = {
        .method = (char *) "GET", .target = (char *) "/", .headers = headers,
        .header_count = 3
    };
    const struct host_request  request = { &http, "localhost", 80, 0, NULL };

    rc = arena != NULL ? host->ops->exchange(host, arena, &request, &answer,
                                             b->err) : -1;
    if (rc == 0
        && (answer.outcome != HOST_ANSWERED || answer.http.status != 200))
    {
        (void) snprintf(b->err, sizeof(b->err), "not answered");
        rc = -1;
    }
    arena_free(&arena);

    return rc;
}


static struct host *
start(struct bench *b)
{
    char          base[64];
    struct host  *host = play_nginx_new(&b->settings, b->err);

    if (host != NULL
        && host->ops->start(host, base, sizeof(base), b->err) != 0)
    {
        host->ops->free(host);
        host = NULL;
    }

    return host;
}


static int
one_script(struct bench *b)
{
    int                 rc;
    struct host        *host = start(b);
    struct host_answer  last;

    if (host == NULL) {
        return -1;
    }

    rc = exchange(b, host) | host->ops->stop(host, b->arena, &last, b->err);
    host->ops->free(host);

    return rc;
}


/* In a child, so that libcurl is loaded anew. */
static double
time_script(struct bench *b)
{
    int     status;
    pid_t   child;
    double  begin = now();

    child = fork();
    if (child == 0) {
        status = one_script(b);
        if (status != 0) {
            (void) fprintf(stderr, "%s\n", b->err);
        }
        _exit(status != 0);
    }

    return child > 0 && waitpid(child, &status, 0) == child && status == 0
           ? now() - begin : -1;
}


static double
time_requests(struct bench *b, struct host *host)
{
    int     i;
    double  begin = now();

    for (i = 0; i < REQUESTS; i++) {
        if (exchange(b, host) != 0) {
            return -1;
        }
    }

    return now() - begin;
}


static size_t
ignore(char *data, size_t size, size_t count, void *to)
{
    (void) data;
    (void) to;

    return size * count;
}


static double
time_bare(const struct curl_lib *curl, CURL *handle)
{
    int     i;
    double  begin = now();

    for (i = 0; i < REQUESTS; i++) {
        if (curl->perform(handle) != CURLE_OK) {
            return -1;
        }
    }

    return now() - begin;
}


/* Where the host's nginx listens: its folder is alone in our own $TMPDIR. */
static int
find_socket(const char *dir, char *socket, size_t size)
{
    int     ok;
    glob_t  found;
    char    pattern[256];

    (void) snprintf(pattern, sizeof(pattern), "%s/*/0.sock", dir);
    ok = glob(pattern, 0, NULL, &found) == 0 && found.gl_pathc == 1
         && snprintf(socket, size, "%s", found.gl_pathv[0]) < (int) size;
    globfree(&found);

    return ok ? 0 : -1;
}


static CURL *
bare_client(const struct curl_lib *curl, const char *socket)
{
    CURL  *h = curl->init();

    if (h != NULL) {
        (void) curl->setopt(h, CURLOPT_URL, "http://localhost/");
        (void) curl->setopt(h, CURLOPT_UNIX_SOCKET_PATH, socket);
        (void) curl->setopt(h, CURLOPT_USERAGENT, "hurl/8.0");
        (void) curl->setopt(h, CURLOPT_WRITEFUNCTION, ignore);
    }

    return h;
}


static int
bench_requests(struct bench *b, const char *dir)
{
    int                      i, rc = -1;
    char                     socket[256];
    CURL                    *handle;
    double                   ours[ROUNDS], bare[ROUNDS], a, c;
    const char              *why;
    struct host             *host = start(b);
    const struct curl_lib   *curl = curl_lib_open(&why);

    if (host == NULL || curl == NULL
        || find_socket(dir, socket, sizeof(socket)) != 0)
    {
        return -1;
    }

    handle = bare_client(curl, socket);

    for (i = 0; handle != NULL && i < ROUNDS; i++) {
        ours[i] = time_requests(b, host);
        bare[i] = time_bare(curl, handle);
        if (ours[i] < 0 || bare[i] < 0) {
            break;
        }
    }

    if (i == ROUNDS) {
        a = median(ours, ROUNDS);
        c = median(bare, ROUNDS);
        (void) printf("nginx_1000_ms %.2f\nlibcurl_1000_ms %.2f\n"
                      "nginx_ratio %.3f\n", a, c, a / c);
        rc = 0;
    }

    curl->cleanup(handle);
    host->ops->free(host);

    return rc;
}


static int
set_up(struct bench *b, const char *module)
{
    struct conf_node   *root;
    struct conf_error   error;

    memset(b, 0, sizeof(*b));
    b->arena = arena_new();

    if (b->arena == NULL
        || conf_parse(b->arena, "bench.conf", CONF, strlen(CONF), &root,
                      &error) != 0)
    {
        return -1;
    }

    b->settings.root = root;
    b->settings.conf = conf_build(b->arena, root, NULL, &error);
    b->settings.prefix = "/tmp";
    b->settings.program = b->paths.program;
    b->settings.module = b->paths.module;

    return b->settings.conf == NULL
           ? -1 : play_nginx_find(NULL, module, &b->paths, b->err);
}


/* bench_nginx_host [MODULE] */
int
main(int argc, char **argv)
{
    int           i, rc = 1;
    char          dir[] = "/tmp/linkfunc-bench.XXXXXX";
    double        starts[STARTS];
    struct bench  b;

    if (mkdtemp(dir) == NULL || setenv("TMPDIR", dir, 1) != 0) {
        return 1;
    }

    if (set_up(&b, argc > 1 ? argv[1] : NULL) != 0) {
        goto done;
    }

    for (i = 0; i < STARTS; i++) {
        starts[i] = time_script(&b);
        if (starts[i] < 0) {
            goto done;
        }
    }
    (void) printf("nginx_script_ms %.2f\n", median(starts, STARTS));

    rc = bench_requests(&b, dir) == 0 ? 0 : 1;

done:
    if (rc != 0) {
        (void) fprintf(stderr, "%s\n", b.err);
    }
    arena_free(&b.arena);
    (void) rmdir(dir);

    return rc;
}
